"""Whether a service's read models are what a rebuild would make of its log and inbox.

The rebuild goes into tables of a session that nobody else sees, in short transactions, so that
nobody waits for it; what it reads, and the live tables, are as they were at one moment.
"""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from sqlalchemy import Connection, NullPool, Table, create_engine, text

from amends.eventstore.codec import Codec
from amends.eventstore.read_models import Projection, replay
from amends.eventstore.snapshot import reading
from amends.eventstore.subscription import Handlers, Subscription

_CHUNK = 100
"""Steps of a replay in one transaction."""
_PAGE = 5_000
_MOST = 100
"""Rows of a table that are named; the rest is counted."""
_QUIET = {
    "connect_timeout": 3,
    # Nobody counts a temporary table: a plan from when it was empty would read all of it each time.
    "options": "-c timezone=UTC -c enable_seqscan=off",
    "application_name": "amends verify",
}

Rows = Iterator[tuple[str, str]]
"""(hash of a row, its key), in the order of the hashes."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One table: how many live rows, how many differ, and the keys of some that do.

    That of a row is its primary key. `tx`, where a watcher goes on, is not compared.
    """

    table: str
    rows: int
    differ: int
    keys: tuple[str, ...]


def compare(
    url: str,
    codec: Codec,
    projections: Sequence[Projection],
    subscriptions: Sequence[Subscription],
) -> list[Compared]:
    """Every read model against its rebuild, row by row; writes nothing that anybody sees.

    What is only still to be done (a table with no key but its own numbers) is left out: it is
    emptied by who does it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or its user may make no
            temporary tables.
    """
    handlers = Handlers(subscriptions)
    tables = {table: None for one in projections for table in one.tables}
    tables |= dict.fromkeys(handlers.tables)
    with reading(url) as live, _scratch(url, list(tables)) as copy:
        steps = replay(live, copy, codec, projections, handlers)
        while chunk := list(islice(steps, _CHUNK)):
            with copy.begin():
                for step in chunk:
                    step()
        return [_compared(live, copy, table) for table in tables if not _is_a_queue(table)]


@contextmanager
def _scratch(url: str, tables: Sequence[Table]) -> Iterator[Connection]:
    """A session in which these tables are empty ones of its own."""
    engine = create_engine(url, poolclass=NullPool, connect_args=_QUIET)
    with engine.connect() as conn:
        with conn.begin():
            for table in tables:
                name = conn.dialect.identifier_preparer.quote(table.name)
                like = f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING ALL)"
                conn.execute(text(like))
        yield conn


def _is_a_queue(table: Table) -> bool:
    return any(column.identity is not None for column in table.primary_key)


def _compared(live: Connection, copy: Connection, table: Table) -> Compared:
    counted, keys = 0, dict[str, None]()
    sides = heapq.merge(
        ((*row, 1) for row in _rows(live, "public", table)),
        ((*row, 0) for row in _rows(copy, "pg_temp", table)),
        key=itemgetter(0),
    )
    for _hash, group in groupby(sides, key=itemgetter(0)):
        same = list(group)
        alive = sum(side for _, _, side in same)
        counted += alive
        if 2 * alive != len(same):
            keys |= dict.fromkeys(key for _, key, _ in same)
    return Compared(table.name, counted, len(keys), tuple(islice(keys, _MOST)))


def _rows(conn: Connection, schema: str, table: Table) -> Rows:
    quote = conn.dialect.identifier_preparer.quote
    key = ", ".join(quote(column.name) for column in table.primary_key)
    query = text(
        'SELECT row COLLATE "C" AS row, key FROM ('  # noqa: S608 - names of our tables
        f"SELECT md5((to_jsonb(t) - 'tx')::text) AS row, jsonb_build_array({key})::text AS key "
        f"FROM {schema}.{quote(table.name)} AS t) AS hashed ORDER BY 1, 2"
    )
    rows = conn.execution_options(yield_per=_PAGE).execute(query)
    yield from ((row.row, row.key) for row in rows)
