"""What can be read from the merchant's tables, for one tenant at a time.

A moment that lies ahead in business time (a parcel that will arrive tomorrow) is not told before it
has come.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, Table, and_, bindparam, select

from amends.eventstore.engine import reader
from amends.values.money import Money
from services.commerce import shipping, tables
from services.commerce.customers import Customer, HistoryEntry, read_customer, read_notes
from services.commerce.ledger import Payment, balance
from services.commerce.payments import (
    Refund,
    RefundMethod,
    read_methods,
    read_payments,
)
from services.commerce.refusals import (
    OrderNotFound,
    ShipmentNotFound,
    SkuNotFound,
)
from services.commerce.tables import (
    customers,
    order_lines,
    orders,
    products,
    shipments,
)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order; `price` for one."""

    sku: str
    description: str
    quantity: int
    price: Money
    in_stock: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order; delivered when all of its shipments are."""

    order: str
    customer: str
    ordered_at: datetime
    lines: tuple[OrderLine, ...]
    total: Money
    payments: tuple[Payment, ...]
    shipments: tuple[str, ...]
    delivered_at: datetime | None
    delivery_zone: str
    refunds: tuple[Refund, ...]
    refundable: Money
    refund_methods: tuple[RefundMethod, ...]
    history: tuple[HistoryEntry, ...]

    def line(self, sku: str) -> OrderLine:
        """The line with these goods.

        Raises:
            SkuNotFound: there is none.
        """
        for line in self.lines:
            if line.sku == sku:
                return line
        raise SkuNotFound


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment of an order."""

    shipment: str
    order: str
    service: str
    shipped_at: datetime | None
    delivered_at: datetime | None


class Store:
    """Reads for one tenant at a time, at the business time of the question."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = reader(engine)
        self._now = now

    def customer(self, tenant: str, customer: str) -> Customer:
        """A customer with their history; CustomerNotFound."""
        with self._engine.connect() as conn:
            return read_customer(conn, tenant, customer, self._now())

    def order(self, tenant: str, order: str) -> Order:
        """An order with all that was paid, sent and done about it; OrderNotFound."""
        with self._engine.connect() as conn:
            return read_order(conn, tenant, order, self._now())

    def shipment(self, tenant: str, shipment: str) -> Shipment:
        """A shipment; ShipmentNotFound."""
        with self._engine.connect() as conn:
            row = _one(conn, shipments, tenant, shipment=shipment)
        if row is None:
            raise ShipmentNotFound
        return _shipment(row, self._now())

    def quotes(self, tenant: str, order: str, sku: str) -> tuple[list[shipping.Quote], int]:
        """Ways to send a line again, none where too few are left, and its stock.

        Raises:
            OrderNotFound, SkuNotFound
        """
        with self._engine.connect() as conn:
            now = self._now()
            found = read_order(conn, tenant, order, now)
            line = found.line(sku)
            offered = [] if line.in_stock < line.quantity else read_quotes(conn, tenant, found, now)
        return offered, line.in_stock


def read_order(conn: Connection, tenant: str, order: str, now: datetime) -> Order:
    """An order as of a moment; OrderNotFound."""
    row = _one(conn, orders, tenant, order_ref=order)
    if row is None or row["ordered_at"] > now:
        raise OrderNotFound
    currency = row["currency"]
    lines = _lines(conn, tenant, order, currency)
    paid, refunded = read_payments(conn, tenant, order, currency, now)
    sent = [_shipment(item, now) for item in _of_order(conn, shipments, tenant, order)]
    arrivals = [parcel.delivered_at for parcel in sent if parcel.delivered_at is not None]
    return Order(
        order=order,
        customer=row["customer"],
        ordered_at=row["ordered_at"],
        lines=lines,
        total=Money(currency, sum(line.quantity * line.price.minor for line in lines)),
        payments=paid,
        shipments=tuple(parcel.shipment for parcel in sent),
        delivered_at=max(arrivals) if sent and len(arrivals) == len(sent) else None,
        delivery_zone=row["delivery_zone"],
        refunds=refunded,
        refundable=balance(paid, currency).left,
        refund_methods=read_methods(conn, tenant, row["customer"], paid),
        history=read_notes(conn, tenant, now, order_ref=order),
    )


def read_quotes(conn: Connection, tenant: str, order: Order, now: datetime) -> list[shipping.Quote]:
    """Ways to send something to where the order went, in the customer's time."""
    zone = conn.execute(
        select(customers.c.zone).filter_by(tenant=tenant, customer=order.customer)
    ).scalar_one()
    return shipping.quotes(now, order.delivery_zone, zone)


_LINES = (
    select(order_lines, products.c.description, products.c.in_stock)
    .join(
        products,
        and_(products.c.tenant == order_lines.c.tenant, products.c.sku == order_lines.c.sku),
    )
    .where(
        order_lines.c.tenant == bindparam("tenant"),
        order_lines.c.order_ref == bindparam("order_ref"),
    )
    .order_by(order_lines.c.sku)
)


def _lines(conn: Connection, tenant: str, order: str, currency: str) -> tuple[OrderLine, ...]:
    rows = conn.execute(_LINES, {"tenant": tenant, "order_ref": order}).mappings()
    return tuple(
        OrderLine(
            sku=row["sku"],
            description=row["description"],
            quantity=row["quantity"],
            price=Money(currency, row["price_minor"]),
            in_stock=row["in_stock"],
        )
        for row in rows
    )


def _shipment(row: RowMapping, now: datetime) -> Shipment:
    return Shipment(
        shipment=row["shipment"],
        order=row["order_ref"],
        service=row["service"],
        shipped_at=come(row["shipped_at"], now),
        delivered_at=come(row["delivered_at"], now),
    )


def come(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, if it has come."""
    return moment if moment is not None and moment <= now else None


def _one(conn: Connection, table: Table, tenant: str, **key: str) -> RowMapping | None:
    query = tables.rows_of(table, *key)
    return conn.execute(query, {"tenant": tenant, **key}).mappings().one_or_none()


def _of_order(conn: Connection, table: Table, tenant: str, order: str) -> list[RowMapping]:
    query = tables.rows_of(table, "order_ref")
    return list(conn.execute(query, {"tenant": tenant, "order_ref": order}).mappings())
