"""A real PostgreSQL for the whole session, a database of its own for each test."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url

from amends.eventstore.engine import make_engine
from amends.eventstore.inbox import Inbox
from amends.eventstore.schema import create, ensure_database
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.eventstore.problems import TABLES, Hearing
from tests.eventstore.world import Store, fetch_from


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("eventstore")
    with Stack(home, Ports.free(), ["postgres"]) as stack:
        yield stack


@pytest.fixture
def store(server: Stack) -> Iterator[Store]:
    made = Store.at(_fresh_database(server))
    create(made.engine, [TABLES])
    yield made
    made.engine.dispose()


@pytest.fixture
def other(server: Stack) -> Iterator[Engine]:
    """The database of another service, which hears what `store` says."""
    engine = make_engine(_fresh_database(server))
    create(engine, [TABLES])
    yield engine
    engine.dispose()


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


@pytest.fixture
def inbox(store: Store, other: Engine, hearing: Hearing) -> Inbox:
    """The other service's inbox, whose gaps are fetched from the store's log."""
    return Inbox(other, [hearing], fetch_from(store))


def _fresh_database(server: Stack) -> str:
    name = f"test_{uuid.uuid4().hex[:12]}"
    found = make_url(server.env()["AMENDS_DATABASE_URL"]).set(database=name)
    address = found.render_as_string(hide_password=False)
    ensure_database(address)
    return address
