"""Reading the log: one stream in order, or everything without ever skipping a late commit."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from google.protobuf.message import Message
from sqlalchemy import Connection, Row, text

from amends.eventstore.answers import ANSWER, answer_in, answer_key
from amends.eventstore.records import EventMeta, StoredEvent
from amends.eventstore.streams import StreamId
from amends.values.identity import Call

_COLUMNS = """
    SELECT position, tx::text AS tx, event_id::text AS event_id, stream_id, version, type, data,
        meta, prev_hash, hash, recorded_at
    FROM events"""
_STREAM = text(f"{_COLUMNS} WHERE stream_id = :stream_id AND version > :after ORDER BY version")
# One statement sees the answer, or the events without it: never what an answer was given for.
_ANSWER_OR_STREAM = """
    SELECT answered.*, said.*
    FROM (SELECT) AS always
    LEFT JOIN ({answer}) AS answered ON true
    LEFT JOIN ({events}) AS said ON answered.answer IS NULL
    ORDER BY said.version"""
_UNANSWERED = text(
    _ANSWER_OR_STREAM.format(answer=ANSWER, events=f"{_COLUMNS} WHERE stream_id = :stream_id")
)
# A page ends before the event that is one too many or too large; its first is always in it.
_AHEAD = f"""{_COLUMNS}
    WHERE stream_id = :stream_id AND version > :after
    ORDER BY version LIMIT CAST(:most AS integer) + 1"""
_COUNTED = """
    SELECT * FROM (
        SELECT *, row_number() OVER behind AS nth, lead(version) OVER behind AS next_version,
            sum(octet_length(data) + octet_length(meta)) OVER behind AS bytes
        FROM ({ahead}) AS ahead WINDOW behind AS (ORDER BY version)
    ) AS counted
    WHERE nth = 1 OR (nth <= :most AND bytes <= :bytes) ORDER BY version"""
_PAGE = text(_COUNTED.format(ahead=_AHEAD))
# Below every transaction that may still commit, and by (tx, position): a bare position would
# skip what commits late (eventing.md D1).
# `events.tx` is the number: a bare `tx` is the column of the answer, which sorts as text.
_ALL = text(f"""{_COLUMNS}
    WHERE (tx, position) > (CAST(:tx AS xid8), :position)
        AND tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY events.tx, position LIMIT :limit""")
_BY_POSITION = text(f"{_COLUMNS} WHERE position > :after ORDER BY position LIMIT :limit")


class Cursor(NamedTuple):
    """How far a reader of everything has come."""

    tx: int
    position: int


START = Cursor(0, 0)


class Page(NamedTuple):
    """A part of one stream, in order; `more` where the stream goes on behind it."""

    events: list[StoredEvent]
    more: bool


def read_stream(conn: Connection, stream: StreamId, after_version: int = 0) -> list[StoredEvent]:
    """One stream in order, after a version."""
    values = {"stream_id": str(stream), "after": after_version}
    return [stored(row) for row in conn.execute(_STREAM, values)]


def read_unanswered(
    conn: Connection, stream: StreamId, call: Call
) -> tuple[Message | None, list[StoredEvent]]:
    """What the call was answered before, or the stream on which it is to be decided.

    Raises:
        RequestIdReused: the same request id came with another body.
    """
    if not call.request_id:
        return None, read_stream(conn, stream)
    values = {"stream_id": str(stream), **answer_key(call)}
    rows = conn.execute(_UNANSWERED, values).all()
    answer = answer_in(rows[0], call)
    return answer, [stored(row) for row in rows if row.position is not None]


def read_page(
    conn: Connection, stream: StreamId, after_version: int, *, most: int, most_bytes: int
) -> Page:
    """The next events of one stream: at most so many, and together so large but for the first."""
    values = {"stream_id": str(stream), "after": after_version, "most": most, "bytes": most_bytes}
    rows = conn.execute(_PAGE, values).all()
    return Page([stored(row) for row in rows], bool(rows) and rows[-1].next_version is not None)


def read_all(conn: Connection, after: Cursor, limit: int) -> list[StoredEvent]:
    """Every stream, in the order (tx, position), up to the oldest transaction still open."""
    values = {"tx": str(after.tx), "position": after.position, "limit": limit}
    return [stored(row) for row in conn.execute(_ALL, values)]


def by_position(conn: Connection, page: int = 1000) -> Iterator[StoredEvent]:
    """Everything by position; right only while a lock keeps writers out."""
    after = 0
    while rows := conn.execute(_BY_POSITION, {"after": after, "limit": page}).all():
        yield from map(stored, rows)
        after = rows[-1].position


def stored(row: Row[Any]) -> StoredEvent:
    """A row of the log as a record."""
    return StoredEvent(
        position=row.position,
        tx=int(row.tx),
        event_id=row.event_id,
        stream=StreamId.parse(row.stream_id),
        version=row.version,
        type=row.type,
        data=row.data,
        meta=EventMeta.from_bytes(row.meta),
        prev_hash=row.prev_hash,
        hash=row.hash,
        recorded_at=row.recorded_at,
    )
