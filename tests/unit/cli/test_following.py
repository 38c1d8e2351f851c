"""Whoever follows a case is told each thing once, however often the line is cut."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest

from amends import follow
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import types_pb2
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub

HISTORY = ("EscalationOpened", "DecisionMakerAssigned", "EscalationResolved", "EscalationClosed")
OFTEN_ENOUGH = 10
Ends = Callable[[grpc.ServicerContext], object]


class Intake:
    """A server that tells the history in portions; `ends` says how each stream ends."""

    def __init__(self, history: tuple[str, ...], portion: int, ends: Ends) -> None:
        self.history = history
        self.portion = portion
        self.ends = ends
        self.asked: list[str] = []

    def watch(
        self, request: pb.WatchEscalationRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchEscalationResponse]:
        self.asked.append(request.watch_token)
        if len(self.asked) > OFTEN_ENOUGH:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "asked again and again")
        told = int(request.watch_token or 0)
        for number, event in enumerate(self.history[told : told + self.portion], told + 1):
            entry = pb.TimelineEntry(event=event)
            yield pb.WatchEscalationResponse(entry=entry, watch_token=str(number))
        if told + self.portion < len(self.history):
            self.ends(context)

    def get(self, _request: pb.GetEscalationRequest, _context: object) -> pb.GetEscalationResponse:
        return pb.GetEscalationResponse(case_file=pb.CaseFile(stage=types_pb2.STAGE_CLOSED))


@contextmanager
def served(intake: Intake) -> Iterator[IntakeServiceStub]:
    handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {
        "WatchEscalation": grpc.unary_stream_rpc_method_handler(
            intake.watch,
            request_deserializer=pb.WatchEscalationRequest.FromString,
            response_serializer=pb.WatchEscalationResponse.SerializeToString,
        ),
        "GetEscalation": grpc.unary_unary_rpc_method_handler(
            intake.get,
            request_deserializer=pb.GetEscalationRequest.FromString,
            response_serializer=pb.GetEscalationResponse.SerializeToString,
        ),
    }
    server = grpc.server(ThreadPoolExecutor(4))
    name = "amends.v1.IntakeService"
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(name, handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield IntakeServiceStub(channel)
    server.stop(None).wait()


def followed(intake: Intake, **more: str) -> list[str]:
    """The events that whoever follows is told."""
    pauses: list[float] = []
    with served(intake) as stub:
        news = follow.case(stub, "esc_1", pause=pauses.append, **more)
        told = [one.entry.event for one in news]
    assert len(pauses) == len(intake.asked) - 1
    return told


def cut(code: grpc.StatusCode) -> Ends:
    return lambda context: context.abort(code, "")


@pytest.mark.parametrize("code", sorted(follow.RESUMED, key=str))
def test_a_cut_resumes_right_behind_what_was_told(code: grpc.StatusCode) -> None:
    intake = Intake(HISTORY, 1, cut(code))
    assert followed(intake) == [*HISTORY]
    assert intake.asked == ["", "1", "2", "3"]


def test_a_stream_that_ends_in_good_order_goes_on_while_the_case_is_open() -> None:
    """As it ends when the token does, or when the server stops."""
    intake = Intake(HISTORY, 2, lambda _context: None)
    assert followed(intake) == [*HISTORY]


def test_a_case_that_was_closed_and_reopened_is_followed_to_its_end() -> None:
    history = (*HISTORY, "EscalationReopened", "RefundSucceeded", "EscalationClosed")
    assert followed(Intake(history, 5, lambda _context: None)) == [*history]


def test_nothing_more_is_waited_for_behind_the_end_of_a_closed_case() -> None:
    assert followed(Intake(HISTORY, 4, lambda _context: None), watch_token="4") == []  # noqa: S106 - no password


def test_a_refusal_is_no_cut() -> None:
    intake = Intake(HISTORY, 1, cut(grpc.StatusCode.NOT_FOUND))
    with pytest.raises(grpc.RpcError, match="NOT_FOUND"):
        followed(intake)
    assert intake.asked == [""]
