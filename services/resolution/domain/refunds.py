"""What happens to money that is sent back: submitted, then credited, or failed (S44).

Credited is not for ever: money may come back from a closed account weeks later.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId, RemedyId
from amends.values.money import Money
from amends.values.remedy import RefundMethod


@dataclass(frozen=True, slots=True)
class RefundSubmitted:
    """The merchant sent the money off; nobody says "refunded" before it is credited."""

    escalation: EscalationId
    remedy: RemedyId
    refund: str
    amount: Money
    method: RefundMethod
    submitted_at: datetime
    expected_by: datetime
    check_by: datetime


@dataclass(frozen=True, slots=True)
class RefundSucceeded:
    """The customer has the money."""

    escalation: EscalationId
    remedy: RemedyId
    refund: str
    amount: Money
    credited_at: datetime


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The money did not reach the customer, or came back; `reason` is the merchant's code."""

    escalation: EscalationId
    remedy: RemedyId
    refund: str
    amount: Money
    reason: str
    failed_at: datetime
    after_credit: bool


Event = RefundSubmitted | RefundSucceeded | RefundFailed


class RefundStanding(Enum):
    """How a refund stands, as people are told."""

    SUBMITTED = auto()
    SUCCEEDED = auto()
    FAILED = auto()
    UNKNOWN = auto()
    """Asked for and not answered, or not credited when it should have been."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The way of the money so far, beginning when it was sent off."""

    submitted_at: datetime
    expected_by: datetime
    credited_at: datetime | None = None
    failed_at: datetime | None = None

    def standing(self, now: datetime) -> RefundStanding:
        """How it stands at a moment."""
        if self.failed_at is not None:
            return RefundStanding.FAILED
        if self.credited_at is not None:
            return RefundStanding.SUCCEEDED
        late = now >= self.expected_by
        return RefundStanding.UNKNOWN if late else RefundStanding.SUBMITTED
