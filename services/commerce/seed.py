"""Sows the demo's shop: `shop` as it stands at a moment.

Orders are facts relative to a moment ("delivered the day before"), so that the story's Saturday
has them whenever it is. Sowing again for another moment moves the orders there, with what the
shop's own desks did about them, fills the shelves again, and touches nothing that was created for
a caller's key.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.dialects.postgresql import insert

from amends.values.money import Money
from services.commerce import shop, tables
from services.commerce.creations import digest
from services.commerce.ledger import RefundPart
from services.commerce.payments import RefundMethod
from services.commerce.refunds import CreateRefund, Sending
from services.commerce.shop import TENANT, Stories

_REFUNDED = time(14, 20)


def sow(engine: Engine, at: datetime, stories: Stories | None = None, tenant: str = TENANT) -> None:
    """Makes the demo's shop stand as it would at `at` (aware); harmless when repeated."""
    with engine.begin() as conn:
        _sow(conn, tenant, at, stories or Stories())


def sow_where_empty(engine: Engine, at: datetime) -> None:
    """The same, unless the merchant has a customer already."""
    with engine.begin() as conn:
        if conn.execute(select(tables.customers.c.tenant).limit(1)).first() is None:
            _sow(conn, TENANT, at, Stories())


def _sow(conn: Connection, tenant: str, at: datetime, stories: Stories) -> None:
    orders = shop.orders(stories)
    by_number = {order.number: order for order in orders}
    sent = [_sending(one, by_number[one.order], at) for one in shop.earlier_refunds(stories)]
    noted = [_note_row(note, by_number[note.order], at) for note in shop.notes(stories)]
    for table, rows in (
        (tables.products, map(_product_row, shop.PRODUCTS)),
        (tables.customers, (_customer_row(one, at) for one in shop.CUSTOMERS)),
        (tables.orders, (_order_row(order, at) for order in orders)),
        (tables.order_lines, map(_line_row, orders)),
        (tables.payments, map(_payment_row, orders)),
        (tables.shipments, (_shipment_row(order, at) for order in orders)),
        (tables.creations, map(_creation_row, sent)),
        (tables.refunds, map(_refund_row, sent)),
        (tables.ledger, (entry for one in sent for entry in one.entries())),
        (tables.notes, noted),
    ):
        _upsert(conn, tenant, table, rows)


def _upsert(conn: Connection, tenant: str, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    fresh = insert(table)
    keys: Sequence[str] = [column.name for column in table.primary_key.columns]
    sown = [{"tenant": tenant, **row} for row in rows]
    changed = {name: fresh.excluded[name] for name in sown[0] if name not in keys}
    conn.execute(fresh.on_conflict_do_update(index_elements=keys, set_=changed), sown)


def _product_row(product: shop.Product) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "description": product.description,
        "in_stock": product.in_stock,
    }


def _customer_row(customer: shop.Customer, at: datetime) -> dict[str, Any]:
    return {
        "customer": customer.reference,
        "name": customer.name,
        "since": _before(at, customer.days_ago, time(10, 5)),
        "claims": customer.claims,
        "zone": shop.ZONE,
        "transfer_fate": customer.transfer.name if customer.transfer else None,
    }


def _order_row(order: shop.Order, at: datetime) -> dict[str, Any]:
    return {
        "order_ref": order.number,
        "customer": order.customer,
        "ordered_at": _before(at, order.days_ago, time(12, 42)),
        "currency": shop.CURRENCY,
        "delivery_zone": order.delivery_zone,
    }


def _line_row(order: shop.Order) -> dict[str, Any]:
    return {
        "order_ref": order.number,
        "sku": order.sku,
        "quantity": 1,
        "price_minor": shop.PRICES[order.sku],
    }


def _payment_row(order: shop.Order) -> dict[str, Any]:
    return {
        "payment_id": _payment_of(order),
        "order_ref": order.number,
        "captured_minor": shop.PRICES[order.sku],
        "refunded_minor": 0,
        "method": order.method.name,
        "refund_fate": order.fate.name,
    }


def _shipment_row(order: shop.Order, at: datetime) -> dict[str, Any]:
    return {
        "shipment": f"SHP-{order.number}",
        "order_ref": order.number,
        "service": order.service,
        "shipped_at": _before(at, order.days_ago, time(19)),
        "delivered_at": _before(at, order.days_ago - order.days_in_transit, time(11, 20)),
    }


def _sending(earlier: shop.EarlierRefund, order: shop.Order, at: datetime) -> Sending:
    paid = Money(shop.CURRENCY, shop.PRICES[order.sku])
    return Sending(
        CreateRefund(earlier.key, order.number, paid, RefundMethod.ORIGINAL_PAYMENT),
        earlier.desk,
        _before(at, earlier.days_ago, _REFUNDED),
        (RefundPart(_payment_of(order), paid),),
        order.method,
        earlier.fate,
    )


def _creation_row(sent: Sending) -> dict[str, Any]:
    return {"kind": "refund", "key": sent.wanted.key, "body": digest(sent.wanted.body)}


def _refund_row(sent: Sending) -> dict[str, Any]:
    return {**sent.row(), "refund_id": f"rfd_{sent.wanted.key}"}


def _note_row(note: shop.Note, order: shop.Order, at: datetime) -> dict[str, Any]:
    return {
        "note": f"{note.order}-{note.number}",
        "customer": order.customer,
        "order_ref": note.order,
        "at": _before(at, note.days_ago, note.hour),
        "department": note.desk,
        "what": note.what,
    }


def _payment_of(order: shop.Order) -> str:
    return f"PAY-{order.number}"


def _before(at: datetime, days: int, hour: time) -> datetime:
    """An hour of the shop's day, so many days before `at`; negative days lie ahead."""
    zone = ZoneInfo(shop.ZONE)
    day = at.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
