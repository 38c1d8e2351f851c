"""A whole stack for the stories alone: nobody else's cases fill the queues of their people.

Its processes are traced: the stories pass with traces as every other stack does without.
"""

from collections.abc import Iterator

import pytest

from deploy.demo.cast import Cast, gather
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.stories.collector import Collector


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with Collector() as listening:
        yield listening


class TracedStack(Stack):
    """Told where its traces go whenever it is started, also by a story that stopped it."""

    endpoint = ""

    def up(self, **said: float) -> bool:
        """As ever."""
        with pytest.MonkeyPatch.context() as told:
            told.setenv("AMENDS_OTLP_ENDPOINT", self.endpoint)
            told.setenv("OTEL_BSP_SCHEDULE_DELAY", "250")
            return super().up(**said)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Stack]:
    traced = TracedStack(tmp_path_factory.mktemp("stories"), Ports.free())
    traced.endpoint = collector.endpoint
    with traced:
        yield traced


@pytest.fixture(scope="session")
def cast(stack: Stack) -> Iterator[Cast]:
    people = gather(stack.env())
    yield people
    people.close()
