"""What a service's store says of itself at each scrape; one short statement each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from prometheus_client.core import Metric
from sqlalchemy import Connection, Engine, text

from amends.eventstore import outbox
from amends.telemetry.metrics import gauge

_PATIENCE = text("SELECT set_config('statement_timeout', '2s', true)")
_PARKED = text("""
    SELECT count(*) AS parked, coalesce(extract(epoch FROM now() - min(since)), 0) AS longest
    FROM parked
""")


@contextmanager
def scrape(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no statement takes longer than somebody who scrapes waits."""
    with engine.begin() as conn:
        conn.execute(_PATIENCE)
        yield conn


def of_outbox(engine: Engine, now: Callable[[], datetime]) -> list[Metric]:
    """What waits to be published, and for how long, in business time."""
    with scrape(engine) as conn:
        waiting, since = outbox.backlog(conn)
    age = max(0.0, (now() - since).total_seconds()) if since else 0.0
    return [
        gauge("amends_outbox_waiting", "Events committed and not yet on Kafka", waiting),
        gauge("amends_outbox_oldest_seconds", "How long the first of them waits", age),
    ]


def of_parked(engine: Engine) -> list[Metric]:
    """Streams that wait since an event of theirs cannot be taken in."""
    with scrape(engine) as conn:
        row = conn.execute(_PARKED).one()
    return [
        gauge("amends_parked_streams", "Streams of others that cannot be taken in", row.parked),
        gauge("amends_parked_oldest_seconds", "How long the first of them waits", row.longest),
    ]
