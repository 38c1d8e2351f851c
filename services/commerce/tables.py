"""The merchant's tables. Every row has its tenant first in its key.

What changes here is a new revision in `migrations`.
"""

from datetime import datetime
from functools import cache

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
    Select,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    select,
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
    # What becomes of a transfer to the bank account that is known of them; null: none is known.
    Column("transfer_fate", Text),
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
    # What went back before there was a ledger.
    _minor("refunded_minor"),
    Column("method", Text, nullable=False, server_default="CARD"),
    # What becomes of money that goes back this way.
    Column("refund_fate", Text, nullable=False, server_default="LATER"),
    _of("orders", "order_ref"),
    Index("payments_of_order", "tenant", "order_ref"),
)
refunds = Table(
    "refunds",
    METADATA,
    _key("tenant"),
    _key("key"),
    _text("refund_id"),
    _text("order_ref"),
    _text("currency"),
    Column("amount_minor", BigInteger, CheckConstraint("amount_minor > 0"), nullable=False),
    _text("method"),
    _text("requested_by"),
    _moment("created_at"),
    _moment("expected_by"),
    # Why it fails, where it does; told only then.
    _text("failure"),
    # As its caller named it.
    Column("reference", Text, nullable=False, server_default=""),
    _of("orders", "order_ref"),
    Index("refunds_of_order", "tenant", "order_ref"),
)
# Only ever added to. One entry per state: what happens to a refund happens to it once.
ledger = Table(
    "ledger",
    METADATA,
    _key("tenant"),
    _key("key"),
    _key("payment_id"),
    _key("state"),
    Column("amount_minor", BigInteger, CheckConstraint("amount_minor > 0"), nullable=False),
    _moment("at"),
    _of("refunds", "key"),
    _of("payments", "payment_id"),
    Index("ledger_of_payment", "tenant", "payment_id"),
)
notes = Table(
    "notes",
    METADATA,
    _key("tenant"),
    _key("note"),
    _text("customer"),
    Column("order_ref", Text),
    _moment("at"),
    _text("department"),
    _text("what"),
    _of("customers", "customer"),
    _of("orders", "order_ref"),
    Index("notes_of_customer", "tenant", "customer"),
    Index("notes_of_order", "tenant", "order_ref"),
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
    _moment("cancelled_at", nullable=True),
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
    Column("kind", Text, nullable=False, server_default="COUPON"),
    Column("percent", Integer, nullable=False, server_default="0"),
    Column("order_ref", Text),
    # Set by the merchant's own checkout.
    _moment("used_at", nullable=True),
    _moment("voided_at", nullable=True),
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


@cache
def rows_of(table: Table, *columns: str) -> Select[tuple[object, ...]]:
    """A tenant's rows with these columns' values, in the order of their key; made once for each."""
    named = [table.c[name] == bindparam(name) for name in ("tenant", *columns)]
    return select(table).where(*named).order_by(*table.primary_key.columns)
