"""What every test run keeps to, and the one whole stack that the guarantees share."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.cast import Cast, gather
from deploy.local.ports import Ports
from deploy.local.stack import Stack

_GUARANTEES = Path(__file__).parent / "guarantees"


def pytest_sessionstart(session: pytest.Session) -> None:
    """A run that is told to end (a time limit, a cancelled job) still stops what it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # the workers read the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In two halves where two workers run them: each starts its stacks once, and no more."""
    for item in items:
        half = "guarantees" if _GUARANTEES in item.path.parents else "everything else"
        item.add_marker(pytest.mark.xdist_group(half))


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
