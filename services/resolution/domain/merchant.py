"""What the merchant says, as far as the rules need it: goods, quotes, replacements, coupons.

Prices and arrivals come from here and never from a caller.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId
from amends.values.money import Money
from amends.values.refusal import Refusal
from amends.values.remedy import Action, PolicyException, Shipping


class OrderNotFound(Refusal):
    """The case names no order, so there are no goods to send again."""

    reason = "ORDER_NOT_FOUND"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"escalation {escalation} names no order; offer something that needs none",
            escalation_id=escalation,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the order, which is sent again as a whole; `price` is for one piece."""

    sku: str
    price: Money
    quantity: int = 1

    @property
    def value(self) -> Money:
        """What all its pieces are worth."""
        return Money(self.price.currency, self.price.minor * self.quantity)


@dataclass(frozen=True, slots=True)
class Quote:
    """One way to carry the goods, if ordered before `cut_off`."""

    service: str
    price: Money
    cut_off: datetime
    arrives_from: datetime
    arrives_by: datetime
    expedited: bool

    @property
    def shipping(self) -> Shipping:
        """As it is promised to the customer."""
        return Shipping(self.service, self.price, self.arrives_from, self.arrives_by)

    def exceptions(self, authorised_by: str) -> tuple[PolicyException, ...]:
        """The rule that it sets aside: the customer never pays for the faster way (S32, S38)."""
        if not self.expedited:
            return ()
        reason = f"{self.service} is faster than the standard shipping that the customer paid for"
        return (PolicyException(Action.EXPEDITED_SHIPPING, reason, self.price, authorised_by),)


@dataclass(frozen=True, slots=True)
class Goods:
    """A line with every way to carry it; no quote where it is out of stock."""

    line: Line
    quotes: tuple[Quote, ...] = ()


class ReplacementState(Enum):
    """How far the merchant is."""

    ORDERED = auto()
    SHIPPED = auto()
    DELIVERED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A replacement as the merchant knows it."""

    replacement: str
    service: str
    state: ReplacementState
    ships_by: datetime
    arrives_by: datetime
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    return_received: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """The return of the faulty goods that was asked for."""

    return_id: str
    return_by: datetime | None


@dataclass(frozen=True, slots=True)
class Credit:
    """A coupon that the merchant gave."""

    credit: str
    amount: Money
    valid_until: datetime | None
