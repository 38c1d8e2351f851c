"""What money there is to send back for an order: never more than was paid, and nothing twice.

What others sent is in the merchant's ledger; what this case promised and did not send yet is not,
and counts as gone all the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from amends.values.identity import RemedyId
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import Refusal
from amends.values.remedy import RefundMethod, RemedyKind
from services.resolution.domain.merchant import Order
from services.resolution.domain.remedies import Progress, Remedies, RemedyState


class RefundExceedsPayment(Refusal):
    """More than is left of what the customer paid."""

    reason = "REFUND_EXCEEDS_PAYMENT"

    def __init__(self, wanted: Money | None, left: Money, field: str) -> None:
        asked = f"a refund of {wanted}" if wanted else "a refund"
        super().__init__(
            f"{asked} is more than is left to send back for this order: {left}; refund at most "
            "that, and nothing that SuggestRemedies lists as an earlier refund a second time",
            amount=str(wanted or ""),
            left=str(left),
            field=field,
        )


class RefundMethodNotOffered(Refusal):
    """Money cannot go back this way."""

    reason = "REFUND_METHOD_NOT_OFFERED"

    def __init__(self, method: RefundMethod, offered: Sequence[RefundMethod], field: str) -> None:
        ways = ", ".join(one.name for one in offered)
        super().__init__(
            f"money for this order cannot go back by {method.name}; "
            + (f"the ways that there are: {ways}" if ways else "there is no way; offer a credit"),
            method=method.name,
            offered=",".join(one.name for one in offered),
            field=field,
        )


@dataclass(frozen=True, slots=True)
class Till:
    """What is left to send back, and how it can go; nothing where the merchant names no way."""

    left: Money | None
    methods: tuple[RefundMethod, ...]

    @classmethod
    def of(cls, order: Order, standing: Remedies, replaced: Collection[RemedyId] = ()) -> "Till":
        """Of an order, less what this case has promised; what is `replaced` will not be sent."""
        sent = {one.key for one in order.refunds}
        left = order.refundable
        for one in standing.by_id.values():
            remedy = one.remedy
            counted = remedy.remedy not in sent and remedy.remedy not in replaced
            if left is not None and counted and _promised(one):
                left -= remedy.amount
        return cls(left, order.refund_methods if left is not None else ())

    def give(
        self, wanted: Money | None, way: RefundMethod | None, field: str
    ) -> "tuple[Money, RefundMethod, Till]":
        """How much goes back and how, and what is left then; all of it where none is named.

        Raises:
            RefundMethodNotOffered: not this way.
            RefundExceedsPayment: there is not so much, or nothing, left.
            InvalidMoney: nothing, less, or in another currency than was paid.
        """
        method = way or RefundMethod.ORIGINAL_PAYMENT
        if self.left is None or method not in self.methods:
            raise RefundMethodNotOffered(method, self.methods, f"{field}.method")
        place = f"{field}.amount"
        amount = self.left if wanted is None else wanted
        if amount.currency != self.left.currency:
            currency = self.left.currency
            message = f"the order was paid in {currency}; name the amount in {currency}"
            raise InvalidMoney(message, field=place)
        if wanted is not None and wanted.minor <= 0:
            raise InvalidMoney(f"{place} must be above zero: it is what goes back", field=place)
        if amount.minor <= 0 or amount > self.left:
            raise RefundExceedsPayment(wanted, self.left, place)
        return amount, method, replace(self, left=self.left - amount)


def _promised(one: Progress) -> bool:
    """True for money that the customer was promised and that may not have been sent yet."""
    unsent = {RemedyState.PROMISED, RemedyState.STARTED}
    return one.remedy.kind is RemedyKind.REFUND and one.accepted and one.state in unsent
