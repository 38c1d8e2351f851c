"""What somebody with every right could do to stored events, and knows how."""

# ruff: noqa: S608 - every name in a statement is spelled in these tests
import uuid
from dataclasses import replace

import psycopg
from psycopg import sql

from amends.eventstore.records import EventMeta, chain_hash
from tests.guarantees.stores import CASE

_OF_CASE = "stream_id = %(case)s"


def update(conn: psycopg.Connection, change: str, version: int) -> None:
    """Changes one event of the case."""
    _run(conn, f"UPDATE events SET {change} WHERE {_OF_CASE} AND version = {version}")


def update_copy(conn: psycopg.Connection, change: str, version: int) -> None:
    """Changes the copy of one event that routing said of the case."""
    of_routing = f"source = 'routing' AND {_OF_CASE}"
    _run(conn, f"UPDATE inbox SET {change} WHERE {of_routing} AND version = {version}")


def swap(conn: psycopg.Connection, column: str, one: int, other: int) -> None:
    """Exchanges a column of two events of the case."""
    _exchange(conn, "events", _OF_CASE, column, one, other)


def swap_copies(conn: psycopg.Connection, one: int, other: int) -> None:
    """Exchanges the places of two copies of what routing said of the case."""
    _exchange(conn, "inbox", f"source = 'routing' AND {_OF_CASE}", "version", one, other)


def drop(conn: psycopg.Connection, which: str) -> None:
    """Removes events of the case."""
    _run(conn, f"DELETE FROM events WHERE {_OF_CASE} AND {which}")


def drop_queued(conn: psycopg.Connection, which: str) -> None:
    """Removes their rows in the outbox, while they are still there."""
    same = "outbox.position = events.position"
    _run(conn, f"DELETE FROM outbox USING events WHERE {same} AND {_OF_CASE} AND {which}")


def forget_copies(conn: psycopg.Connection, source: str, left: int, *, heads: bool) -> None:
    """Removes the copies of the case after a version; with `heads` the inbox counts so too."""
    of_source = f"source = '{source}' AND {_OF_CASE}"
    _run(conn, f"DELETE FROM inbox WHERE {of_source} AND version > {left}")
    if heads:
        _run(
            conn,
            f"UPDATE inbox_heads SET version = {left} WHERE {of_source} AND version > {left}",
        )


def forge_copy(conn: psycopg.Connection, version: int) -> None:
    """One more copy behind the last that routing said of the case, with the hash of that one."""
    of_routing = f"source = 'routing' AND {_OF_CASE}"
    _run(
        conn,
        "INSERT INTO inbox (source, stream_id, version, event_id, type, data, meta, hash, "
        f"recorded_at) SELECT source, stream_id, {version}, gen_random_uuid(), type, data, meta, "
        f"hash, recorded_at FROM inbox WHERE {of_routing} AND version = {version - 1}",
    )


def event_id(conn: psycopg.Connection, version: int) -> str:
    """Of one event of the case."""
    [row] = _run(
        conn, f"SELECT event_id::text FROM events WHERE {_OF_CASE} AND version = {version}"
    ).fetchall()
    return str(row[0])


def rehash(conn: psycopg.Connection, first: int, last: int) -> None:
    """Chains the case anew between two versions."""
    rows = _run(
        conn,
        "SELECT position, prev_hash, version, event_id::text, type, recorded_at, meta, data "
        f"FROM events WHERE {_OF_CASE} AND version BETWEEN {first} AND {last} ORDER BY version",
    ).fetchall()
    behind = rows[0][1]
    for position, _, version, its_id, kind, recorded_at, meta, data in rows:
        own = chain_hash(behind, CASE, version, its_id, kind, recorded_at, meta, data)
        conn.execute(
            "UPDATE events SET prev_hash = %s, hash = %s WHERE position = %s",
            [behind, own, position],
        )
        behind = own


def copy_to_inbox(owner: psycopg.Connection, inbox: psycopg.Connection, source: str) -> None:
    """Makes the copies of the case what the log holds now."""
    rows = _run(owner, f"SELECT type, hash, version FROM events WHERE {_OF_CASE}").fetchall()
    for row in rows:
        inbox.execute(
            "UPDATE inbox SET type = %s, hash = %s WHERE version = %s AND stream_id = %s "
            "AND source = %s",
            [*row, str(CASE), source],
        )


def exchange_positions(conn: psycopg.Connection, one: int, other: int) -> None:
    """Two events of the case are written anew, each where the other one was."""
    rows = _run(
        conn,
        "SELECT position, tx, event_id, stream_id, version, type, data, meta, prev_hash, hash, "
        f"recorded_at FROM events WHERE {_OF_CASE} AND version IN ({one}, {other})",
    ).fetchall()
    drop(conn, f"version IN ({one}, {other})")
    places = reversed([row[0] for row in rows])
    for place, row in zip(places, rows, strict=True):
        conn.execute(
            "INSERT INTO events (position, tx, event_id, stream_id, version, type, data, meta, "
            "prev_hash, hash, recorded_at) OVERRIDING SYSTEM VALUE "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [place, *row[1:]],
        )


def forge(
    conn: psycopg.Connection, version: int, *, queued: bool = True, about: str = CASE.subject
) -> None:
    """One more event behind the last, whose hash is right; `queued` as if it were published."""
    [row] = _run(
        conn,
        "SELECT hash, type, recorded_at, meta, data FROM events "
        f"WHERE {_OF_CASE} AND version = {version - 1}",
    ).fetchall()
    behind, kind, at, raw, data = row
    said = EventMeta.from_bytes(raw)
    forged = replace(said, request_id=str(uuid.uuid4()), correlation_id=about, raw=b"")
    meta = forged.to_bytes()
    its_id = str(uuid.uuid4())
    own = chain_hash(behind, CASE, version, its_id, kind, at, meta, data)
    placed = conn.execute(
        "INSERT INTO events (event_id, stream_id, version, type, data, meta, prev_hash, hash, "
        "recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING position",
        [its_id, str(CASE), version, kind, data, meta, behind, own, at],
    ).fetchone()
    if queued:
        conn.execute("INSERT INTO outbox VALUES (%s, now())", placed)


def _exchange(  # noqa: PLR0913, PLR0917 - two places of a column of a table
    conn: psycopg.Connection, table: str, where: str, column: str, one: int, other: int
) -> None:
    named = f"SELECT position, {column} FROM {table} WHERE {where}"
    (first, mine), (second, yours) = _run(conn, f"{named} AND version IN ({one}, {other})")
    aside = {"version": -1, "event_id": str(uuid.uuid4())}.get(column, yours)
    for position, value in ((first, aside), (second, mine), (first, yours)):
        change = sql.SQL("UPDATE {} SET {} = %s WHERE position = %s")
        conn.execute(
            change.format(sql.Identifier(table), sql.Identifier(column)), [value, position]
        )


def _run(conn: psycopg.Connection, statement: str) -> psycopg.Cursor:
    return conn.execute(statement.encode(), {"case": str(CASE)})
