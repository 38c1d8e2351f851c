"""What the merchant refuses, and why.

A refusal repeats no text of its caller: a customer's, order's or shipment's reference is sealed
elsewhere, and what stands in place of a sku or a service may be anything. A key is technical.
"""

from collections.abc import Sequence
from datetime import datetime

from amends.values.money import Money
from amends.values.refusal import Refusal, RequestIdReused


class CustomerNotFound(Refusal):
    """No such customer in the caller's tenant."""

    reason = "CUSTOMER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the merchant knows no such customer; check the reference")


class OrderNotFound(Refusal):
    """No such order in the caller's tenant."""

    reason = "ORDER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the merchant knows no such order; check the reference")


class SkuNotFound(Refusal):
    """The order has no line with these goods."""

    reason = "SKU_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the order has no line with this sku; GetOrder lists its lines")


class ShipmentNotFound(Refusal):
    """No such shipment in the caller's tenant."""

    reason = "SHIPMENT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the merchant knows no such shipment; GetOrder lists those of an order")


class ReplacementNotFound(Refusal):
    """Nothing was sent again under this key."""

    reason = "REPLACEMENT_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"no replacement was created under the key {key}; CreateReplacement makes one", key=key
        )


class ReplacementShipped(Refusal):
    """What has left cannot be kept back."""

    reason = "REPLACEMENT_SHIPPED"

    def __init__(self, key: str, state: str, shipped_at: datetime | None) -> None:
        since = f" since {_told(shipped_at)}" if shipped_at else ""
        super().__init__(
            f"the replacement under the key {key} is {state}{since} and cannot be cancelled any "
            "more; RequestReturn asks for the goods back",
            key=key,
            state=state,
            shipped_at=_told(shipped_at) if shipped_at else "",
        )


class RefundNotFound(Refusal):
    """No money was sent back under this key."""

    reason = "REFUND_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"no refund was created under the key {key}; CreateRefund makes one, GetOrder lists "
            "those of an order",
            key=key,
        )


class RefundExceedsPayment(Refusal):
    """More than is left of what the customer paid."""

    reason = "REFUND_EXCEEDS_PAYMENT"
    field = "amount"

    def __init__(
        self, amount: Money, captured: Money, refunded: Money, pending: Money, left: Money
    ) -> None:
        super().__init__(
            f"a refund of {amount} is more than is left of the order's payments: {captured} "
            f"captured, {refunded} refunded, {pending} pending, {left} left; refund at most what "
            "is left, and nothing that GetOrder lists as a refund a second time",
            amount=str(amount),
            captured=str(captured),
            refunded=str(refunded),
            pending=str(pending),
            left=str(left),
        )


class RefundMethodNotOffered(Refusal):
    """Money cannot go back this way."""

    reason = "REFUND_METHOD_NOT_OFFERED"
    field = "method"

    def __init__(self, method: str, offered: Sequence[str]) -> None:
        ways = ", ".join(offered) or "none: nothing was paid and no bank account is known"
        super().__init__(
            f"money for this order cannot go back by {method}; the ways that there are: {ways}",
            method=method,
            offered=",".join(offered),
        )


class CreditUsed(Refusal):
    """The customer has spent it."""

    reason = "CREDIT_USED"

    def __init__(self, key: str, used_at: datetime) -> None:
        super().__init__(
            f"the credit under the key {key} was used at {_told(used_at)} and stays with the "
            "customer; count it in what is offered next",
            key=key,
            used_at=_told(used_at),
        )


class CreditNotFound(Refusal):
    """No credit was issued under this key."""

    reason = "CREDIT_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"no credit was issued under the key {key}; IssueCredit gives one", key=key
        )


class OutOfStock(Refusal):
    """Fewer are left than the order's line has."""

    reason = "OUT_OF_STOCK"

    def __init__(self, sku: str, wanted: int) -> None:
        super().__init__(
            f"fewer than {wanted} of {sku} are left; offer another remedy",
            sku=sku,
            quantity=str(wanted),
        )


class ShippingNotOffered(Refusal):
    """The service does not go there, or not any more today."""

    reason = "SHIPPING_NOT_OFFERED"

    def __init__(self, now: datetime) -> None:
        super().__init__(
            f"this service does not carry the order at {_told(now)}; QuoteShipping lists what does",
            now=now.isoformat(),
        )


class KeyClosed(Refusal):
    """Its caller gave it up: nothing was created under it, and nothing ever will be."""

    reason = "KEY_CLOSED"
    field = "key"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"the key {key} was closed by CloseKey, and nothing is created under it any more; "
            "create what comes in its place under a new key",
            key=key,
        )


class KeyReused(RequestIdReused):
    """The same key came with another body."""

    field = "key"

    def __init__(self, key: str) -> None:
        Refusal.__init__(self, f"the key {key} was used with another body; send a new key", key=key)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
