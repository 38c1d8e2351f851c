"""What the merchant says, as far as the rules need it: goods and quotes, and what was done by key.

Prices and arrivals come from here and never from a caller.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId
from amends.values.money import Money
from amends.values.refusal import Refusal
from amends.values.remedy import Action, PolicyException, RefundMethod, Shipping

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def code_of(failure: str, otherwise: str) -> str:
    """The merchant's reason where it is a code; what it says in words may name the customer."""
    return failure if _CODE.fullmatch(failure) else otherwise


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
    CANCELLED = auto()


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


class CreditState(Enum):
    """How a credit stands at the merchant."""

    ISSUED = auto()
    USED = auto()
    VOIDED = auto()


@dataclass(frozen=True, slots=True)
class Credit:
    """A coupon, gift certificate, percentage off or goodwill; `state` None where it is not told."""

    credit: str
    amount: Money
    valid_until: datetime | None
    state: CreditState | None = None


class RefundState(Enum):
    """How far the money is."""

    SUBMITTED = auto()
    SUCCEEDED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that was sent back under a key, by us or by another; `failure` why it failed."""

    refund: str
    key: str
    amount: Money
    method: RefundMethod
    state: RefundState
    requested_by: str
    created_at: datetime
    expected_by: datetime
    credited_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""


Made = Replacement | Refund | Credit
"""What stands at the merchant under a remedy's key."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was bought and how it was paid: every refund of it, whoever asked, oldest first.

    `refundable` is what may still be sent back, less all that is pending; None where the merchant
    does not say.
    """

    goods: tuple[Goods, ...] = ()
    total: Money | None = None
    refundable: Money | None = None
    refund_methods: tuple[RefundMethod, ...] = ()
    refunds: tuple[Refund, ...] = ()
