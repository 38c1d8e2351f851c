"""One call of one RPC, as an activity makes it.

A refusal ends the activity for good, under its reason; whatever else goes wrong is a fault that
its retry policy repeats, with the same request id.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from grpc import aio
from temporalio import activity
from temporalio.exceptions import ApplicationError

from amends.crash_points import crash_point
from amends.eventstore.records import Envelope
from amends.rpc.channel import Metadata, as_tenant
from amends.rpc.said import SAID, since
from amends.rpc.status import refusal_of
from amends.v1.event_pb2 import ReadEventsResponse
from amends.values.refusal import DependencyUnavailable, Refusal, VersionConflict
from workflows import names
from workflows.messages import Answer, Command, Heard
from workflows.news import news_of

# What another attempt of the same request may well be answered.
_REPEATED = (DependencyUnavailable.reason, VersionConflict.reason)
_LONGEST = 25.0  # seconds; less than the attempt of an ordinary activity
_MARGIN = 0.2
_BEAT = 1.0  # seconds; the SDK sends fewer of them, as its own rule is

# A unary call of a generated stub; those of grpc.aio have no types.
Method = Callable[..., Any]


class Told(NamedTuple):
    """What a service answered, its business time, and what it has said since, where it told."""

    response: Any
    now: datetime | None
    said: ReadEventsResponse | None


async def ask(method: Method, request: Message, command: Command) -> Answer:
    """What a service answered to a command, with what was heard since where it came along."""
    told = await call(method, request, command.service, _metadata(command))
    return Answer(
        version=told.response.version,
        now=told.now,
        state=_state(told.response),
        look_again_at=_moment(told.response, "check_by"),
        heard=heard(told.said, command.known or 0, told.now) if told.said else None,
    )


def heard(page: ReadEventsResponse, after_version: int, now: datetime | None) -> Heard:
    """What stands in a page of a service's log, read after a version."""
    envelopes = [Envelope.from_message(each) for each in page.events]
    return Heard(
        version=envelopes[-1].version if envelopes else after_version,
        now=now,
        news=[news for each in envelopes if (news := news_of(each))],
        more=page.next_after_version > 0,
    )


def _metadata(command: Command) -> Metadata:
    asked = () if command.known is None else since(command.escalation_id, command.known)
    return (*as_tenant(command.tenant, command.cause), *asked)


async def call(method: Method, request: Message, service: str, metadata: Metadata) -> Told:
    """What a service tells.

    Raises:
        ApplicationError: under the refusal's reason, repeated only where the world was at fault.
    """
    crash_point("command.before")
    asked = method(request, timeout=_time_left(), metadata=metadata)
    try:
        with _alive():
            response = await asked
    except aio.AioRpcError as error:
        raise _failure(refusal_of(error, service)) from None
    crash_point("command.after")
    trailers = await asked.trailing_metadata()
    return Told(response, _now(trailers), _said(trailers))


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


def _said(trailers: aio.Metadata) -> ReadEventsResponse | None:
    said = trailers.get(SAID)
    return ReadEventsResponse.FromString(said) if isinstance(said, bytes) else None


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
