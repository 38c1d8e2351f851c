from datetime import UTC, datetime

import grpc
import pytest
from google.type import money_pb2

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as commerce
from amends.v1 import intake_events_pb2
from amends.v1 import intake_service_pb2 as pb
from tests.services.intake.conftest import CUSTOMER, WORKFLOW, Intake, new_id

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def pounds(units: int, pence: int = 0) -> money_pb2.Money:
    return money_pb2.Money(currency_code="GBP", units=units, nanos=pence * 10**7)


def stock(intake: Intake, order: str, customer: str = CUSTOMER) -> None:
    """The merchant knows the order and its customer."""
    shoes = commerce.OrderLine(
        sku="FB-PREDATOR-42", description="Football shoes", quantity=1, price=pounds(64, 90)
    )
    intake.shop.orders[order] = commerce.GetOrderResponse(
        order=order,
        customer=customer,
        ordered_at=FRIDAY,
        delivered_at=FRIDAY,
        lines=[shoes],
        total=pounds(64, 90),
        payments=[commerce.Payment(payment_id="p1", captured=pounds(64, 90), refunded=pounds(4))],
    )
    intake.shop.customers[customer] = commerce.GetCustomerResponse(
        customer=customer, orders=7, claims=1
    )


def record(intake: Intake, escalation: str) -> pb.RecordContextResponse:
    request = pb.RecordContextRequest(request_id=new_id(), escalation_id=escalation)
    answer = intake.ask("RecordContext", request, WORKFLOW)
    assert isinstance(answer, pb.RecordContextResponse)
    return answer


def test_what_the_merchant_knows_is_recorded_as_found(intake: Intake) -> None:
    stock(intake, "SM-20418")
    case = intake.open(order="SM-20418").escalation_id
    assert record(intake, case).order_found
    context = intake.show(case).context
    assert (context.order_total, context.paid) == (pounds(64, 90), pounds(60, 90))
    assert [(line.sku, line.quantity) for line in context.lines] == [("FB-PREDATOR-42", 1)]
    assert context.customer_value == intake_events_pb2.CUSTOMER_VALUE_LOYAL
    assert (context.orders_before, context.claims_before) == (7, 1)
    assert context.delivered_at.ToDatetime(tzinfo=UTC) == FRIDAY
    entry = intake.show(case).timeline[-1]
    assert entry.summary.startswith("The order was found: 1 x Football shoes for 64.90 GBP")
    assert entry.summary.endswith("a loyal customer")


def test_what_was_paid_in_two_currencies_is_not_added_up(intake: Intake) -> None:
    stock(intake, "SM-EUR")
    euros = money_pb2.Money(currency_code="EUR", units=5)
    intake.shop.orders["SM-EUR"].payments.add(payment_id="p2", captured=euros)
    case = intake.open(order="SM-EUR").escalation_id
    assert record(intake, case).order_found
    assert not intake.show(case).context.HasField("paid")


def test_an_answer_of_the_merchant_that_is_no_amount_is_no_answer(intake: Intake) -> None:
    stock(intake, "SM-ODD")
    intake.shop.orders["SM-ODD"].payments[0].captured.currency_code = "pounds"
    case = intake.open(order="SM-ODD").escalation_id
    with pytest.raises(grpc.RpcError) as caught:
        record(intake, case)
    assert refusal_of(caught.value).reason == "DEPENDENCY_UNAVAILABLE"
    assert intake.show(case).timeline[-1].event == "EscalationOpened"


def test_a_case_goes_on_without_an_order_that_nobody_knows(intake: Intake) -> None:
    case = intake.open(order="SM-0").escalation_id
    assert not record(intake, case).order_found
    context = intake.show(case).context
    assert context.customer_value == intake_events_pb2.CUSTOMER_VALUE_UNKNOWN
    assert not context.HasField("order_total")


def test_somebody_elses_order_stays_unknown(intake: Intake) -> None:
    stock(intake, "SM-8", customer="C-8")
    case = intake.open(order="SM-8", customer="C-9").escalation_id
    assert not record(intake, case).order_found


def test_a_repeat_answers_alike_though_the_merchant_has_changed(intake: Intake) -> None:
    stock(intake, "SM-9")
    case = intake.open(order="SM-9").escalation_id
    request = pb.RecordContextRequest(request_id=new_id(), escalation_id=case)
    first = intake.ask("RecordContext", request, WORKFLOW)
    intake.shop.orders.clear()
    assert intake.ask("RecordContext", request, WORKFLOW) == first


def test_there_is_no_context_of_a_case_that_never_was(intake: Intake) -> None:
    with pytest.raises(grpc.RpcError) as error:
        record(intake, "esc_none")
    assert refusal_of(error.value).reason == "ESCALATION_NOT_FOUND"
