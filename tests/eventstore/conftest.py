"""A database of its own for each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from amends.eventstore.engine import make_engine
from amends.eventstore.inbox import Inbox
from deploy.local.stack import Stack
from tests.eventstore.problems import Hearing
from tests.eventstore.world import Store, fetch_from, fresh_database


@pytest.fixture
def store(server: Stack) -> Iterator[Store]:
    made = Store.at(fresh_database(server))
    yield made
    made.engine.dispose()


@pytest.fixture
def other(server: Stack) -> Iterator[Engine]:
    """The database of another service, which hears what `store` says."""
    engine = make_engine(fresh_database(server))
    yield engine
    engine.dispose()


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


@pytest.fixture
def inbox(store: Store, other: Engine, hearing: Hearing) -> Inbox:
    """The other service's inbox, whose gaps are fetched from the store's log."""
    return Inbox(other, [hearing], fetch_from(store))
