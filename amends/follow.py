"""Follows a case, or a queue, from outside: after a cut it goes on right behind what was told.

A watch stream ends when the token does, when the server stops and when a line is cut; each message
carries a token that resumes behind it. That is done here, so that whoever follows only reads.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

import grpc
from grpc import StatusCode

from amends.v1 import intake_service_pb2, routing_service_pb2, types_pb2
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.v1.routing_service_pb2_grpc import RoutingServiceStub

RESUMED = frozenset(
    {
        StatusCode.UNAVAILABLE,
        StatusCode.RESOURCE_EXHAUSTED,
        StatusCode.DEADLINE_EXCEEDED,
        StatusCode.CANCELLED,
    }
)
"""How a stream ends whose server is away, stops or is busy: it is asked for again."""
_PAUSE = 0.3  # seconds before it is asked for again, as RetryInfo would say
_OVER = "EscalationClosed"
_AGAIN = "EscalationReopened"


class News(Protocol):
    """What a watch stream sends."""

    @property
    def watch_token(self) -> str:
        """Resumes right behind this message."""


N = TypeVar("N", bound=News)
GrpcError = Any
"""A grpc.RpcError that a stub raised; its type stubs know no error with a status."""


def case(
    intake: IntakeServiceStub,
    escalation_id: str,
    *,
    watch_token: str = "",
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[intake_service_pb2.WatchEscalationResponse]:
    """Everything that happened in a case and happens from now on, each once, until it is closed.

    `watch_token` begins behind an earlier answer.

    Raises:
        grpc.RpcError: the service refused, e.g. since the token has expired for good.
    """
    over = False

    def stream(token: str) -> Iterator[intake_service_pb2.WatchEscalationResponse]:
        return intake.WatchEscalation(
            intake_service_pb2.WatchEscalationRequest(
                escalation_id=escalation_id, watch_token=token
            )
        )

    def closed(*, silent: bool) -> bool:
        return over or (silent and _is_closed(intake, escalation_id))

    for news in _resumed(stream, watch_token, closed, pause):
        over = news.entry.event == _OVER or (over and news.entry.event != _AGAIN)
        yield news


def queue(
    routing: RoutingServiceStub, *, pause: Callable[[float], object] = time.sleep
) -> Iterator[routing_service_pb2.WatchAssignmentsResponse]:
    """What stands in the caller's queue, then each change, without end.

    Raises:
        grpc.RpcError: the service refused.
    """

    def stream(token: str) -> Iterator[routing_service_pb2.WatchAssignmentsResponse]:
        return routing.WatchAssignments(
            routing_service_pb2.WatchAssignmentsRequest(watch_token=token)
        )

    yield from _resumed(stream, "", lambda *, silent: False, pause)  # noqa: ARG005 - it never ends


class _Ended(Protocol):
    """Whether an orderly end of the stream, which told nothing where `silent`, was the last."""

    def __call__(self, *, silent: bool) -> bool:
        """True where nothing more will come."""


def _resumed(
    stream: Callable[[str], Iterator[N]],
    token: str,
    ended: _Ended,
    pause: Callable[[float], object],
) -> Iterator[N]:
    while True:
        silent = True
        try:
            for news in stream(token):
                token, silent = news.watch_token, False
                yield news
            if ended(silent=silent):
                return
        except grpc.RpcError as error:
            found: GrpcError = error
            if found.code() not in RESUMED:
                raise
        pause(_PAUSE)


def _is_closed(intake: IntakeServiceStub, escalation_id: str) -> bool:
    request = intake_service_pb2.GetEscalationRequest(
        escalation_id=escalation_id, timeline_page_size=1
    )
    return intake.GetEscalation(request).case_file.stage == types_pb2.STAGE_CLOSED
