"""Intake, whose word all others wait for: what is open, what was paid, who may read."""

import uuid
from datetime import UTC, datetime, timedelta

import grpc
import pytest

from amends.rpc.status import as_sent
from amends.v1 import commerce_service_pb2, event_pb2, followup_events_pb2, resolution_events_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import privacy_service_pb2 as privacy_pb
from amends.values.identity import Role
from amends.values.refusal import Refusal
from tests.services.intake.conftest import HANNA, ORDER, WORKFLOW, Intake, Who, new_id
from tests.services.intake.neighbours import SHOP

OPERATOR = Who("operator", Role.OPERATIONS)
AUDITOR = Who("auditor", Role.AUDITOR)


@pytest.fixture
def customer() -> str:
    """A reference that no other test has forgotten."""
    return f"C-{uuid.uuid4().hex[:8]}"


def forget(intake: Intake, customer: str) -> privacy_pb.ForgetCustomerResponse:
    request = privacy_pb.ForgetCustomerRequest(request_id=new_id(), customer=customer)
    answer: privacy_pb.ForgetCustomerResponse = intake.ask(
        "ForgetCustomer", request, OPERATOR, service="privacy"
    )
    return answer


def refused(intake: Intake, customer: str) -> Refusal:
    with pytest.raises(grpc.RpcError) as error:
        forget(intake, customer)
    return as_sent(error.value)


def resolved(intake: Intake, customer: str, *, paid: bool = False) -> str:
    """A case that resolution has made right, as it says and intake has not heard."""
    escalation = intake.open(customer=customer, order=ORDER).escalation_id
    if paid:
        credit = resolution_events_pb2.CreditIssued(escalation_id=escalation, credit_id="crd_1")
        intake.resolution.say(escalation, credit)
    intake.resolution.say(
        escalation,
        resolution_events_pb2.EscalationResolved(
            escalation_id=escalation, resolved_at=intake.now(), made_right=True
        ),
    )
    return escalation


def test_what_is_open_here_is_asked_of_its_owners_first(intake: Intake, customer: str) -> None:
    resolved(intake, customer)
    assert forget(intake, customer).cases == 1


def test_what_seems_made_right_here_is_asked_of_its_owners_too(
    intake: Intake, customer: str
) -> None:
    """Destroying is for ever: the view alone is not enough."""
    escalation = resolved(intake, customer)
    intake.hear(*intake.resolution.said[SHOP, escalation])
    intake.followup.say(
        escalation,
        followup_events_pb2.EscalationReopened(
            escalation_id=escalation,
            follow_up_id="fup_1",
            reopened_at=intake.now() + timedelta(seconds=1),
        ),
    )
    refusal = refused(intake, customer)
    assert refusal.reason == "KEPT_BY_LAW"
    assert refusal.metadata["escalation_id"] == escalation
    assert intake.show(escalation).words != "[forgotten]"


def test_a_new_case_says_until_when_it_holds(intake: Intake, customer: str) -> None:
    opened = intake.open(customer=customer)
    until = datetime.fromisoformat(refused(intake, customer).metadata["kept_until"])
    [entry] = intake.show(opened.escalation_id).timeline
    assert until > entry.at.ToDatetime(UTC)


def test_references_of_a_payment_are_shown_to_auditors_alone(intake: Intake, customer: str) -> None:
    escalation = resolved(intake, customer, paid=True)
    [kept] = forget(intake, customer).kept
    assert kept.data == event_pb2.PERSONAL_DATA_RECORD
    assert kept.until.ToDatetime(UTC) == datetime(intake.now().year + 7, 1, 1, tzinfo=UTC)
    audited = intake.show(escalation, AUDITOR)
    assert (audited.customer, audited.order, audited.words) == (customer, ORDER, "[forgotten]")
    for reader in (HANNA, OPERATOR, WORKFLOW):
        seen = intake.show(escalation, reader)
        assert (seen.customer, seen.order, seen.words) == ("", "", "[forgotten]")


def test_without_a_payment_nothing_is_kept(intake: Intake, customer: str) -> None:
    escalation = resolved(intake, customer)
    assert list(forget(intake, customer).kept) == []
    audited = intake.show(escalation, AUDITOR)
    assert (audited.customer, audited.order) == ("", "")


def test_the_merchant_is_not_asked_about_a_forgotten_customer(
    intake: Intake, customer: str
) -> None:
    escalation = resolved(intake, customer, paid=True)
    intake.shop.orders[ORDER] = commerce_service_pb2.GetOrderResponse(customer=customer)
    forget(intake, customer)
    request = pb.RecordContextRequest(request_id=new_id(), escalation_id=escalation)
    assert not intake.ask("RecordContext", request, WORKFLOW).order_found
