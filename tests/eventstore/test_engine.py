"""The pool: a dead connection is replaced before anybody notices, however many files are open."""

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, select, text

from amends.eventstore.engine import make_engine, reader
from deploy.local.stack import Stack
from tests.eventstore.world import fresh_database

_END_THE_OTHERS = text("""
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type LIKE 'client%'
""")
_SELECTABLE = 1024
"""More open files than `select` takes."""


@pytest.fixture
def url(server: Stack) -> str:
    return fresh_database(server)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(url)
    yield made
    made.dispose()


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used(
    engine: Engine, url: str
) -> None:
    several(engine, 3)
    operator = make_engine(url)
    with reader(operator).connect() as conn:
        assert conn.execute(_END_THE_OTHERS).scalar_one() == 3
    operator.dispose()
    assert several(engine, 3) == [1, 1, 1]


def test_a_process_may_hold_more_files_open_than_select_takes(engine: Engine) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * _SELECTABLE), hard))
    with ExitStack() as held:
        held.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(_SELECTABLE):
            held.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        assert several(engine, 2) == [1, 1]
        engine.dispose()


def several(engine: Engine, count: int) -> list[int]:
    """What so many connections at once are answered."""
    with ExitStack() as together:
        conns = [together.enter_context(engine.connect()) for _ in range(count)]
        return [conn.execute(select(1)).scalar_one() for conn in conns]
