"""What the merchant refuses, and why.

A refusal repeats no text of its caller: a customer's, order's or shipment's reference is sealed
elsewhere, and what stands in place of a sku or a service may be anything. A key is technical.
"""

from datetime import datetime

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
            f"this service does not carry the order at {now:%Y-%m-%dT%H:%M:%SZ}; "
            "QuoteShipping lists what does",
            now=now.isoformat(),
        )


class KeyReused(RequestIdReused):
    """The same key came with another body."""

    field = "key"

    def __init__(self, key: str) -> None:
        Refusal.__init__(self, f"the key {key} was used with another body; send a new key", key=key)
