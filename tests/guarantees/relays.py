"""Two processes of one service that both want to publish, and what arrives."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psutil
from sqlalchemy import Engine, text

from amends.eventstore.streams import StreamId
from amends.kafka.history import History
from amends.kafka.topics import topic_of

_LEADS = text("""
    SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND application_name = 'amends relay'
        AND datname = current_database()
""")


@contextmanager
def relay(service: str, environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """A process of the service in the role of the relay; ended at the latest in the end."""
    started = psutil.Popen(
        [sys.executable, "-m", f"services.{service}", "relay"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
        started.wait(30)


def leader(engine: Engine, relays: list[psutil.Process]) -> psutil.Process | None:
    """Which of them leads now."""
    with engine.connect() as conn:
        port = conn.execute(_LEADS).scalar()
    alive = (one for one in relays if one.is_running() and one.status() != psutil.STATUS_ZOMBIE)
    return next((one for one in alive if port in _ports(one)), None)


def _ports(process: psutil.Process) -> set[int]:
    return {each.laddr.port for each in process.net_connections("tcp")}


def arrived(bootstrap: str, service: str, stream: StreamId) -> list[int]:
    """The versions of a stream on Kafka, in the order in which they stand there."""
    history = History(bootstrap, [topic_of(service)])
    history.mark()
    return [told.link.version for told in history.told() if told.link.stream == str(stream)]
