"""Answering: whoever was asked takes the case or leaves it, or lets the time pass.

The first answer counts. The same answer by the same person again is the same answer; anybody else
is told what was decided. The clock's command is never refused for losing a race.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from amends.values.identity import AssignmentId, EscalationId, Subject
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, EscalationNotFound, Refusal
from services.routing.domain.assignment import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentNotFound,
    AssignmentState,
    Event,
    NotYourAssignment,
)
from services.routing.domain.assignments import Assignment, Assignments, DecidedAlready, Known
from services.routing.domain.policy import NEWEST, Policy, policy_of


@dataclass(frozen=True, slots=True)
class AcceptAssignment:
    """Takes the case."""

    escalation: EscalationId
    assignment: AssignmentId
    by: Subject
    at: datetime


@dataclass(frozen=True, slots=True)
class DeclineAssignment:
    """Leaves the case to the next holder."""

    escalation: EscalationId
    assignment: AssignmentId
    by: Subject
    reason: str
    note: Personal[str] | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ExpireAssignment:
    """Lapses an assignment whose time has passed."""

    escalation: EscalationId
    assignment: AssignmentId
    at: datetime


class NotDue(Refusal):
    """The clock came before its time."""

    reason = "NOT_DUE"

    def __init__(self, asked: Assignment) -> None:
        super().__init__(
            f"assignment {asked.assignment} may be accepted until {asked.accept_by.isoformat()}; "
            "come back then",
            assignment_id=asked.assignment,
            accept_by=asked.accept_by.isoformat(),
        )


Command = AcceptAssignment | DeclineAssignment | ExpireAssignment


def decide(state: Assignments, command: Command, known: Known) -> Sequence[Event]:
    """Events that the command causes; a repeat of what stands is no new event.

    Raises:
        EscalationNotFound, AssignmentNotFound, NotYourAssignment, DecidedAlready, EscalationClosed
    """
    asked = state.by_id.get(command.assignment)
    if asked is None:
        if known.case is None:
            raise EscalationNotFound(command.escalation)
        raise AssignmentNotFound(command.assignment)
    match command:
        case AcceptAssignment():
            return _accept(asked, command, known)
        case DeclineAssignment():
            return _decline(asked, command, known)
        case ExpireAssignment():
            return _expire(asked, command)
        case _:
            assert_never(command)


def _accept(asked: Assignment, command: AcceptAssignment, known: Known) -> Sequence[Event]:
    """Late is fine as long as nobody was asked instead."""
    if asked.state is AssignmentState.ACCEPTED and asked.owner_subject == command.by:
        return ()
    _check_may_answer(asked, command.by, known)
    if known.case is not None and known.case.over:
        raise EscalationClosed(command.escalation)
    accepted = AssignmentAccepted(
        escalation=command.escalation,
        assignment=asked.assignment,
        decision_maker=asked.decision_maker,
        public_name=asked.public_name,
        owner_subject=command.by,
        accepted_at=command.at,
        restate_by=command.at + _policy(known).restate,
    )
    return (accepted,)


def _decline(asked: Assignment, command: DeclineAssignment, known: Known) -> Sequence[Event]:
    if asked.state is AssignmentState.DECLINED and _is_asked(asked, command.by, known):
        return ()
    _check_may_answer(asked, command.by, known)
    declined = AssignmentDeclined(
        escalation=command.escalation,
        assignment=asked.assignment,
        decision_maker=asked.decision_maker,
        reason=command.reason,
        note=command.note,
        declined_at=command.at,
    )
    return (declined,)


def _expire(asked: Assignment, command: ExpireAssignment) -> Sequence[Event]:
    """Nothing where it was answered; an answer before its time would be remembered for ever."""
    if asked.state is not AssignmentState.OFFERED:
        return ()
    if command.at < asked.accept_by:
        raise NotDue(asked)
    expired = AssignmentExpired(
        escalation=command.escalation,
        assignment=asked.assignment,
        decision_maker=asked.decision_maker,
        expired_at=command.at,
    )
    return (expired,)


def _check_may_answer(asked: Assignment, by: Subject, known: Known) -> None:
    if not _is_asked(asked, by, known):
        raise NotYourAssignment(asked.assignment, asked.public_name)
    if asked.state is not AssignmentState.OFFERED:
        raise DecidedAlready(asked)


def _is_asked(asked: Assignment, by: Subject, known: Known) -> bool:
    return any(
        by in holder.subjects
        for holder in known.holders
        if holder.decision_maker == asked.decision_maker
    )


def _policy(known: Known) -> Policy:
    return known.case.policy if known.case is not None else policy_of(NEWEST)
