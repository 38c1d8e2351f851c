"""The ledger of offers: what was offered in a case and what became of it (S36, S37).

One offer is open at a time, and it is decided once: accepted, declined, countered or lapsed. An
accepted offer is binding. `making.py` decides what is offered, `answering.py` what becomes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import (
    DecisionMakerId,
    EscalationId,
    OfferId,
    RemedyId,
    ReservationId,
)
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from amends.values.remedy import RemedySought
from services.resolution.domain.remedy import Remedy
from services.resolution.domain.resolved import EscalationResolved


class OfferState(Enum):
    """How an offer stands."""

    OPEN = auto()
    ACCEPTED = auto()
    DECLINED = auto()
    COUNTERED = auto()
    EXPIRED = auto()


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The owner offered remedies; the authority for them is already reserved."""

    escalation: EscalationId
    offer: OfferId
    remedies: tuple[Remedy, ...]
    explanation: Personal[str]
    apology: Personal[str]
    reservation: ReservationId
    maker: DecisionMakerId
    made_at: datetime
    expires_by: datetime


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The customer said yes: the offer is binding."""

    escalation: EscalationId
    offer: OfferId
    remedy_ids: tuple[RemedyId, ...]
    accepted_at: datetime
    carry_out_by: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class OfferCountered:
    """The customer wants something else."""

    escalation: EscalationId
    offer: OfferId
    remedy_sought: RemedySought
    words: Personal[str]
    countered_at: datetime
    offer_by: datetime


@dataclass(frozen=True, slots=True)
class OfferDeclined:
    """The customer said no."""

    escalation: EscalationId
    offer: OfferId
    declined_at: datetime
    offer_by: datetime


@dataclass(frozen=True, slots=True)
class OfferExpired:
    """The offer was not answered in time."""

    escalation: EscalationId
    offer: OfferId
    expired_at: datetime
    offer_by: datetime


Event = OfferMade | OfferAccepted | OfferCountered | OfferDeclined | OfferExpired


class OfferNotFound(Refusal):
    """No such offer in this case."""

    reason = "OFFER_NOT_FOUND"

    def __init__(self, offer: OfferId) -> None:
        super().__init__(
            f"offer {offer} does not exist in this case; GetResolution lists those that do",
            offer_id=offer,
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer of the ledger."""

    made: OfferMade
    state: OfferState = OfferState.OPEN


@dataclass(frozen=True, slots=True)
class Offers:
    """Every offer of one case in the order of making, and when it was last resolved."""

    by_id: Mapping[OfferId, Offer] = field(default_factory=dict)
    resolved_at: datetime | None = None

    def of(self, offer: OfferId) -> Offer:
        """The offer; OfferNotFound where there is none."""
        if offer not in self.by_id:
            raise OfferNotFound(offer)
        return self.by_id[offer]


_BECOMES = {
    OfferAccepted: OfferState.ACCEPTED,
    OfferDeclined: OfferState.DECLINED,
    OfferCountered: OfferState.COUNTERED,
    OfferExpired: OfferState.EXPIRED,
}


def evolve(offers: Offers, event: object) -> Offers:
    """Never refuses, never reads a clock."""
    match event:
        case OfferMade():
            return replace(offers, by_id={**offers.by_id, event.offer: Offer(event)})
        case OfferAccepted() | OfferDeclined() | OfferCountered() | OfferExpired():
            decided = replace(offers.by_id[event.offer], state=_BECOMES[type(event)])
            return replace(offers, by_id={**offers.by_id, event.offer: decided})
        case EscalationResolved():
            return replace(offers, resolved_at=event.resolved_at)
        case _:
            return offers
