import uuid
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.type import money_pb2

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as commerce
from amends.v1 import event_pb2, intake_events_pb2, privacy_service_pb2, resolution_events_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role
from tests.services.intake.conftest import CUSTOMER, WORKFLOW, Intake, Who, moment, new_id

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


LONG_AGO = datetime(2025, 11, 7, 12, tzinfo=UTC)
BACK_ROOM = "Ms Miller was promised her money by phone"


def third_call(intake: Intake, order: str, customer: str) -> None:
    """C4: a refund was promised and sent, and never reached the card."""
    stock(intake, order, customer)
    known, about = intake.shop.orders[order], intake.shop.customers[customer]
    promised = commerce.HistoryEntry(
        at=LONG_AGO, department="service desk", what=BACK_ROOM, order=order
    )
    elsewhere = commerce.HistoryEntry(
        at=LONG_AGO - timedelta(days=90), department="shop", what="Changed a size", order="SM-OLD"
    )
    known.history.append(promised)
    about.history.extend([elsewhere, promised])
    known.refunds.add(
        refund_id="ref_9",
        amount=pounds(64, 90),
        method=commerce.REFUND_METHOD_ORIGINAL_PAYMENT,
        state=commerce.REFUND_STATE_FAILED,
        requested_by="finance desk",
        created_at=LONG_AGO,
        failed_at=LONG_AGO + timedelta(days=3),
        failure="CARD_EXPIRED",
    )


def test_what_each_department_did_is_in_the_case_once_and_in_clear_for_who_may_read(
    intake: Intake,
) -> None:
    third_call(intake, "SM-C4", CUSTOMER)
    case = intake.open(order="SM-C4").escalation_id
    record(intake, case)
    shown = intake.show(case)
    assert [(one.department, one.what, one.about_order) for one in shown.history] == [
        ("shop", "Changed a size", False),
        ("service desk", BACK_ROOM, True),
    ]
    assert moment(shown.history[1].at) == LONG_AGO
    assert not shown.context.history
    told = shown.timeline[-1].summary
    assert told.endswith("shop and service desk had to do with it before")
    [*_, stored] = intake.ask(
        "ReadEvents", event_pb2.ReadEventsRequest(subject=case), WORKFLOW, service="log"
    ).events
    assert b"Miller" not in stored.data


def test_an_earlier_refund_is_found_and_told_as_it_stands(intake: Intake) -> None:
    third_call(intake, "SM-C41", CUSTOMER)
    case = intake.open(order="SM-C41").escalation_id
    record(intake, case)
    shown = intake.show(case)
    [refund] = shown.context.refunds
    assert (refund.refund_id, refund.state) == ("ref_9", commerce.REFUND_STATE_FAILED)
    told = "a refund of 64.90 GBP, asked for by finance desk, failed Mon 10 Nov 2025 12:00"
    assert f"{told}: card expired" in shown.timeline[-1].summary


def test_a_long_history_is_kept_as_far_as_it_is_the_latest(intake: Intake) -> None:
    stock(intake, "SM-LONG")
    for day in range(60):
        intake.shop.orders["SM-LONG"].history.add(
            at=FRIDAY + timedelta(days=day), department="desk", what=f"{day} " + "x" * 3000
        )
    case = intake.open(order="SM-LONG").escalation_id
    record(intake, case)
    history = intake.show(case).history
    assert [one.what.split()[0] for one in history] == [str(day) for day in range(10, 60)]
    assert {len(one.what) for one in history} == {2000}


def test_what_departments_said_is_forgotten_with_the_customer(intake: Intake) -> None:
    customer = f"C-{uuid.uuid4().hex[:8]}"
    third_call(intake, "SM-C42", customer)
    case = intake.open(order="SM-C42", customer=customer).escalation_id
    record(intake, case)
    resolved = resolution_events_pb2.EscalationResolved(
        escalation_id=case, resolved_at=intake.now()
    )
    intake.hear(intake.resolution.say(case, resolved))
    request = privacy_service_pb2.ForgetCustomerRequest(request_id=new_id(), customer=customer)
    intake.ask("ForgetCustomer", request, Who("rosa", Role.OPERATIONS), service="privacy")
    assert {one.what for one in intake.show(case).history} == {"[forgotten]"}
