"""Around every call: what operations see of it. The outermost step."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import grpc
from google.protobuf.message import Message

from amends import telemetry
from amends.rpc.rpcs import Rpc
from amends.telemetry import metrics, traces

# What a caller sends in the place of an id may be anything: only what is one is told.
_REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ESCALATION = re.compile(r"esc_[a-z0-9]{1,60}")

Context = Any
"""A grpc.ServicerContext; its type stubs know no status that was set."""


class ObservedStep:
    """Counts and times a call, and lets every line and span of it name its ids."""

    @contextmanager
    def around(self, rpc: Rpc, request: Message, context: Context) -> Iterator[None]:
        """A stream is counted when it ends, and neither timed nor traced: it lasts for long."""
        ids = {"rpc": rpc.name, **ids_of(request)}
        began = time.perf_counter()
        with telemetry.bound(ids), _span(rpc, context, ids) as tell:
            gone = False
            try:
                yield
            except GeneratorExit:  # who watched went away
                gone = True
                raise
            finally:
                status = grpc.StatusCode.CANCELLED.name if gone else _status(context)
                tell(status)
                took = None if rpc.streams else time.perf_counter() - began
                metrics.answered(rpc.name, status, took)


def ids_of(request: object) -> dict[str, str]:
    """The ids of a request, as logs and spans name them."""
    ids: dict[str, str] = {}
    request_id = getattr(request, "request_id", "")
    if request_id and _REQUEST_ID.fullmatch(request_id):
        ids["request_id"] = request_id
    escalation = getattr(request, "escalation_id", "") or getattr(request, "subject", "")
    if escalation and _ESCALATION.fullmatch(escalation):
        ids["escalation"] = ids["correlation_id"] = escalation
    return ids


def _span(
    rpc: Rpc, context: Context, ids: dict[str, str]
) -> AbstractContextManager[Callable[[str], None]]:
    if rpc.streams or not traces.are_on():
        return traces.UNTOLD
    return traces.answering(rpc.path[1:], _traceparent(context), ids)


def _status(context: Context) -> str:
    """What was set, as refusals do; nobody sets OK."""
    return (context.code() or grpc.StatusCode.OK).name


def _traceparent(context: grpc.ServicerContext) -> str:
    return next(
        (str(value) for key, value in context.invocation_metadata() if key == traces.TRACEPARENT),
        "",
    )
