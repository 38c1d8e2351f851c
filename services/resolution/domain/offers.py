"""The ledger of offers: what was offered in a case and what became of it (S36, S37).

One offer waits at a time, for the customer or, as a draft, for another holder; it is decided once.
An accepted offer is binding. `making.py` decides what is offered or drafted, `approving.py` what
becomes of a draft, `answering.py` what becomes of an offer.
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
from services.resolution.domain.drafts import OfferApproved, OfferDrafted, OfferRejected
from services.resolution.domain.remedy import Remedy
from services.resolution.domain.resolved import EscalationResolved


class OfferState(Enum):
    """How an offer stands."""

    OPEN = auto()
    ACCEPTED = auto()
    DECLINED = auto()
    COUNTERED = auto()
    EXPIRED = auto()
    DRAFT = auto()
    REJECTED = auto()
    WITHDRAWN = auto()


WAITING = frozenset({OfferState.OPEN, OfferState.DRAFT})
"""Somebody has yet to say yes or no: the customer, or another holder."""


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


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """The owner took back a draft, or an offer that was not answered."""

    escalation: EscalationId
    offer: OfferId
    withdrawn_at: datetime
    offer_by: datetime


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
    """One offer of the ledger; `terms` is what it says: as made, or as drafted before that."""

    terms: OfferMade | OfferDrafted
    state: OfferState = OfferState.OPEN
    drafted: OfferDrafted | None = None
    decision: OfferApproved | OfferRejected | None = None

    @property
    def offer(self) -> OfferId:
        """Its id."""
        return self.terms.offer

    @property
    def made(self) -> OfferMade | None:
        """As the customer has it; None for a draft, of which they never hear."""
        return self.terms if isinstance(self.terms, OfferMade) else None


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
    OfferWithdrawn: OfferState.WITHDRAWN,
}


def evolve(offers: Offers, event: object) -> Offers:
    """Never refuses, never reads a clock."""
    match event:
        case OfferMade():
            drafted = offers.by_id.get(event.offer, Offer(event))
            return _with(offers, replace(drafted, terms=event, state=OfferState.OPEN))
        case (
            OfferAccepted() | OfferDeclined() | OfferCountered() | OfferExpired() | OfferWithdrawn()
        ):
            return _with(offers, replace(offers.by_id[event.offer], state=_BECOMES[type(event)]))
        case EscalationResolved():
            return replace(offers, resolved_at=event.resolved_at)
        case _:
            return _drafted(offers, event)


def _drafted(offers: Offers, event: object) -> Offers:
    match event:
        case OfferDrafted():
            return _with(offers, Offer(event, OfferState.DRAFT, drafted=event))
        case OfferApproved():
            return _with(offers, replace(offers.by_id[event.offer], decision=event))
        case OfferRejected():
            found = offers.by_id[event.offer]
            return _with(offers, replace(found, state=OfferState.REJECTED, decision=event))
        case _:
            return offers


def _with(offers: Offers, offer: Offer) -> Offers:
    return replace(offers, by_id={**offers.by_id, offer.offer: offer})
