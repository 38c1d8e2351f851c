"""Refunds: money sent back, once per key, and never more than was captured.

A refund's life is a course that the payment provider takes it on; business time says how far it has
come. Nothing is reported to anybody yet: whoever asked looks it up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from amends.crash_points import crash_point
from amends.eventstore.engine import reader
from amends.values.money import InvalidMoney, Money
from services.commerce import ledger, provider, tables
from services.commerce.creations import claim, close, new_id
from services.commerce.ledger import PaymentMethod, RefundPart, RefundState
from services.commerce.payments import Refund, RefundMethod, lock_payments, read_refund
from services.commerce.provider import Course, Fate
from services.commerce.refusals import RefundMethodNotOffered
from services.commerce.store import Order, read_order

_KIND = "refund"
_SENT = insert(tables.refunds)
_ENTERED = insert(tables.ledger)


@dataclass(frozen=True, slots=True)
class CreateRefund:
    """How much of which order goes back, and how; `reference` is what the caller calls it."""

    key: str
    order: str
    amount: Money
    method: RefundMethod
    reference: str = ""

    @property
    def body(self) -> tuple[str, ...]:
        """What may not differ under one key; without a reference what it was before there was."""
        plain = (self.order, self.amount.currency, str(self.amount.minor), self.method.name)
        return (*plain, self.reference) if self.reference else plain


@dataclass(frozen=True, slots=True)
class Sending:
    """A refund as it leaves: what it draws on, where it goes and what becomes of it."""

    wanted: CreateRefund
    requested_by: str
    at: datetime
    parts: tuple[RefundPart, ...]
    way: PaymentMethod
    fate: Fate

    @property
    def course(self) -> Course:
        """When what happens to it."""
        return provider.course(self.fate, self.at)

    def row(self) -> dict[str, Any]:
        """Of the table of refunds."""
        wanted, course = self.wanted, self.course
        return {
            "key": wanted.key,
            "refund_id": new_id("rfd_"),
            "order_ref": wanted.order,
            "currency": wanted.amount.currency,
            "amount_minor": wanted.amount.minor,
            "method": wanted.method.name,
            "requested_by": self.requested_by,
            "created_at": self.at,
            "expected_by": course.expected_by,
            "reference": wanted.reference,
            "failure": provider.FAILURE[self.way] if course.failed_at else "",
        }

    def entries(self) -> list[dict[str, Any]]:
        """Of the ledger: for each part what happens to it, some of it ahead."""
        course = self.course
        moments = {
            RefundState.SUBMITTED: self.at,
            RefundState.SUCCEEDED: course.credited_at,
            RefundState.FAILED: course.failed_at,
        }
        return [
            {
                "key": self.wanted.key,
                "payment_id": part.payment_id,
                "state": state.name,
                "amount_minor": part.amount.minor,
                "at": at,
            }
            for part in self.parts
            for state, at in moments.items()
            if at is not None
        ]


class Refunds:
    """Refunds of one tenant at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def create(self, tenant: str, wanted: CreateRefund, requested_by: str) -> Refund:
        """Sends money back; a repeat answers the refund as it stands now.

        Raises:
            OrderNotFound, RefundMethodNotOffered, RefundExceedsPayment, KeyReused, KeyClosed
            InvalidMoney: nothing, less, or in another currency than the order's.
        """
        if wanted.amount.minor <= 0:
            raise InvalidMoney("amount must be above zero", field="amount")
        with self._engine.begin() as conn:
            if claim(conn, tenant, _KIND, wanted.key, wanted.body):
                lock_payments(conn, tenant, wanted.order)
                # Not before: what others sent while this one waited must have happened by then.
                _send(conn, tenant, wanted, requested_by, self._now())
            done = read_refund(conn, tenant, wanted.key, self._now())
            crash_point("refund.before")
        crash_point("refund.after")
        return done

    def find(self, tenant: str, key: str) -> Refund:
        """The refund under a key, as it stands now; RefundNotFound."""
        with reader(self._engine).connect() as conn:
            return read_refund(conn, tenant, key, self._now())

    def close(self, tenant: str, key: str) -> Refund | None:
        """What was sent back under a key; where that is nothing, nothing ever will be."""
        with self._engine.begin() as conn:
            if close(conn, tenant, _KIND, key):
                return None
            return read_refund(conn, tenant, key, self._now())


def _send(
    conn: Connection, tenant: str, wanted: CreateRefund, requested_by: str, now: datetime
) -> None:
    order = read_order(conn, tenant, wanted.order, now)
    _check(wanted, order)
    parts = ledger.draw(order.payments, wanted.amount)
    way, fate = _where(conn, tenant, wanted, order.customer, parts[0])
    sending = Sending(wanted, requested_by, now, parts, way, fate)
    conn.execute(_SENT, {"tenant": tenant, **sending.row()})
    rows = [{"tenant": tenant, **entry} for entry in sending.entries()]
    conn.execute(_ENTERED, rows)


def _check(wanted: CreateRefund, order: Order) -> None:
    if wanted.method not in order.refund_methods:
        offered = [method.name for method in order.refund_methods]
        raise RefundMethodNotOffered(wanted.method.name, offered)
    currency = order.total.currency
    if wanted.amount.currency != currency:
        message = f"the order was paid in {currency}; name the amount in {currency}"
        raise InvalidMoney(message, field="amount")


def _where(
    conn: Connection, tenant: str, wanted: CreateRefund, customer: str, part: RefundPart
) -> tuple[PaymentMethod, Fate]:
    """Which way the money goes and what becomes of it; several payments share one fate."""
    if wanted.method is RefundMethod.BANK_TRANSFER:
        people = tables.customers
        query = select(people.c.transfer_fate).filter_by(tenant=tenant, customer=customer)
        return PaymentMethod.BANK_TRANSFER, Fate[conn.execute(query).scalar_one()]
    paid = tables.payments
    chosen = select(paid.c.method, paid.c.refund_fate)
    row = conn.execute(chosen.filter_by(tenant=tenant, payment_id=part.payment_id)).one()
    return PaymentMethod[row.method], Fate[row.refund_fate]
