"""Answering: what the customer said, or that nobody did; "not solved" reopens the case (S60).

A customer who answers late is heard all the same, even after the case was closed for silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.forgetting import CustomerIsForgotten
from amends.values.identity import EscalationId, FollowUpId
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.followup.domain.asking import NotDue
from services.followup.domain.case import Case
from services.followup.domain.closing import outcome_of
from services.followup.domain.follow_up import (
    CancelReason,
    EscalationClosed,
    Event,
    FollowUpAnswered,
    FollowUpMissed,
    FollowUpNotFound,
    FollowUps,
    FollowUpState,
    Staying,
)
from services.followup.domain.policy import EARLY
from services.followup.domain.reopening import not_solved


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFollowUp:
    """What the customer said to the question that stands; `words` None where no more."""

    solved: bool
    pleased: bool
    staying: Staying
    words: Personal[str] | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MissFollowUp:
    """The time to answer is over."""

    follow_up: FollowUpId
    at: datetime


class NotAsked(Refusal):
    """The customer has not been asked yet."""

    reason = "NOT_ASKED"

    def __init__(self, escalation: EscalationId, ask_by: datetime) -> None:
        super().__init__(
            f"the customer of {escalation} will be asked by {ask_by.isoformat()}; "
            "what they say before belongs into RecordContact",
            escalation_id=escalation,
            ask_by=ask_by.isoformat(),
        )


class NotAskedAnyMore(Refusal):
    """The case goes on again: there is nothing to answer until it is made right."""

    reason = "NOT_ASKED"

    def __init__(self, escalation: EscalationId, reopened_at: datetime) -> None:
        super().__init__(
            f"escalation {escalation} goes on since {reopened_at.isoformat()} and its customer "
            "will be asked again; what they say before belongs into RecordContact",
            escalation_id=escalation,
            reopened_at=reopened_at.isoformat(),
        )


class DecidedAlready(Refusal):
    """The customer has answered before."""

    reason = "DECIDED_ALREADY"

    def __init__(self, follow_up: FollowUpId, answered_at: datetime) -> None:
        super().__init__(
            f"follow-up {follow_up} was answered at {answered_at.isoformat()}; "
            "GetFollowUp tells how",
            follow_up_id=follow_up,
            answered_at=answered_at.isoformat(),
        )


def record(follow_ups: FollowUps, command: RecordFollowUp, case: Case) -> Sequence[Event]:
    """The answer; with "not solved" the case is open again, else a closed one has its outcome.

    Raises:
        FollowUpNotFound: none was ever scheduled.
        NotAsked: the customer has not been asked yet.
        NotAskedAnyMore: a refund failed since, so the case goes on.
        DecidedAlready: the customer has answered before.
        CustomerIsForgotten: nothing they say can be kept.
    """
    if case.forgotten:
        raise CustomerIsForgotten
    answered = _answered(command, case, _to_answer(follow_ups, case))
    if not command.solved:
        return (answered, not_solved(answered, case))
    if follow_ups.closed is not None:
        outcome = outcome_of(answered)
        return (
            answered,
            EscalationClosed(escalation=case.escalation, outcome=outcome, closed_at=command.at),
        )
    return (answered,)


def miss(follow_ups: FollowUps, command: MissFollowUp, case: Case) -> Sequence[FollowUpMissed]:
    """That nobody answered; where somebody did, or it was missed before, no event.

    Raises:
        FollowUpNotFound: there is no such follow-up.
        NotDue: the customer still has time.
    """
    found = follow_ups.of(case.escalation, command.follow_up)
    if found.state not in {FollowUpState.SCHEDULED, FollowUpState.ASKED}:
        return ()
    due = found.answer_by or found.scheduled.ask_by + case.policy.answer_within
    if command.at < due - EARLY:
        raise NotDue(command.follow_up, due)
    return (
        FollowUpMissed(
            escalation=case.escalation, follow_up=command.follow_up, missed_at=command.at
        ),
    )


def _to_answer(follow_ups: FollowUps, case: Case) -> FollowUpId:
    """The follow-up that the customer was asked and has not answered, or the refusal."""
    latest = follow_ups.latest
    if latest is None:
        raise FollowUpNotFound(case.escalation)
    if latest.answer is not None:
        raise DecidedAlready(latest.scheduled.follow_up, latest.answer.answered_at)
    if follow_ups.goes_on and follow_ups.reopened_at is not None:
        raise NotAskedAnyMore(case.escalation, follow_ups.reopened_at)
    if latest.cancelled is CancelReason.CUSTOMER_FORGOTTEN:
        raise CustomerIsForgotten
    if latest.state is FollowUpState.SCHEDULED:
        raise NotAsked(case.escalation, latest.scheduled.ask_by)
    return latest.scheduled.follow_up


def _answered(command: RecordFollowUp, case: Case, follow_up: FollowUpId) -> FollowUpAnswered:
    return FollowUpAnswered(
        escalation=case.escalation,
        follow_up=follow_up,
        solved=command.solved,
        pleased=command.pleased,
        staying=command.staying,
        words=command.words,
        answered_at=command.at,
    )
