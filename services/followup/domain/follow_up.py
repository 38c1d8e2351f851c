"""Follow-ups of one case: each asks the customer once, weeks later, whether it is solved (S59).

There is one at a time. "Not solved", or a refund that failed after all, reopens the case, and when
that is resolved the next follows. Here stand the events and what they add up to; what may happen
next is decided beside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId, FollowUpId, RemedyId
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.followup.domain import debrief as debriefs
from services.followup.domain.debrief import Debrief, DebriefRecorded, DebriefRequested


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
    REOPENED = auto()


class ReopenReason(Enum):
    """Why a case goes on."""

    NOT_SOLVED = auto()
    REFUND_FAILED = auto()


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
    """The same process goes on with the same owner.

    `follow_up` is the one that stood then, empty where none did; `reason` None, in older logs,
    stands for NOT_SOLVED; `remedy` is empty where it is not about a refund.
    """

    escalation: EscalationId
    follow_up: FollowUpId
    reopened_at: datetime
    offer_by: datetime
    reason: ReopenReason | None
    remedy: RemedyId


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
    | DebriefRequested
    | DebriefRecorded
)
EVENTS: tuple[type, ...] = (
    FollowUpScheduled,
    FollowUpAsked,
    FollowUpAnswered,
    FollowUpMissed,
    FollowUpCancelled,
    EscalationReopened,
    EscalationClosed,
    DebriefRequested,
    DebriefRecorded,
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
    cancelled: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Every follow-up of one case in order, and whether the case is reopened or closed.

    `goes_on` says that it was reopened and the next follow-up is not scheduled yet;
    `refunds_failed` are the refunds for which it was reopened.
    """

    by_id: Mapping[FollowUpId, FollowUp] = field(default_factory=dict)
    reopened_at: datetime | None = None
    goes_on: bool = False
    refunds_failed: frozenset[RemedyId] = frozenset()
    closed: EscalationClosed | None = None
    debrief: Debrief | None = None

    @property
    def latest(self) -> FollowUp | None:
        """The last follow-up; None where none was ever scheduled."""
        return next(reversed(tuple(self.by_id.values())), None)

    @property
    def standing(self) -> FollowUp | None:
        """The one that counts; None from any reopening until the next is scheduled."""
        return None if self.goes_on else self.latest

    def of(self, escalation: EscalationId, follow_up: FollowUpId) -> FollowUp:
        """The follow-up of that id; FollowUpNotFound where there is none."""
        if follow_up not in self.by_id:
            raise FollowUpNotFound(escalation, follow_up)
        return self.by_id[follow_up]


def evolve(follow_ups: FollowUps, event: object) -> FollowUps:
    """Never refuses, never reads a clock."""
    match event:
        case FollowUpScheduled():
            return _with(replace(follow_ups, goes_on=False), FollowUp(event))
        case FollowUpAsked() | FollowUpAnswered() | FollowUpMissed() | FollowUpCancelled():
            return _with(follow_ups, _went_on(follow_ups.by_id[event.follow_up], event))
        case EscalationReopened():
            return _reopened(follow_ups, event)
        case EscalationClosed():
            return replace(follow_ups, closed=event)
        case DebriefRequested() | DebriefRecorded():
            return replace(follow_ups, debrief=debriefs.evolve(follow_ups.debrief, event))
        case _:
            return follow_ups


def _with(follow_ups: FollowUps, changed: FollowUp) -> FollowUps:
    by_id = {**follow_ups.by_id, changed.scheduled.follow_up: changed}
    return replace(follow_ups, by_id=by_id)


def _went_on(
    before: FollowUp,
    event: FollowUpAsked | FollowUpAnswered | FollowUpMissed | FollowUpCancelled,
) -> FollowUp:
    match event:
        case FollowUpAsked():
            return replace(before, state=FollowUpState.ASKED, answer_by=event.answer_by)
        case FollowUpAnswered():
            return replace(before, state=FollowUpState.ANSWERED, answer=event)
        case FollowUpMissed():
            return replace(before, state=FollowUpState.MISSED)
        case FollowUpCancelled():
            return replace(before, state=FollowUpState.CANCELLED, cancelled=event.reason)


def _reopened(follow_ups: FollowUps, event: EscalationReopened) -> FollowUps:
    failed = {event.remedy} if event.remedy else set()
    return replace(
        follow_ups,
        reopened_at=event.reopened_at,
        goes_on=True,
        refunds_failed=follow_ups.refunds_failed | failed,
        closed=None,
    )
