"""A database as it was at one moment, read only, however long the reading takes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, NullPool, Row, create_engine, text
from sqlalchemy.sql.elements import TextClause

from amends.eventstore.chain import Link

_PAGE = 1_000
_NOW = text("SELECT pg_current_snapshot()")
# In an order that is the same whatever the database sorts words by.
_EVENTS = text("""
    SELECT stream_id, version, position, event_id::text AS event_id, type, data, meta, prev_hash,
        hash, recorded_at
    FROM events ORDER BY stream_id, version
""")
_INBOX = text("""
    SELECT source, stream_id, version, position, event_id::text AS event_id, type, data, meta,
        NULL AS prev_hash, hash, recorded_at
    FROM inbox ORDER BY source, stream_id, version
""")
_HEADS = text("""
    SELECT source, stream_id, coalesce(h.version, 0) AS head, coalesce(i.version, 0) AS kept
    FROM inbox_heads AS h FULL JOIN (
        SELECT source, stream_id, max(version) AS version FROM inbox GROUP BY source, stream_id
    ) AS i USING (source, stream_id)
    WHERE coalesce(h.version, 0) <> coalesce(i.version, 0)
""")
_NEVER_QUEUED = text("""
    SELECT stream_id AS stream, version, position, event_id::text AS event_id
    FROM events LEFT JOIN outbox USING (position) WHERE outbox.position IS NULL ORDER BY position
""")
_QUEUED_ONLY = text("""
    SELECT position, published_at
    FROM outbox LEFT JOIN events USING (position) WHERE events.position IS NULL ORDER BY position
""")
_ANSWERED = text("SELECT tenant, request_id FROM answers")
_COUNTS = text("""
    SELECT (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM inbox_heads) AS heads
""")
_SAID = text("""
    SELECT nth, e.position, e.event_id::text AS event_id, e.prev_hash, e.hash, CASE
        WHEN e.version IS NULL
        THEN (SELECT max(version) FROM events WHERE stream_id = told.stream_id) END AS head
    FROM unnest(CAST(:streams AS text[]), CAST(:versions AS integer[])) WITH ORDINALITY
        AS told (stream_id, version, nth)
    LEFT JOIN events AS e USING (stream_id, version) ORDER BY nth
""")


class Said(NamedTuple):
    """What the owner's log holds at a place; without a hash nothing, and the log ends at `head`."""

    position: int
    event_id: str
    prev_hash: bytes
    hash: bytes | None
    head: int


class Snapshot:
    """One service's store as it was when the snapshot was taken."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def events(self) -> Iterator[Link]:
        """Every event, stream by stream, in order."""
        return (_link(row) for row in self._stream(_EVENTS))

    def inbox(self) -> Iterator[tuple[str, Link]]:
        """(source, copy) of everything that was received, stream by stream, in order."""
        return ((row.source, _link(row)) for row in self._stream(_INBOX))

    def odd_heads(self) -> Iterator[Row[Any]]:
        """Where the inbox counted further, or less far, than its copies go."""
        return self._stream(_HEADS)

    def never_queued(self) -> Iterator[Row[Any]]:
        """Events without an outbox row, which every append writes."""
        return self._stream(_NEVER_QUEUED)

    def queued_only(self) -> Iterator[Row[Any]]:
        """Outbox rows whose event is gone."""
        return self._stream(_QUEUED_ONLY)

    def answered(self) -> Iterator[tuple[str, str]]:
        """(tenant, request id) of every call that was answered."""
        return ((row.tenant, row.request_id) for row in self._stream(_ANSWERED))

    def counts(self) -> Row[Any]:
        """How many rows outbox and inbox heads have."""
        return self._conn.execute(_COUNTS).one()

    def said(self, places: Sequence[tuple[str, int]]) -> list[Said]:
        """What the log holds at each (stream, version)."""
        asked = {"streams": [one[0] for one in places], "versions": [one[1] for one in places]}
        return [
            Said(
                row.position or 0, row.event_id or "", row.prev_hash or b"", row.hash, row.head or 0
            )
            for row in self._conn.execute(_SAID, asked)
        ]

    def _stream(self, statement: TextClause) -> Iterator[Row[Any]]:
        """Row by row from a cursor of the server's, so that memory stays bounded."""
        rows = self._conn.execution_options(yield_per=_PAGE).execute(statement)
        yield from rows


@contextmanager
def snapshot_of(url: str) -> Iterator[Snapshot]:
    """A snapshot on a connection of its own, which can write nothing."""
    with reading(url) as conn:
        yield Snapshot(conn)


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection of its own that can write nothing, and sees all as of its first statement."""
    engine = create_engine(url, poolclass=NullPool, connect_args=_CONNECT)
    options: Mapping[str, Any] = {
        "isolation_level": "REPEATABLE READ",
        "postgresql_readonly": True,
    }
    with engine.connect().execution_options(**options) as conn:
        conn.execute(_NOW)
        yield conn


_CONNECT = {"connect_timeout": 3, "options": "-c timezone=UTC", "application_name": "amends verify"}


def _link(row: Row[Any]) -> Link:
    return Link(
        stream=row.stream_id,
        version=row.version,
        position=row.position,
        event_id=row.event_id,
        type=row.type,
        data=row.data,
        meta=row.meta,
        prev_hash=row.prev_hash,
        hash=row.hash,
        recorded_at=row.recorded_at,
    )
