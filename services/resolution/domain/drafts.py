"""What can happen to a draft: an offer above its maker's authority (S35).

The facts only, so that the ledger of offers can hold them; `approving.py` decides.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.authority import Need
from amends.values.identity import (
    DecisionMakerId,
    EscalationId,
    OfferId,
    ReservationId,
    Subject,
)
from amends.values.personal import Personal
from services.resolution.domain.remedy import Remedy


class RejectReason(Enum):
    """Why a draft is not offered; about the offer, not about the customer."""

    TOO_MUCH = auto()
    TOO_LITTLE = auto()
    ANOTHER_REMEDY = auto()
    WORDING = auto()
    NOT_JUSTIFIED = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class OfferDrafted:
    """An offer above its maker's authority; it never reaches the customer before it is approved."""

    escalation: EscalationId
    offer: OfferId
    remedies: tuple[Remedy, ...]
    explanation: Personal[str]
    apology: Personal[str]
    maker: DecisionMakerId
    maker_subject: Subject
    needs: tuple[Need, ...]
    drafted_at: datetime
    approve_by: datetime
    cut_off: datetime | None


@dataclass(frozen=True, slots=True)
class OfferApproved:
    """Another holder stands in for the draft with their authority; OfferMade follows at once."""

    escalation: EscalationId
    offer: OfferId
    approver: DecisionMakerId
    approver_subject: Subject
    reservation: ReservationId
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class OfferRejected:
    """Another holder said no to the draft; the owner makes another offer by `offer_by`."""

    escalation: EscalationId
    offer: OfferId
    approver: DecisionMakerId
    approver_subject: Subject
    reason: RejectReason
    note: Personal[str]
    rejected_at: datetime
    offer_by: datetime
