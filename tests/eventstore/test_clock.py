"""The database's clock, as a service reads it."""

from datetime import UTC, datetime

from amends.clock import Clock
from amends.eventstore.engine import database_clock
from tests.eventstore.world import Store


def test_two_services_agree_on_the_time_however_long_it_takes_to_connect(store: Store) -> None:
    def off() -> float:
        found = Clock(database_clock(store.url))
        found.now()
        return abs((found.now() - datetime.now(UTC)).total_seconds())

    # PostgreSQL runs on this machine: its clock is ours. A busy machine may delay one look.
    assert min(off() for _ in range(10)) < 0.001
