"""The stack of those tests of the short part after which it is as whole as before."""

from collections.abc import Iterator

import pytest

from deploy.local.ports import Ports
from tests.chaos.merchant import LinedStack


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinedStack]:
    with LinedStack(tmp_path_factory.mktemp("stage"), Ports.free()) as running:
        yield running
