"""Follow-ups of one case: each asks the customer once, weeks later, whether it is solved (S59).

There is one at a time. "Not solved" reopens the case, and when that is resolved the next follows.
Here stand the events and what they add up to; what may happen next is decided beside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId, FollowUpId
from amends.values.personal import Personal
from amends.values.refusal import Refusal


class FollowUpState(Enum):
    """How a follow-up stands."""

    SCHEDULED = auto()
    ASKED = auto()
    ANSWERED = auto()
    MISSED = auto()
    CANCELLED = auto()


class Staying(Enum):
    """Whether the customer stays."""

    YES = auto()
    NO = auto()
    UNKNOWN = auto()


class CancelReason(Enum):
    """Why a customer is not asked any more."""

    CUSTOMER_FORGOTTEN = auto()


class Outcome(Enum):
    """How a case ended (S64)."""

    HAPPY = auto()
    RETAINED = auto()
    LOST = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpScheduled:
    """The customer will be asked by then."""

    escalation: EscalationId
    follow_up: FollowUpId
    scheduled_at: datetime
    ask_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAsked:
    """The customer was asked and has until then to answer."""

    escalation: EscalationId
    follow_up: FollowUpId
    asked_at: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswered:
    """What the customer said; `words` None where they said no more."""

    escalation: EscalationId
    follow_up: FollowUpId
    solved: bool
    pleased: bool
    staying: Staying
    words: Personal[str] | None
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpMissed:
    """Nobody answered in time."""

    escalation: EscalationId
    follow_up: FollowUpId
    missed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpCancelled:
    """The customer is not asked, or need not answer, any more."""

    escalation: EscalationId
    follow_up: FollowUpId
    reason: CancelReason
    cancelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationReopened:
    """Not solved: the same process goes on with the same owner."""

    escalation: EscalationId
    follow_up: FollowUpId
    reopened_at: datetime
    offer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationClosed:
    """The case is over."""

    escalation: EscalationId
    outcome: Outcome
    closed_at: datetime


Event = (
    FollowUpScheduled
    | FollowUpAsked
    | FollowUpAnswered
    | FollowUpMissed
    | FollowUpCancelled
    | EscalationReopened
    | EscalationClosed
)
EVENTS: tuple[type, ...] = (
    FollowUpScheduled,
    FollowUpAsked,
    FollowUpAnswered,
    FollowUpMissed,
    FollowUpCancelled,
    EscalationReopened,
    EscalationClosed,
)


class FollowUpNotFound(Refusal):
    """No such follow-up in this case."""

    reason = "FOLLOW_UP_NOT_FOUND"

    def __init__(self, escalation: EscalationId, follow_up: FollowUpId | None = None) -> None:
        which = f"follow-up {follow_up}" if follow_up else "no follow-up"
        super().__init__(
            f"{which} was {'never ' if follow_up else ''}scheduled in escalation {escalation}; "
            "ScheduleFollowUp does it once the case is resolved",
            escalation_id=escalation,
        )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One question to the customer, and what came of it."""

    scheduled: FollowUpScheduled
    state: FollowUpState = FollowUpState.SCHEDULED
    answer_by: datetime | None = None
    answer: FollowUpAnswered | None = None


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Every follow-up of one case in order, and whether the case is reopened or closed."""

    by_id: Mapping[FollowUpId, FollowUp] = field(default_factory=dict)
    reopened_at: datetime | None = None
    closed: EscalationClosed | None = None

    @property
    def latest(self) -> FollowUp | None:
        """The follow-up that counts; None where none was ever scheduled."""
        return next(reversed(tuple(self.by_id.values())), None)

    @property
    def standing(self) -> FollowUp | None:
        """The latest, unless its answer reopened the case and the next is not scheduled yet."""
        latest = self.latest
        if latest is None or (latest.answer is not None and not latest.answer.solved):
            return None
        return latest

    def of(self, escalation: EscalationId, follow_up: FollowUpId) -> FollowUp:
        """The follow-up of that id; FollowUpNotFound where there is none."""
        if follow_up not in self.by_id:
            raise FollowUpNotFound(escalation, follow_up)
        return self.by_id[follow_up]


def evolve(follow_ups: FollowUps, event: object) -> FollowUps:
    """Never refuses, never reads a clock."""
    by_id = follow_ups.by_id
    match event:
        case FollowUpScheduled():
            changed = FollowUp(event)
        case FollowUpAsked():
            before = by_id[event.follow_up]
            changed = replace(before, state=FollowUpState.ASKED, answer_by=event.answer_by)
        case FollowUpAnswered():
            before = by_id[event.follow_up]
            changed = replace(before, state=FollowUpState.ANSWERED, answer=event)
        case FollowUpMissed():
            changed = replace(by_id[event.follow_up], state=FollowUpState.MISSED)
        case FollowUpCancelled():
            changed = replace(by_id[event.follow_up], state=FollowUpState.CANCELLED)
        case EscalationReopened():
            return replace(follow_ups, reopened_at=event.reopened_at, closed=None)
        case EscalationClosed():
            return replace(follow_ups, closed=event)
        case _:
            return follow_ups
    return replace(follow_ups, by_id={**by_id, changed.scheduled.follow_up: changed})
