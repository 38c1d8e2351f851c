"""One call of one RPC, as an activity makes it.

A refusal ends the activity for good, under its reason; whatever else goes wrong is a fault that
its retry policy repeats, with the same request id.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from grpc import aio
from temporalio import activity
from temporalio.exceptions import ApplicationError

from amends.crash_points import crash_point
from amends.rpc.channel import as_tenant
from amends.rpc.status import refusal_of
from amends.values.refusal import DependencyUnavailable, Refusal, VersionConflict
from workflows import names
from workflows.messages import Answer, Command

# What another attempt of the same request may well be answered.
_REPEATED = (DependencyUnavailable.reason, VersionConflict.reason)
_LONGEST = 25.0  # seconds; less than the attempt of an ordinary activity
_MARGIN = 0.2
_BEAT = 1.0  # seconds; the SDK sends fewer of them, as its own rule is

# A unary call of a generated stub; those of grpc.aio have no types.
Method = Callable[..., Any]


async def ask(method: Method, request: Message, command: Command) -> Answer:
    """What a service answered to a command."""
    response, now = await call(method, request, command.tenant, command.cause, command.service)
    return Answer(
        version=response.version,
        now=now,
        state=_state(response),
        look_again_at=_moment(response, "check_by"),
    )


async def call(
    method: Method, request: Message, tenant: str, cause: str, service: str
) -> tuple[Any, datetime | None]:
    """The answer and the service's business time.

    Raises:
        ApplicationError: under the refusal's reason, repeated only where the world was at fault.
    """
    crash_point("command.before")
    asked = method(request, timeout=_time_left(), metadata=as_tenant(tenant, cause))
    try:
        with _alive():
            response = await asked
    except aio.AioRpcError as error:
        raise _failure(refusal_of(error, service)) from None
    crash_point("command.after")
    return response, _now(await asked.trailing_metadata())


@contextmanager
def _alive() -> Iterator[None]:
    """Tells Temporal again and again that this worker still holds its attempt."""
    if activity.info().heartbeat_timeout is None:  # a run that began before there was one
        yield
        return
    loop = asyncio.get_running_loop()
    next_beat: asyncio.TimerHandle

    def beat() -> None:
        nonlocal next_beat
        activity.heartbeat()
        next_beat = loop.call_later(_BEAT, beat)

    next_beat = loop.call_later(_BEAT, beat)
    try:
        yield
    finally:
        next_beat.cancel()


def _failure(refusal: Refusal) -> ApplicationError:
    return ApplicationError(
        refusal.message,
        type=refusal.reason,
        non_retryable=refusal.reason not in _REPEATED,
    )


def _time_left() -> float:
    """Seconds for the call, so that it ends before its activity does."""
    limit = activity.info().start_to_close_timeout
    return min(limit.total_seconds() - _MARGIN, _LONGEST) if limit else _LONGEST


def _now(trailers: aio.Metadata) -> datetime | None:
    said = trailers.get(names.BUSINESS_TIME)
    return datetime.fromisoformat(str(said)) if said else None


def _state(response: Message) -> str:
    """ASSIGNMENT_STATE_OFFERED -> OFFERED; empty where the answer names no state."""
    field = response.DESCRIPTOR.fields_by_name.get("state")
    if field is None or field.enum_type is None:
        return ""
    values = field.enum_type.values_by_number
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return str(values[getattr(response, "state")].name.removeprefix(prefix))  # noqa: B009


def _moment(response: Message, name: str) -> datetime | None:
    if name not in response.DESCRIPTOR.fields_by_name or not response.HasField(name):
        return None
    found: Timestamp = getattr(response, name)
    return found.ToDatetime(UTC)
