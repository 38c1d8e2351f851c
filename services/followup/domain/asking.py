"""Asking: when the customer is asked, and that it is not before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import FollowUpId
from amends.values.refusal import EscalationClosed as ClosedAlready
from amends.values.refusal import Refusal
from services.followup.domain.case import Case
from services.followup.domain.follow_up import (
    Event,
    FollowUpAsked,
    FollowUps,
    FollowUpScheduled,
    FollowUpState,
)
from services.followup.domain.forgetting import EndForgotten, end
from services.followup.domain.policy import EARLY


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFollowUp:
    """The case is made right; `follow_up` is the id of the question if none stands."""

    follow_up: FollowUpId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFollowUp:
    """The time has come to ask."""

    follow_up: FollowUpId
    at: datetime


class NotDue(Refusal):
    """It is too early."""

    reason = "NOT_DUE"

    def __init__(self, follow_up: FollowUpId, due: datetime) -> None:
        super().__init__(
            f"follow-up {follow_up} is not due before {due.isoformat()}; come back then",
            follow_up_id=follow_up,
            due=due.isoformat(),
        )


def schedule(follow_ups: FollowUps, command: ScheduleFollowUp, case: Case) -> Sequence[Event]:
    """The question, counted from the resolution; where one stands already, no event.

    Who was forgotten is not asked: the case ends.

    Raises:
        EscalationClosed: the case is over.
        AnswerNotDelivered, NotResolved: it is not made right since it was last reopened.
    """
    if follow_ups.closed is not None:
        raise ClosedAlready(case.escalation)
    if case.forgotten:
        return end(follow_ups, EndForgotten(at=command.at), case)
    if follow_ups.standing is not None:
        return ()
    resolved_at = case.made_right(follow_ups.reopened_at)
    return (
        FollowUpScheduled(
            escalation=case.escalation,
            follow_up=command.follow_up,
            scheduled_at=command.at,
            ask_by=resolved_at + case.policy.ask_after,
        ),
    )


def ask(follow_ups: FollowUps, command: AskFollowUp, case: Case) -> Sequence[Event]:
    """That the customer was asked; who was asked before is not asked again.

    Who was forgotten is not asked: the case ends.

    Raises:
        FollowUpNotFound: there is no such follow-up.
        NotDue: the customer is to be asked later.
    """
    found = follow_ups.of(case.escalation, command.follow_up)
    if found.state is not FollowUpState.SCHEDULED:
        return ()
    if case.forgotten:
        return end(follow_ups, EndForgotten(at=command.at), case)
    if command.at < found.scheduled.ask_by - EARLY:
        raise NotDue(command.follow_up, found.scheduled.ask_by)
    return (
        FollowUpAsked(
            escalation=case.escalation,
            follow_up=command.follow_up,
            asked_at=command.at,
            answer_by=command.at + case.policy.answer_within,
        ),
    )
