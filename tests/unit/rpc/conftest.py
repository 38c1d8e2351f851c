"""One server for the tests that only call it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.rpc.serving import Intake, Served, serving


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def served(tmp_path: Path, intake: Intake) -> Iterator[Served]:
    with serving(tmp_path, intake) as running:
        yield running
