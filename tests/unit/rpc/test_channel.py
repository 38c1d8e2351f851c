"""Calls between services: a deadline, a token and a retry on each."""

import importlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor import ServiceDescriptor
from grpc import aio

import amends.v1
from amends.rpc import channel
from amends.rpc.channel import Channels, as_tenant
from amends.rpc.channel_aio import AsyncChannels
from amends.rpc.identity import current
from amends.rpc.refusals import Overloaded
from amends.rpc.signing import TokenFile
from amends.rpc.status import refusal_of
from amends.rpc.tokens import LONGEST_LIFE
from amends.v1 import intake_service_pb2 as pb
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.identity import Role
from amends.values.refusal import DependencyUnavailable, EscalationNotFound
from tests.unit.rpc.serving import REQUEST_ID, Intake, Served, opening, serving

RECORD = pb.RecordContextRequest(request_id=REQUEST_ID, escalation_id="esc_a")
ACME = as_tenant("acme")


@pytest.fixture
def token_file(served: Served, tmp_path: Path) -> TokenFile:
    served.key.mint_service("amends", tmp_path / "service.token")
    return TokenFile(tmp_path / "service.token")


@pytest.fixture
def stub(served: Served, token_file: TokenFile) -> Iterator[IntakeServiceStub]:
    channels = Channels({"intake": served.address}, token_file)
    yield IntakeServiceStub(channels.to("intake"))
    channels.close()


def test_a_call_brings_the_token_and_a_deadline(stub: IntakeServiceStub, intake: Intake) -> None:
    left: list[float | None] = []

    def record(_request: object, context: grpc.ServicerContext) -> pb.RecordContextResponse:
        left.append(context.time_remaining())
        return pb.RecordContextResponse()

    intake.answers = {"RecordContext": record}
    stub.RecordContext(RECORD, metadata=ACME)
    stub.RecordContext(RECORD, metadata=ACME, timeout=60)
    assert left[0] is not None
    assert left[1] is not None
    assert 4 < left[0] < channel.DEADLINE + 1
    assert 55 < left[1] < 61
    assert intake.calls[0].actor.role is Role.SERVICE


def test_a_call_goes_through_no_proxy_of_the_machine(
    served: Served, token_file: TokenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("grpc_proxy", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("no_grpc_proxy", raising=False)
    channels = Channels({"intake": served.address}, token_file)
    IntakeServiceStub(channels.to("intake")).RecordContext(RECORD, metadata=ACME)
    channels.close()


def test_a_stream_brings_the_token_and_a_deadline(served: Served, intake: Intake) -> None:
    left: list[float | None] = []

    def watch(_request: object, context: grpc.ServicerContext) -> list[object]:
        left.append(context.time_remaining())
        return []

    intake.answers = {"WatchEscalation": watch}
    token = served.key.mint("zoe", "acme", [Role.PLATFORM])
    channels = Channels({"intake": served.address}, lambda: token)
    stub = IntakeServiceStub(channels.to("intake"))
    asked = pb.WatchEscalationRequest(escalation_id="esc_a")
    assert list(stub.WatchEscalation(asked)) == list(stub.WatchEscalation(asked, timeout=60)) == []
    channels.close()
    assert left[0] is not None
    assert left[1] is not None
    assert LONGEST_LIFE.total_seconds() < left[0] < channel.STREAM_DEADLINE + 1
    assert 55 < left[1] < 61


def test_a_stream_is_begun_once(served: Served, intake: Intake) -> None:
    """Where the server dies as it begins, a stream with a retry policy never ends (grpcio 1.85)."""

    def watch(_request: object, _context: object) -> Iterator[object]:
        raise DependencyUnavailable("the store")

    intake.answers = {"WatchEscalation": watch}
    token = served.key.mint("zoe", "acme", [Role.PLATFORM])
    channels = Channels({"intake": served.address}, lambda: token)
    stream = IntakeServiceStub(channels.to("intake")).WatchEscalation(
        pb.WatchEscalationRequest(escalation_id="esc_a")
    )
    with pytest.raises(grpc.RpcError):
        list(stream)
    channels.close()
    assert len(intake.calls) == 1


def test_every_stream_of_the_contract_is_known_as_one() -> None:
    streams = {
        (service.full_name, method.name)
        for service in services()
        for method in service.methods
        if method.server_streaming
    }
    assert streams == set(channel.STREAMS)


def services() -> Iterator[ServiceDescriptor]:
    """Every service of the contract."""
    for module in Path(str(amends.v1.__path__[0])).glob("*_service_pb2.py"):
        found = importlib.import_module(f"amends.v1.{module.stem}")
        yield from found.DESCRIPTOR.services_by_name.values()


def test_a_slow_service_cannot_be_asked(stub: IntakeServiceStub, intake: Intake) -> None:
    go_on = threading.Event()
    intake.answers = {"RecordContext": lambda _request, _context: go_on.wait(5) or None}
    with pytest.raises(grpc.RpcError) as caught:
        stub.RecordContext(RECORD, metadata=ACME, timeout=0.1)
    go_on.set()
    assert isinstance(refusal_of(caught.value, "intake"), DependencyUnavailable)


@pytest.mark.parametrize("passing", [DependencyUnavailable("the store"), Overloaded(32, "calls")])
def test_what_passes_is_tried_again(
    stub: IntakeServiceStub, intake: Intake, passing: Exception
) -> None:
    def record(_request: object, _context: object) -> pb.RecordContextResponse:
        if len(intake.calls) < 3:
            raise passing
        return pb.RecordContextResponse(version=3)

    intake.answers = {"RecordContext": record}
    assert stub.RecordContext(RECORD, metadata=ACME).version == 3


def test_what_a_server_resets_as_it_closes_is_tried_again(
    stub: IntakeServiceStub, intake: Intake
) -> None:
    def record(_request: object, context: grpc.ServicerContext) -> pb.RecordContextResponse:
        if len(intake.calls) == 1:
            context.cancel()
        return pb.RecordContextResponse(version=3)

    intake.answers = {"RecordContext": record}
    assert stub.RecordContext(RECORD, metadata=ACME).version == 3


def test_a_refusal_is_not_tried_again(stub: IntakeServiceStub, intake: Intake) -> None:
    def record(_request: object, _context: object) -> pb.RecordContextResponse:
        raise EscalationNotFound("esc_a")

    intake.answers = {"RecordContext": record}
    with pytest.raises(grpc.RpcError):
        stub.RecordContext(RECORD, metadata=ACME)
    assert len(intake.calls) == 1


def test_a_channel_finds_a_service_that_came_back(
    served: Served, stub: IntakeServiceStub, tmp_path: Path
) -> None:
    stub.RecordContext(RECORD, metadata=ACME)
    served.server.stop()
    with pytest.raises(grpc.RpcError):
        stub.RecordContext(RECORD, metadata=ACME)
    again = Intake()
    with serving(tmp_path, again, key=served.key, address=served.address):
        stub.RecordContext(RECORD, metadata=ACME, wait_for_ready=True)
    assert len(again.calls) == 1


def test_a_nested_call_ends_with_the_call_that_it_serves(
    served: Served, stub: IntakeServiceStub, intake: Intake, tmp_path: Path
) -> None:
    left: list[float | None] = []

    def record(_request: object, context: grpc.ServicerContext) -> pb.RecordContextResponse:
        left.append(context.time_remaining())
        return pb.RecordContextResponse()

    def open_(_request: object, _context: object) -> pb.OpenEscalationResponse:
        answering = current()
        assert answering is not None
        assert answering.ends_at > time.monotonic()
        stub.RecordContext(RECORD, metadata=ACME)
        return pb.OpenEscalationResponse()

    intake.answers = {"RecordContext": record}
    with serving(tmp_path, Intake({"OpenEscalation": open_}), key=served.key) as outer:
        outer.intake.OpenEscalation(opening(), metadata=outer.as_(Role.PLATFORM), timeout=2)
    assert left[0] is not None
    assert left[0] < 2


async def test_asyncio_calls_bring_the_same(
    served: Served, token_file: TokenFile, intake: Intake
) -> None:
    left: list[float | None] = []

    def record(_request: object, context: grpc.ServicerContext) -> pb.RecordContextResponse:
        left.append(context.time_remaining())
        if len(left) == 1:
            raise DependencyUnavailable("the store")
        return pb.RecordContextResponse(version=3)

    intake.answers = {"RecordContext": record}
    channels = AsyncChannels({"intake": served.address}, token_file)
    stub = IntakeServiceStub(channels.to("intake"))
    answer = await stub.RecordContext(RECORD, metadata=as_tenant("acme", "event-7"))
    await channels.close()
    assert answer.version == 3
    assert left[0] is not None
    assert 4 < left[0] < channel.DEADLINE + 1
    assert intake.calls[0].causation_id == "event-7"


async def test_asyncio_errors_are_read_the_same(
    served: Served, token_file: TokenFile, intake: Intake
) -> None:
    def record(_request: object, _context: object) -> pb.RecordContextResponse:
        raise EscalationNotFound("esc_a")

    intake.answers = {"RecordContext": record}
    channels = AsyncChannels({"intake": served.address}, token_file)
    stub = IntakeServiceStub(channels.to("intake"))
    with pytest.raises(aio.AioRpcError) as caught:
        await stub.RecordContext(RECORD, metadata=ACME)
    await channels.close()
    assert refusal_of(caught.value).reason == "ESCALATION_NOT_FOUND"
