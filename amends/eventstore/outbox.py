"""Outbox: what was committed and not yet told to the others."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from amends.eventstore.reading import stored
from amends.eventstore.records import StoredEvent

_WAITING = text("""
    SELECT e.position, e.tx::text AS tx, e.event_id::text AS event_id, e.stream_id, e.version,
        e.type, e.data, e.meta, e.prev_hash, e.hash, e.recorded_at
    FROM (
        SELECT position FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT :limit
    ) AS waiting JOIN events AS e USING (position) ORDER BY e.position
""")
_MARK = text("UPDATE outbox SET published_at = now() WHERE position = ANY(:positions)")
_COUNT = text("SELECT count(*) FROM outbox WHERE published_at IS NULL")


def waiting(conn: Connection, limit: int) -> list[StoredEvent]:
    """What waits, in the order in which each stream said it."""
    return [stored(row) for row in conn.execute(_WAITING, {"limit": limit})]


def mark_published(conn: Connection, events: Sequence[StoredEvent]) -> None:
    """The broker has them."""
    conn.execute(_MARK, {"positions": [event.position for event in events]})


def depth(conn: Connection) -> int:
    """How many events wait."""
    return int(conn.execute(_COUNT).scalar_one())
