"""Questions about queues: a page of one, what stands in it, and what changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from amends.eventstore.sealing import words_of
from amends.values.identity import AssignmentId, Subject, Tenant
from services.routing.domain.assignment import AssignmentState
from services.routing.domain.told import Told
from services.routing.read_models import drafts
from services.routing.read_models.drafts import DraftQueries
from services.routing.read_models.reading import Reader
from services.routing.wire import queue as wire
from services.routing.wire import routing
from services.routing.wire.queue import Item, Place

_ITEM = """
    SELECT a.assignment, a.assigned, a.accept_by, a.state, a.tx::text AS tx, h.entered, c.need_by,
        c.opened, coalesce(e.over, false) AS over,
        coalesce(o.hand_over, a.hand_over) AS hand_over,
        CASE WHEN o.hand_over IS NULL THEN a.note ELSE o.note END AS note
    FROM assignments AS a
    JOIN holders AS h USING (tenant, decision_maker)
    LEFT JOIN cases AS c USING (tenant, escalation)
    LEFT JOIN endings AS e USING (tenant, escalation)
    LEFT JOIN assignments AS o ON o.tenant = a.tenant AND o.escalation = a.escalation
        AND o.state = 'OFFERED' AND a.state = 'ACCEPTED'
    WHERE a.tenant = :tenant
        AND (CAST(:subject AS text) IS NULL OR :subject = ANY (h.subjects))"""
_NAMED = text(f"{_ITEM} AND a.assignment = :assignment")
_URGENCY = "(coalesce(c.need_by, 'infinity'), a.accept_by, a.assignment)"
_QUEUE = text(f"""{_ITEM}
        AND (:decided OR a.open)
        AND {_URGENCY} > (CAST(:need_by AS timestamptz), CAST(:accept_by AS timestamptz),
            CAST(:assignment AS text))
    ORDER BY {_URGENCY} LIMIT :limit""")
# The horizon is taken with the rows: what is below it is among them or was seen before.
_SEEN = """
    SELECT seen.*, q.* FROM (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS upto, EXISTS ({drafts}) AS drafted
    ) AS seen LEFT JOIN LATERAL ({rows}) AS q ON true"""
_STANDS = text(_SEEN.format(rows=f"{_ITEM} AND a.open", drafts=drafts.ANY_STANDS))
_CHANGED = text(
    _SEEN.format(
        rows=f"""{_ITEM} AND a.tx >= CAST(:floor AS xid8)
            AND (a.open OR a.tx >= CAST(:since AS xid8))""",
        drafts=drafts.ANY_CHANGED,
    )
)


class QueueQueries:
    """Somebody's queue, or everybody's, with the drafts in it, and what changed in it."""

    def __init__(self, read: Reader, of_drafts: DraftQueries) -> None:
        self._read = read
        self._drafts = of_drafts

    def page(  # noqa: PLR0913 - whose, which part of it, and when
        self,
        tenant: Tenant,
        subject: Subject | None,
        *,
        decided: bool,
        after: Place,
        limit: int,
        at: datetime,
    ) -> list[Item]:
        """A page of somebody's queue (None: everybody's), most urgent first."""
        values = {"subject": subject, "decided": decided, "limit": limit, **after._asdict()}
        found = [_item(row) for row in self._read.rows(_QUEUE, tenant=tenant, **values)]
        waiting = self._drafts.seen(tenant, subject, None, at)
        found += [one for one in waiting if one.place.rank > after.rank]
        return sorted(found, key=lambda one: one.place.rank)[:limit]

    def one(self, tenant: Tenant, subject: Subject | None, which: AssignmentId) -> Item | None:
        """One assignment, also one that is over; None where it is nobody's or somebody else's."""
        rows = self._read.rows(_NAMED, tenant=tenant, subject=subject, assignment=which)
        return _item(rows[0]) if rows else None

    def seen(
        self, tenant: Tenant, subject: Subject | None, told: Told | None, at: datetime
    ) -> tuple[int, list[Item]]:
        """What stands in a queue (`told` None), or what changed since most was told, in order.

        First the horizon: the transaction below which everything is seen now.
        """
        values = {"tenant": tenant, "subject": subject}
        if told is None:
            rows = self._read.rows(_STANDS, **values)
        else:
            reached = {"floor": str(told.floor), "since": str(told.since)}
            rows = self._read.rows(_CHANGED, **values, **reached)
        found = [_item(row) for row in rows if row.assignment is not None]
        if rows[0].drafted:
            found += self._drafts.seen(tenant, subject, told, at)
        return int(rows[0].upto), sorted(found, key=lambda one: one.change)


def _item(row: Row[Any]) -> Item:
    state, place = AssignmentState[row.state], Place.of(row.need_by, row.accept_by, row.assignment)
    case = None if row.opened is None else routing.case(row.opened, over=row.over)
    item = wire.item(row.assigned, state, case, row.entered, place=place, tx=int(row.tx))
    item = replace(item, note=words_of(row.note))
    if row.hand_over is None:
        return item
    return replace(item, offered=wire.offered(row.hand_over))
