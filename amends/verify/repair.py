"""Repair: what can be mended without anybody's judgement.

An event that Kafka lacks is marked as not published, and its service's own relay publishes it
again, with all that came after it in its stream. A workflow that is missing is started by one round
of the reconciler. Everything else has a next step for a person.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from amends.eventstore.findings import Checked, Wrong
from amends.verify.bits import Bits

_BATCH = 500
_PATIENCE = 30.0  # seconds for the relays, which look once a second
_LOOK = 0.2
_TO_START = {Wrong.NOT_RUNNING, Wrong.SILENT}
_QUEUE_AGAIN = text("""
    UPDATE outbox SET published_at = NULL
    FROM events AS missing JOIN events AS later
        ON later.stream_id = missing.stream_id AND later.version >= missing.version
    WHERE missing.position = ANY(:positions) AND outbox.position = later.position
        AND outbox.published_at IS NOT NULL
""")
_WAITING = text("SELECT count(*) FROM outbox WHERE published_at IS NULL AND position <= :last")


def repair(
    told: Sequence[Checked], missing: Mapping[str, Bits], databases: Mapping[str, str]
) -> Iterator[str]:
    """Mends what it can; a line for each thing that it did or could not do.

    `missing` are the positions of the events that Kafka lacks, by service.
    """
    for service, positions in missing.items():
        if positions.count():
            yield _publish_again(service, positions, databases[service])
    if any(finding.wrong in _TO_START for one in told for finding in one.findings):
        yield _start_missing()
    if any(finding.wrong is Wrong.DIFFERS for one in told for finding in one.findings):
        yield "a read model is rebuilt by its service while writers wait: see its next step"


def _publish_again(service: str, positions: Bits, url: str) -> str:
    """Queues them; returns once the relay has published them, or does not."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            queued = _queue(conn, positions)
            left = _wait(conn, max(positions))
    except SQLAlchemyError as error:
        why = type(error.__cause__ or error).__name__
        return f"{service}: nothing could be queued again ({why}); run it as the service's own user"
    done = f"{service}: {queued} events were queued to be published again"
    return (
        f"{done}; its relay has yet to publish {left}: is it running?" if left else f"{done}: done"
    )


def _queue(conn: Connection, positions: Bits) -> int:
    queued, rest = 0, iter(positions)
    while batch := list(islice(rest, _BATCH)):
        queued += conn.execute(_QUEUE_AGAIN, {"positions": batch}).rowcount
    return queued


def _wait(conn: Connection, last: int) -> int:
    """How many are not published after all that patience."""
    ends = time.monotonic() + _PATIENCE
    while left := int(conn.execute(_WAITING, {"last": last}).scalar_one()):
        if time.monotonic() > ends:
            return left
        time.sleep(_LOOK)
    return 0


def _start_missing() -> str:
    """One round of the reconciler, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "workflows", "start-missing"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode:
        return "workflows: none could be started; see `python -m workflows start-missing`"
    return f"workflows: {done.stdout.strip()} that were missing were started"
