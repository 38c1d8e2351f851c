from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.values.authority import Need
from amends.values.identity import Actor, DecisionMakerId, OfferId
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, NotTheOwner
from amends.values.remedy import Action
from services.resolution.domain import answering, approving, making
from services.resolution.domain.answering import (
    AnswerOffer,
    DecidedAlready,
    ExpireOffer,
    OfferAnswer,
    OfferNotOpen,
    WithdrawOffer,
)
from services.resolution.domain.approving import (
    ApproveOffer,
    Backed,
    Rejecting,
    RejectOffer,
    SelfApproval,
)
from services.resolution.domain.case import Owner
from services.resolution.domain.drafts import OfferRejected, RejectReason
from services.resolution.domain.making import MakeOffer, OfferAlreadyOpen, Prepared
from services.resolution.domain.offering import Plan
from services.resolution.domain.offers import (
    OfferMade,
    OfferNotFound,
    Offers,
    OfferState,
    OfferWithdrawn,
    evolve,
)
from services.resolution.domain.policy import POLICIES
from tests.unit.resolution.builders import (
    A_COUPON,
    ACCEPTED,
    APPROVED,
    CASE,
    DRAFTED,
    ESCALATION,
    HELEN,
    HELEN_ID,
    MADE,
    MAYA,
    MAYA_ID,
    MINUTE,
    NOW,
    OFFER,
    PLAN,
    RESERVATION,
    SHOES_BY_COURIER,
    TOM,
    Given,
    london,
    pounds,
)

SOON = NOW + MINUTE
REJECTED = OfferRejected(
    ESCALATION,
    OFFER,
    HELEN_ID,
    HELEN.subject,
    RejectReason.TOO_MUCH,
    Personal("ask for the receipt"),
    SOON,
    SOON + timedelta(hours=2),
)
WITHDRAWN = OfferWithdrawn(ESCALATION, OFFER, SOON, SOON + timedelta(hours=2))
BY_HELEN = replace(
    MADE,
    remedies=PLAN.authorised(HELEN_ID),
    made_at=SOON,
)


def given(*events: object) -> Given:
    return Given(Offers(), evolve, events)


def approval(by: Actor = HELEN) -> ApproveOffer:
    return ApproveOffer(OFFER, by)


def backed(at: datetime = SOON) -> Backed:
    return Backed(CASE, RESERVATION, HELEN_ID, at)


def rejection(by: Actor = HELEN) -> RejectOffer:
    return RejectOffer(OFFER, RejectReason.TOO_MUCH, REJECTED.note, by, SOON)


REJECTING = Rejecting(CASE, HELEN_ID)
Decide = Callable[[Offers, object, object], Sequence[object]]
BOTH = pytest.mark.parametrize(
    ("decide", "command", "known"),
    [(approving.approve, approval, backed()), (approving.reject, rejection, REJECTING)],
    ids=["approve", "reject"],
)


def test_what_no_authority_could_be_set_aside_for_is_a_draft() -> None:
    make = MakeOffer(
        offer=OFFER,
        remedies=(SHOES_BY_COURIER, A_COUPON),
        explanation=MADE.explanation,
        apology=MADE.apology,
        late_is_agreed=False,
        by=MAYA,
    )
    known = Prepared(CASE, PLAN, None, MAYA_ID, NOW)
    assert given().when(making.make, make, known) == (DRAFTED,)
    assert DRAFTED.needs == (
        Need(Action.RESHIP, pounds(6490)),
        Need(Action.EXPEDITED_SHIPPING, pounds(1490)),
        Need(Action.GOODWILL, pounds(1000)),
    )
    [later] = given().when(making.make, make, replace(known, plan=Plan(PLAN.remedies, ())))
    assert later == replace(DRAFTED, cut_off=None, approve_by=NOW + timedelta(hours=1))
    refusal = given(DRAFTED).refuses(OfferAlreadyOpen, making.make, make, known)
    assert "is a draft that waits for another holder" in refusal.message


def test_a_draft_leaves_the_customer_half_of_what_is_left_before_the_cut_off() -> None:
    policy = POLICIES[1]
    assert policy.approve_by(NOW, None) == NOW + timedelta(hours=1)
    assert policy.approve_by(NOW, NOW + timedelta(minutes=40)) == NOW + timedelta(minutes=20)
    assert policy.approve_by(NOW, NOW + timedelta(hours=9)) == NOW + timedelta(hours=1)


def test_who_stands_in_for_a_draft_authorises_all_of_it() -> None:
    found = given(DRAFTED).when(approving.approve, approval(), backed())
    assert found == (APPROVED, BY_HELEN)
    assert {
        exception.authorised_by for remedy in BY_HELEN.remedies for exception in remedy.exceptions
    } == {HELEN_ID}
    offer = given(DRAFTED, *found).state.of(OFFER)
    assert (offer.state, offer.made, offer.drafted) == (OfferState.OPEN, BY_HELEN, DRAFTED)
    assert offer.decision == APPROVED


def test_an_approved_offer_is_never_open_past_the_cut_off_of_its_shipping() -> None:
    without = replace(DRAFTED, cut_off=None)
    [_, made] = given(without).when(approving.approve, approval(), backed())
    assert isinstance(made, OfferMade)
    assert made.expires_by == SOON + POLICIES[1].offer_open
    assert BY_HELEN.expires_by == DRAFTED.cut_off == london("Sat 16:00")
    passed = backed(london("Sat 16:00"))
    given(DRAFTED).refuses(OfferNotOpen, approving.approve, approval(), passed)


def test_who_says_no_tells_why() -> None:
    found = given(DRAFTED).when(approving.reject, rejection(), REJECTING)
    assert found == (REJECTED,)
    offer = given(DRAFTED, REJECTED).state.of(OFFER)
    assert (offer.state, offer.made, offer.decision) == (OfferState.REJECTED, None, REJECTED)


@BOTH
def test_the_maker_decides_about_no_draft_of_their_own(
    decide: Decide, command: Callable[..., object], known: object
) -> None:
    refusal = given(DRAFTED).refuses(SelfApproval, decide, command(MAYA), known)
    assert "another holder decides about it" in refusal.message
    handed_over = replace(CASE, owner=Owner(HELEN_ID, HELEN.subject, "Helen"))
    later = replace(known, case=handed_over)  # type: ignore[type-var] # Backed or Rejecting
    given(DRAFTED).refuses(SelfApproval, decide, command(MAYA), later)
    given(DRAFTED, APPROVED, BY_HELEN).refuses(SelfApproval, decide, command(MAYA), known)


@BOTH
def test_a_draft_is_decided_once(
    decide: Decide, command: Callable[..., object], known: object
) -> None:
    for events, state in (
        ((APPROVED, BY_HELEN), "OPEN"),
        ((APPROVED, BY_HELEN, ACCEPTED), "ACCEPTED"),
        ((REJECTED,), "REJECTED"),
        ((WITHDRAWN,), "WITHDRAWN"),
    ):
        refusal = given(DRAFTED, *events).refuses(DecidedAlready, decide, command(TOM), known)
        assert refusal.metadata["state"] == state
    given(MADE).refuses(DecidedAlready, decide, command(TOM), known)
    given().refuses(OfferNotFound, decide, command(TOM), known)


def test_nothing_is_approved_in_a_closed_case() -> None:
    closed = replace(backed(), case=replace(CASE, closed=True))
    given(DRAFTED).refuses(EscalationClosed, approving.approve, approval(), closed)


@pytest.mark.parametrize("ended", [(), (REJECTED,), (WITHDRAWN,)])
def test_no_answer_reaches_a_draft_and_no_clock_lapses_it(ended: tuple[object, ...]) -> None:
    answer = AnswerOffer(OFFER, OfferAnswer.ACCEPT, Personal(""), SOON)
    refusal = given(DRAFTED, *ended).refuses(OfferNotOpen, answering.decide, answer, CASE)
    assert "expires_by" not in refusal.metadata
    lapse = ExpireOffer(OFFER, NOW + timedelta(days=9))
    assert given(DRAFTED, *ended).when(answering.decide, lapse, CASE) == ()


@pytest.mark.parametrize("waiting", [(DRAFTED,), (MADE,), (DRAFTED, APPROVED, BY_HELEN)])
def test_the_owner_takes_back_what_waits(waiting: tuple[object, ...]) -> None:
    found = given(*waiting).when(answering.decide, WithdrawOffer(OFFER, MAYA, SOON), CASE)
    assert found == (WITHDRAWN,)
    assert given(*waiting, WITHDRAWN).state.of(OFFER).state is OfferState.WITHDRAWN
    others = WithdrawOffer(OFFER, HELEN, SOON)
    given(*waiting).refuses(NotTheOwner, answering.decide, others, CASE)
    again = WithdrawOffer(OFFER, MAYA, SOON)
    given(*waiting, WITHDRAWN).refuses(DecidedAlready, answering.decide, again, CASE)
    unknown = WithdrawOffer(OfferId("off_2"), MAYA, SOON)
    given(*waiting).refuses(OfferNotFound, answering.decide, unknown, CASE)


def test_an_offer_that_was_taken_back_is_not_answered_any_more() -> None:
    answer = AnswerOffer(OFFER, OfferAnswer.ACCEPT, Personal(""), SOON)
    refusal = given(MADE, WITHDRAWN).refuses(DecidedAlready, answering.decide, answer, CASE)
    assert refusal.metadata["state"] == "WITHDRAWN"


def test_a_no_of_somebody_whom_the_directory_has_not_told_of_is_a_no_all_the_same() -> None:
    unheard = Rejecting(CASE, DecisionMakerId(""))
    [no] = given(DRAFTED).when(approving.reject, rejection(TOM), unheard)
    assert isinstance(no, OfferRejected)
    assert (no.approver, no.approver_subject) == ("", TOM.subject)
