"""Engines: one pool of PostgreSQL connections per process."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, NullPool, create_engine, func, select

# All five processes at their most, with relay and clock, stay below 200 connections.
_POOL = 24
_OVERFLOW = 8


def make_engine(url: str) -> Engine:
    """A pool for as many threads as a server answers calls at once.

    A connection that died (PostgreSQL was restarted) is replaced before it is used; a statement
    that was under way raises `sqlalchemy.exc.OperationalError`, which callers let through.
    """
    return create_engine(
        url,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args=_connect_args(),
    )


def database_clock(url: str) -> Callable[[], datetime]:
    """Asks the database for its time, on a connection that belongs to no pool."""
    engine = create_engine(url, poolclass=NullPool, connect_args=_connect_args())

    def ask() -> datetime:
        with engine.connect() as conn:
            found: datetime = conn.execute(select(func.clock_timestamp())).scalar_one()
            return found

    return ask


def _connect_args() -> dict[str, object]:
    return {
        "connect_timeout": 3,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "options": "-c timezone=UTC -c client_min_messages=warning",
    }
