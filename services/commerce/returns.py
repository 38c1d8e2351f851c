"""Returns: goods that the customer was asked to send back; nothing waits for them (S39)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select

from services.commerce import tables
from services.commerce.creations import claim, new_id
from services.commerce.store import read_order

_WITHIN = timedelta(days=14)


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
                conn.execute(insert(tables.returns).values(_row(tenant, wanted, now)))
            query = select(tables.returns).filter_by(tenant=tenant, key=key)
            row = conn.execute(query).mappings().one()
        return Return(row["return_id"], row["return_by"])


def _row(tenant: str, wanted: RequestReturn, now: datetime) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "key": wanted.key,
        "return_id": new_id("ret_"),
        "order_ref": wanted.order,
        "sku": wanted.sku,
        "return_by": now + _WITHIN,
    }
