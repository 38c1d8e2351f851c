"""Customers, and what each department of the merchant did for them and about their orders."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from amends.values.money import Money
from services.commerce.refusals import CustomerNotFound
from services.commerce.tables import customers, notes, order_lines, orders, rows_of


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What a department did, in its own words; `order` is empty where it was about none."""

    at: datetime
    department: str
    what: str
    order: str


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
    history: tuple[HistoryEntry, ...]


def read_customer(conn: Connection, tenant: str, customer: str, now: datetime) -> Customer:
    """A customer as of a moment; CustomerNotFound."""
    asked = {"tenant": tenant, "customer": customer}
    row = conn.execute(rows_of(customers, "customer"), asked).mappings().one_or_none()
    if row is None:
        raise CustomerNotFound
    count, spent = _orders(conn, tenant, customer, now)
    return Customer(
        customer=customer,
        name=row["name"],
        since=row["since"],
        orders=count,
        claims=row["claims"],
        spent=spent,
        zone=row["zone"],
        history=read_notes(conn, tenant, now, customer=customer),
    )


def read_notes(
    conn: Connection, tenant: str, now: datetime, **about: str
) -> tuple[HistoryEntry, ...]:
    """What departments noted about a customer or an order, oldest first."""
    asked = {"tenant": tenant, "now": now, **about}
    rows = conn.execute(_notes(*about), asked).mappings()
    return tuple(
        HistoryEntry(row["at"], row["department"], row["what"], row["order_ref"] or "")
        for row in rows
    )


@cache
def _notes(*columns: str) -> Select[tuple[object, ...]]:
    about = [notes.c[name] == bindparam(name) for name in ("tenant", *columns)]
    return (
        select(notes)
        .where(*about, notes.c.at <= bindparam("now"))
        .order_by(notes.c.at, notes.c.note)
    )


_ORDERS = (
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
        orders.c.tenant == bindparam("tenant"),
        orders.c.customer == bindparam("customer"),
        orders.c.ordered_at <= bindparam("now"),
    )
)


def _orders(
    conn: Connection, tenant: str, customer: str, now: datetime
) -> tuple[int, Money | None]:
    """How many orders, and what they came to where all were in one currency."""
    asked = {"tenant": tenant, "customer": customer, "now": now}
    count, currencies, spent = conn.execute(_ORDERS, asked).one()
    return count, Money(currencies[0], int(spent)) if count and len(currencies) == 1 else None
