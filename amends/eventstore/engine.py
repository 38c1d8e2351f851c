"""Engines: one pool of PostgreSQL connections per process."""

import select as sockets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, select
from sqlalchemy.exc import DisconnectionError

from amends.eventstore import patience

# All five processes at their most, with relay and clock, stay below 200 connections.
_POOL = 24
_OVERFLOW = 8
_ANSWERS = 3
LONGEST_STATEMENT = 30
"""Seconds for any statement of a pool but those of a rebuild."""
LONGEST_SILENCE = 10
"""Seconds between two statements of a transaction: who is frozen there loses it and its locks."""


def make_engine(url: str) -> Engine:
    """A pool for as many threads as a server answers calls at once.

    What a call waits for ends with the call (`patience`); nothing waits longer than
    `LONGEST_STATEMENT`, and no transaction is silent for longer than `LONGEST_SILENCE`. Each raises
    `sqlalchemy.exc.OperationalError`.

    A connection that died (PostgreSQL was restarted) is replaced before it is used; a statement
    that was under way raises `sqlalchemy.exc.OperationalError`, which callers let through. The
    connection that was given back last is taken first: few of them have each statement prepared.
    """
    engine = create_engine(
        url,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        pool_timeout=5,
        pool_use_lifo=True,
        connect_args=_connect_args(
            f"-c statement_timeout={LONGEST_STATEMENT}s"
            f" -c idle_in_transaction_session_timeout={LONGEST_SILENCE}s"
        ),
    )
    event.listen(engine, "begin", patience.begun)
    event.listen(engine, "checkout", _check_alive)
    return engine


def reader(engine: Engine) -> Engine:
    """The same pool for what only reads: each statement by itself, no transaction around it.

    A rollback would cost a round trip and what the connection has prepared.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def database_clock(url: str) -> Callable[[], datetime]:
    """Asks the database for its time, on a connection that belongs to no pool.

    The quickest of a few answers counts, as of the middle of its round trip: connecting takes
    longer than what one service says after another.
    """
    engine = create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=_connect_args()
    )

    def ask() -> datetime:
        with engine.connect() as conn:
            _took, told, at = min(_told(conn) for _ in range(_ANSWERS))
        return told + timedelta(seconds=time.monotonic() - at)

    return ask


def _told(conn: Connection) -> tuple[float, datetime, float]:
    """(how long it took, the time that was told, the moment of `time.monotonic` it was so)."""
    before = time.monotonic()
    told: datetime = conn.execute(select(func.clock_timestamp())).scalar_one()
    after = time.monotonic()
    return after - before, told, (before + after) / 2


def _check_alive(connection: psycopg.Connection[object], _record: object, _proxy: object) -> None:
    """Nobody sends to an idle connection but a server that ends it: a ping without a round trip."""
    idle = sockets.poll()  # `select` takes no file above 1,023: watchers hold one each
    idle.register(connection, sockets.POLLIN)
    if idle.poll(0):
        raise DisconnectionError


def _connect_args(options: str = "") -> dict[str, object]:
    return {
        "connect_timeout": 3,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "prepare_threshold": 1,
        "options": f"-c timezone=UTC -c client_min_messages=warning {options}".rstrip(),
    }
