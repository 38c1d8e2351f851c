"""Outcomes: what a running server answered to bytes that nobody has checked before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from tests.guarantees.calling import Metadata
from tests.guarantees.reflected import Reflected

AGREED = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNAVAILABLE,
}
"""The statuses of the contract; UNKNOWN, INTERNAL and DEADLINE_EXCEEDED are none of them."""
_PATIENCE = 10.0  # seconds for an answer; one takes milliseconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, or a refusal with everything that somebody could read in it."""

    code: grpc.StatusCode = grpc.StatusCode.OK
    body: bytes = b""
    domain: str = ""
    reason: str = ""
    message: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Wrong fields with what is wrong about each."""
    values: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    """Status, details and trailers as text; nothing that a person said may stand here."""

    @property
    def is_of_the_contract(self) -> bool:
        """Whether the contract knows such an answer."""
        if self.code is grpc.StatusCode.OK:
            return True
        return self.code in AGREED and self.domain == "amends" and bool(self.reason)


def ask(
    channel: grpc.Channel,
    rpc: Reflected,
    data: bytes,
    metadata: Metadata,
    *,
    listens: float = _PATIENCE,
) -> Outcome:
    """What the RPC answers to these bytes.

    Of a stream its first message; nothing where it says nothing for so many seconds.
    """
    try:
        if rpc.streams:
            return Outcome(body=_first(channel.unary_stream(rpc.path), data, metadata, listens))
        call: Any = channel.unary_unary(rpc.path)
        return Outcome(body=call(data, metadata=metadata, timeout=_PATIENCE))
    except grpc.RpcError as error:
        return _outcome(error, silent=rpc.streams)


def _first(
    call: Any,  # noqa: ANN401 - without types
    data: bytes,
    metadata: Metadata,
    listens: float,
) -> bytes:
    stream = call(data, metadata=metadata, timeout=listens)
    try:
        first: bytes = next(stream, b"")
        return first
    finally:
        stream.cancel()


def _outcome(error: Any, *, silent: bool) -> Outcome:  # noqa: ANN401 - an error with a status
    if silent and error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Outcome()
    status = rpc_status.from_call(error)
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for packed in status.details if status is not None else ():
        packed.Unpack(info)
        packed.Unpack(bad)
    trailers = [f"{key}: {value!r}" for key, value in error.trailing_metadata() or ()]
    details = json_format.MessageToJson(status) if status is not None else ""
    return Outcome(
        code=error.code(),
        domain=info.domain,
        reason=info.reason,
        message=error.details() or "",
        fields={one.field: one.description for one in bad.field_violations},
        values=dict(info.metadata),
        told="\n".join([error.details() or "", details, *trailers]),
    )
