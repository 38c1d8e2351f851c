"""Outbox: what was committed and not yet told to the others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from amends.eventstore.reading import stored
from amends.eventstore.records import StoredEvent

_WAITING = text("""
    SELECT e.position, e.tx::text AS tx, e.event_id::text AS event_id, e.stream_id, e.version,
        e.type, e.data, e.meta, e.prev_hash, e.hash, e.recorded_at, waiting.traceparent
    FROM (
        SELECT position, traceparent FROM outbox
        WHERE published_at IS NULL ORDER BY position LIMIT :limit
    ) AS waiting JOIN events AS e USING (position) ORDER BY e.position
""")
_MARK = text("UPDATE outbox SET published_at = now() WHERE position = ANY(:positions)")
_AGAIN = text("UPDATE outbox SET published_at = NULL WHERE position = ANY(:positions)")
# What is known is read as it was before; the first topic that is seen is nobody's successor.
_FOLLOW = text("""
    WITH known AS (SELECT topic_id FROM outbox_topic), noted AS (
        INSERT INTO outbox_topic (topic_id) VALUES (:topic_id)
        ON CONFLICT (one) DO UPDATE SET topic_id = excluded.topic_id, since = now()
        WHERE outbox_topic.topic_id <> excluded.topic_id
    )
    UPDATE outbox SET published_at = NULL
    WHERE published_at > now() - CAST(:retained AS interval)
        AND EXISTS (SELECT FROM known WHERE topic_id <> :topic_id)
""")
# Counted no further than is worth knowing, so that a scrape costs the same on the worst day.
_BACKLOG = text("""
    SELECT count(*) AS waiting, (
        SELECT recorded_at FROM events WHERE events.position = min(queued.position)
    ) AS since
    FROM (
        SELECT position FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT 100000
    ) AS queued
""")
_COUNT = text("SELECT count(*) FROM outbox WHERE published_at IS NULL")


def waiting(conn: Connection, limit: int) -> list[StoredEvent]:
    """What waits, in the order in which each stream said it."""
    rows = conn.execute(_WAITING, {"limit": limit})
    return [_waiting(row) for row in rows]


def mark_published(conn: Connection, events: Sequence[StoredEvent]) -> None:
    """The broker has them."""
    conn.execute(_MARK, {"positions": [event.position for event in events]})


def publish_again(conn: Connection, positions: Sequence[int]) -> None:
    """These events wait once more, in their places; readers recognise what they know."""
    conn.execute(_AGAIN, {"positions": list(positions)})


def follow_topic(conn: Connection, topic_id: str, retained: timedelta) -> int:
    """Publishing goes to this topic from now on; how many events wait for it again.

    Where it is another one than before, its predecessor is lost with all that was in it: whatever
    was published within the time that a topic keeps waits again. Called by the relay that leads.
    """
    return conn.execute(_FOLLOW, {"topic_id": topic_id, "retained": retained}).rowcount


def backlog(conn: Connection) -> tuple[int, datetime | None]:
    """How many events wait, as far as 100,000, and when the first of them was said."""
    row = conn.execute(_BACKLOG).one()
    return int(row.waiting), row.since


def depth(conn: Connection) -> int:
    """How many events wait."""
    return int(conn.execute(_COUNT).scalar_one())


def _waiting(row: Row[Any]) -> StoredEvent:
    event = stored(row)
    return replace(event, traceparent=row.traceparent) if row.traceparent else event
