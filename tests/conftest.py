"""What every test run keeps to, and the one whole stack that the guarantees share."""

import os
import signal
from collections.abc import Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.demo.cast import Cast, gather
from deploy.local.ports import Ports
from deploy.local.stack import Stack


def pytest_sessionstart(session: pytest.Session) -> None:
    """A run that is told to end (a time limit, a cancelled job) still stops what it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


_APART = ("guarantees", "services", "stories", "chaos")


class Parts(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """By part, so that each starts its stacks once; whoever is through takes the next part.

    Larger parts go first: the few tests of chaos come last.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next(
            (one for one in _APART if nodeid.startswith(f"tests/{one}/")), "everything else"
        )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Parts | None:
    """For `--dist loadscope`; groups by marker have no effect with pytest 9.2 and xdist 3.8."""
    return Parts(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(scope="session", autouse=True)
def settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Programs that keep notes below the user's home keep them in the run's folder instead."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Real PostgreSQL, Kafka, Temporal, and every process of ours.

    Who kills a part of it waits until that part is back; who wipes one takes a stack of his own.
    """
    with Stack(tmp_path_factory.mktemp("whole"), Ports.free()) as running:
        yield running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Real PostgreSQL alone, for databases that a test makes itself."""
    with Stack(tmp_path_factory.mktemp("server"), Ports.free(), ["postgres"]) as running:
        yield running


@pytest.fixture(scope="session")
def cast(stack: Stack) -> Iterator[Cast]:
    people = gather(stack.env())
    yield people
    people.close()
