"""Every scenario of `make chaos`, with its sizes; the short ones stand in the tests."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.chaos import crash_points, frozen, overload, storm
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


ALL: dict[str, Scenario] = {
    "crash-points": _crash_points,
    "storm": _storm,
    "frozen": _frozen,
    "overload": _overload,
}
"""By the name that `of=` takes."""
