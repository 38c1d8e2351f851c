"""Remedies: what can be done for a customer (S40-S42), and what each needs to be authorised."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.money import Money


class RemedyKind(Enum):
    """A rung of the remedy ladder."""

    REPLACEMENT = auto()
    REFUND = auto()
    COUPON = auto()
    GIFT_CERTIFICATE = auto()
    PERCENTAGE_OFF = auto()
    GOODWILL = auto()


class RefundMethod(Enum):
    """How money goes back."""

    ORIGINAL_PAYMENT = auto()
    BANK_TRANSFER = auto()


class Action(Enum):
    """What a decision-maker may be granted; each has limits of its own per currency (S30, S43)."""

    REFUND = auto()
    RESHIP = auto()
    GOODWILL = auto()
    EXPEDITED_SHIPPING = auto()


ACTION_OF = {
    RemedyKind.REPLACEMENT: Action.RESHIP,
    RemedyKind.REFUND: Action.REFUND,
    RemedyKind.COUPON: Action.GOODWILL,
    RemedyKind.GIFT_CERTIFICATE: Action.GOODWILL,
    RemedyKind.PERCENTAGE_OFF: Action.GOODWILL,
    RemedyKind.GOODWILL: Action.GOODWILL,
}
"""The authority that each remedy asks for; goodwill has a budget apart from refunds (S43)."""
CREDITS = frozenset(kind for kind, action in ACTION_OF.items() if action is Action.GOODWILL)
"""What is given beside goods and money."""


@dataclass(frozen=True, slots=True)
class RemedySought:
    """What the customer considers a fair solution; `amount` None where it is not known.

    `percent` is the share of a percentage off, 0 where none is named.
    """

    kinds: tuple[RemedyKind, ...] = ()
    amount: Money | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True)
class PolicyException:
    """A rule that was set aside for a customer, what it costs, and who authorised it (S32)."""

    action: Action
    reason: str
    cost: Money
    authorised_by: str


@dataclass(frozen=True, slots=True)
class Shipping:
    """How a replacement travels: the merchant's service, its price, and when it arrives (UTC)."""

    service: str
    price: Money
    arrives_from: datetime
    arrives_by: datetime
