"""Refunds, drafts, promises and take-overs: what follows from what was said, without Temporal."""

import pytest

from tests.unit.workflows.case_c1 import (
    ASSIGNED,
    CONFIRMED,
    OFFERED_ON,
    OPENED,
    RESTATED,
    UNTIL_OWNED,
    UNTIL_RESOLVED,
    after,
    folded,
    news,
)
from workflows import deadlines, waits
from workflows.messages import News
from workflows.state import Owner
from workflows.waits import Waiting

UNDERSTOOD = (*UNTIL_OWNED, RESTATED, CONFIRMED)
OFFERED = news(
    "resolution",
    3,
    "OfferMade",
    offer_id="off_1",
    remedy_ids=["rem_1", "rem_2"],
    kinds=["REFUND", "GIFT_CERTIFICATE"],
    in_place_ofs=["", ""],
    expires_by=50,
)
AGREED = news("resolution", 4, "OfferAccepted", offer_id="off_1", carry_out_by=50, answer_by=80)
SUBMITTED = news(
    "resolution", 6, "RefundSubmitted", remedy_id="rem_1", expected_by=4_000, check_by=700
)
CREDITED = news("resolution", 9, "RemedyCompleted", remedy_id="rem_2")
ANSWERED = news("resolution", 10, "ResponseSent", response_id="rsp_2", kind="ANSWER", deliver_by=60)
HEARD = news("resolution", 11, "ResponseDelivered", response_id="rsp_2", kind="ANSWER")
ON_ITS_WAY = (*UNDERSTOOD, OFFERED, AGREED, SUBMITTED, CREDITED, ANSWERED, HEARD)
REFUNDED = news("resolution", 13, "RemedyCompleted", remedy_id="rem_1")
CAME_BACK = news("resolution", 15, "RemedyFailed", remedy_id="rem_1", offer_by=5_000)
DRAFTED = news("resolution", 3, "OfferDrafted", offer_id="off_1", approve_by=60)
PROMISED = news("resolution", 3, "PromiseMade", promise_id="prm_1", warn_by=45, due_by=60)
BROKEN = news("resolution", 4, "PromiseBroken", promise_id="prm_1", broken_at=60)


def kinds(*said: News) -> set[str]:
    return {each.kind for each in deadlines.expected(folded(*said))}


def in_place_of(earlier: str) -> tuple[News, News]:
    """Another remedy is agreed."""
    made = news(
        "resolution",
        20,
        "OfferMade",
        offer_id="off_2",
        remedy_ids=["rem_9"],
        kinds=["COUPON"],
        in_place_ofs=[earlier],
        expires_by=50,
    )
    return made, news("resolution", 21, "OfferAccepted", offer_id="off_2", carry_out_by=50)


def test_a_refund_is_waited_for_until_it_should_be_there_and_looked_at_before() -> None:
    case = folded(*ON_ITS_WAY)
    waiting = waits.waiting(case)
    assert waiting.words == "for the refund to be credited"
    assert waiting.due is not None
    assert waiting.due.by == after(4_000)
    checked = waits.next_check(case)
    assert checked is not None
    assert (checked[0].id, checked[1].by) == ("rem_1", after(700))
    assert kinds(*ON_ITS_WAY) == {"REFUND_OVERDUE"}


def test_no_case_is_resolved_before_its_refund_is_credited() -> None:
    assert not waits.may_be_resolved(folded(*ON_ITS_WAY))
    assert waits.may_be_resolved(folded(*ON_ITS_WAY, REFUNDED))
    assert kinds(*ON_ITS_WAY, REFUNDED) == set()


def test_a_refund_that_came_back_needs_another_offer_in_the_same_round() -> None:
    case = folded(*ON_ITS_WAY, REFUNDED, CAME_BACK)
    assert not waits.may_be_resolved(case)
    assert waits.waiting(case).words == "for Maya to make an offer"


def test_what_was_agreed_in_an_earlier_round_is_known_in_the_next() -> None:
    resolved = news("resolution", 14, "EscalationResolved")
    reopened = news("followup", 1, "EscalationReopened", offer_by=5_000)
    case = folded(*ON_ITS_WAY, REFUNDED, resolved, CAME_BACK, reopened)
    assert (waits.stage(case), waits.waiting(case).words) == (
        "resolution",
        "for Maya to make an offer",
    )
    assert case.resolution.remedies["rem_1"].undone
    again = folded(*ON_ITS_WAY, REFUNDED, resolved, CAME_BACK, reopened, *in_place_of("rem_1"))
    remedy = waits.to_carry_out(again)
    assert remedy is not None
    assert waits.to_compensate(again, remedy) is None


def test_a_remedy_that_is_replaced_is_taken_back_first() -> None:
    case = folded(*ON_ITS_WAY, *in_place_of("rem_2"))
    remedy = waits.to_carry_out(case)
    assert remedy is not None
    replaced = waits.to_compensate(case, remedy)
    assert replaced is not None
    assert replaced.id == "rem_2"
    back = news("resolution", 22, "RemedyCompensated", remedy_id="rem_2")
    assert waits.to_compensate(folded(*ON_ITS_WAY, *in_place_of("rem_2"), back), remedy) is None


def test_a_promised_remedy_that_is_replaced_is_not_carried_out() -> None:
    case = folded(*UNDERSTOOD, OFFERED, AGREED, *in_place_of("rem_1"))
    found = waits.to_carry_out(case)
    assert found is not None
    assert found.id == "rem_2"
    failed = news("resolution", 23, "RemedyFailed", remedy_id="rem_9", offer_by=90)
    case = folded(*UNDERSTOOD, OFFERED, AGREED, *in_place_of("rem_1"), failed)
    found = waits.to_carry_out(case)
    assert found is not None
    assert found.id == "rem_1", "the promise stands where nothing came in its place"


def test_what_replaced_a_promise_may_be_taken_back_and_the_promise_does_not_stand_again() -> None:
    back = news("resolution", 23, "RemedyCompensated", remedy_id="rem_9")
    found = waits.to_carry_out(folded(*UNDERSTOOD, OFFERED, AGREED, *in_place_of("rem_1"), back))
    assert found is not None
    assert found.id == "rem_2"


def test_what_fails_once_something_is_agreed_in_its_place_needs_no_other_offer() -> None:
    failed = news("resolution", 23, "RemedyFailed", remedy_id="rem_1", offer_by=90)
    done = news("resolution", 24, "RemedyCompleted", remedy_id="rem_9")
    case = folded(*ON_ITS_WAY, *in_place_of("rem_1"), failed, done)
    assert waits.is_carried_out(case)
    assert waits.may_be_resolved(case)


def test_an_offer_of_before_there_were_replaced_remedies_is_still_read() -> None:
    old = news(
        "resolution", 3, "OfferMade", offer_id="off_1", remedy_ids=["rem_1"], kinds=["COUPON"]
    )
    case = folded(*UNDERSTOOD, old, AGREED)
    assert case.resolution.remedies["rem_1"].in_place_of == ""


def test_a_draft_is_waited_for_and_counts_as_the_open_offer() -> None:
    case = folded(*UNDERSTOOD, DRAFTED)
    waiting = waits.waiting(case)
    assert waiting.words == "for another holder to approve Maya's draft"
    assert waiting.due is not None
    assert waiting.due.by == after(60)
    assert kinds(*UNDERSTOOD, DRAFTED) == {"APPROVAL_OVERDUE"}
    beside = (*ON_ITS_WAY, REFUNDED, news("resolution", 16, "OfferDrafted", offer_id="off_2"))
    assert not waits.may_be_resolved(folded(*beside))


@pytest.mark.parametrize("event", ["OfferRejected", "OfferWithdrawn"])
def test_after_a_draft_that_was_not_offered_the_owner_makes_another(event: str) -> None:
    case = folded(*UNDERSTOOD, DRAFTED, news("resolution", 4, event, offer_by=400))
    waiting = waits.waiting(case)
    assert waiting.words == "for Maya to make an offer"
    assert waiting.due is not None
    assert waiting.due.by == after(400)


def test_a_promise_is_at_risk_before_it_breaks_and_broken_until_it_is_kept() -> None:
    assert kinds(*UNDERSTOOD, PROMISED) == {"OFFER_OVERDUE", "PROMISE_AT_RISK"}
    assert kinds(*UNDERSTOOD, PROMISED, BROKEN) == {"OFFER_OVERDUE", "PROMISE_BROKEN"}
    kept = news("resolution", 5, "PromiseKept", promise_id="prm_1")
    assert kinds(*UNDERSTOOD, PROMISED, BROKEN, kept) == {"OFFER_OVERDUE"}


def test_the_deadline_of_a_promise_is_one_of_the_case_until_it_is_broken() -> None:
    promised = waits.due_first(folded(*UNDERSTOOD, PROMISED))
    assert promised is not None
    assert promised.by == after(60)
    broken = folded(*UNDERSTOOD, PROMISED, BROKEN)
    assert waits.beside(broken) == (Waiting("for Maya to keep the promise that broke"),)
    assert waits.due_first(broken) == waits.waiting(broken).due


def test_of_several_promises_the_first_raises_the_alarm_and_each_one_breaks() -> None:
    later = news("resolution", 4, "PromiseMade", promise_id="prm_2", warn_by=55, due_by=70)
    case = folded(*UNDERSTOOD, PROMISED, later)
    [risk] = [each for each in deadlines.expected(case) if each.kind == "PROMISE_AT_RISK"]
    assert risk.due.by == after(45)
    broken = news("resolution", 5, "PromiseBroken", promise_id="prm_1", broken_at=60)
    found = waits.next_promise(folded(*UNDERSTOOD, PROMISED, later, broken))
    assert found is not None
    assert found[0].id == "prm_2"


def test_whoever_takes_a_case_over_owns_it_and_nobody_else_is_asked_any_more() -> None:
    taken = news(
        "routing",
        2,
        "OwnershipTaken",
        decision_maker_id="dm_ravi",
        public_name="Ravi",
        restate_by=70,
    )
    for before in ((OPENED,), (OPENED, ASSIGNED), (OPENED, nobody())):
        case = folded(*before, taken)
        assert case.routing.owner == Owner("dm_ravi", "Ravi")
        assert case.routing.asked is None
        assert waits.stage(case) == "resolution"
        assert "ASSIGNMENT_OVERDUE" not in kinds(*before, taken)


def test_a_case_that_is_deescalated_keeps_its_deadlines() -> None:
    given = news(
        "routing", 4, "EscalationDeescalated", decision_maker_id="dm_ravi", public_name="Ravi"
    )
    case = folded(*UNTIL_OWNED, OFFERED_ON, given)
    assert case.routing.owner == Owner("dm_ravi", "Ravi")
    assert case.routing.restate == folded(*UNTIL_OWNED).routing.restate
    assert case.routing.hand_over is None


@pytest.mark.parametrize("cancelled_at", [2, 3], ids=["before", "after"])
def test_a_follow_up_that_is_cancelled_for_a_reopening_closes_nothing(cancelled_at: int) -> None:
    scheduled = news("followup", 1, "FollowUpScheduled", follow_up_id="fup_1", ask_by=30_000)
    cancelled = news(
        "followup", cancelled_at, "FollowUpCancelled", follow_up_id="fup_1", reason="REOPENED"
    )
    reopened = news("followup", 5 - cancelled_at, "EscalationReopened", offer_by=5_000)
    both = sorted((cancelled, reopened), key=lambda each: each.version)
    assert folded(*UNTIL_RESOLVED, scheduled, both[0]).followup.reopening is (cancelled_at == 2)
    assert folded(*UNTIL_RESOLVED, scheduled, *both).followup.state == ""


def test_every_alarm_says_what_clears_it() -> None:
    raised = {value for name, value in vars(deadlines).items() if name == value}
    assert raised == set(deadlines.CLEARS_WHEN)


def nobody() -> News:
    return news("routing", 1, "NoDecisionMakerFound", retry_at="2026-11-28T15:25:00+00:00")
