"""What every test run keeps to: it ends its stacks when it is ended, and writes nothing at home."""

import os
import signal

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """A run that is told to end (a time limit, a cancelled job) still stops what it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Programs that keep notes below the user's home keep them in the run's folder instead."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
