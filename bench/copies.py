"""Copies of one closed case, so that a store can be full within minutes.

Every row that the case left in the four services' databases is copied with ids of its own: own
and received events, remembered answers, persons, keys, read models. What a copy does not have: a
hash chain that holds and words that can be opened, since its bytes were changed; a refund at the
merchant; records in Kafka; a run in Temporal. Nothing of a life touches those of another case.
"""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import psycopg
from psycopg import sql

DATABASES = ("intake", "routing", "resolution", "followup")
_NUMBER = 7  # the last digits of each id become the copy's number
_ID = re.compile(rb"[a-z]{3}_[a-z0-9]{21}(?![a-z0-9])|[0-9a-f]{64}")
_AT_ONCE = 5_000  # cases in one transaction
_LEFT_OUT = {"alembic_version", "outbox"}
_PUBLISHED = """
    INSERT INTO outbox (position, published_at)
    SELECT position, now() FROM events LEFT JOIN outbox AS queued USING (position)
    WHERE queued.position IS NULL
"""
# What the database fills in itself (positions, transactions) is left to it.
_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
        AND attname NOT IN ('position', 'tx')
    ORDER BY attnum
"""
_WRITTEN = sql.SQL("SELECT {} FROM {} WHERE xmin::text::bigint >= %s AND xmin::text::bigint < %s")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, with its type's name in SQL."""

    name: str
    kind: str


def now(admin: str) -> int:
    """The moment, as PostgreSQL counts transactions."""
    with psycopg.connect(f"{admin}postgres") as conn:
        row = conn.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    assert row is not None  # noqa: S101 - it always answers
    return int(row[0])


def copy(admin: str, written: range, count: int) -> None:
    """Copies what was written between two moments, in every service's database, so many times."""
    with ThreadPoolExecutor(len(DATABASES)) as pool:
        list(pool.map(partial(_copy_database, admin, written, count), DATABASES))


def _copy_database(admin: str, written: range, count: int, service: str) -> None:
    with psycopg.connect(f"{admin}amends_{service}", autocommit=True) as conn:
        conn.execute("SET synchronous_commit = off")
        copies = [one for table in _tables(conn) if (one := _copying(conn, table, written))]
        for first in range(0, count, _AT_ONCE):
            last = min(first + _AT_ONCE, count) - 1
            with conn.transaction():
                for statement in copies:
                    conn.execute(statement, {"first": first, "last": last})
                conn.execute(_PUBLISHED)
        conn.execute("VACUUM (ANALYZE)")


def _tables(conn: psycopg.Connection) -> list[str]:
    found = conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found if name not in _LEFT_OUT]


def _copying(conn: psycopg.Connection, table: str, written: range) -> sql.Composed | None:
    """The statement that copies a table's rows of the case; None where it has none."""
    columns = [Column(*one) for one in conn.execute(_COLUMNS, [table])]
    names = sql.SQL(", ").join(sql.Identifier(one.name) for one in columns)
    read = _WRITTEN.format(_as_text(columns), sql.Identifier(table))
    rows = conn.execute(read, [written.start, written.stop]).fetchall()
    if not rows:
        return None
    values = sql.SQL(", ").join(
        sql.SQL("({})").format(sql.SQL(", ").join(map(_value, columns, row))) for row in rows
    )
    return sql.SQL("""
        INSERT INTO {table} ({names})
        SELECT one.*
        FROM generate_series(%(first)s::int, %(last)s::int) AS n,
            LATERAL (SELECT lpad(n::text, {digits}, '0') AS s, lpad(to_hex(n), 8, '0') AS h) AS own,
            LATERAL (VALUES {values}) AS one
    """).format(table=sql.Identifier(table), names=names, values=values, digits=_NUMBER)


def _as_text(columns: Sequence[Column]) -> sql.Composed:
    """Bytes as they are, everything else as PostgreSQL spells it."""
    plain = sql.SQL("{}")
    spelled = sql.SQL("{}::text")
    return sql.SQL(", ").join(
        (plain if one.kind == "bytea" else spelled).format(sql.Identifier(one.name))
        for one in columns
    )


def _value(column: Column, value: str | bytes | None) -> sql.Composable:
    """A copy's value, by its number `s` (decimal) and `h` (hexadecimal)."""
    kind = sql.SQL(column.kind)  # as the catalogue spells it
    if value is None:
        return sql.SQL("NULL::{}").format(kind)
    if isinstance(value, bytes):
        return _numbered(value, sql.SQL("convert_to(s, 'UTF8')"), _bytes)
    if column.kind == "uuid" or column.name == "request_id":
        return sql.SQL("(h || {})::{}").format(sql.Literal(value[8:]), kind)
    spelled = _numbered(value.encode(), sql.SQL("s"), _words)
    return sql.SQL("({})::{}").format(spelled, kind)


def _numbered(
    value: bytes, number: sql.Composable, literal: Callable[[bytes], sql.Composable]
) -> sql.Composed:
    """The value with the end of each id in it replaced by the number: of the same length."""
    parts: list[sql.Composable] = []
    at = 0
    for found in _ID.finditer(value):
        parts += [literal(value[at : found.end() - _NUMBER]), number]
        at = found.end()
    parts.append(literal(value[at:]))
    return sql.SQL(" || ").join(parts)


def _bytes(part: bytes) -> sql.Composable:
    return sql.SQL("{}::bytea").format(sql.Literal("\\x" + part.hex()))


def _words(part: bytes) -> sql.Composable:
    return sql.SQL("{}::text").format(sql.Literal(part.decode().replace("%", "%%")))
