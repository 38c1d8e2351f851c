"""Payments and refunds as the tables hold them, read as of a moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, select

from amends.values.money import Money
from services.commerce import ledger, tables
from services.commerce.ledger import Entry, Payment, PaymentMethod, RefundPart, RefundState
from services.commerce.refusals import RefundNotFound

Asked = Mapping[str, str | list[str]]
"""Which refunds: by columns, the tenant first."""


class RefundMethod(Enum):
    """How money goes back."""

    ORIGINAL_PAYMENT = auto()
    BANK_TRANSFER = auto()


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back, or there; `failure` is empty until it failed."""

    refund_id: str
    key: str
    order: str
    amount: Money
    method: RefundMethod
    state: RefundState
    requested_by: str
    created_at: datetime
    expected_by: datetime
    credited_at: datetime | None
    failed_at: datetime | None
    failure: str
    parts: tuple[RefundPart, ...]
    reference: str


def lock_payments(conn: Connection, tenant: str, order: str) -> None:
    """From now on, whoever wants to refund something of this order waits for this transaction."""
    payments = tables.payments
    query = select(payments.c.payment_id).filter_by(tenant=tenant, order_ref=order)
    conn.execute(query.order_by(payments.c.payment_id).with_for_update()).all()


def read_payments(
    conn: Connection, tenant: str, order: str, currency: str, now: datetime
) -> tuple[tuple[Payment, ...], tuple[Refund, ...]]:
    """The payments of an order with what went back of each, and every refund, oldest first."""
    asked = {"tenant": tenant, "order_ref": order}
    entries = _entries(conn, asked)
    rows = conn.execute(tables.rows_of(tables.payments, "order_ref"), asked).mappings()
    paid = tuple(ledger.weigh(_payment(row, currency), entries, now) for row in rows)
    return paid, _refunds(conn, asked, entries, now)


def read_refund(conn: Connection, tenant: str, key: str, now: datetime) -> Refund:
    """The refund under a key; RefundNotFound."""
    asked = {"tenant": tenant, "key": key}
    found = _refunds(conn, asked, _entries(conn, asked), now)
    if not found:
        raise RefundNotFound(key)
    return found[0]


def read_refunds_by_key(
    conn: Connection, tenant: str, keys: Sequence[str], now: datetime
) -> tuple[Refund, ...]:
    """The refunds under these keys, as far as there are any."""
    asked: Asked = {"tenant": tenant, "keys": list(keys)}
    return _refunds(conn, asked, _entries(conn, asked), now)


def read_methods(
    conn: Connection, tenant: str, customer: str, payments: Sequence[Payment]
) -> tuple[RefundMethod, ...]:
    """How money can go back to a customer who paid so."""
    asked = {"tenant": tenant, "customer": customer}
    customers = conn.execute(tables.rows_of(tables.customers, "customer"), asked)
    offered = {
        RefundMethod.ORIGINAL_PAYMENT: bool(payments),
        RefundMethod.BANK_TRANSFER: customers.one().transfer_fate is not None,
    }
    return tuple(method for method, possible in offered.items() if possible)


def _refunds(
    conn: Connection, asked: Asked, entries: Sequence[Entry], now: datetime
) -> tuple[Refund, ...]:
    """The refunds that are asked for; one that came after their entries were read is left out."""
    rows = conn.execute(_refunds_by(*asked), asked).mappings()
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    return tuple(_refund(row, by_key[row["key"]], now) for row in rows if row["key"] in by_key)


def _entries(conn: Connection, asked: Asked) -> Sequence[Entry]:
    """The ledger's entries of some refunds."""
    return [_entry(row) for row in conn.execute(_entries_by(*asked), asked).mappings()]


@cache
def _refunds_by(*columns: str) -> Select[tuple[object, ...]]:
    refunds = tables.refunds
    chosen = select(refunds).where(*map(_is_asked, columns))
    return chosen.order_by(refunds.c.created_at, refunds.c.key)


@cache
def _entries_by(*columns: str) -> Select[tuple[object, ...]]:
    entries, refunds = tables.ledger, tables.refunds
    return (
        select(entries, refunds.c.currency)
        .join(refunds, (refunds.c.tenant == entries.c.tenant) & (refunds.c.key == entries.c.key))
        .where(*map(_is_asked, columns))
        .order_by(entries.c.key, entries.c.payment_id)
    )


def _is_asked(column: str) -> ColumnElement[bool]:
    """Of refunds: that a column is what is asked for, or that the key is one of `keys`."""
    if column == "keys":
        return tables.refunds.c.key.in_(bindparam("keys", expanding=True))
    return tables.refunds.c[column] == bindparam(column)


def _entry(row: RowMapping) -> Entry:
    return Entry(
        key=row["key"],
        payment_id=row["payment_id"],
        state=RefundState[row["state"]],
        amount=Money(row["currency"], row["amount_minor"]),
        at=row["at"],
    )


def _payment(row: RowMapping, currency: str) -> Payment:
    return Payment(
        payment_id=row["payment_id"],
        method=PaymentMethod[row["method"]],
        captured=Money(currency, row["captured_minor"]),
        refunded=Money(currency, row["refunded_minor"]),
        pending=Money(currency, 0),
    )


def _refund(row: RowMapping, entries: Sequence[Entry], now: datetime) -> Refund:
    came = {entry.state: entry.at for entry in entries if entry.at <= now}
    failed_at = came.get(RefundState.FAILED)
    return Refund(
        refund_id=row["refund_id"],
        key=row["key"],
        order=row["order_ref"],
        amount=Money(row["currency"], row["amount_minor"]),
        method=RefundMethod[row["method"]],
        state=ledger.state(entries, now),
        requested_by=row["requested_by"],
        created_at=row["created_at"],
        expected_by=row["expected_by"],
        credited_at=came.get(RefundState.SUCCEEDED),
        failed_at=failed_at,
        failure=row["failure"] if failed_at else "",
        parts=_parts(entries),
        reference=row["reference"],
    )


def _parts(entries: Iterable[Entry]) -> tuple[RefundPart, ...]:
    sent = (entry for entry in entries if entry.state is RefundState.SUBMITTED)
    return tuple(RefundPart(entry.payment_id, entry.amount) for entry in sent)
