"""What the merchant creates for a caller's key: happens once per key, and is found by it.

The key is claimed first in the transaction that creates. So of two callers with one key the second
waits, and answers what the first one made; where the first is refused nothing stands, and the
second decides by itself.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.dialects import postgresql

from amends.values.money import InvalidMoney, Money
from services.commerce import tables
from services.commerce.refusals import CreditNotFound, KeyReused
from services.commerce.store import read_customer, read_order

_CREDIT_LIFE = timedelta(days=365)
_RETURN_WITHIN = timedelta(days=14)
# Letters and digits that nobody confuses when a code is read aloud.
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Credit:
    """A coupon; `code` is what the customer types at the checkout."""

    credit_id: str
    key: str
    customer: str
    amount: Money
    issued_at: datetime
    valid_until: datetime
    code: str


@dataclass(frozen=True, slots=True)
class IssueCredit:
    """Which customer gets how much."""

    key: str
    customer: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Return:
    """Goods that the customer was asked to send back."""

    return_id: str
    return_by: datetime


@dataclass(frozen=True, slots=True)
class RequestReturn:
    """Which line of which order is to come back."""

    key: str
    order: str
    sku: str


class Credits:
    """Coupons of one tenant at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def issue(self, tenant: str, wanted: IssueCredit) -> Credit:
        """Gives a customer a coupon that is good for a year.

        Raises:
            CustomerNotFound, KeyReused
            InvalidMoney: nothing, or less.
        """
        amount = wanted.amount
        if amount.minor <= 0:
            raise InvalidMoney("amount must be above zero", field="amount")
        body = (wanted.customer, amount.currency, str(amount.minor))
        with self._engine.begin() as conn:
            if claim(conn, tenant, "credit", wanted.key, body):
                now = self._now()
                read_customer(conn, tenant, wanted.customer, now)
                conn.execute(insert(tables.issued_credits).values(_credit_row(tenant, wanted, now)))
            return _credit(conn, tenant, wanted.key)

    def find(self, tenant: str, key: str) -> Credit:
        """The coupon under a key; CreditNotFound."""
        with self._engine.connect() as conn:
            return _credit(conn, tenant, key)


class Returns:
    """Returns of one tenant at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def request(self, tenant: str, wanted: RequestReturn) -> Return:
        """Asks the customer to send a line's goods back within two weeks.

        Raises:
            OrderNotFound, SkuNotFound, KeyReused
        """
        key = wanted.key
        with self._engine.begin() as conn:
            if claim(conn, tenant, "return", key, (wanted.order, wanted.sku)):
                now = self._now()
                read_order(conn, tenant, wanted.order, now).line(wanted.sku)
                conn.execute(insert(tables.returns).values(_return_row(tenant, wanted, now)))
            query = select(tables.returns).filter_by(tenant=tenant, key=key)
            row = conn.execute(query).mappings().one()
        return Return(row["return_id"], row["return_by"])


def claim(conn: Connection, tenant: str, kind: str, key: str, body: tuple[str, ...]) -> bool:
    """True for the first with this key, who must create; waits while another is creating.

    Raises:
        KeyReused: the key was used with another body.
    """
    digest = hashlib.sha256("\0".join(body).encode()).digest()
    claimed = conn.execute(
        postgresql.insert(tables.creations)
        .values(tenant=tenant, kind=kind, key=key, body=digest)
        .on_conflict_do_nothing()
        .returning(tables.creations.c.key)
    )
    if claimed.first() is not None:
        return True
    before = conn.execute(
        select(tables.creations.c.body).filter_by(tenant=tenant, kind=kind, key=key)
    ).scalar_one()
    if before != digest:
        raise KeyReused(key)
    return False


def new_id(prefix: str) -> str:
    """An id that nobody can guess; the caller's key, not the id, makes a repeat harmless."""
    return prefix + secrets.token_hex(8)


def _credit_row(tenant: str, wanted: IssueCredit, now: datetime) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "key": wanted.key,
        "credit_id": new_id("crd_"),
        "customer": wanted.customer,
        "currency": wanted.amount.currency,
        "amount_minor": wanted.amount.minor,
        "issued_at": now,
        "valid_until": now + _CREDIT_LIFE,
        "code": _code(),
    }


def _return_row(tenant: str, wanted: RequestReturn, now: datetime) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "key": wanted.key,
        "return_id": new_id("ret_"),
        "order_ref": wanted.order,
        "sku": wanted.sku,
        "return_by": now + _RETURN_WITHIN,
    }


def _credit(conn: Connection, tenant: str, key: str) -> Credit:
    query = select(tables.issued_credits).filter_by(tenant=tenant, key=key)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise CreditNotFound(key)
    return Credit(
        credit_id=row["credit_id"],
        key=row["key"],
        customer=row["customer"],
        amount=Money(row["currency"], row["amount_minor"]),
        issued_at=row["issued_at"],
        valid_until=row["valid_until"],
        code=row["code"],
    )


def _code() -> str:
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(8)]
    return f"SORRY-{''.join(letters[:4])}-{''.join(letters[4:])}"
