"""Forgetting: who was forgotten is not asked any more, and their case ends as far as it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.followup.domain.case import Case
from services.followup.domain.closing import outcome_of
from services.followup.domain.follow_up import (
    CancelReason,
    EscalationClosed,
    FollowUpCancelled,
    FollowUps,
    FollowUpState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndForgotten:
    """The customer was forgotten."""

    at: datetime


def end(
    follow_ups: FollowUps, command: EndForgotten, case: Case
) -> Sequence[FollowUpCancelled | EscalationClosed]:
    """That nobody is asked any more and the case is closed; a closed one is not closed again.

    What the customer had answered counts; without an answer the outcome is unknown.
    """
    if follow_ups.closed is not None:
        return ()
    standing = follow_ups.standing
    closed = EscalationClosed(
        escalation=case.escalation,
        outcome=outcome_of(standing.answer if standing else None),
        closed_at=command.at,
    )
    if standing is None or standing.state not in {FollowUpState.SCHEDULED, FollowUpState.ASKED}:
        return (closed,)
    cancelled = FollowUpCancelled(
        escalation=case.escalation,
        follow_up=standing.scheduled.follow_up,
        reason=CancelReason.CUSTOMER_FORGOTTEN,
        cancelled_at=command.at,
    )
    return (cancelled, closed)


def is_open(follow_ups: FollowUps, case: Case) -> bool:
    """True while it is to be made right; what intake has forgotten already is not held up here."""
    over = follow_ups.closed is not None or case.forgotten
    return not (over or case.is_made_right(follow_ups.reopened_at))
