"""Remedies: what can be done for a customer (S40-S42), and what each needs to be authorised."""

from enum import Enum, auto


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
