"""A service is told to stop: what it began it ends, what is new goes elsewhere, nothing is lost."""

import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import psutil
import psycopg
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from amends.client import Caller, MintedToken, new_request_id
from amends.rpc.eventlog import read_events
from amends.rpc.status import as_sent
from amends.v1 import intake_service_pb2 as pb
from amends.v1.routing_service_pb2 import (
    DecisionMaker,
    ListDecisionMakersRequest,
    UpdateDecisionMakerRequest,
    UpdateDecisionMakerResponse,
)
from amends.values.identity import Role
from deploy.demo.cast import Cast, patiently, wait_for
from deploy.local.health import channel_to, is_serving
from deploy.local.stack import Stack
from tests.guarantees.beyond import beyond_everybody

AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED}
PATIENCE = 15.0  # seconds until the supervisor would kill
ASKED = ListDecisionMakersRequest(page_size=1)


def entry(decision_maker: str, seniority: int) -> UpdateDecisionMakerRequest:
    """Somebody who may grant nothing, so that no case is routed to them."""
    return UpdateDecisionMakerRequest(
        request_id=new_request_id(),
        decision_maker=DecisionMaker(
            decision_maker_id=decision_maker,
            kind="DECISION_MAKER_KIND_PERSON",
            public_name="Nobody",
            subjects=[decision_maker],
            seniority=seniority,
            capacity=1,
        ),
        allow_missing=True,
    )


@contextmanager
def held(cast: Cast, decision_maker: str) -> Iterator[psycopg.Connection]:
    """Inside, somebody else holds the row of a decision-maker, until it is rolled back."""
    url = cast.settings.database_url_for("routing").replace("+psycopg", "")
    with psycopg.connect(url) as holder:
        holder.execute(
            "SELECT 1 FROM holders WHERE decision_maker = %s FOR UPDATE", [decision_maker]
        )
        yield holder


@pytest.fixture
def nobody(cast: Cast) -> str:
    """An entry of the directory that no other test asks for."""
    made = f"dm_{uuid.uuid4().hex[:12]}"
    patiently(cast.operator.routing.UpdateDecisionMaker, entry(made, 1))
    return made


def slow_call(
    cast: Cast, pool: ThreadPoolExecutor, request: UpdateDecisionMakerRequest
) -> Future[UpdateDecisionMakerResponse]:
    """A call that waits for the held row, once it does."""
    under_way = pool.submit(cast.operator.routing.UpdateDecisionMaker, request, timeout=28)
    url = cast.settings.database_url_for("routing").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as onlooker:
        wait_for(lambda: waiting(onlooker), "the call waits for the row", within=10)
    return under_way


def waiting(onlooker: psycopg.Connection) -> int:
    [[found]] = onlooker.execute("""
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()
    """)
    return int(found)


def test_a_service_that_stops_ends_what_it_began_and_takes_nothing_new(
    stack: Stack, cast: Cast, nobody: str
) -> None:
    process = psutil.Process(stack.pid("routing"))
    address = cast.settings.addresses["routing"]
    with (
        ThreadPoolExecutor(1) as pool,
        held(cast, nobody) as holder,
        channel_to(address) as probe,
        operator_of(cast) as newcomer,
    ):
        assert is_serving(probe)
        assert newcomer.routing.ListDecisionMakers(ASKED)
        under_way = slow_call(cast, pool, entry(nobody, 2))
        told = time.monotonic()
        stack.kill("routing", signal.SIGTERM)
        wait_for(lambda: not is_serving(probe), "health says so", within=10)
        error = refusal(newcomer)
        assert as_sent(error).reason == "SERVER_STOPPING"
        assert retry_info(error).retry_delay.ToMilliseconds() > 0
        assert process.is_running()
        holder.rollback()
        assert under_way.result().version == 2
        process.wait(PATIENCE)
        assert time.monotonic() - told < PATIENCE
    stack.wait_healthy("routing")


def refusal(caller: Caller) -> Any:  # noqa: ANN401 - what a stub raises has no type
    with pytest.raises(grpc.RpcError) as caught:
        caller.routing.ListDecisionMakers(ASKED, timeout=5)
    return caught.value


def retry_info(error: Any) -> error_details_pb2.RetryInfo:  # noqa: ANN401 - likewise
    found = error_details_pb2.RetryInfo()
    status = rpc_status.from_call(error)
    assert status is not None
    assert any(detail.Unpack(found) for detail in status.details)
    return found


def operator_of(cast: Cast) -> Caller:
    """Operations on a connection of their own."""
    assert cast.settings.signing_key_file is not None
    who = ("operator", cast.settings.tenant, Role.OPERATIONS)
    return Caller(cast.settings.addresses, MintedToken(cast.settings.signing_key_file, *who))


class Load:
    """Platforms that open cases all the time and come again while a service is away."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.over = threading.Event()
        self.acknowledged: list[str] = []
        self.failures: Counter[grpc.StatusCode] = Counter()

    def run(self) -> None:
        while not self.over.is_set():
            self.acknowledged.append(self._until_answered(beyond_everybody()))

    def _until_answered(self, request: pb.OpenEscalationRequest) -> str:
        while True:
            try:
                return self.cast.platform.intake.OpenEscalation(request).escalation_id
            except grpc.RpcError as error:
                self.failures[error.code()] += 1


def test_a_rolling_restart_under_load_loses_nothing_and_breaks_no_call(
    stack: Stack, cast: Cast
) -> None:
    load = Load(cast)
    callers = [threading.Thread(target=load.run) for _ in range(3)]
    for caller in callers:
        caller.start()
    for _ in range(2):
        had = len(load.acknowledged)
        wait_for(lambda had=had: len(load.acknowledged) > had + 5, "calls are answered")  # type: ignore[misc]
        stack.restart("intake")
    had = len(load.acknowledged)
    wait_for(lambda: len(load.acknowledged) > had + 5, "calls are answered again")
    load.over.set()
    for caller in callers:
        caller.join(60)
    assert set(load.failures) <= AWAY
    log, tenant = cast.workflow.logs["intake"], cast.as_tenant()
    lost = [case for case in load.acknowledged if not [*read_events(log, case, metadata=tenant)]]
    assert lost == []
