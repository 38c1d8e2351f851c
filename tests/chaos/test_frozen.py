"""The short part of `make chaos` about processes that freeze and wake; SEED=... repeats it."""

import os
from functools import partial
from pathlib import Path

import pytest

from tests.chaos import frozen
from tests.chaos.scene import under_load

_SEED = int(os.environ.get("SEED", "6"))


@pytest.mark.timeout(200)
def test_nothing_is_paid_twice_by_who_was_frozen_and_wakes(tmp_path: Path) -> None:
    play = partial(frozen.play, rounds=1, asleep=(0.0, 0.5))
    record = under_load(frozen.NAME, _SEED, tmp_path / "stack", play, in_flight=2)
    assert (record.lost, record.double) == (0, 0)
    assert record.wrong == []
    assert record.faults["paid another way meanwhile"] > 0
