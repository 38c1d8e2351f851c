"""Replacements: goods sent again, once per key, without waiting for the return (S39).

A replacement's life is a plan made when it is ordered; business time says how far it has come.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    RowMapping,
    and_,
    bindparam,
    exists,
    insert,
    select,
    update,
)

from amends.crash_points import crash_point
from amends.eventstore.engine import reader
from amends.values.money import Money
from services.commerce import shipping
from services.commerce.creations import claim, close, new_id
from services.commerce.refusals import (
    OutOfStock,
    ReplacementNotFound,
    ReplacementShipped,
    ShippingNotOffered,
)
from services.commerce.shipping import Plan, Quote, ReplacementState
from services.commerce.store import OrderLine, come, read_order, read_quotes
from services.commerce.tables import products, replacements, returns

_KIND = "replacement"
_RETURNED = exists().where(
    and_(
        returns.c.tenant == replacements.c.tenant,
        returns.c.order_ref == replacements.c.order_ref,
        returns.c.sku == replacements.c.sku,
        returns.c.received_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
)
_QUERY = select(replacements, _RETURNED.label("return_received"))


@dataclass(frozen=True, slots=True)
class Replacement:
    """Goods sent again; `shipped_at` and `delivered_at` are None until it has come to that."""

    replacement_id: str
    key: str
    order: str
    sku: str
    service: str
    state: ReplacementState
    ordered_at: datetime
    ships_by: datetime
    arrives_by: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    price: Money
    return_received: bool
    cancelled_at: datetime | None
    # The parcels of the reference merchant do not fail.
    failure: str = ""


@dataclass(frozen=True, slots=True)
class CreateReplacement:
    """Which line of which order to send again, and how."""

    key: str
    order: str
    sku: str
    service: str


class Replacements:
    """Replacements of one tenant at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def create(self, tenant: str, wanted: CreateReplacement) -> Replacement:
        """Sends the goods again by a service that is offered now, and takes them from the stock.

        Raises:
            OrderNotFound, SkuNotFound, OutOfStock, ShippingNotOffered, KeyReused, KeyClosed
        """
        body = (wanted.order, wanted.sku, wanted.service)
        with self._engine.begin() as conn:
            first = claim(conn, tenant, _KIND, wanted.key, body)
            now = self._now()
            if first:
                _send(conn, tenant, wanted, now)
            done = _read(conn, tenant, wanted.key, now)
            crash_point("replacement.before")
        crash_point("replacement.after")
        return done

    def find(self, tenant: str, key: str) -> Replacement:
        """The replacement under a key, as it stands now; ReplacementNotFound."""
        with reader(self._engine).connect() as conn:
            return _read(conn, tenant, key, self._now())

    def close(self, tenant: str, key: str) -> Replacement | None:
        """What was sent again under a key; where that is nothing, nothing ever will be."""
        with self._engine.begin() as conn:
            if close(conn, tenant, _KIND, key):
                return None
            return _read(conn, tenant, key, self._now())

    def cancel(self, tenant: str, key: str) -> Replacement:
        """Keeps the goods back and puts them in stock again; harmless when repeated.

        Raises:
            ReplacementNotFound, ReplacementShipped
        """
        with self._engine.begin() as conn:
            query = select(replacements.c.key).filter_by(tenant=tenant, key=key)
            conn.execute(query.with_for_update())
            now = self._now()
            found = _read(conn, tenant, key, now)
            if found.state is ReplacementState.CANCELLED:
                return found
            if found.state is not ReplacementState.ORDERED:
                raise ReplacementShipped(key, found.state.name, found.shipped_at)
            _keep_back(conn, tenant, found, now)
            return _read(conn, tenant, key, now)


def _send(conn: Connection, tenant: str, wanted: CreateReplacement, now: datetime) -> None:
    order = read_order(conn, tenant, wanted.order, now)
    line = order.line(wanted.sku)
    _take_from_stock(conn, tenant, line)
    quote = shipping.find(read_quotes(conn, tenant, order, now), wanted.service)
    if quote is None:
        raise ShippingNotOffered(now)
    _insert(conn, tenant, wanted, quote, now)


def _take_from_stock(conn: Connection, tenant: str, line: OrderLine) -> None:
    """Others who want these goods wait until this replacement stands or is refused."""
    taken = conn.execute(
        update(products)
        .where(
            products.c.tenant == tenant,
            products.c.sku == line.sku,
            products.c.in_stock >= line.quantity,
        )
        .values(in_stock=products.c.in_stock - line.quantity)
    )
    if taken.rowcount == 0:
        raise OutOfStock(line.sku, line.quantity)


def _keep_back(conn: Connection, tenant: str, found: Replacement, now: datetime) -> None:
    line = read_order(conn, tenant, found.order, now).line(found.sku)
    conn.execute(
        update(replacements).filter_by(tenant=tenant, key=found.key).values(cancelled_at=now)
    )
    conn.execute(
        update(products)
        .filter_by(tenant=tenant, sku=found.sku)
        .values(in_stock=products.c.in_stock + line.quantity)
    )


def _insert(
    conn: Connection, tenant: str, wanted: CreateReplacement, quote: Quote, now: datetime
) -> None:
    plan = shipping.plan(now, quote)
    conn.execute(
        insert(replacements).values(
            tenant=tenant,
            key=wanted.key,
            replacement_id=new_id("rep_"),
            order_ref=wanted.order,
            sku=wanted.sku,
            service=quote.service,
            currency=quote.price.currency,
            price_minor=quote.price.minor,
            ordered_at=now,
            ships_by=quote.ships_by,
            arrives_by=quote.arrives_by,
            shipped_at=plan.shipped_at,
            delivered_at=plan.delivered_at,
        )
    )


def read_replacements(
    conn: Connection, tenant: str, keys: Sequence[str], now: datetime
) -> tuple[Replacement, ...]:
    """The replacements under these keys, as far as there are any."""
    query = _QUERY.where(replacements.c.tenant == tenant, replacements.c.key.in_(keys))
    return tuple(_replacement(row, now) for row in conn.execute(query, {"now": now}).mappings())


def _read(conn: Connection, tenant: str, key: str, now: datetime) -> Replacement:
    query = _QUERY.where(replacements.c.tenant == tenant, replacements.c.key == key)
    row = conn.execute(query, {"now": now}).mappings().one_or_none()
    if row is None:
        raise ReplacementNotFound(key)
    return _replacement(row, now)


def _replacement(row: RowMapping, now: datetime) -> Replacement:
    plan = Plan(row["shipped_at"], row["delivered_at"])
    kept_back = row["cancelled_at"] is not None
    return Replacement(
        replacement_id=row["replacement_id"],
        key=row["key"],
        order=row["order_ref"],
        sku=row["sku"],
        service=row["service"],
        state=ReplacementState.CANCELLED if kept_back else plan.state(now),
        ordered_at=row["ordered_at"],
        ships_by=row["ships_by"],
        arrives_by=row["arrives_by"],
        shipped_at=None if kept_back else come(plan.shipped_at, now),
        delivered_at=None if kept_back else come(plan.delivered_at, now),
        price=Money(row["currency"], row["price_minor"]),
        return_received=row["return_received"],
        cancelled_at=row["cancelled_at"],
    )
