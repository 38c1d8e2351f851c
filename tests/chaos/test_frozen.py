"""The short part of `make chaos` about processes that freeze and wake; SEED=... repeats it."""

import os
from functools import partial

import pytest

from tests.chaos import frozen
from tests.chaos.merchant import LinedStack
from tests.chaos.scene import loaded

_SEED = int(os.environ.get("SEED", "6"))


@pytest.mark.timeout(200)
def test_nothing_is_paid_twice_by_who_was_frozen_and_wakes(stage: LinedStack) -> None:
    play = partial(frozen.play, rounds=1, asleep=(0.0, 0.5))
    record = loaded(stage, frozen.NAME, _SEED, play, in_flight=2)
    assert (record.lost, record.double) == (0, 0)
    assert not record.wrong, "\n".join(record.wrong)
    assert record.faults["paid another way meanwhile"] > 0
