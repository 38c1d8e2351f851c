"""An assignment: what is said when somebody is asked to take a case, and the refusals of it.

Who was asked is kept in `assignments`, who is asked next decided in `assigning`, what they answer
in `answering`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.authority import Need
from amends.values.identity import AssignmentId, DecisionMakerId, EscalationId, Subject
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.routing.domain.matching import PassedOver

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
    TAKEN_OVER = auto()
    """Offered or accepted, and since then given to somebody else."""


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
