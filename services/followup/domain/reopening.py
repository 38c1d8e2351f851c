"""Reopening: the case goes on with the same owner, and nobody is asked whether it is solved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import FollowUpId, RemedyId
from services.followup.domain.case import Case
from services.followup.domain.follow_up import (
    CancelReason,
    EscalationReopened,
    Event,
    FollowUpAnswered,
    FollowUpCancelled,
    FollowUps,
    FollowUpState,
    ReopenReason,
)

_NO_FOLLOW_UP = FollowUpId("")
_NO_REMEDY = RemedyId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenForRefund:
    """The money of `remedy` did not stay with the customer, after the resolution of that moment."""

    remedy: RemedyId
    resolved_at: datetime
    at: datetime


def not_solved(answered: FollowUpAnswered, case: Case) -> EscalationReopened:
    """The customer said so (S60)."""
    return EscalationReopened(
        escalation=case.escalation,
        follow_up=answered.follow_up,
        reopened_at=answered.answered_at,
        offer_by=answered.answered_at + case.policy.offer_within,
        reason=ReopenReason.NOT_SOLVED,
        remedy=_NO_REMEDY,
    )


def for_refund(follow_ups: FollowUps, command: ReopenForRefund, case: Case) -> Sequence[Event]:
    """That the case goes on, also where it was closed, and that its question is withdrawn.

    No event where it goes on already, or did for the same refund; a forgotten customer can be
    offered nothing, so their case stays as it ended.
    """
    reopened_at = follow_ups.reopened_at
    goes_on = reopened_at is not None and command.resolved_at <= reopened_at
    if case.forgotten or goes_on or command.remedy in follow_ups.refunds_failed:
        return ()
    standing = follow_ups.standing
    follow_up = standing.scheduled.follow_up if standing else _NO_FOLLOW_UP
    reopened = EscalationReopened(
        escalation=case.escalation,
        follow_up=follow_up,
        reopened_at=command.at,
        offer_by=command.at + case.policy.offer_within,
        reason=ReopenReason.REFUND_FAILED,
        remedy=command.remedy,
    )
    if standing is None or standing.state not in {FollowUpState.SCHEDULED, FollowUpState.ASKED}:
        return (reopened,)
    cancelled = FollowUpCancelled(
        escalation=case.escalation,
        follow_up=follow_up,
        reason=CancelReason.REOPENED,
        cancelled_at=command.at,
    )
    return (cancelled, reopened)
