"""Assigning: asks the next holder in one hop (S25). Only here a case is assigned.

Whoever asks too late is told what stands; nobody able is an alarm, never a silent wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.authority import Need
from amends.values.identity import AlarmId, AssignmentId, DecisionMakerId, EscalationId
from services.routing.domain.assignment import (
    NO_DECISION_MAKER,
    NONE,
    AssignmentState,
    DecisionMakerAssigned,
    Event,
    NoDecisionMakerFound,
    RoutingUnblocked,
)
from services.routing.domain.assignments import Assignments, Known
from services.routing.domain.calendar import after_working
from services.routing.domain.case import Case, needs_of
from services.routing.domain.matching import Holder, Match, match

_LAPSED = {AssignmentState.DECLINED, AssignmentState.EXPIRED}
_CLEARS_WHEN = (
    "a holder whose authority covers {needs} is granted it, comes back, opens or has room; "
    "the case is tried again by itself"
)


@dataclass(frozen=True, slots=True)
class RouteEscalation:
    """Asks for a holder; `assignment` and `alarm` are the ids that what it makes gets.

    `replaces` names the lapsed or declined assignment, NONE for the first of the case.
    """

    escalation: EscalationId
    replaces: AssignmentId
    assignment: AssignmentId
    alarm: AlarmId
    at: datetime


@dataclass(frozen=True, slots=True)
class UnblockRouting:
    """Tells a case that waits that the directory changed."""

    escalation: EscalationId
    decision_maker: DecisionMakerId


Command = RouteEscalation | UnblockRouting


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would get the case now, why nobody else would, and where nobody: when to look again."""

    needs: tuple[Need, ...]
    found: Match
    retry_at: datetime


def decide(state: Assignments, command: Command, known: Known) -> Sequence[Event]:
    """Events that the command causes; none where another assignment stands already.

    Raises:
        EscalationNotFound: intake said nothing about the case yet.
    """
    match command:
        case RouteEscalation():
            return _route(state, command, known)
        case UnblockRouting():
            waits = state.retry_at is not None
            return (RoutingUnblocked(command.escalation, command.decision_maker),) if waits else ()
        case _:
            assert_never(command)


def preview(state: Assignments, escalation: EscalationId, known: Known, at: datetime) -> Preview:
    """What routing would do now; changes nothing.

    Raises:
        EscalationNotFound
    """
    case = known.case_of(escalation)
    needs = needs_of(case, at)
    found = match(needs, known.holders, state.asked, at)
    return Preview(needs, found, _retry_at(case, found, at))


def _route(state: Assignments, command: RouteEscalation, known: Known) -> Sequence[Event]:
    case = known.case_of(command.escalation)
    if case.over or not _replaceable(state, command.replaces):
        return ()
    seen = preview(state, command.escalation, known, command.at)
    holder = seen.found.chosen
    if holder is None:
        return _nobody(state, command, seen)
    return _assign(state, command, seen, holder, _accept_by(case, holder, command.at))


def _replaceable(state: Assignments, named: AssignmentId) -> bool:
    """True where the case has nobody, and the caller knows who was asked last."""
    current = state.current
    if current is None:
        return named == NONE
    return current.assignment == named and current.state in _LAPSED


def _assign(
    state: Assignments, command: RouteEscalation, seen: Preview, holder: Holder, accept_by: datetime
) -> Sequence[Event]:
    assigned = DecisionMakerAssigned(
        escalation=command.escalation,
        assignment=command.assignment,
        decision_maker=holder.decision_maker,
        public_name=holder.public_name,
        hop=len(state.by_id) + 1,
        needs=seen.needs,
        passed_over=seen.found.passed_over,
        replaces_assignment=command.replaces,
        assigned_at=command.at,
        accept_by=accept_by,
        partner=holder.partner,
    )
    if state.alarm is None:
        return (assigned,)
    return (assigned, AlarmCleared(state.alarm.alarm_id, NO_DECISION_MAKER, command.at))


def _accept_by(case: Case, holder: Holder, at: datetime) -> datetime:
    """Within the holder's working hours, and never past the moment it is needed by."""
    due = after_working(holder.calendar, at, case.policy.acceptance(case.priority))
    return case.not_past_need(due, at)


def _nobody(state: Assignments, command: RouteEscalation, seen: Preview) -> Sequence[Event]:
    """The case waits; the alarm stands until somebody is assigned."""
    passed_over = seen.found.passed_over
    waiting = NoDecisionMakerFound(command.escalation, seen.needs, passed_over, seen.retry_at)
    if state.alarm is not None:
        return (waiting,)
    clears_when = _CLEARS_WHEN.format(needs=" and ".join(map(_words, seen.needs)))
    return (waiting, AlarmRaised(command.alarm, NO_DECISION_MAKER, command.at, clears_when))


def _retry_at(case: Case, found: Match, at: datetime) -> datetime:
    """When somebody is there again, but at the latest after the policy's time."""
    latest = at + case.policy.look_again
    return min(found.may_change_at or latest, latest)


def _words(need: Need) -> str:
    action = need.action.name.lower().replace("_", " ")
    return action if need.amount is None else f"{action} of {need.amount}"
