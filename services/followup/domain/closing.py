"""Closing: a case is over once the customer has answered or had the time to, with its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import EscalationId
from amends.values.refusal import Refusal
from services.followup.domain.case import Case
from services.followup.domain.follow_up import (
    EscalationClosed,
    FollowUpAnswered,
    FollowUps,
    FollowUpState,
    Outcome,
    Staying,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEscalation:
    """The process has come to its end."""

    at: datetime


class FollowUpOpen(Refusal):
    """The customer has not answered yet and still may, or was not even asked."""

    reason = "FOLLOW_UP_OPEN"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"the follow-up of {escalation} is neither answered nor missed; it must be first",
            escalation_id=escalation,
        )


def close(
    follow_ups: FollowUps, command: CloseEscalation, case: Case
) -> Sequence[EscalationClosed]:
    """That the case is over; a closed one is not closed again.

    Raises:
        FollowUpOpen: the follow-up that counts is neither answered nor missed.
    """
    if follow_ups.closed is not None:
        return ()
    answer = require_answered(follow_ups, case)
    return (
        EscalationClosed(
            escalation=case.escalation, outcome=outcome_of(answer), closed_at=command.at
        ),
    )


def require_answered(follow_ups: FollowUps, case: Case) -> FollowUpAnswered | None:
    """What the customer said; None where they let the time pass.

    Raises:
        FollowUpOpen: the follow-up that counts is neither answered nor missed.
    """
    standing = follow_ups.standing
    if standing is None or standing.state not in {FollowUpState.ANSWERED, FollowUpState.MISSED}:
        raise FollowUpOpen(case.escalation)
    return standing.answer


def outcome_of(answer: FollowUpAnswered | None) -> Outcome:
    """How a case ends by what the customer said to a solved problem; None where nothing (S64)."""
    if answer is None:
        return Outcome.UNKNOWN
    if answer.solved and answer.pleased:
        return Outcome.HAPPY
    return Outcome.LOST if answer.staying is Staying.NO else Outcome.RETAINED
