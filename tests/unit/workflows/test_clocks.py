"""Each service's time, from what it said and how long ago."""

from datetime import UTC, datetime, timedelta

from workflows import names
from workflows.clocks import Clocks

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def test_an_hour_of_skew_between_machines_moves_no_deadline() -> None:
    clocks = Clocks()
    clocks.heard("routing", NOON + HOUR, NOON)
    clocks.heard("intake", NOON - HOUR, NOON)
    assert clocks.now("routing", NOON + SECOND) == NOON + HOUR + SECOND
    assert clocks.now("intake", NOON + SECOND) == NOON - HOUR + SECOND


def test_what_was_heard_late_counts_less_than_what_was_heard_at_once() -> None:
    clocks = Clocks()
    clocks.heard("routing", NOON, NOON)
    assert clocks.heard("routing", NOON + SECOND, NOON + HOUR) == timedelta(0)
    assert clocks.now("routing", NOON + HOUR) == NOON + HOUR


def test_a_clock_that_was_moved_is_ahead_for_every_service() -> None:
    clocks = Clocks()
    clocks.moved(NOON + HOUR, NOON)
    assert {clocks.now(each, NOON) for each in names.SERVICES} == {NOON + HOUR}


def test_business_time_never_goes_back() -> None:
    clocks = Clocks()
    clocks.moved(NOON + HOUR, NOON)
    clocks.moved(NOON, NOON)
    assert clocks.now("routing", NOON) == NOON + HOUR


def test_a_service_that_says_it_is_too_early_is_believed() -> None:
    clocks = Clocks()
    clocks.heard("routing", NOON + HOUR, NOON)
    clocks.corrected("routing", NOON, NOON)
    assert clocks.now("routing", NOON) == NOON


def test_a_service_that_never_spoke_is_taken_to_keep_our_time() -> None:
    assert Clocks().now("routing", NOON) == NOON
