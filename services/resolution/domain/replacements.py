"""What happens to a replacement: ordered, shipped, late, delivered, or never (S38, S39)."""

from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import EscalationId, RemedyId


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


Event = (
    ReplacementOrdered
    | ReplacementShipped
    | ReplacementDelivered
    | ReplacementDelayed
    | ReplacementFailed
)
