"""Assignments: who was asked to take a case, and who took it: events, state, and refusals.

Who is asked next is decided in `assigning`, what they answer in `answering`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.authority import Need
from amends.values.identity import AssignmentId, DecisionMakerId, EscalationId, Subject
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.routing.domain.case import Case
from services.routing.domain.hand_over import OwnershipHandedOver
from services.routing.domain.matching import Asked, Holder, PassedOver

NO_DECISION_MAKER = "NO_DECISION_MAKER"
NONE = AssignmentId("")
NOBODY = Subject("")


class AssignmentState(Enum):
    """How an assignment stands."""

    OFFERED = auto()
    ACCEPTED = auto()
    DECLINED = auto()
    EXPIRED = auto()
    HANDED_OVER = auto()
    """Accepted, and since then accepted from its owner by somebody else."""
    RETURNED = auto()
    """In a queue only: asked by the owner, and not accepted."""


@dataclass(frozen=True, slots=True)
class DecisionMakerAssigned:
    """The case goes straight to one holder."""

    escalation: EscalationId
    assignment: AssignmentId
    decision_maker: DecisionMakerId
    public_name: str
    hop: int
    needs: tuple[Need, ...]
    passed_over: tuple[PassedOver, ...]
    replaces_assignment: AssignmentId
    assigned_at: datetime
    accept_by: datetime
    partner: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentAccepted:
    """Somebody took the case: the one accountable owner from now on."""

    escalation: EscalationId
    assignment: AssignmentId
    decision_maker: DecisionMakerId
    public_name: str
    owner_subject: Subject
    accepted_at: datetime
    restate_by: datetime


@dataclass(frozen=True, slots=True)
class AssignmentDeclined:
    """The holder said no."""

    escalation: EscalationId
    assignment: AssignmentId
    decision_maker: DecisionMakerId
    reason: str
    note: Personal[str] | None
    declined_at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentExpired:
    """The holder did not accept in time."""

    escalation: EscalationId
    assignment: AssignmentId
    decision_maker: DecisionMakerId
    expired_at: datetime


@dataclass(frozen=True, slots=True)
class NoDecisionMakerFound:
    """Nobody who could decide is available; the case waits, with an alarm."""

    escalation: EscalationId
    needs: tuple[Need, ...]
    passed_over: tuple[PassedOver, ...]
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class RoutingUnblocked:
    """The directory changed, so that somebody may be able to decide now."""

    escalation: EscalationId
    decision_maker: DecisionMakerId


EVENTS: tuple[type, ...] = (
    DecisionMakerAssigned,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    NoDecisionMakerFound,
    RoutingUnblocked,
)
Event = (
    DecisionMakerAssigned
    | AssignmentAccepted
    | AssignmentDeclined
    | AssignmentExpired
    | NoDecisionMakerFound
    | RoutingUnblocked
    | AlarmRaised
    | AlarmCleared
)


class AssignmentNotFound(Refusal):
    """No such assignment in the caller's tenant."""

    reason = "ASSIGNMENT_NOT_FOUND"

    def __init__(self, assignment: str) -> None:
        super().__init__(
            f"assignment {assignment} does not exist; look it up with ListAssignments",
            assignment_id=assignment,
        )


class NotYourAssignment(Refusal):
    """Only whoever was asked may answer."""

    reason = "NOT_YOUR_ASSIGNMENT"

    def __init__(self, assignment: str, holder: str) -> None:
        super().__init__(
            f"assignment {assignment} asks {holder}, and only they may answer it; find what asks "
            "you with ListAssignments",
            assignment_id=assignment,
            holder=holder,
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
        case NoDecisionMakerFound():
            return replace(state, retry_at=event.retry_at)
        case AlarmRaised() | AlarmCleared() if event.kind == NO_DECISION_MAKER:
            return replace(state, alarm=event if isinstance(event, AlarmRaised) else None)
        case _:
            return state


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
