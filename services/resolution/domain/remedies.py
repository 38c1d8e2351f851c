"""How far each promised remedy is: promised, started, ordered, shipped, completed or failed.

The key under which the merchant sees a remedy is the remedy's id, for ever. `carrying_out.py`
decides how it begins, `checking.py` how it goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId, OfferId, RemedyId, ReservationId
from amends.values.money import Money
from amends.values.refusal import Refusal
from amends.values.remedy import RemedyKind
from services.resolution.domain.offers import OfferAccepted, OfferMade
from services.resolution.domain.policy import Policy, next_look
from services.resolution.domain.remedy import Remedy


class RemedyState(Enum):
    """How a remedy stands."""

    PROMISED = auto()
    STARTED = auto()
    ORDERED = auto()
    SHIPPED = auto()
    COMPLETED = auto()
    FAILED = auto()


FINAL = frozenset({RemedyState.COMPLETED, RemedyState.FAILED})
UNDER_WAY = frozenset({RemedyState.ORDERED, RemedyState.SHIPPED})


@dataclass(frozen=True, slots=True)
class RemedyStarted:
    """It is going to be carried out: intent and key, before anybody outside is asked."""

    escalation: EscalationId
    remedy: RemedyId
    offer: OfferId
    kind: RemedyKind
    key: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class ReplacementOrdered:
    """The merchant took the replacement order; the return is asked for, not waited for (S39)."""

    escalation: EscalationId
    remedy: RemedyId
    replacement: str
    service: str
    ships_by: datetime
    arrives_by: datetime
    return_id: str
    return_by: datetime | None
    check_by: datetime


@dataclass(frozen=True, slots=True)
class ReplacementShipped:
    """The replacement left."""

    escalation: EscalationId
    remedy: RemedyId
    shipped_at: datetime
    arrives_by: datetime
    before_return: bool
    check_by: datetime


@dataclass(frozen=True, slots=True)
class ReplacementDelivered:
    """The replacement is with the customer."""

    escalation: EscalationId
    remedy: RemedyId
    delivered_at: datetime
    in_time: bool


@dataclass(frozen=True, slots=True)
class ReplacementDelayed:
    """The replacement comes later than promised."""

    escalation: EscalationId
    remedy: RemedyId
    arrives_by: datetime
    check_by: datetime


@dataclass(frozen=True, slots=True)
class ReplacementFailed:
    """The merchant cannot deliver the replacement; `reason` is the merchant's code."""

    escalation: EscalationId
    remedy: RemedyId
    reason: str


@dataclass(frozen=True, slots=True)
class CreditIssued:
    """A coupon is with the customer."""

    escalation: EscalationId
    remedy: RemedyId
    credit: str
    amount: Money
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class RemedyCompleted:
    """Everything about this remedy is done."""

    escalation: EscalationId
    remedy: RemedyId
    reservation: ReservationId
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class RemedyFailed:
    """This remedy cannot be carried out; the owner must offer another."""

    escalation: EscalationId
    remedy: RemedyId
    reservation: ReservationId
    reason: str
    offer_by: datetime


Event = (
    RemedyStarted
    | ReplacementOrdered
    | ReplacementShipped
    | ReplacementDelivered
    | ReplacementDelayed
    | ReplacementFailed
    | CreditIssued
    | RemedyCompleted
    | RemedyFailed
)


class RemedyNotFound(Refusal):
    """No such remedy in this case."""

    reason = "REMEDY_NOT_FOUND"

    def __init__(self, remedy: RemedyId) -> None:
        super().__init__(
            f"remedy {remedy} was never offered in this case; GetResolution lists those that were",
            remedy_id=remedy,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """One remedy and how it stands; `reference` is the merchant's id of what was ordered."""

    remedy: Remedy
    offer: OfferId
    reservation: ReservationId
    accepted: bool = False
    state: RemedyState = RemedyState.PROMISED
    reference: str = ""
    ships_by: datetime | None = None
    arrives_by: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None

    def check_by(self, at: datetime, policy: Policy) -> datetime | None:
        """When to look again: as promised, or soon where that has passed; None where final."""
        if self.state in FINAL:
            return None
        if self.state is RemedyState.SHIPPED:
            return next_look(self.arrives_by, at, policy.look_again_on_the_way)
        return next_look(self.ships_by, at, policy.look_again_unshipped)


@dataclass(frozen=True, slots=True)
class Remedies:
    """Every remedy that was ever offered in one case."""

    by_id: Mapping[RemedyId, Progress] = field(default_factory=dict)

    def of(self, remedy: RemedyId) -> Progress:
        """The remedy; RemedyNotFound where there is none."""
        if remedy not in self.by_id:
            raise RemedyNotFound(remedy)
        return self.by_id[remedy]


_BECOMES = {
    RemedyStarted: RemedyState.STARTED,
    RemedyCompleted: RemedyState.COMPLETED,
    RemedyFailed: RemedyState.FAILED,
}


def evolve(remedies: Remedies, event: object) -> Remedies:
    """Never refuses, never reads a clock."""
    match event:
        case OfferMade():
            offered = {
                remedy.remedy: Progress(remedy, event.offer, event.reservation)
                for remedy in event.remedies
            }
            return Remedies({**remedies.by_id, **offered})
        case OfferAccepted():
            return _changed(remedies, event.remedy_ids, accepted=True)
        case RemedyStarted() | RemedyCompleted() | RemedyFailed():
            return _changed(remedies, (event.remedy,), state=_BECOMES[type(event)])
        case CreditIssued():
            return _changed(remedies, (event.remedy,), reference=event.credit)
        case _:
            return _travelled(remedies, event)


def _travelled(remedies: Remedies, event: object) -> Remedies:
    match event:
        case ReplacementOrdered():
            return _changed(
                remedies,
                (event.remedy,),
                state=RemedyState.ORDERED,
                reference=event.replacement,
                ships_by=event.ships_by,
                arrives_by=event.arrives_by,
            )
        case ReplacementShipped():
            return _changed(
                remedies,
                (event.remedy,),
                state=RemedyState.SHIPPED,
                shipped_at=event.shipped_at,
                arrives_by=event.arrives_by,
            )
        case ReplacementDelayed():
            return _changed(remedies, (event.remedy,), arrives_by=event.arrives_by)
        case ReplacementDelivered():
            return _changed(remedies, (event.remedy,), delivered_at=event.delivered_at)
        case _:
            return remedies


def _changed(remedies: Remedies, ids: tuple[RemedyId, ...], **news: object) -> Remedies:
    changed = {one: replace(remedies.by_id[one], **news) for one in ids}  # type: ignore[arg-type] # fields of Progress
    return Remedies({**remedies.by_id, **changed})
