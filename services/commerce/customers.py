"""Customers, and what each department of the merchant did for them and about their orders."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from amends.values.money import Money
from services.commerce.refusals import CustomerNotFound
from services.commerce.tables import customers, notes, order_lines, orders


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
    query = select(customers).filter_by(tenant=tenant, customer=customer)
    row = conn.execute(query).mappings().one_or_none()
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
    query = select(notes).where(notes.c.tenant == tenant, notes.c.at <= now).filter_by(**about)
    rows = conn.execute(query.order_by(notes.c.at, notes.c.note)).mappings()
    return tuple(
        HistoryEntry(row["at"], row["department"], row["what"], row["order_ref"] or "")
        for row in rows
    )


def _orders(
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
