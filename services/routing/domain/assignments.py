"""Assignments: everybody who was asked to take a case, and how each stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.identity import AssignmentId, DecisionMakerId, EscalationId, Subject
from amends.values.refusal import EscalationNotFound, Refusal
from services.routing.domain.assignment import (
    NO_DECISION_MAKER,
    NOBODY,
    NONE,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentState,
    DecisionMakerAssigned,
    NoDecisionMakerFound,
)
from services.routing.domain.case import Case
from services.routing.domain.hand_over import OwnershipHandedOver
from services.routing.domain.matching import Asked, Holder
from services.routing.domain.take_over import (
    EscalationDeescalated,
    OwnershipTaken,
    given_at,
)


class DecidedAlready(Refusal):
    """Someone was first; the message tells what was decided."""

    reason = "DECIDED_ALREADY"

    def __init__(self, decided: "Assignment") -> None:
        at = decided.decided_at.isoformat() if decided.decided_at else ""
        state = decided.state.name
        stands = state.lower().replace("_", " ")
        super().__init__(
            f"assignment {decided.assignment}, which asked {decided.public_name}, stands "
            f"{stands} since {at}; look at your queue with ListAssignments",
            assignment_id=decided.assignment,
            state=state,
            decided_at=at,
            decision_maker_id=decided.decision_maker,
            holder=decided.public_name,
        )


@dataclass(frozen=True, slots=True)
class Assignment:
    """One holder asked once; `decided_at` is set once it is no longer offered."""

    assigned: DecisionMakerAssigned
    state: AssignmentState = AssignmentState.OFFERED
    owner_subject: Subject = NOBODY
    decided_at: datetime | None = None
    restate_by: datetime | None = None

    @property
    def assignment(self) -> AssignmentId:
        return self.assigned.assignment

    @property
    def decision_maker(self) -> DecisionMakerId:
        return self.assigned.decision_maker

    @property
    def public_name(self) -> str:
        return self.assigned.public_name

    @property
    def accept_by(self) -> datetime:
        return self.assigned.accept_by


@dataclass(frozen=True, slots=True)
class Assignments:
    """Everything that was asked in one case, in order."""

    by_id: Mapping[AssignmentId, Assignment] = field(default_factory=dict)
    retry_at: datetime | None = None
    """Set while the case waits because nobody could decide."""
    alarm: AlarmRaised | None = None

    @property
    def current(self) -> Assignment | None:
        """The latest assignment, however it stands."""
        return tuple(self.by_id.values())[-1] if self.by_id else None

    @property
    def asked(self) -> Asked:
        """How often each holder was asked, for the next match."""
        times: dict[DecisionMakerId, int] = {}
        for one in self.by_id.values():
            times[one.decision_maker] = times.get(one.decision_maker, 0) + 1
        return Asked(times, round_over=self.retry_at is not None)


@dataclass(frozen=True, slots=True)
class Known:
    """What routing knows beside the case's own stream.

    `case` is None where intake said nothing yet. `holders` are the whole directory where a case
    is routed, and whoever was asked where an assignment is answered.
    """

    case: Case | None
    holders: tuple[Holder, ...] = ()

    def case_of(self, escalation: EscalationId) -> Case:
        """The case; EscalationNotFound where intake said nothing yet."""
        if self.case is None:
            raise EscalationNotFound(escalation)
        return self.case

    def holder(self, which: DecisionMakerId) -> Holder | None:
        """The entry of this id."""
        return next((one for one in self.holders if one.decision_maker == which), None)


def evolve(state: Assignments, event: object) -> Assignments:
    """Never refuses, never reads a clock; other ideas' events change nothing."""
    match event:
        case DecisionMakerAssigned():
            by_id = {**state.by_id, event.assignment: Assignment(event)}
            return replace(state, by_id=by_id, retry_at=None)
        case AssignmentAccepted() | AssignmentDeclined() | AssignmentExpired():
            one = _answered(state.by_id[event.assignment], event)
            return replace(state, by_id={**state.by_id, one.assignment: one})
        case OwnershipHandedOver():
            by_id = {which: _handed_over(one, event) for which, one in state.by_id.items()}
            return replace(state, by_id=by_id)
        case OwnershipTaken() | EscalationDeescalated():
            by_id = {which: _taken_over(one, event) for which, one in state.by_id.items()}
            return replace(state, by_id={**by_id, event.assignment: _given(event)}, retry_at=None)
        case _:
            return _waiting(state, event)


def _waiting(state: Assignments, event: object) -> Assignments:
    match event:
        case NoDecisionMakerFound():
            return replace(state, retry_at=event.retry_at)
        case AlarmRaised() | AlarmCleared() if event.kind == NO_DECISION_MAKER:
            return replace(state, alarm=event if isinstance(event, AlarmRaised) else None)
        case _:
            return state


def given(event: OwnershipTaken | EscalationDeescalated) -> DecisionMakerAssigned:
    """The case as an assignment of whoever was given it: there was nothing left to accept."""
    return DecisionMakerAssigned(
        escalation=event.escalation,
        assignment=event.assignment,
        decision_maker=event.decision_maker,
        public_name=event.public_name,
        hop=0,
        needs=event.needs,
        passed_over=(),
        replaces_assignment=NONE,
        assigned_at=given_at(event),
        accept_by=given_at(event),
    )


def _answered(
    before: Assignment, event: AssignmentAccepted | AssignmentDeclined | AssignmentExpired
) -> Assignment:
    match event:
        case AssignmentAccepted():
            return replace(
                before,
                state=AssignmentState.ACCEPTED,
                decided_at=event.accepted_at,
                owner_subject=event.owner_subject,
                restate_by=event.restate_by,
            )
        case AssignmentDeclined():
            return replace(before, state=AssignmentState.DECLINED, decided_at=event.declined_at)
        case AssignmentExpired():
            return replace(before, state=AssignmentState.EXPIRED, decided_at=event.expired_at)


def _handed_over(one: Assignment, event: OwnershipHandedOver) -> Assignment:
    """Whoever accepted it owns the case no longer; what lapsed before stays lapsed."""
    if one.state is not AssignmentState.ACCEPTED:
        return one
    return replace(one, state=AssignmentState.HANDED_OVER, decided_at=event.handed_over_at)


def _given(event: OwnershipTaken | EscalationDeescalated) -> Assignment:
    return Assignment(
        given(event),
        state=AssignmentState.ACCEPTED,
        owner_subject=event.owner_subject,
        decided_at=given_at(event),
        restate_by=event.restate_by if isinstance(event, OwnershipTaken) else None,
    )


def _taken_over(one: Assignment, event: OwnershipTaken | EscalationDeescalated) -> Assignment:
    """Whoever was asked, or owned it, does no longer; what lapsed before stays lapsed."""
    if one.state not in {AssignmentState.OFFERED, AssignmentState.ACCEPTED}:
        return one
    return replace(one, state=AssignmentState.TAKEN_OVER, decided_at=given_at(event))
