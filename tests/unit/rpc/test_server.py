"""How a server starts, what it takes at once, and how it stops."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from amends.rpc.limits import Limits
from amends.rpc.places import Room
from amends.rpc.rpcs import UndeclaredAccess, rpcs_of
from amends.rpc.server import Server
from amends.rpc.status import as_sent
from amends.rpc.streams import stays_open
from amends.rpc.tokens import Tokens
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import intake_service_pb2_grpc
from amends.values.identity import Role
from amends.values.refusal import EscalationNotFound
from tests.unit.rpc.serving import SATURDAY, Intake, Served, digest, opening, serving

WITHIN = 10.0
WATCH = pb.WatchEscalationRequest(escalation_id="esc_a")


class Gate:
    """A handler that says when it was reached and waits until it may go on."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.open = threading.Event()

    def answer(self, _request: object, _context: object) -> pb.OpenEscalationResponse:
        self.reached.release()
        assert self.open.wait(WITHIN)
        return pb.OpenEscalationResponse(version=1)

    def watch(
        self, _request: object, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchEscalationResponse]:
        yield pb.WatchEscalationResponse()
        while stays_open(context):
            self.open.wait(0.02)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


@pytest.fixture
def narrow(tmp_path: Path, gate: Gate) -> Iterator[Served]:
    """A server that takes two calls and one watch stream at once."""
    intake = Intake({"OpenEscalation": gate.answer, "WatchEscalation": gate.watch})
    limits = Limits(others=Room(2, 0, 2), watches=1, drain=timedelta(seconds=5))
    with serving(tmp_path, intake, limits=limits) as running:
        yield running


def begin(served: Served) -> Any:  # noqa: ANN401 - a gRPC future
    """A call under way."""
    return served.intake.OpenEscalation.future(opening(), metadata=served.as_(Role.PLATFORM))


def watch(served: Served) -> Any:  # noqa: ANN401 - a gRPC stream
    """A watch stream that gave its first message."""
    stream = served.intake.WatchEscalation(WATCH, metadata=served.as_(Role.PLATFORM))
    assert next(stream) == pb.WatchEscalationResponse()
    return stream


def test_every_answer_says_the_business_time(served: Served) -> None:
    _, call = served.intake.OpenEscalation.with_call(opening(), metadata=served.as_(Role.PLATFORM))
    assert dict(call.trailing_metadata())["amends-now"] == "2026-11-21T15:10:00.000000Z"


def test_a_refusal_says_the_business_time_too(served: Served, intake: Intake) -> None:
    def refuse(_request: object, _context: object) -> object:
        raise EscalationNotFound("esc_a")

    intake.answers = {"OpenEscalation": refuse}
    error = begin(served).exception(timeout=WITHIN)
    assert as_sent(error).reason == "ESCALATION_NOT_FOUND"
    assert dict(error.trailing_metadata())["amends-now"] == "2026-11-21T15:10:00.000000Z"


def test_health_needs_no_token_and_follows_the_service(served: Served) -> None:
    stub: Any = health_pb2_grpc.HealthStub(served.channel)
    check = stub.Check
    asked = health_pb2.HealthCheckRequest(service="amends.v1.IntakeService")
    assert check(asked).status == health_pb2.HealthCheckResponse.SERVING
    served.server.report(healthy=False)
    assert check(asked).status == health_pb2.HealthCheckResponse.NOT_SERVING
    everything = health_pb2.HealthCheckRequest()
    assert check(everything).status == health_pb2.HealthCheckResponse.NOT_SERVING


def test_reflection_needs_no_token_and_knows_the_services(served: Served) -> None:
    known = ProtoReflectionDescriptorDatabase(served.channel).get_services()
    assert {"amends.v1.IntakeService", "grpc.health.v1.Health"} <= set(known)


def test_an_rpc_that_names_no_role_keeps_the_server_from_starting() -> None:
    file = descriptor_pb2.FileDescriptorProto(name="tests/undeclared.proto", package="tests")
    file.message_type.add(name="Nothing")
    service = file.service.add(name="Undeclared")
    service.method.add(name="Do", input_type=".tests.Nothing", output_type=".tests.Nothing")
    descriptor_pool.Default().Add(file)
    with pytest.raises(UndeclaredAccess, match=r"tests\.Undeclared\.Do names no role"):
        rpcs_of("tests.Undeclared")


def test_a_servicer_that_leaves_an_rpc_out_keeps_the_server_from_starting(tmp_path: Path) -> None:
    half: Any = type("Half", (intake_service_pb2_grpc.IntakeServiceServicer,), {})
    server = Server(
        "127.0.0.1:0", tokens=Tokens(tmp_path / "x"), digest=digest, now=lambda: SATURDAY
    )
    register = intake_service_pb2_grpc.add_IntakeServiceServicer_to_server
    with pytest.raises(UndeclaredAccess, match=r"Half does not answer .*OpenEscalation"):
        server.add(register, half())


def test_a_taken_address_keeps_the_server_from_starting(served: Served, tmp_path: Path) -> None:
    second = Server(
        served.address, tokens=Tokens(tmp_path / "jwks.json"), digest=digest, now=lambda: SATURDAY
    )
    with pytest.raises(RuntimeError, match=served.address):
        second.start()


def test_what_is_over_the_limit_is_refused_at_once(narrow: Served, gate: Gate) -> None:
    first, second = begin(narrow), begin(narrow)
    assert gate.reached.acquire(timeout=WITHIN)
    assert gate.reached.acquire(timeout=WITHIN)
    error = begin(narrow).exception(timeout=WITHIN)
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert as_sent(error).reason == "OVERLOADED"
    gate.open.set()
    assert first.result(WITHIN).version == second.result(WITHIN).version == 1
    assert begin(narrow).result(WITHIN).version == 1


def test_watch_streams_and_calls_do_not_count_against_each_other(
    narrow: Served, gate: Gate
) -> None:
    stream = watch(narrow)
    with pytest.raises(grpc.RpcError) as caught:
        watch(narrow)
    assert as_sent(caught.value).reason == "OVERLOADED"
    first, second = begin(narrow), begin(narrow)
    gate.open.set()
    assert first.result(WITHIN).version == second.result(WITHIN).version == 1
    stream.cancel()


def test_a_stream_whose_client_is_gone_makes_room(narrow: Served) -> None:
    watch(narrow).cancel()
    ends = threading.Event()
    for _ in range(200):
        try:
            watch(narrow).cancel()
        except grpc.RpcError:
            ends.wait(0.05)
        else:
            return
    pytest.fail("the stream's place was never given back")


def test_a_stream_ends_with_its_token(served: Served, intake: Intake, gate: Gate) -> None:
    intake.answers = {"WatchEscalation": gate.watch}
    short = served.key.mint("zoe", "acme", [Role.PLATFORM], timedelta(seconds=1))
    stream = served.intake.WatchEscalation(
        WATCH, metadata=(("authorization", f"Bearer {short}"),), timeout=WITHIN
    )
    assert list(stream) == [pb.WatchEscalationResponse()]
    assert stream.code() is grpc.StatusCode.OK


def test_a_stop_lets_calls_finish_ends_streams_and_takes_nothing_new(
    narrow: Served, gate: Gate
) -> None:
    stream, under_way = watch(narrow), begin(narrow)
    assert gate.reached.acquire(timeout=WITHIN)
    with ThreadPoolExecutor() as pool:
        stopping = pool.submit(narrow.server.stop)
        assert list(stream) == []
        assert stream.code() is grpc.StatusCode.OK
        error = begin(narrow).exception(timeout=WITHIN)
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        assert as_sent(error).reason == "SERVER_STOPPING"
        gate.open.set()
        assert under_way.result(WITHIN).version == 1
        stopping.result(WITHIN)


def test_a_stop_does_not_wait_for_ever(narrow: Served, gate: Gate) -> None:
    under_way = begin(narrow)
    assert gate.reached.acquire(timeout=WITHIN)
    narrow.server.stop(timedelta(seconds=0.1))
    assert under_way.exception(timeout=WITHIN) is not None
    gate.open.set()


def test_a_stopped_server_may_be_stopped_again(served: Served) -> None:
    served.server.stop()
    served.server.stop()
