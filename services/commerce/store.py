"""What can be read from the merchant's tables, for one tenant at a time.

A moment that lies ahead in business time (a parcel that will arrive tomorrow) is not told before it
has come.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, Table, and_, func, select

from amends.values.money import Money
from services.commerce import shipping
from services.commerce.refusals import (
    CustomerNotFound,
    OrderNotFound,
    ShipmentNotFound,
    SkuNotFound,
)
from services.commerce.tables import (
    customers,
    order_lines,
    orders,
    payments,
    products,
    shipments,
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with their history; `spent` None without orders, or in several currencies."""

    customer: str
    name: str
    since: datetime
    orders: int
    claims: int
    spent: Money | None
    zone: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order; `price` for one."""

    sku: str
    description: str
    quantity: int
    price: Money
    in_stock: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment for an order."""

    payment_id: str
    captured: Money
    refunded: Money


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
        self._engine = engine
        self._now = now

    def customer(self, tenant: str, customer: str) -> Customer:
        """A customer with their history; CustomerNotFound."""
        with self._engine.connect() as conn:
            return read_customer(conn, tenant, customer, self._now())

    def order(self, tenant: str, order: str) -> Order:
        """An order with its lines, payments and shipments; OrderNotFound."""
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


def read_customer(conn: Connection, tenant: str, customer: str, now: datetime) -> Customer:
    """A customer as of a moment; CustomerNotFound."""
    row = _one(conn, customers, tenant, customer=customer)
    if row is None:
        raise CustomerNotFound
    count, spent = _history(conn, tenant, customer, now)
    return Customer(
        customer=customer,
        name=row["name"],
        since=row["since"],
        orders=count,
        claims=row["claims"],
        spent=spent,
        zone=row["zone"],
    )


def read_order(conn: Connection, tenant: str, order: str, now: datetime) -> Order:
    """An order as of a moment; OrderNotFound."""
    row = _one(conn, orders, tenant, order_ref=order)
    if row is None or row["ordered_at"] > now:
        raise OrderNotFound
    currency = row["currency"]
    lines = _lines(conn, tenant, order, currency)
    sent = [_shipment(item, now) for item in _of_order(conn, shipments, tenant, order)]
    arrivals = [parcel.delivered_at for parcel in sent if parcel.delivered_at is not None]
    return Order(
        order=order,
        customer=row["customer"],
        ordered_at=row["ordered_at"],
        lines=lines,
        total=Money(currency, sum(line.quantity * line.price.minor for line in lines)),
        payments=_payments(conn, tenant, order, currency),
        shipments=tuple(parcel.shipment for parcel in sent),
        delivered_at=max(arrivals) if sent and len(arrivals) == len(sent) else None,
        delivery_zone=row["delivery_zone"],
    )


def read_quotes(conn: Connection, tenant: str, order: Order, now: datetime) -> list[shipping.Quote]:
    """Ways to send something to where the order went, in the customer's time."""
    zone = conn.execute(
        select(customers.c.zone).filter_by(tenant=tenant, customer=order.customer)
    ).scalar_one()
    return shipping.quotes(now, order.delivery_zone, zone)


def _history(
    conn: Connection, tenant: str, customer: str, now: datetime
) -> tuple[int, Money | None]:
    """How many orders, and what they came to where all were in one currency."""
    row = conn.execute(
        select(
            func.count(orders.c.order_ref.distinct()),
            func.array_agg(orders.c.currency.distinct()),
            func.sum(order_lines.c.quantity * order_lines.c.price_minor),
        )
        .join(
            order_lines,
            and_(
                order_lines.c.tenant == orders.c.tenant,
                order_lines.c.order_ref == orders.c.order_ref,
            ),
        )
        .where(
            orders.c.tenant == tenant,
            orders.c.customer == customer,
            orders.c.ordered_at <= now,
        )
    ).one()
    count, currencies, spent = row
    return count, Money(currencies[0], int(spent)) if count and len(currencies) == 1 else None


def _lines(conn: Connection, tenant: str, order: str, currency: str) -> tuple[OrderLine, ...]:
    rows = conn.execute(
        select(order_lines, products.c.description, products.c.in_stock)
        .join(
            products,
            and_(products.c.tenant == order_lines.c.tenant, products.c.sku == order_lines.c.sku),
        )
        .where(order_lines.c.tenant == tenant, order_lines.c.order_ref == order)
        .order_by(order_lines.c.sku)
    ).mappings()
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


def _payments(conn: Connection, tenant: str, order: str, currency: str) -> tuple[Payment, ...]:
    return tuple(
        Payment(
            payment_id=row["payment_id"],
            captured=Money(currency, row["captured_minor"]),
            refunded=Money(currency, row["refunded_minor"]),
        )
        for row in _of_order(conn, payments, tenant, order)
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
    query = select(table).where(table.c.tenant == tenant).filter_by(**key)
    return conn.execute(query).mappings().one_or_none()


def _of_order(conn: Connection, table: Table, tenant: str, order: str) -> list[RowMapping]:
    query = (
        select(table)
        .where(table.c.tenant == tenant, table.c.order_ref == order)
        .order_by(*table.primary_key.columns)
    )
    return list(conn.execute(query).mappings())
