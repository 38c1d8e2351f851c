"""The short part of `make chaos` about overload: what has to be so however slow the machine is."""

import os
from pathlib import Path

import pytest

from tests.chaos import overload

_SEED = int(os.environ.get("SEED", "6"))


@pytest.mark.timeout(180)
def test_who_is_asked_for_too_much_refuses_the_rest_and_keeps_what_it_accepts(
    tmp_path: Path,
) -> None:
    record = overload.play(_SEED, tmp_path / "stack", overload.SHORT)
    assert not record.wrong, "\n".join(record.wrong)
    assert record.figures["refused"] > 0
    assert record.figures["got_through_beside"] > 0
