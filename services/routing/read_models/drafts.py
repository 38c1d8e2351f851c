"""Questions about drafts: those that wait for somebody with the authority, and those that did.

Who may decide changes with the directory and with the time, so it is asked anew at each look.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from amends.values.identity import Subject, Tenant
from services.routing.domain.drafts import Draft, who_decides
from services.routing.domain.told import Told
from services.routing.read_models.holders import DirectoryQueries
from services.routing.read_models.reading import Reader
from services.routing.wire import queue as wire
from services.routing.wire import routing
from services.routing.wire.directory import Listed
from services.routing.wire.queue import Item, Place

_DRAFTS = """
    SELECT d.offer, d.maker, d.asked, d.approve_by, d.open, d.tx::text AS tx, c.need_by, c.opened,
        coalesce(e.over, false) AS over
    FROM drafts AS d
    LEFT JOIN cases AS c USING (tenant, escalation)
    LEFT JOIN endings AS e USING (tenant, escalation)
    WHERE d.tenant = :tenant"""
# One that waits may be new to whom the directory has just given the authority.
_CHANGES = "(d.open OR d.tx >= CAST(:floor AS xid8) AND d.tx >= CAST(:since AS xid8))"
_STANDS = text(f"{_DRAFTS} AND d.open AND NOT coalesce(e.over, false)")
_CHANGED = text(f"{_DRAFTS} AND {_CHANGES}")
_ANY = "SELECT FROM drafts AS d WHERE d.tenant = :tenant AND"
ANY_STANDS = f"{_ANY} d.open"
ANY_CHANGED = f"{_ANY} {_CHANGES}"
"""A row where `seen` may find a draft: most queues have none, and are looked at with this."""


class DraftQueries:
    """The drafts in somebody's queue, or (for no subject) in anybody's, each of them once."""

    def __init__(self, read: Reader, directory: DirectoryQueries) -> None:
        self._read = read
        self._directory = directory

    def seen(
        self, tenant: Tenant, subject: Subject | None, told: Told | None, at: datetime
    ) -> list[Item]:
        """Those that wait (`told` None), or changed, or whose decider did, since most was told."""
        if told is None:
            return self._items(tenant, subject, self._read.rows(_STANDS, tenant=tenant), at)
        reached = {"floor": str(told.floor), "since": str(told.since)}
        rows = self._read.rows(_CHANGED, tenant=tenant, **reached)
        return [one for one in self._items(tenant, subject, rows, at) if one.tx >= told.floor]

    def _items(
        self, tenant: Tenant, subject: Subject | None, rows: Sequence[Row[Any]], at: datetime
    ) -> list[Item]:
        others = [row for row in rows if row.maker != subject]
        if not others:
            return []
        ask = self._directory
        holders = ask.everyone(tenant) if subject is None else ask.entries_of(tenant, subject)
        items = (_item(row, holders, at) for row in others)
        return [one for one in items if one is not None]


def _item(row: Row[Any], holders: Sequence[Listed], at: datetime) -> Item | None:
    """The draft as it stands in a queue; None where none of these may decide about it."""
    draft = Draft(Subject(row.maker), wire.needs_of_asked(row.asked), row.open)
    decides = who_decides(draft, (one.holder for one in holders), at)
    if decides is None:
        return None
    [entry] = (one for one in holders if one.holder is decides)
    case = None if row.opened is None else routing.case(row.opened, over=row.over)
    return wire.draft_item(
        row.asked,
        decides,
        case,
        place=Place.of(row.need_by, row.approve_by, row.offer),
        tx=max(int(row.tx), entry.tx) if row.open else int(row.tx),
        waits=row.open,
    )
