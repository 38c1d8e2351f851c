"""Channels to the other services: a deadline, a token and a bounded retry on every call.

How a gateway calls: `stub = RoutingServiceStub(channels.to("routing"))`, once, and then
`stub.ReserveAuthority(request, metadata=as_caller(call))` inside a handler, or
`metadata=as_tenant(tenant, causation)` where no call is being answered (inbox, activities). A
`grpc.RpcError` may be let through (the server's status step reads it with `refusal_of`) or be
caught and read with `refusal_of(error, "routing")`. Every RPC of ours may be repeated: changing
ones by their request_id.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import grpc

from amends.rpc.identity import AUTHORIZATION, CALLER, CAUSATION, TENANT, current
from amends.telemetry import traces
from amends.values.identity import Call, Role

DEADLINE = 5.0
"""Seconds that a call may take where its caller names no other time."""
STREAM_DEADLINE = 900.0
"""Seconds for a stream where its caller names no other time: longer than any token lives."""
STREAMS = (
    ("amends.v1.IntakeService", "WatchEscalation"),
    ("amends.v1.RoutingService", "WatchAssignments"),
)
"""The RPCs that stream. Who watches resumes with the last token; gRPC must not try again: where the
server dies as such a stream begins, its retries forget to end it (grpcio 1.85), past any deadline.
"""

Metadata = tuple[tuple[str, str], ...]
TokenSource = Callable[[], str]
Details = Any
"""gRPC's call details; its type stubs know no way to change them."""
Outcome = Any
Request = Any
Continuation = Callable[[Details, Request], Outcome]

_RETRY = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 3,
                # CANCELLED: what reaches a server in the moment in which it closes is reset.
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "CANCELLED"],
            },
        },
        {"name": [{"service": service, "method": method} for service, method in STREAMS]},
    ]
}
OPTIONS = (
    ("grpc.service_config", json.dumps(_RETRY)),
    ("grpc.enable_retries", 1),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.max_receive_message_length", 4 << 20),
    # A server that vanished without a word is noticed, also by who only listens.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    # A token never leaves through a proxy that the machine names for the outside world.
    ("grpc.enable_http_proxy", 0),
)


def as_caller(call: Call) -> Metadata:
    """Metadata to call another service for whoever makes this call, in this call's tenant.

    The caller's own token is forwarded, so that the other service asks *their* ownership and
    authority; a call that a service makes for nobody forwards none.

    Raises:
        RuntimeError: outside the handler's thread, where the person's token is not known.
    """
    answering = current()
    person = call.caller is not None or call.actor.role is not Role.SERVICE
    if not person:
        return as_tenant(call.actor.tenant, call.causation_id)
    if answering is None or answering.actor != call.actor or answering.caller != call.caller:
        msg = "as_caller forwards the token of the call in this thread; call it in the handler"
        raise RuntimeError(msg)
    return (
        *as_tenant(call.actor.tenant, call.causation_id),
        (CALLER, answering.person_token),
    )


def as_tenant(tenant: str, causation_id: str = "") -> Metadata:
    """Metadata to call as a service for one tenant; `causation_id` names the event or request."""
    caused = ((CAUSATION, causation_id),) if causation_id else ()
    return ((TENANT, tenant), *caused)


class Channels:
    """One channel per service, made at its first use and closed together.

    `targets` maps a service's name ("intake") to host:port; `token_source` gives a token that is
    good now (see `signing.TokenFile`).
    """

    def __init__(self, targets: Mapping[str, str], token_source: TokenSource) -> None:
        self._targets = targets
        self._outgoing = Outgoing(token_source)
        self._open: dict[str, grpc.Channel] = {}
        self._making = threading.Lock()

    def to(self, service: str) -> grpc.Channel:
        """The channel to a service; connects by itself and again after a break."""
        with self._making:
            if service not in self._open:
                plain = grpc.insecure_channel(self._targets[service], OPTIONS)
                self._open[service] = grpc.intercept_channel(plain, self._outgoing)
            return self._open[service]

    def close(self) -> None:
        """Ends every channel and what is in flight on it."""
        with self._making:
            for channel in self._open.values():
                channel.close()
            self._open = {}


class CallDetails(NamedTuple):
    """What gRPC hands an interceptor, in its order of fields."""

    method: str
    timeout: float | None
    metadata: Metadata
    credentials: Any
    wait_for_ready: bool | None
    compression: Any


class Outgoing(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Adds the token and a deadline to every call."""

    def __init__(self, token_source: TokenSource) -> None:
        self._token_source = token_source

    def intercept_unary_unary(
        self, continuation: Continuation, details: Details, request: Request
    ) -> Outcome:
        """At most `DEADLINE` seconds, and never longer than the call that is being answered."""
        return continuation(self._with(details, deadline(details.timeout)), request)

    def intercept_unary_stream(
        self, continuation: Continuation, details: Details, request: Request
    ) -> Outcome:
        """As long as the caller says, or `STREAM_DEADLINE`."""
        timeout = deadline(details.timeout, STREAM_DEADLINE)
        return continuation(self._with(details, timeout), request)

    def _with(self, details: Details, timeout: float | None) -> CallDetails:
        return CallDetails(
            details.method,
            timeout,
            (*(details.metadata or ()), bearer(self._token_source), *traces.as_metadata()),
            details.credentials,
            details.wait_for_ready,
            details.compression,
        )


def bearer(token_source: TokenSource) -> tuple[str, str]:
    """The metadata entry that carries the token."""
    return (AUTHORIZATION, f"Bearer {token_source()}")


def deadline(asked: float | None, usual: float = DEADLINE) -> float:
    """Seconds for a call: what was asked or is usual, within the call that is answered now."""
    wanted = usual if asked is None else asked
    answering = current()
    return wanted if answering is None else min(wanted, answering.ends_at - time.monotonic())
