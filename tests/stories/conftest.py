"""A whole stack for the stories alone: nobody else's cases fill the queues of their people.

Its processes are traced: the stories pass with traces as every other stack does without.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from deploy.demo.cast import Cast, gather
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.stories.collector import Collector


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with Collector() as listening:
        yield listening


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Stack]:
    with ExitStack() as ends:
        with pytest.MonkeyPatch.context() as said:
            said.setenv("AMENDS_OTLP_ENDPOINT", collector.endpoint)
            said.setenv("OTEL_BSP_SCHEDULE_DELAY", "250")
            running = ends.enter_context(Stack(tmp_path_factory.mktemp("stories"), Ports.free()))
        yield running


@pytest.fixture(scope="session")
def cast(stack: Stack) -> Iterator[Cast]:
    people = gather(stack.env())
    yield people
    people.close()
