"""From the commit of an event to its place in another service's read model.

Both moments are PostgreSQL's own: when the transaction that appended the event was committed, and
when the one that took it into the other service's inbox and read models was.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import psycopg

from amends.eventstore.engine import make_engine
from bench.bed import IN_FLIGHT, Bed
from bench.copies import DATABASES
from bench.figures import Figure, milliseconds
from bench.life import Lives
from bench.writing import PER_STREAM, TENANT, burst, update_alone
from deploy.local.postgres import ADMIN, Postgres

_POLL = 0.02
_PATIENCE = 120.0
_SAID = """
    SELECT event_id::text, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8
    FROM events WHERE position > %s
"""
_TAKEN = """
    SELECT event_id::text, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8
    FROM inbox WHERE position > %s AND source = %s
"""
_LAST = "SELECT last_value FROM events_position_seq"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far each service's log and inbox were at a moment."""

    admin: str
    positions: Mapping[str, int]

    @classmethod
    def of(cls, bed: Bed) -> "Mark":
        """Now."""
        admin = Postgres(bed.stack.home, bed.stack.ports).address(ADMIN)
        return cls(admin, {name: _last(admin, name) for name in DATABASES})

    def said(self, service: str) -> dict[str, float]:
        """When each event was committed that the service said since then."""
        return self._moments(service, _SAID, [self.positions[service]])

    def taken(self, service: str, source: str) -> dict[str, float]:
        """When each event of a source was taken in by a service since then."""
        return self._moments(service, _TAKEN, [self.positions[service], source])

    def _moments(self, service: str, statement: str, values: Sequence[object]) -> dict[str, float]:
        with psycopg.connect(f"{self.admin}amends_{service}") as conn:
            rows = conn.execute(statement, values).fetchall()
        return {event: cast("float", moment) for event, moment in rows}


def events(bed: Bed) -> Iterator[Figure]:
    """The lag of one command at a time, that beside 16 lives, and how fast a burst is taken in."""
    with Lives(bed.settings, TENANT, orders=1) as lives:
        mark = Mark.of(bed)
        update_alone(lives, max(bed.size.commands // 10, 10))
        yield from _lags("lag_alone", _between(mark, "routing", "resolution"))
        mark = Mark.of(bed)
        bed.live(bed.size.lives, IN_FLIGHT)
        pairs = [(one, two) for one in DATABASES for two in DATABASES if one != two]
        seconds = [lag for pair in pairs for lag in _between(mark, *pair)]
        yield from _lags("lag_beside_lives", seconds)
        yield Figure("events_to_read_model_per_second", _burst(bed, lives), "events/s")


def _lags(name: str, seconds: Sequence[float]) -> Iterator[Figure]:
    yield from milliseconds(name, seconds, 50, 99)


def _between(mark: Mark, source: str, target: str) -> list[float]:
    """The lag of each event that has arrived; what was said last is waited for."""
    said = mark.said(source)
    taken = _arrived(mark, source, target, len(said))
    return [taken[event] - at for event, at in said.items() if event in taken]


def _burst(bed: Bed, lives: Lives) -> float:
    """Routing's events a second in resolution's read model, all committed at one moment."""
    mark = Mark.of(bed)
    engine = make_engine(bed.settings.database_url_for("routing"))
    burst(engine, bed.size.events // PER_STREAM)
    engine.dispose()
    update_alone(lives, 1)  # wakes the relay, which looks by itself once a second only
    said = mark.said("routing")
    taken = _arrived(mark, "routing", "resolution", len(said))
    return len(taken) / (max(taken.values()) - min(said.values()))


def _arrived(mark: Mark, source: str, target: str, count: int) -> dict[str, float]:
    limit = time.monotonic() + _PATIENCE
    while len(taken := mark.taken(target, source)) < count:
        if time.monotonic() > limit:
            msg = f"{len(taken)} of {count} events of {source} arrived in {target}"
            raise TimeoutError(msg)
        time.sleep(_POLL)
    return taken


def _last(admin: str, service: str) -> int:
    with psycopg.connect(f"{admin}amends_{service}") as conn:
        row = conn.execute(_LAST).fetchone()
    assert row is not None  # noqa: S101 - a sequence has a last value
    return int(row[0])
