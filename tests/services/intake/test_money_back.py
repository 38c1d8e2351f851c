"""What the case file shows while money goes back, and of a case that goes on after all."""

from datetime import timedelta

import pytest
from google.protobuf.message import Message

from amends.eventstore.records import Envelope
from amends.v1 import commerce_service_pb2 as commerce
from amends.v1 import followup_events_pb2 as followup
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import resolution_events_pb2 as resolution
from amends.v1 import routing_events_pb2 as routing
from amends.v1 import types_pb2
from amends.values.identity import Role
from tests.services.intake.conftest import HANNA, Intake, Who, moment, new_id
from tests.services.intake.football_shoes import pounds
from tests.services.intake.test_case_file import waits

HOUR = timedelta(hours=1)


@pytest.fixture
def case(intake: Intake) -> str:
    """Owned by Maya and understood."""
    escalation = intake.open().escalation_id
    intake.hear(intake.accepted(escalation, "maya"))
    intake.restate(escalation)
    intake.confirm(escalation)
    return escalation


def told(intake: Intake, case: str) -> str:
    return "\n".join(entry.summary for entry in intake.show(case).timeline)


def resolution_says(intake: Intake, case: str, *events: Message) -> list[Envelope]:
    said = [intake.resolution.say(case, event, at=intake.now()) for event in events]
    intake.hear(*said)
    return said


def refund() -> resolution.Remedy:
    return resolution.Remedy(
        remedy_id="rem_refund",
        kind=types_pb2.REMEDY_KIND_REFUND,
        amount=pounds(74, 50),
        method=commerce.REFUND_METHOD_ORIGINAL_PAYMENT,
    )


def drafted(intake: Intake, case: str) -> resolution.OfferDrafted:
    return resolution.OfferDrafted(
        escalation_id=case,
        offer_id="off_1",
        remedies=[refund()],
        maker="dm_maya",
        maker_subject="maya",
        drafted_at=intake.now(),
        approve_by=intake.now() + HOUR,
    )


def made(intake: Intake, case: str) -> resolution.OfferMade:
    return resolution.OfferMade(
        escalation_id=case,
        offer_id="off_1",
        remedies=[refund()],
        maker="dm_maya",
        made_at=intake.now(),
        expires_by=intake.now() + 2 * HOUR,
    )


def accepted(intake: Intake, case: str) -> resolution.OfferAccepted:
    return resolution.OfferAccepted(
        escalation_id=case,
        offer_id="off_1",
        remedy_ids=["rem_refund"],
        accepted_at=intake.now(),
        carry_out_by=intake.now() + HOUR,
        answer_by=intake.now() + 500 * HOUR,
    )


def submitted(intake: Intake, case: str) -> resolution.RefundSubmitted:
    return resolution.RefundSubmitted(
        escalation_id=case,
        remedy_id="rem_refund",
        refund_id="ref_1",
        amount=pounds(74, 50),
        method=commerce.REFUND_METHOD_ORIGINAL_PAYMENT,
        submitted_at=intake.now(),
        expected_by=intake.now() + 48 * HOUR,
        check_by=intake.now() + HOUR,
    )


def failed(intake: Intake, case: str, *, after_credit: bool = False) -> resolution.RefundFailed:
    return resolution.RefundFailed(
        escalation_id=case,
        remedy_id="rem_refund",
        amount=pounds(74, 50),
        reason="ACCOUNT_CLOSED",
        failed_at=intake.now(),
        after_credit=after_credit,
    )


def test_a_refund_is_shown_on_its_way_and_said_to_be_there_only_once_it_is(
    intake: Intake, case: str
) -> None:
    resolution_says(
        intake, case, made(intake, case), accepted(intake, case), submitted(intake, case)
    )
    assert waits(intake, case) == "for the refund to be credited"
    shown = intake.show(case)
    [refund] = shown.refunds
    assert (refund.state, refund.amount) == ("submitted", pounds(74, 50))
    assert shown.waiting_until == refund.expected_by == shown.timeline[-1].due_by
    assert "The refund of 74.50 GBP was sent to the card or account that paid" in told(intake, case)
    assert "has the money" not in told(intake, case)
    intake.advance(49 * HOUR)
    assert [one.state for one in intake.show(case).refunds] == ["unknown"]
    credited = resolution.RefundSucceeded(
        escalation_id=case,
        remedy_id="rem_refund",
        amount=pounds(74, 50),
        credited_at=intake.now(),
    )
    resolution_says(intake, case, credited)
    [refund] = intake.show(case).refunds
    assert refund.state == "succeeded"
    assert refund.HasField("credited_at")
    assert "The customer has the money: the refund of 74.50 GBP was credited" in told(intake, case)


def test_a_draft_waits_for_another_holder_whom_the_directory_names(
    intake: Intake, case: str
) -> None:
    helen = routing.DecisionMakerUpdated(
        decision_maker_id="dm_helen", public_name="Helen", subjects=["helen"]
    )
    intake.hear(intake.routing.say("dm_helen", helen))
    resolution_says(intake, case, drafted(intake, case))
    assert waits(intake, case) == "for another holder to approve the offer"
    [offer] = intake.show(case).offers
    assert offer.state == "draft"
    assert moment(offer.approve_by) == moment(intake.show(case).waiting_until)
    approved = resolution.OfferApproved(
        escalation_id=case, offer_id="off_1", approver="dm_helen", approver_subject="helen"
    )
    resolution_says(intake, case, approved, made(intake, case))
    assert waits(intake, case) == "for the customer to answer the offer"
    [offer] = intake.show(case).offers
    assert (offer.state, offer.HasField("approve_by")) == ("open", False)
    said = told(intake, case)
    assert "Maya drafted an offer of a refund of 74.50 GBP, above their authority" in said
    assert "Helen approved the offer and stands in for it" in said


def test_a_draft_that_was_rejected_waits_for_another_offer(intake: Intake, case: str) -> None:
    rejected = resolution.OfferRejected(
        escalation_id=case,
        offer_id="off_1",
        approver="dm_nobody_knows",
        reason=resolution.REJECT_REASON_TOO_MUCH,
        offer_by=intake.now() + HOUR,
    )
    resolution_says(intake, case, drafted(intake, case), rejected)
    assert waits(intake, case) == "for Maya to make an offer"
    assert [offer.state for offer in intake.show(case).offers] == ["rejected"]
    assert "A decision-maker did not approve the offer: it is too much" in told(intake, case)


def test_a_promise_is_waited_for_until_it_is_kept(intake: Intake, case: str) -> None:
    promised = resolution.PromiseMade(
        escalation_id=case,
        promise_id="prm_1",
        maker="dm_maya",
        promised_at=intake.now(),
        due_by=intake.now() + timedelta(minutes=30),
        warn_by=intake.now() + timedelta(minutes=15),
    )
    resolution_says(intake, case, promised)
    assert waits(intake, case) == "for Maya to keep a promise"
    [promise] = intake.show(case).promises
    assert (promise.maker, promise.state) == ("Maya", "open")
    assert moment(promise.warn_by) < moment(promise.due_by)
    broken = resolution.PromiseBroken(escalation_id=case, promise_id="prm_1")
    late = resolution.PromiseKept(escalation_id=case, promise_id="prm_1", in_time=False)
    states = []
    for event in (broken, late):
        resolution_says(intake, case, event)
        states += [one.state for one in intake.show(case).promises]
    assert states == ["broken", "kept late"]
    assert waits(intake, case) == "for Maya to make an offer"


def test_what_the_customer_would_rather_have_is_what_is_sought_from_then_on(
    intake: Intake, case: str
) -> None:
    half = types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_PERCENTAGE_OFF], percent=50)
    countered = resolution.OfferCountered(
        escalation_id=case, offer_id="off_1", remedy_sought=half, offer_by=intake.now() + HOUR
    )
    resolution_says(intake, case, made(intake, case), countered)
    assert intake.show(case).remedy_sought == half
    assert "The customer would rather have 50 % off" in told(intake, case)
    money = types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REFUND])
    contact = pb.RecordContactRequest(
        request_id=new_id(),
        escalation_id=case,
        channel="CHANNEL_CHAT",
        words="The money, then",
        remedy_sought=money,
    )
    intake.ask("RecordContact", contact, HANNA)
    assert intake.show(case).remedy_sought == money


def test_who_was_given_the_case_owns_it_and_may_restate_it(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.hear(intake.accepted(case, "maya"))
    taken = routing.OwnershipTaken(
        escalation_id=case,
        from_decision_maker_id="dm_maya",
        from_public_name="Maya",
        decision_maker_id="dm_helen",
        public_name="Helen",
        owner_subject="helen",
        reason=routing.TAKE_OVER_REASON_OVERDUE,
        taken_at=intake.now(),
        restate_by=intake.now() + HOUR,
    )
    intake.hear(intake.routing.say(case, taken))
    assert waits(intake, case) == "for Helen to restate the problem"
    assert intake.show(case).owner.public_name == "Helen"
    intake.restate(case, Who("helen", Role.DECISION_MAKER))
    down = routing.EscalationDeescalated(
        escalation_id=case,
        from_decision_maker_id="dm_helen",
        from_public_name="Helen",
        decision_maker_id="dm_tom",
        public_name="Tom",
        owner_subject="tom",
        deescalated_at=intake.now(),
    )
    intake.hear(intake.routing.say(case, down))
    assert intake.show(case).owner.decision_maker_id == "dm_tom"


def closed(intake: Intake, case: str) -> Envelope:
    event = followup.EscalationClosed(
        escalation_id=case, outcome=followup.OUTCOME_HAPPY, closed_at=intake.now()
    )
    return intake.followup.say(case, event)


def reopened(intake: Intake, case: str) -> Envelope:
    event = followup.EscalationReopened(
        escalation_id=case,
        reopened_at=intake.now(),
        offer_by=intake.now() + HOUR,
        reason=followup.REOPEN_REASON_REFUND_FAILED,
        remedy_id="rem_refund",
    )
    return intake.followup.say(case, event)


def test_a_closed_case_whose_refund_came_back_is_open_again(intake: Intake) -> None:
    case = intake.open(order="SM-21").escalation_id
    intake.hear(intake.accepted(case, "maya"), closed(intake, case))
    resolution_says(intake, case, failed(intake, case, after_credit=True))
    intake.hear(reopened(intake, case))
    shown = intake.show(case)
    assert (shown.stage, shown.outcome) == (types_pb2.STAGE_RESOLUTION, "")
    assert not shown.HasField("closed_at")
    waits(intake, case)
    said = told(intake, case)
    assert "The refund of 74.50 GBP came back after it was credited: account closed" in said
    assert "The refund did not stay with the customer: the case goes on with the same owner" in said
    again = intake.open(order="SM-21")
    assert (again.escalation_id, again.already_open) == (case, True)


def test_a_reopened_case_stays_beside_one_that_was_opened_meanwhile_and_follows_it(
    intake: Intake,
) -> None:
    first = intake.open(order="SM-22").escalation_id
    intake.hear(closed(intake, first))
    second = intake.open(order="SM-22").escalation_id
    intake.hear(reopened(intake, first))
    assert {intake.show(one).stage for one in (first, second)} == {types_pb2.STAGE_INTAKE}
    assert intake.open(order="SM-22").escalation_id == second
    intake.hear(closed(intake, second))
    assert intake.app.rebuild is not None
    for _ in range(2):
        again = intake.open(order="SM-22")
        assert (again.escalation_id, again.already_open) == (first, True)
        intake.app.rebuild()
