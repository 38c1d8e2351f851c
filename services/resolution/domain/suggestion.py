"""One thing that could be offered, and everything that it is weighed by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from amends.values.authority import Limit, uncovered
from amends.values.money import Money
from amends.values.remedy import (
    PolicyException,
    RefundMethod,
    RemedyKind,
    RemedySought,
    Shipping,
)
from services.resolution.domain.case import Case
from services.resolution.domain.merchant import Order
from services.resolution.domain.paying import Till
from services.resolution.domain.remedies import Remedies
from services.resolution.domain.remedy import needs_of


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that could be offered; `why` is a sentence for the owner.

    `cost` is the merchant's in all; None where goods and shipping have two currencies.
    """

    kind: RemedyKind
    amount: Money
    cost: Money | None
    in_time: bool
    within_authority: bool
    why: str
    sku: str = ""
    shipping: Shipping | None = None
    exceptions: tuple[PolicyException, ...] = ()
    percent: int = 0
    method: RefundMethod | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """The case, the merchant's order, what the owner may grant, what was decided, and when it is.

    `sought` is what the customer would consider fair, empty where they did not say.
    """

    case: Case
    order: Order
    limits: tuple[Limit, ...]
    at: datetime
    sought: RemedySought = field(default_factory=RemedySought)
    standing: Remedies = field(default_factory=Remedies)

    @property
    def till(self) -> Till:
        """What may still be sent back."""
        return Till.of(self.order, self.standing)

    def covers(
        self, kind: RemedyKind, amount: Money, exceptions: tuple[PolicyException, ...] = ()
    ) -> bool:
        """True where the owner may grant it alone."""
        return not uncovered(needs_of(kind, amount, exceptions), self.limits)

    @property
    def zone(self) -> tzinfo:
        """The customer's, where it is known."""
        need_by = self.case.need_by
        return (need_by.local().tzinfo if need_by else None) or UTC
