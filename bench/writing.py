"""What one service writes: commands over gRPC, and events as it appends them."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import psycopg
from sqlalchemy import Engine

from amends.client import Caller, new_request_id
from amends.eventstore.append import Draft, Head, append
from amends.eventstore.engine import make_engine
from amends.eventstore.migrate import STORE, migrate
from amends.eventstore.records import FIRST, EventMeta, new_event_id
from amends.eventstore.streams import case_stream, directory_stream
from amends.v1 import routing_events_pb2, routing_service_pb2
from amends.values.identity import DecisionMakerId, EscalationId, Role, Tenant
from bench.bed import IN_FLIGHT, Bed
from bench.figures import Figure
from bench.life import Lives
from deploy.local.databases import OWNER
from deploy.local.postgres import ADMIN, Postgres

TENANT = "bench-directory"
"""Nobody has a case there: what is said of its directory reaches the read models and no run."""
PER_STREAM = 50
_SIZE = 400  # bytes: what an event of a case usually has
_DATABASE = "bench_appends"
_EVENT = "amends.v1.DecisionMakerUpdated"


def commands(bed: Bed) -> Iterator[Figure]:
    """UpdateDecisionMaker, each of which is one event, by one caller and by 16 at a time."""
    with (
        Lives(bed.settings, TENANT, orders=1) as lives,
        lives.caller("operator", Role.OPERATIONS) as operator,
    ):
        for in_flight in (1, IN_FLIGHT):
            each = _each(bed.size.commands, in_flight)
            rate = each * in_flight / together(in_flight, partial(_update, operator, each))
            yield Figure(f"commands_per_second_{in_flight}_in_flight", rate, "1/s")


def appends(bed: Bed) -> Iterator[Figure]:
    """One event in a transaction, in a database of its own; one writer, and 16 threads."""
    engine = _store(Postgres(bed.stack.home, bed.stack.ports))
    for writers in (1, IN_FLIGHT):
        each = _each(bed.size.commands, writers)
        rate = each * writers / together(writers, partial(_append, engine, each))
        yield Figure(f"appends_per_second_{writers}_writers", rate, "events/s")
    engine.dispose()


def burst(engine: Engine, streams: int) -> None:
    """`PER_STREAM` events for each of so many entries of a directory, in one transaction."""
    with engine.begin() as conn:
        for number in range(streams):
            maker = DecisionMakerId(f"dm_burst{number}")
            said = routing_events_pb2.DecisionMakerUpdated(
                decision_maker_id=maker,
                kind=routing_events_pb2.DECISION_MAKER_KIND_TEAM,
                public_name="The bench",
                subjects=[maker.removeprefix("dm_")],
                seniority=1,
                capacity=1,
            )
            now, data = datetime.now(UTC), said.SerializeToString()
            drafts = [Draft(new_event_id(now), _EVENT, data) for _ in range(PER_STREAM)]
            stream = directory_stream(Tenant(TENANT), maker)
            append(conn, stream, Head(0, FIRST), drafts, _meta(), now, None)


def update_alone(lives: Lives, times: int) -> None:
    """So many commands to routing, one after the other."""
    with lives.caller("operator", Role.OPERATIONS) as operator:
        _update(operator, times, 0)


def together(threads: int, work: Callable[[int], None]) -> float:
    """Seconds until each of so many threads has done its work."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    return time.perf_counter() - began


def _each(count: int, threads: int) -> int:
    """One alone does a fourth, so that both take about as long."""
    return count // 4 if threads == 1 else count // threads


def _update(operator: Caller, times: int, who: int) -> None:
    for turn in range(times):
        operator.routing.UpdateDecisionMaker(_entry(DecisionMakerId(f"dm_own{who}"), turn))


def _entry(maker: DecisionMakerId, turn: int) -> routing_service_pb2.UpdateDecisionMakerRequest:
    """Another capacity each time, so that each time it is news."""
    return routing_service_pb2.UpdateDecisionMakerRequest(
        request_id=new_request_id(),
        decision_maker=routing_service_pb2.DecisionMaker(
            decision_maker_id=maker,
            kind=routing_events_pb2.DECISION_MAKER_KIND_TEAM,
            public_name="The bench",
            subjects=[maker.removeprefix("dm_")],
            seniority=1,
            capacity=1 + turn % 1000,
        ),
        allow_missing=True,
    )


def _store(server: Postgres) -> Engine:
    with psycopg.connect(server.address(ADMIN) + "postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {_DATABASE} OWNER {OWNER}")
    url = server.url.replace("{service}", "intake") + _DATABASE
    migrate(url, server.owner_url + _DATABASE, [STORE])
    return make_engine(url)


def _append(engine: Engine, times: int, who: int) -> None:
    stream = case_stream(Tenant(TENANT), EscalationId(f"esc_bench{who}x{times}"))
    head = Head(0, FIRST)
    for _ in range(times):
        now = datetime.now(UTC)
        draft = Draft(new_event_id(now), "amends.v1.ProblemRestated", bytes(_SIZE))
        with engine.begin() as conn:
            stored = append(conn, stream, head, [draft], _meta(), now, None)
        head = Head(stored[-1].version, stored[-1].hash)


def _meta() -> EventMeta:
    return EventMeta(
        tenant=Tenant(TENANT),
        actor="operator",
        role="operations",
        request_id=new_request_id(),
        correlation_id="",
        causation_id="",
        occurred_at=datetime.now(UTC),
    )
