"""A service's gRPC server: health, reflection, and the same steps around every call."""

import importlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import grpc
from google.protobuf.message import Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from amends import telemetry
from amends.eventstore.log import EventLog
from amends.rpc.deadlines import DeadlineStep
from amends.rpc.identity import Digest, IdentityStep, tenant_in_turn
from amends.rpc.limits import FairStep, Limits, LimitStep
from amends.rpc.observing import ObservedStep
from amends.rpc.pipeline import DecodedStep, Pipeline
from amends.rpc.rpcs import Rpc, UndeclaredAccess, rpcs_of
from amends.rpc.said import SaidStep
from amends.rpc.status import StatusStep
from amends.rpc.streams import StreamStep
from amends.rpc.tokens import Tokens
from amends.rpc.validation import ValidationStep

NOW = "amends-now"
# Threads beyond the limits: they refuse what is over a limit, and serve health and reflection.
_SPARE_THREADS = 8
# Seconds for the last answers to leave once nothing is in flight; the less is over time.
_FAREWELL = 2.0
_LAST = 0.5

Handlers = Any
"""What generated code registers; it comes without types."""
Register = Callable[[Any, Any], None]


class NowStep:
    """Tells every unary call the business time, as trailing metadata `amends-now`.

    Who was refused hears it too: what was not due or is too late is so by this clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """RFC 3339 in UTC, taken after the handler."""
        try:
            yield
        finally:
            if not rpc.streams:
                told: Any = context
                others = told.trailing_metadata() or ()
                context.set_trailing_metadata((*others, (NOW, rfc3339(self._now()))))


class Server:
    """Serves what was added until it is stopped.

    `tokens` verifies who calls, `digest` is the keyed hash under which answers are remembered,
    `now` the business time, `log` what services are told of with their answers (`said`). `address`
    is host:port; port 0 takes a free one.
    """

    def __init__(  # noqa: PLR0913 - bootstrap's wiring, once per service
        self,
        address: str,
        *,
        tokens: Tokens,
        digest: Digest,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        log: EventLog | None = None,
    ) -> None:
        self._address = address
        self._tokens = tokens
        self._limits = limits or Limits()
        self._limit = LimitStep(self._limits, partial(tenant_in_turn, tokens))
        self._health = health.HealthServicer()
        self._pipeline = Pipeline(
            (
                ObservedStep(),
                StatusStep(),
                self._limit,
                DeadlineStep(),
                IdentityStep(tokens, digest),
                NowStep(now),
                FairStep(self._limits),
                SaidStep(log),
                DecodedStep(),
                ValidationStep(),
                StreamStep(self._limit.draining),
            ),
            self._limit.refuses,
        )
        self._server = self._make()
        self._services: list[str] = []
        self.port = 0

    def add(self, register: Register, servicer: object) -> None:
        """Takes a servicer by its generated `add_<Name>Servicer_to_server`.

        Raises:
            UndeclaredAccess: an RPC names no role, or the servicer leaves one out.
        """
        # Where a service's messages stand in another file, only this import makes it known.
        importlib.import_module(register.__module__.removesuffix("_grpc"))
        registrar = _Registrar(self._server)
        register(servicer, registrar)
        for service in registrar.services:
            rpcs = rpcs_of(service)
            _check_complete(service, servicer, rpcs)
            self._pipeline.rpcs.update(rpcs)
            self._services.append(service)

    def start(self) -> int:
        """Listens and reports healthy; the port.

        Raises:
            OSError, ValueError: the JWKS file is missing or is none.
            RuntimeError: the address is taken.
        """
        self._tokens.load()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (*self._services, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._server)
        self.port = self._server.add_insecure_port(self._address)
        self._server.start()
        self.report(healthy=True)
        telemetry.log().info("serving", port=self.port)
        return self.port

    def report(self, *, healthy: bool) -> None:
        """Tells who asks for health whether calls should be sent here."""
        response = health_pb2.HealthCheckResponse
        state = response.SERVING if healthy else response.NOT_SERVING
        for name in ("", *self._services):
            self._health.set(name, state)

    def stop(self, grace: timedelta | None = None) -> bool:
        """Takes nothing new, lets what is in flight end within `grace`, then cancels the rest.

        False where there was a rest.
        """
        patience = self._limits.drain if grace is None else grace
        ends = time.monotonic() + patience.total_seconds()
        self._health.enter_graceful_shutdown()
        finished = self._limit.drain(patience)
        farewell = min(_FAREWELL, ends - time.monotonic() + _LAST)
        self._server.stop(farewell if finished else None).wait()
        telemetry.log().info("stopped", finished=finished)
        return finished

    def _make(self) -> grpc.Server:
        threads = self._limits.threads + _SPARE_THREADS
        return grpc.server(
            ThreadPoolExecutor(threads, thread_name_prefix="rpc"),
            interceptors=[self._pipeline],
            options=(
                ("grpc.max_receive_message_length", self._limits.request_bytes),
                ("grpc.so_reuseport", 0),
                ("grpc.keepalive_time_ms", 60_000),
                ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ),
        )


def rfc3339(moment: datetime) -> str:
    """An aware moment in UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class _Registrar:
    """Stands for the server while generated code registers, to learn the services' names."""

    def __init__(self, server: grpc.Server) -> None:
        self._server = server
        self.services: list[str] = []

    def add_generic_rpc_handlers(self, handlers: Handlers) -> None:
        self._server.add_generic_rpc_handlers(handlers)

    def add_registered_method_handlers(self, service: str, handlers: Handlers) -> None:
        self.services.append(service)
        self._server.add_registered_method_handlers(service, handlers)


def _check_complete(service: str, servicer: object, rpcs: dict[str, Rpc]) -> None:
    """An RPC that a servicer leaves out would be answered by the generated base: no such server."""
    for rpc in rpcs.values():
        if getattr(servicer, rpc.name).__module__.endswith("_pb2_grpc"):
            msg = f"{type(servicer).__name__} does not answer {service}.{rpc.name}"
            raise UndeclaredAccess(msg)
