"""Every scenario of `make chaos`, with its sizes; the short ones stand in the tests."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.chaos import (
    clock_skew,
    crash_points,
    disk_full,
    frozen,
    kafka_away,
    merchant,
    overload,
    records,
    storm,
    temporal_away,
)
from tests.chaos.record import Record
from tests.chaos.scene import under_load

Scenario = Callable[[int, Path], Record]
"""Plays itself with a seed on a stack in a folder."""


def _crash_points(seed: int, home: Path) -> Record:
    return under_load(crash_points.NAME, seed, home, partial(crash_points.play, rounds=2))


def _storm(seed: int, home: Path) -> Record:
    return under_load(storm.NAME, seed, home, partial(storm.play, kills=180))


def _frozen(seed: int, home: Path) -> Record:
    return under_load(frozen.NAME, seed, home, partial(frozen.play, rounds=5), in_flight=4)


def _overload(seed: int, home: Path) -> Record:
    return overload.play(seed, home, overload.Size())


def _merchant(seed: int, home: Path) -> Record:
    played = partial(merchant.play, seconds=40, down=60)
    return under_load(merchant.NAME, seed, home, played, on=merchant.LinedStack)


def _kafka_stopped(seed: int, home: Path) -> Record:
    played = partial(kafka_away.play, seconds=60, wiped=False)
    return under_load("kafka-stopped", seed, home, played)


def _kafka_wiped(seed: int, home: Path) -> Record:
    return under_load("kafka-wiped", seed, home, partial(kafka_away.play, seconds=20, wiped=True))


def _records(seed: int, home: Path) -> Record:
    played = partial(records.collect, seconds=30)
    return under_load(records.NAME, seed, home, played, quiet=records.quiet)


def _temporal_stopped(seed: int, home: Path) -> Record:
    played = partial(temporal_away.play, seconds=60, cases=40, wiped=False)
    return under_load("temporal-stopped", seed, home, played)


def _temporal_wiped(seed: int, home: Path) -> Record:
    played = partial(temporal_away.play, seconds=5, cases=200, wiped=True)
    return under_load("temporal-wiped", seed, home, played)


def _clock_skew(seed: int, home: Path) -> Record:
    played = partial(clock_skew.play, seconds=20, cases=20)
    return under_load(clock_skew.NAME, seed, home, played, on=clock_skew.BentStack)


ALL: dict[str, Scenario] = {
    "crash-points": _crash_points,
    "storm": _storm,
    "frozen": _frozen,
    "overload": _overload,
    "merchant": _merchant,
    "kafka-stopped": _kafka_stopped,
    "kafka-wiped": _kafka_wiped,
    "records": _records,
    "temporal-stopped": _temporal_stopped,
    "temporal-wiped": _temporal_wiped,
    "disk-full-postgres": partial(disk_full.scenario, "postgres", 15),
    "disk-full-kafka": partial(disk_full.scenario, "kafka", 15),
    "clock-skew": _clock_skew,
}
"""By the name that `of=` takes."""
