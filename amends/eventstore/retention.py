"""Retention: takes away the keys of forgotten persons whose time to be kept by law is over.

They count as destroyed from that moment on in any case; this leaves nothing of them in the rows.
"""

import threading

from sqlalchemy import Engine

from amends import telemetry
from amends.eventstore.inbox import FAULTS
from amends.eventstore.person_keys import empty_past

_EVERY = 3600.0  # seconds


def keep_emptying(engine: Engine, stop: threading.Event) -> None:
    """Looks once an hour until it is stopped; harmless where several processes do it."""
    while not stop.is_set():
        try:
            with engine.begin() as conn:
                emptied = empty_past(conn)
        except FAULTS as fault:
            telemetry.log().warning("retention_waits", error=type(fault).__name__)
        else:
            if emptied:
                telemetry.log().info("kept_keys_destroyed", count=emptied)
        stop.wait(_EVERY)
