"""What the inbox keeps: received events, how far each stream has come, what is parked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import StreamId

Key = tuple[str, str]
"""(source, stream id)."""

_HEAD = text("SELECT version FROM inbox_heads WHERE source = :source AND stream_id = :stream_id")
_LOCK = text("""
    INSERT INTO inbox_heads (source, stream_id, version)
    SELECT source, stream_id, 0
    FROM unnest(CAST(:sources AS text[]), CAST(:streams AS text[])) AS due (source, stream_id)
    ORDER BY source, stream_id
    ON CONFLICT (source, stream_id) DO UPDATE SET version = inbox_heads.version
    RETURNING source, stream_id, version
""")
_GO_ON = text("""
    WITH fresh AS (
        SELECT * FROM unnest(
            CAST(:sources AS text[]), CAST(:streams AS text[]), CAST(:versions AS integer[]),
            CAST(:event_ids AS uuid[]), CAST(:types AS text[]), CAST(:datas AS bytea[]),
            CAST(:metas AS bytea[]), CAST(:hashes AS bytea[]), CAST(:recorded AS timestamptz[])
        ) WITH ORDINALITY AS fresh (source, stream_id, version, event_id, type, data, meta, hash,
            recorded_at, nth)
    ), kept AS (
        INSERT INTO inbox
            (source, stream_id, version, event_id, type, data, meta, hash, recorded_at)
        SELECT source, stream_id, version, event_id, type, data, meta, hash, recorded_at
        FROM fresh ORDER BY nth
    ), gone_on AS (
        SELECT source, stream_id, max(version) AS version FROM fresh GROUP BY source, stream_id
    ), advanced AS (
        UPDATE inbox_heads SET version = gone_on.version FROM gone_on
        WHERE inbox_heads.source = gone_on.source AND inbox_heads.stream_id = gone_on.stream_id
    )
    SELECT parked.source, parked.stream_id FROM parked JOIN gone_on USING (source, stream_id)
""")
# Two sources of one subject may begin and end to wait at the same time.
_ONE_SUBJECT = text("""
    SELECT pg_advisory_xact_lock(hashtext('amends parked'), hashtext(:stream_id))
""")
_UNPARK = text("""
    WITH unparked AS (
        DELETE FROM parked WHERE source = :source AND stream_id = :stream_id
    )
    SELECT count(*) FROM parked WHERE source <> :source AND stream_id = :stream_id
""")
_PARK = text("""
    INSERT INTO parked (source, stream_id, version, type, problem)
    VALUES (:source, :stream_id, :version, :type, :problem)
    ON CONFLICT (source, stream_id) DO UPDATE SET version = excluded.version,
        type = excluded.type, problem = excluded.problem, since = now()
    WHERE parked.version <> excluded.version
""")
_PARKED = text("SELECT source, stream_id FROM parked ORDER BY since")
_ALL = text("""
    SELECT position, source, stream_id, version, event_id::text AS event_id, type, data, meta,
        hash, recorded_at
    FROM inbox WHERE position > :after ORDER BY position LIMIT :limit
""")
# Not known of what was received before transactions were remembered.
_TX = text("""
    SELECT coalesce((
        SELECT tx FROM inbox
        WHERE source = :source AND stream_id = :stream_id AND version = :version
    ), pg_current_xact_id())::text
""")
_OF_STREAM = text("""
    SELECT source, stream_id, version, event_id::text AS event_id, type, data, meta, hash,
        recorded_at
    FROM inbox
    JOIN unnest(CAST(:sources AS text[]), CAST(:after AS integer[])) AS wanted (source, after)
        USING (source)
    WHERE stream_id = :stream_id AND version > after
    ORDER BY source, version
""")
_SAID = text("""
    SELECT 0 AS nth, CAST(:own AS text) AS source, stream_id, version,
        event_id::text AS event_id, type, data, meta, hash, recorded_at, prev_hash
    FROM events WHERE stream_id = :stream_id AND version > :own_after
    UNION ALL
    SELECT 1, source, stream_id, version, event_id::text, type, data, meta, hash, recorded_at,
        NULL
    FROM inbox
    JOIN unnest(CAST(:sources AS text[]), CAST(:after AS integer[])) AS wanted (source, after)
        USING (source)
    WHERE stream_id = :stream_id AND version > after
    ORDER BY nth, source, version
""")
_LAST_OF_STREAMS = text("""
    SELECT DISTINCT ON (stream_id)
        source, stream_id, version, event_id::text AS event_id, type, data, meta, hash, recorded_at
    FROM inbox
    WHERE source = :source AND stream_id = ANY(CAST(:streams AS text[])) AND type = :type
    ORDER BY stream_id, version DESC
""")


def head(conn: Connection, key: Key) -> int:
    """The version that a stream has come to; 0 where nothing was received."""
    source, stream_id = key
    values = {"source": source, "stream_id": stream_id}
    return int(conn.execute(_HEAD, values).scalar() or 0)


def lock_heads(conn: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    """Locks each stream until the transaction ends, in one order for all; its version by key."""
    rows = conn.execute(_LOCK, _columns(keys))
    return {(row.source, row.stream_id): row.version for row in rows}


def go_on(conn: Connection, envelopes: Sequence[Envelope]) -> list[Key]:
    """Keeps what is taken in, in this order; which of its streams, whose heads are locked, wait."""
    values = {
        "sources": [one.source for one in envelopes],
        "streams": [str(one.stream) for one in envelopes],
        "versions": [one.version for one in envelopes],
        "event_ids": [one.event_id for one in envelopes],
        "types": [one.type for one in envelopes],
        "datas": [one.data for one in envelopes],
        "metas": [one.meta.to_bytes() for one in envelopes],
        "hashes": [one.hash for one in envelopes],
        "recorded": [one.recorded_at for one in envelopes],
    }
    return [(row.source, row.stream_id) for row in conn.execute(_GO_ON, values)]


def tx_of(conn: Connection, envelope: Envelope) -> str:
    """The transaction that took the event in: the same when it is replayed.

    What was received before transactions were remembered counts as taken in now.
    """
    values = {"source": envelope.source, "stream_id": str(envelope.stream)}
    return str(conn.execute(_TX, {**values, "version": envelope.version}).scalar_one())


def unpark(conn: Connection, key: Key) -> bool:
    """The stream goes on; True where no other source's stream of the same subject waits."""
    source, stream_id = key
    conn.execute(_ONE_SUBJECT, {"stream_id": stream_id})
    others = conn.execute(_UNPARK, {"source": source, "stream_id": stream_id}).scalar_one()
    return int(others) == 0


def park(conn: Connection, envelope: Envelope, problem: str) -> None:
    """Remembers where a stream is stuck."""
    conn.execute(_ONE_SUBJECT, {"stream_id": str(envelope.stream)})
    values = {
        "source": envelope.source,
        "stream_id": str(envelope.stream),
        "version": envelope.version,
        "type": envelope.type,
        "problem": problem,
    }
    conn.execute(_PARK, values)


def parked_streams(conn: Connection) -> list[tuple[str, StreamId]]:
    """(source, stream) of all that are stuck, the longest first."""
    return [(row.source, StreamId.parse(row.stream_id)) for row in conn.execute(_PARKED)]


def by_position(conn: Connection, page: int = 1000) -> Iterator[tuple[int, Envelope]]:
    """(position, event) of everything received, in the order in which it was taken in."""
    after = 0
    while rows := conn.execute(_ALL, {"after": after, "limit": page}).all():
        for row in rows:
            yield row.position, _envelope(row)
        after = rows[-1].position


def of_stream(conn: Connection, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
    """What the named sources said in one stream after the version beside each, in its order."""
    values = {
        "stream_id": str(stream),
        "sources": list(after),
        "after": list(after.values()),
    }
    return [_envelope(row) for row in conn.execute(_OF_STREAM, values)]


def said(conn: Connection, own: str, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
    """What this service (`own`) and then the others that are named said in one stream, as above."""
    others = {source: version for source, version in after.items() if source != own}
    values = {
        "own": own,
        "own_after": after[own],
        "stream_id": str(stream),
        "sources": list(others),
        "after": list(others.values()),
    }
    return [_envelope(row, row.prev_hash) for row in conn.execute(_SAID, values)]


def last_of_streams(
    conn: Connection, source: str, streams: Sequence[StreamId], event_type: str
) -> list[Envelope]:
    """The last event of a type in each stream of a source that has one."""
    values = {"source": source, "streams": [str(one) for one in streams], "type": event_type}
    return [_envelope(row) for row in conn.execute(_LAST_OF_STREAMS, values)]


def _columns(keys: Sequence[Key]) -> dict[str, Any]:
    return {"sources": [key[0] for key in keys], "streams": [key[1] for key in keys]}


def _envelope(row: Row[Any], prev_hash: bytes | None = None) -> Envelope:
    return Envelope(
        source=row.source,
        event_id=row.event_id,
        stream=StreamId.parse(row.stream_id),
        version=row.version,
        type=row.type,
        data=row.data,
        meta=EventMeta.from_bytes(row.meta),
        recorded_at=row.recorded_at,
        hash=row.hash,
        prev_hash=prev_hash,
    )
