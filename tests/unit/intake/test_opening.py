from datetime import timedelta

import pytest

from amends.values.case import Cause
from amends.values.deadline import NeedBy
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import EscalationClosed, EscalationNotFound
from amends.values.remedy import RemedyKind, RemedySought
from services.intake.domain import contact as contacts
from services.intake.domain.case import Case, Standing
from services.intake.domain.need_by import NeedByInThePast
from services.intake.domain.opening import decide
from tests.unit.intake.builders import CALLED_AT, KICK_OFF, contact, given, opened, opening


def test_an_opening_says_by_when_somebody_answers() -> None:
    [event] = decide(opening())
    assert event.acknowledge_by == CALLED_AT + timedelta(minutes=5)
    assert event.assign_by == CALLED_AT + timedelta(minutes=15)
    assert (event.policy_version, event.opened_at) == (1, CALLED_AT)


@pytest.mark.parametrize(
    ("left", "cause", "priority"),
    [
        (timedelta(hours=24), Cause.DAMAGED, 1),
        (timedelta(hours=25), Cause.DAMAGED, 2),
        (timedelta(hours=49), Cause.DAMAGED, 3),
        (timedelta(days=8), Cause.DAMAGED, 4),
        (timedelta(days=8), Cause.OTHER, 5),
        (timedelta(days=8), Cause.RUDE_SERVICE, 3),
        (timedelta(hours=3), Cause.OTHER, 1),
        (None, Cause.DAMAGED, 4),
        (None, Cause.REFUND_NOT_CREDITED, 3),
    ],
)
def test_urgent_is_what_is_needed_soon_or_went_badly_wrong(
    left: timedelta | None, cause: Cause, priority: int
) -> None:
    need_by = NeedBy(CALLED_AT + left, "UTC") if left else None
    [event] = decide(opening(need_by=need_by, cause=cause))
    assert event.priority == priority


def test_what_is_needed_before_now_is_refused() -> None:
    with pytest.raises(NeedByInThePast):
        decide(opening(at=KICK_OFF.by))


@pytest.mark.parametrize("minor", [0, -1])
def test_an_amount_of_nothing_is_refused(minor: int) -> None:
    sought = RemedySought((RemedyKind.REFUND,), Money("GBP", minor))
    with pytest.raises(InvalidMoney, match="above zero"):
        decide(opening(remedy_sought=sought))


def test_a_contact_never_makes_a_case_less_urgent() -> None:
    case = opened()
    [event] = contacts.decide(
        case, contact(need_by=NeedBy(CALLED_AT + timedelta(days=30), "UTC")), Standing()
    )
    assert event.priority == 1
    assert given(event, case=case).need_by == event.need_by


def test_a_contact_keeps_what_it_does_not_change() -> None:
    case = opened(remedy_sought=RemedySought((RemedyKind.REPLACEMENT,)))
    [event] = contacts.decide(case, contact(), Standing())
    after = given(event, case=case)
    assert (after.need_by, after.remedy_sought) == (KICK_OFF, case.remedy_sought)
    assert after.channel is event.channel


def test_a_contact_to_a_closed_case_is_refused() -> None:
    with pytest.raises(EscalationClosed):
        contacts.decide(opened(), contact(), Standing(closed=True))


def test_a_contact_to_a_case_that_never_was_is_refused() -> None:
    with pytest.raises(EscalationNotFound):
        contacts.decide(Case(), contact(), Standing())
