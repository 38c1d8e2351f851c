"""Faults 3, 4 and 5, small: parts misbehave, go away and forget; `make chaos` has them in full."""

from functools import partial
from pathlib import Path

import pytest

from tests.chaos import kafka_away, merchant, records, temporal_away
from tests.chaos.scene import Scene, under_load

SEED = 6


def play(scene: Scene) -> None:
    merchant.play(scene, seconds=3, down=2)
    kafka_away.play(scene, 5, wiped=True)
    temporal_away.play(scene, 4, cases=5, wiped=True)


@pytest.mark.timeout(400)
def test_nothing_is_lost_nor_done_twice_where_a_part_misbehaves_goes_away_or_forgets(
    tmp_path: Path,
) -> None:
    record = under_load(
        "outages",
        SEED,
        tmp_path,
        play,
        quiet=partial(records.quiet, anew=False),
        on=merchant.LinedStack,
        in_flight=4,
    )
    assert not record.wrong, "\n".join(record.wrong)
