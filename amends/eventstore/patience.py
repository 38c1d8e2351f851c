"""Patience: until when this thread's work is waited for; the store is not waited for any longer.

A call sets it for its thread; what works for nobody (relay, consumer, migration) has none.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection, text

from amends.values.refusal import DeadlinePassed

# SET LOCAL takes no parameter: its text would be another statement each time, never prepared.
_LIMIT = text("SELECT set_config('statement_timeout', :left, true)")
_UNTIL: ContextVar[float | None] = ContextVar("amends_until", default=None)


@contextmanager
def until(moment: float) -> Iterator[None]:
    """Inside, nothing of this thread waits for the store past a moment of `time.monotonic`."""
    token = _UNTIL.set(moment)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def begun(conn: Connection) -> None:
    """A transaction begins: its statements, locks that they wait for included, end in time.

    Raises:
        DeadlinePassed: it is over already.
    """
    moment = _UNTIL.get()
    if moment is None:
        return
    left = int(1000 * (moment - time.monotonic()))
    if left <= 0:
        raise DeadlinePassed
    if conn.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        conn.execute(_LIMIT, {"left": str(left)})
