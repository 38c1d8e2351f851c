"""What the merchant refuses, and why.

A refusal never repeats a customer's, order's or shipment's reference: elsewhere those are sealed.
"""

from datetime import datetime

from amends.values.refusal import Refusal, RequestIdReused


class CustomerNotFound(Refusal):
    """No such customer in the caller's tenant."""

    reason = "CUSTOMER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the merchant knows no such customer")


class OrderNotFound(Refusal):
    """No such order in the caller's tenant."""

    reason = "ORDER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the merchant knows no such order")


class SkuNotFound(Refusal):
    """The order has no line with these goods."""

    reason = "SKU_NOT_FOUND"

    def __init__(self, sku: str) -> None:
        super().__init__(f"the order has no line with {sku}; GetOrder lists its lines", sku=sku)


class ShipmentNotFound(Refusal):
    """No such shipment in the caller's tenant."""

    reason = "SHIPMENT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("the merchant knows no such shipment")


class ReplacementNotFound(Refusal):
    """Nothing was sent again under this key."""

    reason = "REPLACEMENT_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(f"no replacement was created under the key {key}", key=key)


class CreditNotFound(Refusal):
    """No credit was issued under this key."""

    reason = "CREDIT_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(f"no credit was issued under the key {key}", key=key)


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

    def __init__(self, service: str, now: datetime) -> None:
        super().__init__(
            f"{service} does not carry this order at {now:%Y-%m-%dT%H:%M:%SZ}; "
            "QuoteShipping lists what does",
            service=service,
        )


class KeyReused(RequestIdReused):
    """The same key came with another body."""

    field = "key"

    def __init__(self, key: str) -> None:
        Refusal.__init__(self, f"the key {key} was used with another body; send a new key", key=key)
