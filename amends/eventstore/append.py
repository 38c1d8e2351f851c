"""Append: events, their outbox rows and the answer in one statement.

The unique (stream, version) is the last guard against two writers; the unique answer key against
two of the same request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import psycopg
from google.protobuf.message import Message
from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import IntegrityError

from amends.eventstore.answers import answer_row
from amends.eventstore.records import EventMeta, StoredEvent, chain_hash
from amends.eventstore.streams import StreamId
from amends.telemetry import traces
from amends.values.identity import Call

_GUARDS = frozenset({"events_stream_version", "answers_key"})
_EVENTS = """
    WITH fresh (event_id, version, type, data, prev_hash, hash) AS (VALUES {rows}), appended AS (
        INSERT INTO events
            (event_id, stream_id, version, type, data, meta, prev_hash, hash, recorded_at)
        SELECT event_id, :stream_id, version, type, data, :meta, prev_hash, hash, :recorded_at
        FROM fresh ORDER BY version
        RETURNING position, tx, version
    ), queued AS (
        INSERT INTO outbox (position, traceparent)
        SELECT position, CAST(:traceparent AS text) FROM appended
    )"""
# One value for each: a list of them is put together in Python, letter by letter (psycopg 3.3).
_EVENT = """(
    CAST(:event_id_{n} AS uuid), CAST(:version_{n} AS integer), CAST(:type_{n} AS text),
    CAST(:data_{n} AS bytea), CAST(:prev_hash_{n} AS bytea), CAST(:hash_{n} AS bytea))"""
_PLACED = ("event_id", "version", "type", "data", "prev_hash", "hash")
_ANSWER = """
        INSERT INTO answers (tenant, subject, rpc, request_id, digest, type, response)
        VALUES (:tenant, :subject, :rpc, :request_id, :digest, :response_type, :response)"""
_APPENDED = " SELECT position, tx::text AS tx FROM appended ORDER BY version"
_ANSWER_ONLY = text(_ANSWER)


class Conflict(Exception):
    """Someone was first, after `version` had been loaded: load and decide again."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the stream has gone on after version {version}")
        self.version = version


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is ready to be appended but for its place in the chain."""

    event_id: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream ends."""

    version: int
    hash: bytes


def cause_of(call: Call, stream: StreamId, now: datetime) -> EventMeta:
    """The cause of all events of one command; correlation is the stream's subject."""
    return EventMeta(
        tenant=stream.tenant,
        actor=call.who.subject,
        role=call.who.role.value,
        request_id=call.request_id,
        correlation_id=stream.subject,
        causation_id=call.causation_id or call.request_id,
        occurred_at=now,
    )


def append(  # noqa: PLR0913, PLR0917 - one statement, and what it writes
    conn: Connection,
    stream: StreamId,
    head: Head,
    drafts: Sequence[Draft],
    meta: EventMeta,
    recorded_at: datetime,
    answer: tuple[Call, Message] | None,
) -> list[StoredEvent]:
    """Appends behind `head`, queues for the relay and remembers the answer.

    Raises:
        Conflict: the stream has gone on, or the same request was answered meanwhile.
    """
    chained = _chain(stream, head, drafts, meta, recorded_at)
    remembered = answer_row(*answer) if answer is not None else {}
    try:
        if not chained:
            if remembered:
                conn.execute(_ANSWER_ONLY, remembered)
            return []
        statement = _statement(len(chained), answers=bool(remembered))
        placed = conn.execute(statement, {**_columns(chained), **remembered}).all()
    except IntegrityError as error:
        if isinstance(error.orig, psycopg.Error) and error.orig.diag.constraint_name in _GUARDS:
            raise Conflict(head.version) from error
        raise
    return [
        StoredEvent(position=place.position, tx=int(place.tx), **event)
        for place, event in zip(placed, chained, strict=True)
    ]


def _chain(
    stream: StreamId,
    head: Head,
    drafts: Sequence[Draft],
    meta: EventMeta,
    recorded_at: datetime,
) -> list[dict[str, Any]]:
    """What each stored event says, with its version and its link to the one before."""
    meta_bytes = meta.to_bytes()
    chained: list[dict[str, Any]] = []
    last = head.hash
    for version, draft in enumerate(drafts, head.version + 1):
        own = chain_hash(
            last, stream, version, draft.event_id, draft.type, recorded_at, meta_bytes, draft.data
        )
        chained.append(
            {
                "event_id": draft.event_id,
                "stream": stream,
                "version": version,
                "type": draft.type,
                "data": draft.data,
                "meta": meta,
                "prev_hash": last,
                "hash": own,
                "recorded_at": recorded_at,
            }
        )
        last = own
    return chained


@cache
def _statement(count: int, *, answers: bool) -> TextClause:
    """Appends so many events, and remembers the answer."""
    events = _EVENTS.format(rows=", ".join(_EVENT.format(n=n) for n in range(count)))
    answered = f", answered AS ({_ANSWER})" if answers else ""
    return text(events + answered + _APPENDED)


def _columns(chained: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = chained[0]
    return {
        "stream_id": str(first["stream"]),
        "meta": first["meta"].to_bytes(),
        "recorded_at": first["recorded_at"],
        "traceparent": traces.traceparent() or None,
        **{f"{name}_{n}": event[name] for n, event in enumerate(chained) for name in _PLACED},
    }
