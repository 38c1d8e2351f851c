"""The payment ledger: how much of each payment went back, and how much may still go.

Pure. An entry says that a part of a refund came into a state at a moment; entries are only added.
Where the payment provider will say something later, its entry lies ahead in business time and is
told to nobody before; but money that was sent counts as gone from the moment that its entry stands,
whatever the clock of who looks.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.money import Money
from services.commerce.refusals import RefundExceedsPayment


class RefundState(Enum):
    """How a refund stands, each state later than the one before it."""

    SUBMITTED = auto()
    SUCCEEDED = auto()
    FAILED = auto()


class PaymentMethod(Enum):
    """How an order was paid."""

    CARD = auto()
    PAYPAL = auto()
    BANK_TRANSFER = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a refund drew from a payment, and the state that it came into."""

    key: str
    payment_id: str
    state: RefundState
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment for an order, and how much of it went back or is on its way."""

    payment_id: str
    method: PaymentMethod
    captured: Money
    refunded: Money
    pending: Money

    @property
    def left(self) -> Money:
        """What may still be refunded of it."""
        return self.captured - self.refunded - self.pending


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What a refund draws from one payment."""

    payment_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Balance:
    """What an order's payments come to together."""

    captured: Money
    refunded: Money
    pending: Money

    @property
    def left(self) -> Money:
        """What may still be refunded."""
        return self.captured - self.refunded - self.pending


def state(entries: Iterable[Entry], now: datetime) -> RefundState:
    """The state that a refund with these entries is in at a moment."""
    come = (entry.state for entry in entries if entry.at <= now)
    return max(come, key=lambda one: one.value, default=RefundState.SUBMITTED)


def weigh(payment: Payment, entries: Collection[Entry], now: datetime) -> Payment:
    """The payment with what its entries took from it; those of other payments say nothing."""
    refunded, pending = payment.refunded, payment.pending
    mine = [entry for entry in entries if entry.payment_id == payment.payment_id]
    for sent in (entry for entry in mine if entry.state is RefundState.SUBMITTED):
        match state((one for one in mine if one.key == sent.key), now):
            case RefundState.SUBMITTED:
                pending += sent.amount
            case RefundState.SUCCEEDED:
                refunded += sent.amount
            case RefundState.FAILED:
                pass
    return Payment(payment.payment_id, payment.method, payment.captured, refunded, pending)


def balance(payments: Collection[Payment], currency: str) -> Balance:
    """What the payments of one order come to."""
    return Balance(
        captured=Money(currency, sum(one.captured.minor for one in payments)),
        refunded=Money(currency, sum(one.refunded.minor for one in payments)),
        pending=Money(currency, sum(one.pending.minor for one in payments)),
    )


def draw(payments: Sequence[Payment], amount: Money) -> tuple[RefundPart, ...]:
    """The payments that a refund draws on: from each what is left of it, in their order.

    Raises:
        RefundExceedsPayment: less is left of all of them together.
    """
    found = balance(payments, amount.currency)
    if amount > found.left:
        raise RefundExceedsPayment(
            amount, found.captured, found.refunded, found.pending, found.left
        )
    parts, open_ = [], amount
    for payment in payments:
        part = min(payment.left, open_)
        if part.minor > 0:
            parts.append(RefundPart(payment.payment_id, part))
            open_ -= part
    return tuple(parts)
