"""Who was forgotten is not asked any more, and their case ends as far as it came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from amends.values.forgetting import CustomerIsForgotten
from amends.values.identity import EscalationId, FollowUpId, RemedyId
from services.followup.domain.answering import RecordFollowUp
from services.followup.domain.asking import AskFollowUp, ScheduleFollowUp
from services.followup.domain.case import Case
from services.followup.domain.deciding import Command, decide
from services.followup.domain.follow_up import (
    CancelReason,
    EscalationClosed,
    EscalationReopened,
    Event,
    FollowUpAnswered,
    FollowUpAsked,
    FollowUpCancelled,
    FollowUpMissed,
    FollowUps,
    FollowUpScheduled,
    Outcome,
    ReopenReason,
    Staying,
    evolve,
)
from services.followup.domain.forgetting import EndForgotten, is_open

ESC, FUP = EscalationId("esc_1"), FollowUpId("fup_1")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
MADE_RIGHT = Case(escalation=ESC, policy_version=1, answered_at=NOON, resolved_at=NOON)
TOLD = replace(MADE_RIGHT, forgotten=True)

scheduled = FollowUpScheduled(escalation=ESC, follow_up=FUP, scheduled_at=NOON, ask_by=NOON)
asked = FollowUpAsked(escalation=ESC, follow_up=FUP, asked_at=NOON, answer_by=LATER)
missed = FollowUpMissed(escalation=ESC, follow_up=FUP, missed_at=NOON)
pleased = FollowUpAnswered(
    escalation=ESC,
    follow_up=FUP,
    solved=True,
    pleased=True,
    staying=Staying.YES,
    words=None,
    answered_at=NOON,
)
cancelled = FollowUpCancelled(
    escalation=ESC, follow_up=FUP, reason=CancelReason.CUSTOMER_FORGOTTEN, cancelled_at=LATER
)
reopened = EscalationReopened(
    escalation=ESC,
    follow_up=FUP,
    reopened_at=NOON + timedelta(hours=1),
    offer_by=LATER,
    reason=ReopenReason.NOT_SOLVED,
    remedy=RemedyId(""),
)


def closed(outcome: Outcome) -> EscalationClosed:
    return EscalationClosed(escalation=ESC, outcome=outcome, closed_at=LATER)


def after(*events: Event) -> FollowUps:
    state = FollowUps()
    for event in events:
        state = evolve(state, event)
    return state


def decided(past: Sequence[Event], command: Command, case: Case = MADE_RIGHT) -> list[Event]:
    return list(decide(after(*past), command, case))


@pytest.mark.parametrize(
    ("past", "then"),
    [
        ([], [closed(Outcome.UNKNOWN)]),
        ([scheduled], [cancelled, closed(Outcome.UNKNOWN)]),
        ([scheduled, asked], [cancelled, closed(Outcome.UNKNOWN)]),
        ([scheduled, asked, missed], [closed(Outcome.UNKNOWN)]),
        ([scheduled, asked, pleased], [closed(Outcome.HAPPY)]),
        ([scheduled, asked, pleased, closed(Outcome.HAPPY)], []),
    ],
    ids=["nothing yet", "scheduled", "asked", "missed", "answered", "closed"],
)
def test_whatever_was_asked_is_withdrawn_and_the_case_is_closed(
    past: list[Event], then: list[Event]
) -> None:
    assert decided(past, EndForgotten(at=LATER)) == then
    assert decided([*past, *then], EndForgotten(at=LATER)) == []


@pytest.mark.parametrize(
    ("past", "command"),
    [
        ([], ScheduleFollowUp(follow_up=FUP, at=LATER)),
        ([scheduled], AskFollowUp(follow_up=FUP, at=LATER)),
    ],
    ids=["schedule", "ask"],
)
def test_where_only_intake_has_forgotten_so_far_nobody_is_asked(
    past: list[Event], command: Command
) -> None:
    *_, last = decided(past, command, TOLD)
    assert last == closed(Outcome.UNKNOWN)


def test_what_a_forgotten_customer_says_late_cannot_be_kept() -> None:
    says = RecordFollowUp(solved=False, pleased=False, staying=Staying.NO, words=None, at=LATER)
    told: list[tuple[list[Event], Case]] = [
        ([scheduled, asked], TOLD),
        ([scheduled, cancelled], MADE_RIGHT),
    ]
    for past, case in told:
        with pytest.raises(CustomerIsForgotten):
            decided(past, says, case)


def test_a_case_is_open_until_it_is_made_right_or_closed() -> None:
    unresolved = replace(MADE_RIGHT, resolved_at=None)
    assert is_open(after(), unresolved)
    assert is_open(after(scheduled, asked, reopened), MADE_RIGHT)
    assert not is_open(after(), MADE_RIGHT)
    assert not is_open(after(closed(Outcome.UNKNOWN)), unresolved)
    assert not is_open(after(scheduled, asked, reopened), TOLD), "intake has decided it before"
