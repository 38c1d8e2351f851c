"""The demo's merchant: a shoe shop with customers, their history, and what is in stock.

Orders are facts relative to a moment ("delivered the day before"), so that the story's Saturday
has them whenever it is. Sowing again for another moment moves the orders there, fills the shelves
again, and touches nothing that was created for a caller's key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.dialects.postgresql import insert

from services.commerce import tables

TENANT = "sole-mates"
_ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class _Product:
    sku: str
    description: str
    price: int
    """Minor units of GBP."""
    in_stock: int


@dataclass(frozen=True, slots=True)
class _Order:
    """One line, paid in full; days are counted back from the day of sowing."""

    number: str
    customer: str
    sku: str
    service: str
    days_ago: int
    days_in_transit: int
    delivery_zone: str = "city"


@dataclass(frozen=True, slots=True)
class _Customer:
    reference: str
    name: str
    days_ago: int
    claims: int


_PRODUCTS = (
    _Product("FB-PREDATOR-42", "Football shoes Predator, size 42", 6490, in_stock=24),
    _Product("RUN-FEATHER-42", "Running shoes Feather, size 42", 8900, in_stock=11),
    _Product("HIKE-RIDGE-43", "Hiking boots Ridge, size 43", 12900, in_stock=6),
    _Product("SLIPPER-FELT-38", "Felt slippers, size 38", 3490, in_stock=40),
    _Product("BALLET-SILK-37", "Ballet shoes Silk, size 37, the last pair", 5200, in_stock=0),
)
_CUSTOMERS = (
    _Customer("C-1042", "Daniel Marsh", days_ago=1130, claims=1),
    _Customer("C-2077", "Owen Price", days_ago=420, claims=0),
    _Customer("C-3310", "Isla Macleod", days_ago=6, claims=0),
)
SHOES = "SM-20418"
"""The order of the football shoes that came yesterday."""
_ORDERS = (
    _Order(SHOES, "C-1042", "FB-PREDATOR-42", "standard", days_ago=4, days_in_transit=3),
    _Order("SM-19877", "C-1042", "RUN-FEATHER-42", "standard", days_ago=61, days_in_transit=3),
    _Order("SM-17204", "C-1042", "FB-PREDATOR-42", "next-day", days_ago=212, days_in_transit=1),
    _Order("SM-15630", "C-1042", "HIKE-RIDGE-43", "standard", days_ago=397, days_in_transit=3),
    _Order("SM-12011", "C-1042", "RUN-FEATHER-42", "standard", days_ago=788, days_in_transit=3),
    _Order("SM-20391", "C-2077", "SLIPPER-FELT-38", "standard", 5, 9, delivery_zone="national"),
    _Order("SM-16118", "C-2077", "HIKE-RIDGE-43", "standard", 350, 3, delivery_zone="national"),
    _Order("SM-20405", "C-3310", "BALLET-SILK-37", "standard", 6, 5, delivery_zone="islands"),
)
_PRICES: Mapping[str, int] = {product.sku: product.price for product in _PRODUCTS}


def sow(engine: Engine, at: datetime, shoes: str = SHOES, tenant: str = TENANT) -> None:
    """Makes the demo's shop stand as it would at `at` (aware); harmless when repeated.

    `shoes` is the reference of the football shoes' order: another one is another order; the shop is
    the `tenant`'s.
    """
    with engine.begin() as conn:
        _sow(conn, tenant, at, shoes)


def sow_where_empty(engine: Engine, at: datetime) -> None:
    """The same, unless the merchant has a customer already."""
    with engine.begin() as conn:
        if conn.execute(select(tables.customers.c.tenant).limit(1)).first() is None:
            _sow(conn, TENANT, at, SHOES)


def _sow(conn: Connection, tenant: str, at: datetime, shoes: str) -> None:
    orders = (replace(_ORDERS[0], number=shoes), *_ORDERS[1:])
    _upsert(conn, tenant, tables.products, map(_product_row, _PRODUCTS))
    _upsert(conn, tenant, tables.customers, (_customer_row(one, at) for one in _CUSTOMERS))
    _upsert(conn, tenant, tables.orders, (_order_row(order, at) for order in orders))
    _upsert(conn, tenant, tables.order_lines, map(_line_row, orders))
    _upsert(conn, tenant, tables.payments, map(_payment_row, orders))
    _upsert(conn, tenant, tables.shipments, (_shipment_row(order, at) for order in orders))


def _upsert(conn: Connection, tenant: str, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    fresh = insert(table)
    keys: Sequence[str] = [column.name for column in table.primary_key.columns]
    changed = {
        column.name: fresh.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    statement = fresh.on_conflict_do_update(index_elements=keys, set_=changed)
    conn.execute(statement, [{"tenant": tenant, **row} for row in rows])


def _product_row(product: _Product) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "description": product.description,
        "in_stock": product.in_stock,
    }


def _customer_row(customer: _Customer, at: datetime) -> dict[str, Any]:
    return {
        "customer": customer.reference,
        "name": customer.name,
        "since": _before(at, customer.days_ago, time(10, 5)),
        "claims": customer.claims,
        "zone": _ZONE,
    }


def _order_row(order: _Order, at: datetime) -> dict[str, Any]:
    return {
        "order_ref": order.number,
        "customer": order.customer,
        "ordered_at": _before(at, order.days_ago, time(12, 42)),
        "currency": "GBP",
        "delivery_zone": order.delivery_zone,
    }


def _line_row(order: _Order) -> dict[str, Any]:
    return {
        "order_ref": order.number,
        "sku": order.sku,
        "quantity": 1,
        "price_minor": _PRICES[order.sku],
    }


def _payment_row(order: _Order) -> dict[str, Any]:
    return {
        "payment_id": f"PAY-{order.number}",
        "order_ref": order.number,
        "captured_minor": _PRICES[order.sku],
        "refunded_minor": 0,
    }


def _shipment_row(order: _Order, at: datetime) -> dict[str, Any]:
    return {
        "shipment": f"SHP-{order.number}",
        "order_ref": order.number,
        "service": order.service,
        "shipped_at": _before(at, order.days_ago, time(19)),
        "delivered_at": _before(at, order.days_ago - order.days_in_transit, time(11, 20)),
    }


def _before(at: datetime, days: int, hour: time) -> datetime:
    """An hour of the shop's day, so many days before `at`; negative days lie ahead."""
    zone = ZoneInfo(_ZONE)
    day = at.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
