"""How far each promised remedy is: promised, started, under way, completed, failed or taken back.

The key under which the merchant sees a remedy is the remedy's id, for ever. `carrying_out.py`
decides how it begins, `checking.py` how it goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId, OfferId, RemedyId, ReservationId
from amends.values.money import Money
from amends.values.refusal import Refusal
from amends.values.remedy import RemedyKind
from services.resolution.domain import refunds, replacements
from services.resolution.domain.offers import OfferAccepted, OfferMade
from services.resolution.domain.policy import Policy, next_look
from services.resolution.domain.refunds import (
    Journey,
    RefundFailed,
    RefundStanding,
    RefundSubmitted,
    RefundSucceeded,
)
from services.resolution.domain.remedy import Remedy
from services.resolution.domain.replacements import (
    ReplacementDelayed,
    ReplacementDelivered,
    ReplacementOrdered,
    ReplacementShipped,
)


class RemedyState(Enum):
    """How a remedy stands."""

    PROMISED = auto()
    STARTED = auto()
    ORDERED = auto()
    SHIPPED = auto()
    COMPLETED = auto()
    FAILED = auto()
    SUBMITTED = auto()
    COMPENSATED = auto()


FINAL = frozenset({RemedyState.COMPLETED, RemedyState.FAILED, RemedyState.COMPENSATED})
GONE = frozenset({RemedyState.FAILED, RemedyState.COMPENSATED})
"""The customer has nothing of it, and gets nothing of it."""
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
class CreditIssued:
    """A credit is with the customer; `kind` None in older logs, for a coupon."""

    escalation: EscalationId
    remedy: RemedyId
    credit: str
    amount: Money
    valid_until: datetime | None
    kind: RemedyKind | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True)
class RemedyCompleted:
    """Everything about this remedy is done."""

    escalation: EscalationId
    remedy: RemedyId
    reservation: ReservationId
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class RemedyFailed:
    """This remedy cannot be carried out, or did not last; the owner must offer another."""

    escalation: EscalationId
    remedy: RemedyId
    reservation: ReservationId
    reason: str
    offer_by: datetime


@dataclass(frozen=True, slots=True)
class RemedyCompensated:
    """What had been done was taken back at the merchant; another remedy comes in its place."""

    escalation: EscalationId
    remedy: RemedyId
    reservation: ReservationId
    compensated_at: datetime


Event = (
    RemedyStarted
    | replacements.Event
    | refunds.Event
    | CreditIssued
    | RemedyCompleted
    | RemedyFailed
    | RemedyCompensated
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
    """One remedy and how it stands.

    `reference` is the merchant's id of what was ordered, `money` a refund's way, `failure` why it
    failed.
    """

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
    money: Journey | None = None
    failure: str = ""

    def check_by(self, at: datetime, policy: Policy) -> datetime | None:
        """When to look again: as promised, or soon where that has passed; None where final."""
        if self.state in FINAL:
            return None
        if self.money is not None:
            return policy.look_at_money(self.money.expected_by, at)
        if self.state is RemedyState.SHIPPED:
            return next_look(self.arrives_by, at, policy.look_again_on_the_way)
        return next_look(self.ships_by, at, policy.look_again_unshipped)

    def refund_standing(self, now: datetime) -> RefundStanding | None:
        """How a refund stands at a moment; None where nothing was sent, or it is no refund."""
        if self.remedy.kind is not RemedyKind.REFUND:
            return None
        if self.money is not None:
            return self.money.standing(now)
        asked = {
            RemedyState.STARTED: RefundStanding.UNKNOWN,
            RemedyState.FAILED: RefundStanding.FAILED,
        }
        return asked.get(self.state)


@dataclass(frozen=True, slots=True)
class Remedies:
    """Every remedy that was ever offered in one case."""

    by_id: Mapping[RemedyId, Progress] = field(default_factory=dict)

    def of(self, remedy: RemedyId) -> Progress:
        """The remedy; RemedyNotFound where there is none."""
        if remedy not in self.by_id:
            raise RemedyNotFound(remedy)
        return self.by_id[remedy]

    def in_place_of(self, remedy: RemedyId) -> Sequence[Progress]:
        """The accepted remedies that come in place of one, those that failed included."""
        return [
            one for one in self.by_id.values() if one.accepted and one.remedy.in_place_of == remedy
        ]

    def replacing(self, remedy: RemedyId) -> Sequence[Progress]:
        """Those of them that did not fail: what stands in its place."""
        return [one for one in self.in_place_of(remedy) if one.state is not RemedyState.FAILED]


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
        case CreditIssued():
            return _changed(remedies, (event.remedy,), reference=event.credit)
        case _:
            return _ended(_returned(_travelled(remedies, event), event), event)


def _ended(remedies: Remedies, event: object) -> Remedies:
    """Its beginning and its end."""
    match event:
        case RemedyStarted():
            return _changed(remedies, (event.remedy,), state=RemedyState.STARTED)
        case RemedyCompleted():
            return _changed(remedies, (event.remedy,), state=RemedyState.COMPLETED)
        case RemedyFailed():
            failed = RemedyState.FAILED
            return _changed(remedies, (event.remedy,), state=failed, failure=event.reason)
        case RemedyCompensated():
            return _changed(remedies, (event.remedy,), state=RemedyState.COMPENSATED)
        case _:
            return remedies


def _travelled(remedies: Remedies, event: object) -> Remedies:
    """The way of goods to the customer."""
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


def _returned(remedies: Remedies, event: object) -> Remedies:
    """The way of money back to the customer."""
    match event:
        case RefundSubmitted():
            return _changed(
                remedies,
                (event.remedy,),
                state=RemedyState.SUBMITTED,
                reference=event.refund,
                money=Journey(event.submitted_at, event.expected_by),
            )
        case RefundSucceeded():
            return _money(remedies, event.remedy, credited_at=event.credited_at)
        case RefundFailed():
            return _money(remedies, event.remedy, failed_at=event.failed_at)
        case _:
            return remedies


def _money(remedies: Remedies, remedy: RemedyId, **news: datetime) -> Remedies:
    way = remedies.by_id[remedy].money
    return _changed(remedies, (remedy,), money=replace(way, **news)) if way else remedies


def _changed(remedies: Remedies, ids: tuple[RemedyId, ...], **news: object) -> Remedies:
    changed = {one: replace(remedies.by_id[one], **news) for one in ids}  # type: ignore[arg-type] # fields of Progress
    return Remedies({**remedies.by_id, **changed})
