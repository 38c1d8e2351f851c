"""The merchant's tables. Every row has its tenant first in its key.

What changes here is a new revision in `migrations`.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _minor(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _of(parent: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", column], [f"{parent}.tenant", f"{parent}.{column}"])


customers = Table(
    "customers",
    METADATA,
    _key("tenant"),
    _key("customer"),
    _text("name"),
    _moment("since"),
    Column("claims", Integer, nullable=False),
    _text("zone"),
)
products = Table(
    "products",
    METADATA,
    _key("tenant"),
    _key("sku"),
    _text("description"),
    Column("in_stock", Integer, CheckConstraint("in_stock >= 0"), nullable=False),
)
orders = Table(
    "orders",
    METADATA,
    _key("tenant"),
    _key("order_ref"),
    _text("customer"),
    _moment("ordered_at"),
    _text("currency"),
    _text("delivery_zone"),
    _of("customers", "customer"),
    Index("orders_of_customer", "tenant", "customer"),
)
order_lines = Table(
    "order_lines",
    METADATA,
    _key("tenant"),
    _key("order_ref"),
    _key("sku"),
    Column("quantity", Integer, CheckConstraint("quantity > 0"), nullable=False),
    _minor("price_minor"),
    _of("orders", "order_ref"),
    _of("products", "sku"),
)
payments = Table(
    "payments",
    METADATA,
    _key("tenant"),
    _key("payment_id"),
    _text("order_ref"),
    _minor("captured_minor"),
    _minor("refunded_minor"),
    _of("orders", "order_ref"),
    Index("payments_of_order", "tenant", "order_ref"),
)
shipments = Table(
    "shipments",
    METADATA,
    _key("tenant"),
    _key("shipment"),
    _text("order_ref"),
    _text("service"),
    _moment("shipped_at", nullable=True),
    _moment("delivered_at", nullable=True),
    _of("orders", "order_ref"),
    Index("shipments_of_order", "tenant", "order_ref"),
)
creations = Table(
    "creations",
    METADATA,
    _key("tenant"),
    _key("kind"),
    _key("key"),
    Column("body", LargeBinary, nullable=False),
)
replacements = Table(
    "replacements",
    METADATA,
    _key("tenant"),
    _key("key"),
    _text("replacement_id"),
    _text("order_ref"),
    _text("sku"),
    _text("service"),
    _text("currency"),
    _minor("price_minor"),
    _moment("ordered_at"),
    _moment("ships_by"),
    _moment("arrives_by"),
    _moment("shipped_at"),
    _moment("delivered_at"),
    _of("orders", "order_ref"),
)
issued_credits = Table(
    "issued_credits",
    METADATA,
    _key("tenant"),
    _key("key"),
    _text("credit_id"),
    _text("customer"),
    _text("currency"),
    _minor("amount_minor"),
    _moment("issued_at"),
    _moment("valid_until"),
    _text("code"),
    _of("customers", "customer"),
    UniqueConstraint("tenant", "code"),
)
returns = Table(
    "returns",
    METADATA,
    _key("tenant"),
    _key("key"),
    _text("return_id"),
    _text("order_ref"),
    _text("sku"),
    _moment("return_by"),
    # Set by the merchant's own people when the goods are back.
    _moment("received_at", nullable=True),
    _of("orders", "order_ref"),
    Index("returns_of_line", "tenant", "order_ref", "sku"),
)
