"""Short ways to say what happened, for follow-up's pure tests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from amends.values.identity import EscalationId, FollowUpId, RemedyId
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.followup.domain.answering import RecordFollowUp
from services.followup.domain.case import Case
from services.followup.domain.deciding import Command, decide
from services.followup.domain.follow_up import (
    EscalationClosed,
    EscalationReopened,
    Event,
    FollowUpAnswered,
    FollowUpAsked,
    FollowUpMissed,
    FollowUps,
    FollowUpScheduled,
    Outcome,
    ReopenReason,
    Staying,
    evolve,
)

ESC = EscalationId("esc_shoes")
FIRST = FollowUpId("fup_first")
SECOND = FollowUpId("fup_second")
RESOLVED = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
ASK_BY = RESOLVED + timedelta(days=21)
ASKED = ASK_BY + timedelta(minutes=3)
ANSWER_BY = ASKED + timedelta(days=7)
ANSWERED = ASKED + timedelta(hours=5)
MADE_RIGHT = Case(
    escalation=ESC,
    policy_version=1,
    answered_at=RESOLVED - timedelta(minutes=5),
    resolved_at=RESOLVED,
)

scheduled = FollowUpScheduled(escalation=ESC, follow_up=FIRST, scheduled_at=RESOLVED, ask_by=ASK_BY)
asked = FollowUpAsked(escalation=ESC, follow_up=FIRST, asked_at=ASKED, answer_by=ANSWER_BY)
missed = FollowUpMissed(escalation=ESC, follow_up=FIRST, missed_at=ANSWER_BY)
reopened = EscalationReopened(
    escalation=ESC,
    follow_up=FIRST,
    reopened_at=ANSWERED,
    offer_by=ANSWERED + timedelta(hours=2),
    reason=ReopenReason.NOT_SOLVED,
    remedy=RemedyId(""),
)


def answered(
    *, solved: bool = True, pleased: bool = True, staying: Staying = Staying.YES
) -> FollowUpAnswered:
    return FollowUpAnswered(
        escalation=ESC,
        follow_up=FIRST,
        solved=solved,
        pleased=pleased,
        staying=staying,
        words=Personal("we won"),
        answered_at=ANSWERED,
    )


def closed(outcome: Outcome, at: datetime = ANSWERED) -> EscalationClosed:
    return EscalationClosed(escalation=ESC, outcome=outcome, closed_at=at)


def record(
    *, solved: bool = True, pleased: bool = True, staying: Staying = Staying.YES
) -> RecordFollowUp:
    return RecordFollowUp(
        solved=solved, pleased=pleased, staying=staying, words=Personal("we won"), at=ANSWERED
    )


@dataclass(frozen=True)
class Given:
    events: Sequence[Event]
    case: Case = MADE_RIGHT
    command: Command | None = None

    def when(self, command: Command) -> "Given":
        return replace(self, command=command)

    def known(self, answered_at: datetime | None, resolved_at: datetime | None) -> "Given":
        told = replace(self.case, answered_at=answered_at, resolved_at=resolved_at)
        return replace(self, case=told)

    def then(self, *expected: Event) -> None:
        assert tuple(self.decided()) == expected

    def then_refused(self, reason: type[Refusal], match: str) -> None:
        with pytest.raises(reason, match=match):
            self.decided()

    def decided(self) -> Sequence[Event]:
        """The events of the command."""
        assert self.command is not None
        state = FollowUps()
        for event in self.events:
            state = evolve(state, event)
        return decide(state, self.command, self.case)


def given(*events: Event) -> Given:
    return Given(events)
