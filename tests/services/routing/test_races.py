"""Two at once, held together by locks of the test on the service's own database."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text

from amends.eventstore.engine import make_engine
from amends.settings import Settings
from tests.services.routing.conftest import Routing
from tests.services.routing.test_assignments import refused

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = :kind")
_IN_THE_WAY = text("""
    INSERT INTO events
        (event_id, stream_id, version, type, data, meta, prev_hash, hash, recorded_at)
    VALUES (gen_random_uuid(), :stream, :version, '', '', '', '', '', now())
""")


@pytest.fixture
def database(environment: Mapping[str, str]) -> Iterator[Engine]:
    engine = make_engine(Settings.of(environment).database_url_for("routing"))
    yield engine
    engine.dispose()


def test_of_those_who_saw_the_last_place_free_one_gets_it(
    routing: Routing, database: Engine
) -> None:
    routing.enter("maya", 2, capacity=1)
    routing.grant("maya", reship="200", expedited_shipping="30")
    cases = [routing.opened() for _ in range(4)]
    with ThreadPoolExecutor(4) as together:
        with database.begin() as conn:
            conn.execute(text("LOCK TABLE assignments IN SHARE MODE"))
            answers = [together.submit(routing.route, case) for case in cases]
            until(lambda: waiting(conn, "relation") == len(cases))
        assert sum(one.result().HasField("assignment") for one in answers) == 1


def test_a_grant_that_is_taken_back_while_it_is_used_covers_nothing(
    shop: Routing, database: Engine
) -> None:
    escalation = shop.owned()
    stream = f"{shop.tenant}/escalation/{escalation}"
    with ThreadPoolExecutor(1) as other:
        with database.connect() as conn:
            version = len(shop.events(escalation)) + 1
            conn.execute(_IN_THE_WAY, {"stream": stream, "version": version})
            answer = other.submit(shop.reserve, escalation, goodwill="20")
            until(lambda: waiting(conn, "transactionid") == 1)
            shop.grant("maya", goodwill="5")
            conn.rollback()
        with refused("AUTHORITY_EXCEEDED"):
            answer.result()


def waiting(conn: Connection, kind: str) -> int:
    """How many transactions wait for a lock of this kind."""
    return int(conn.execute(_WAITING, {"kind": kind}).scalar_one())


def until(condition: Callable[[], bool]) -> None:
    """Looks every few milliseconds until it holds."""
    pause = threading.Event()
    for _ in range(500):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("not within 5 s")
