"""What was created, listed in the order of kind and key, which stays; desks' refunds as well."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, tuple_

from amends.eventstore.engine import reader
from amends.values.refusal import InvalidField
from services.commerce import tables
from services.commerce.credits import Credit, read_credits
from services.commerce.payments import Refund, read_refunds_by_key
from services.commerce.replacements import Replacement, read_replacements

_KINDS = ("credit", "refund", "replacement")
_USUAL_PAGE = 500
_FIRST = ("", "")


@dataclass(frozen=True, slots=True)
class CreationPage:
    """A page of what was created; `next_token` is empty where that was all."""

    replacements: Sequence[Replacement]
    refunds: Sequence[Refund]
    credits: Sequence[Credit]
    next_token: str


class CreationList:
    """Of one tenant at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = reader(engine)
        self._now = now

    def page(self, tenant: str, size: int, token: str) -> CreationPage:
        """The page behind a token, as everything on it stands now.

        Raises:
            InvalidField: the token is none of ours.
        """
        with self._engine.connect() as conn:
            return _page(conn, tenant, size, _place(token), self._now())


def _page(
    conn: Connection, tenant: str, size: int, after: tuple[str, str], now: datetime
) -> CreationPage:
    most, made = size or _USUAL_PAGE, tables.creations.c
    place = tuple_(made.kind, made.key)
    query = select(made.kind, made.key).where(
        made.tenant == tenant, made.kind.in_(_KINDS), place > tuple_(*after)
    )
    rows = conn.execute(query.order_by(made.kind, made.key).limit(most)).all()
    keys = {kind: [row.key for row in rows if row.kind == kind] for kind in _KINDS}
    return CreationPage(
        replacements=read_replacements(conn, tenant, keys["replacement"], now),
        refunds=read_refunds_by_key(conn, tenant, keys["refund"], now),
        credits=read_credits(conn, tenant, keys["credit"], now),
        next_token=_token(rows[-1].kind, rows[-1].key) if len(rows) == most else "",
    )


def _token(kind: str, key: str) -> str:
    return base64.urlsafe_b64encode(f"{kind} {key}".encode()).decode()


def _place(token: str) -> tuple[str, str]:
    if not token:
        return _FIRST
    try:
        place = base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
        kind, key = place.split(" ")
    except ValueError:  # also what is no base64, or no text
        kind, key = "", ""
    if kind not in _KINDS or not key.isprintable():
        message = "page_token must be one that ListCreations gave; begin without one"
        raise InvalidField("page_token", message)
    return kind, key
