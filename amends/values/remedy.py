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
}
"""The authority that each remedy asks for; goodwill has a budget apart from refunds (S43)."""


@dataclass(frozen=True, slots=True)
class RemedySought:
    """What the customer considers a fair solution; `amount` None where it is not known."""

    kinds: tuple[RemedyKind, ...] = ()
    amount: Money | None = None


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
