"""One whole stack for all stories: real PostgreSQL, Kafka, Temporal, every process of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.cast import Cast, gather
from deploy.local.ports import Ports
from deploy.local.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home: Path = tmp_path_factory.mktemp("stories")
    with Stack(home, Ports.free()) as running:
        yield running


@pytest.fixture(scope="session")
def cast(stack: Stack) -> Iterator[Cast]:
    people = gather(stack.env())
    yield people
    people.close()
