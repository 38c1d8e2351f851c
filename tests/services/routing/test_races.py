"""Two at once, held together by locks of the test on the service's own database."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import pytest
from sqlalchemy import Connection, Engine, text

from amends.eventstore.engine import make_engine
from amends.rpc.status import refusal_of
from amends.settings import Settings
from services.routing.read_models.holders import directory_changed
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


def test_of_the_offers_that_saw_the_last_place_free_one_gets_it(
    shop: Routing, database: Engine
) -> None:
    cases = [shop.owned() for _ in range(3)]
    shop.enter("helen", 3, capacity=1)
    # The customer's key is made with the first note; nobody waits for it any more.
    shop.give_back(shop.hand_over(cases[0]).hand_over_id, "maya")
    with ThreadPoolExecutor(3) as together:
        with database.begin() as conn:
            conn.execute(text("LOCK TABLE assignments IN SHARE MODE"))
            answers = [together.submit(shop.hand_over, case) for case in cases]
            until(lambda: waiting(conn, "relation") == len(cases))
        refusals = [one.exception() for one in answers if one.exception()]
    assert len(refusals) == len(cases) - 1
    assert len(shop.queue("helen")) == 1


def test_a_grant_that_is_taken_back_while_it_is_used_covers_nothing(
    shop: Routing, database: Engine
) -> None:
    escalation = shop.owned()
    with ThreadPoolExecutor(1) as other:
        with held_up(database, shop, escalation) as everyone_waits:
            answer = other.submit(shop.reserve, escalation, goodwill="20")
            everyone_waits()
            shop.grant("maya", goodwill="5")
        with refused("AUTHORITY_EXCEEDED"):
            answer.result()


def test_of_two_who_are_entered_under_one_subject_at_once_one_is(
    shop: Routing, database: Engine
) -> None:
    def enter(name: str) -> str:
        try:
            shop.enter(name, 1, subjects=["new"])
        except grpc.RpcError as error:
            return refusal_of(error).reason
        return "entered"

    with ThreadPoolExecutor(2) as together:
        with database.connect() as conn:
            conn.execute(text("LOCK TABLE subjects IN SHARE MODE"))
            answers = [together.submit(enter, name) for name in ("anna", "ben")]
            until(lambda: waiting(conn, "relation") == len(answers))
            conn.rollback()
        assert sorted(one.result() for one in answers) == ["SUBJECT_TAKEN", "entered"]


def test_who_comes_back_while_nobody_is_found_is_asked(shop: Routing, database: Engine) -> None:
    for name in ("maya", "helen"):
        shop.be_away(name)
    escalation = shop.opened()
    with ThreadPoolExecutor(1) as other:
        with held_up(database, shop, escalation) as everyone_waits:
            answer = other.submit(shop.route, escalation)
            everyone_waits()
            shop.be_away("helen", away=False)
        assert answer.result().assignment.decision_maker_id == "dm_helen"
    assert shop.events(escalation) == ["DecisionMakerAssigned"]


def test_a_change_of_the_directory_waits_for_those_who_are_finding_nobody(
    shop: Routing, database: Engine
) -> None:
    with ThreadPoolExecutor(1) as other:
        with database.connect() as finder:
            directory_changed(finder, shop.tenant, ())
            answer = other.submit(shop.grant, "helen", reship="1234")
            until(lambda: waiting(finder, "advisory") == 1)
            finder.rollback()
        answer.result()


@contextmanager
def held_up(database: Engine, routing: Routing, escalation: str) -> Iterator[Callable[[], None]]:
    """Whoever appends to the case has decided and waits, until the end; yields a wait for that."""
    stream = f"{routing.tenant}/escalation/{escalation}"
    version = len(routing.events(escalation)) + 1
    with database.connect() as conn:
        conn.execute(_IN_THE_WAY, {"stream": stream, "version": version})
        yield lambda: until(lambda: waiting(conn, "transactionid") == 1)
        conn.rollback()


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
