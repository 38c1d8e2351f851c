"""Credits: what a customer is given beside goods and money, once per key, and taken back once.

A percentage of a named order is worth just that from the start; a percentage of the next order is
worth at most its amount.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from amends.crash_points import crash_point
from amends.eventstore.engine import reader
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import InvalidField
from services.commerce import tables
from services.commerce.creations import claim, close, new_id
from services.commerce.customers import read_customer
from services.commerce.refusals import CreditNotFound, CreditUsed, OrderNotFound
from services.commerce.store import come, read_order

_KIND = "credit"
_YEAR = timedelta(days=365)
# Letters and digits that nobody confuses when a code is read aloud.
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class CreditKind(Enum):
    """What is given."""

    COUPON = auto()
    GIFT_CERTIFICATE = auto()
    PERCENTAGE_OFF = auto()
    GOODWILL = auto()


class CreditState(Enum):
    """How a credit stands."""

    ISSUED = auto()
    USED = auto()
    VOIDED = auto()


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the codes of a kind begin with, and how long they are good."""

    prefix: str
    life: timedelta


_TERMS: Mapping[CreditKind, _Terms] = MappingProxyType(
    {
        CreditKind.COUPON: _Terms("SORRY", _YEAR),
        CreditKind.GIFT_CERTIFICATE: _Terms("GIFT", 5 * _YEAR),
        CreditKind.PERCENTAGE_OFF: _Terms("OFF", _YEAR),
        CreditKind.GOODWILL: _Terms("THANKS", _YEAR),
    }
)


@dataclass(frozen=True, slots=True)
class Credit:
    """Something given; `code` is what the customer types at the checkout."""

    credit_id: str
    key: str
    customer: str
    amount: Money
    issued_at: datetime
    valid_until: datetime
    code: str
    kind: CreditKind
    percent: int
    order: str
    state: CreditState
    used_at: datetime | None
    voided_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssueCredit:
    """Which customer gets what; a coupon where no kind is named."""

    key: str
    customer: str
    amount: Money
    kind: CreditKind | None = None
    percent: int = 0
    order: str = ""

    @property
    def given(self) -> CreditKind:
        """The kind that is given."""
        return self.kind or CreditKind.COUPON

    @property
    def body(self) -> tuple[str, ...]:
        """What may not differ under one key; a coupon's is what it was when there was no more."""
        plain = (self.customer, self.amount.currency, str(self.amount.minor))
        if self.given is CreditKind.COUPON and not self.order:
            return plain
        return (*plain, self.given.name, str(self.percent), self.order)

    def check(self) -> None:
        """Refuses what no kind of credit is.

        Raises:
            InvalidMoney: nothing, or less.
            InvalidField: a percentage off without its percent, or another kind with one.
        """
        if self.amount.minor <= 0:
            raise InvalidMoney("amount must be above zero", field="amount")
        percentage = self.given is CreditKind.PERCENTAGE_OFF
        if percentage != (self.percent > 0):
            message = (
                f"percent is {self.percent}, and must be 1 to 100 for PERCENTAGE_OFF and left out "
                "for any other kind"
            )
            raise InvalidField("percent", message)


class Credits:
    """Credits of one tenant at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def issue(self, tenant: str, wanted: IssueCredit) -> Credit:
        """Gives a customer a credit; a repeat answers it as it stands now.

        Raises:
            CustomerNotFound, OrderNotFound, InvalidField, InvalidMoney, KeyReused, KeyClosed
        """
        wanted.check()
        with self._engine.begin() as conn:
            if claim(conn, tenant, _KIND, wanted.key, wanted.body):
                now = self._now()
                read_customer(conn, tenant, wanted.customer, now)
                worth = _worth(conn, tenant, wanted, now) if wanted.order else wanted.amount
                conn.execute(insert(tables.issued_credits).values(_row(tenant, wanted, worth, now)))
            done = _credit(conn, tenant, wanted.key, self._now())
            crash_point("credit.before")
        crash_point("credit.after")
        return done

    def find(self, tenant: str, key: str) -> Credit:
        """The credit under a key, as it stands now; CreditNotFound."""
        with reader(self._engine).connect() as conn:
            return _credit(conn, tenant, key, self._now())

    def close(self, tenant: str, key: str) -> Credit | None:
        """What was given under a key; where that is nothing, nothing ever will be."""
        with self._engine.begin() as conn:
            if close(conn, tenant, _KIND, key):
                return None
            return _credit(conn, tenant, key, self._now())

    def void(self, tenant: str, key: str) -> Credit:
        """Makes a credit good for nothing; harmless when repeated.

        Raises:
            CreditNotFound, CreditUsed
        """
        given = tables.issued_credits
        with self._engine.begin() as conn:
            conn.execute(select(given.c.key).filter_by(tenant=tenant, key=key).with_for_update())
            now = self._now()
            found = _credit(conn, tenant, key, now)
            if found.used_at is not None:
                raise CreditUsed(key, found.used_at)
            if found.voided_at is None:
                conn.execute(update(given).filter_by(tenant=tenant, key=key).values(voided_at=now))
            return _credit(conn, tenant, key, now)


def _worth(conn: Connection, tenant: str, wanted: IssueCredit, now: datetime) -> Money:
    """What is given for an order; a percentage comes to that much of it, never above its cap.

    Raises:
        OrderNotFound: the customer has no such order.
        InvalidMoney: the cap is in another currency than the order.
    """
    order = read_order(conn, tenant, wanted.order, now)
    if order.customer != wanted.customer:
        raise OrderNotFound
    if wanted.given is not CreditKind.PERCENTAGE_OFF:
        return wanted.amount
    currency = order.total.currency
    if wanted.amount.currency != currency:
        message = f"the order is in {currency}; name the amount in {currency}"
        raise InvalidMoney(message, field="amount")
    share = Money(currency, (order.total.minor * wanted.percent + 50) // 100)
    return min(share, wanted.amount)


def _row(tenant: str, wanted: IssueCredit, worth: Money, now: datetime) -> dict[str, Any]:
    terms = _TERMS[wanted.given]
    return {
        "tenant": tenant,
        "key": wanted.key,
        "credit_id": new_id("crd_"),
        "customer": wanted.customer,
        "currency": worth.currency,
        "amount_minor": worth.minor,
        "issued_at": now,
        "valid_until": now + terms.life,
        "code": _code(terms.prefix),
        "kind": wanted.given.name,
        "percent": wanted.percent,
        "order_ref": wanted.order or None,
    }


def _credit(conn: Connection, tenant: str, key: str, now: datetime) -> Credit:
    query = select(tables.issued_credits).filter_by(tenant=tenant, key=key)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise CreditNotFound(key)
    return _as_it_stands(row, now)


def read_credits(
    conn: Connection, tenant: str, keys: Sequence[str], now: datetime
) -> tuple[Credit, ...]:
    """The credits under these keys, as far as there are any."""
    given = tables.issued_credits
    query = select(given).where(given.c.tenant == tenant, given.c.key.in_(keys))
    return tuple(_as_it_stands(row, now) for row in conn.execute(query).mappings())


def _as_it_stands(row: RowMapping, now: datetime) -> Credit:
    used_at = come(row["used_at"], now)
    return Credit(
        credit_id=row["credit_id"],
        key=row["key"],
        customer=row["customer"],
        amount=Money(row["currency"], row["amount_minor"]),
        issued_at=row["issued_at"],
        valid_until=row["valid_until"],
        code=row["code"],
        kind=CreditKind[row["kind"]],
        percent=row["percent"],
        order=row["order_ref"] or "",
        state=_state(used_at, row["voided_at"]),
        used_at=used_at,
        voided_at=row["voided_at"],
    )


def _state(used_at: datetime | None, voided_at: datetime | None) -> CreditState:
    if used_at is not None:
        return CreditState.USED
    return CreditState.ISSUED if voided_at is None else CreditState.VOIDED


def _code(prefix: str) -> str:
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(8)]
    return f"{prefix}-{''.join(letters[:4])}-{''.join(letters[4:])}"
