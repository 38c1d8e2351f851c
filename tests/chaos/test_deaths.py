"""The short part of `make chaos` about processes that die: crash points, then a storm.

SEED=... repeats a schedule.
"""

import os

import pytest

from tests.chaos import crash_points, storm
from tests.chaos.merchant import LinedStack
from tests.chaos.scene import Scene, loaded

_SEED = int(os.environ.get("SEED", "6"))
_KILLS = 5


def play(scene: Scene) -> None:
    crash_points.play(scene, crash_points.SHORT, at_once=2)
    storm.play(scene, _KILLS)


@pytest.mark.timeout(400)
def test_nothing_is_lost_or_done_twice_while_processes_die(stage: LinedStack) -> None:
    record = loaded(stage, "deaths, short", _SEED, play)
    assert not record.wrong, "\n".join(record.wrong)
    assert record.kills == sum(map(len, crash_points.SHORT.values())) + _KILLS
    assert (record.lost, record.double) == (0, 0)
    assert 0 < record.acknowledged == record.ended
