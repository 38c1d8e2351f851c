"""An OTLP collector in the test's own process: the spans of the whole stack come here."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Self

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1 import trace_pb2

PATIENCE = 90.0  # seconds; a crowded machine sends late, and tries again


class Span(NamedTuple):
    """One span, as it came over the wire."""

    process: str
    name: str
    trace: str
    span: str
    parent: str
    request_id: str

    @property
    def place(self) -> tuple[str, str]:
        """Where it was made, and what it is called."""
        return self.process, self.name


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Serves on a free port of 127.0.0.1 while it is entered, and keeps what it is sent."""

    def __init__(self) -> None:
        self._server = grpc.server(ThreadPoolExecutor(8))
        register: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server  # has no types
        register(self, self._server)
        self._port = self._server.add_insecure_port("127.0.0.1:0")
        self._changed = threading.Condition()
        self._spans: list[Span] = []
        self._raw: list[bytes] = []

    @property
    def endpoint(self) -> str:
        """What AMENDS_OTLP_ENDPOINT names."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None)

    def Export(  # noqa: N802 - gRPC's name
        self,
        request: trace_service_pb2.ExportTraceServiceRequest,
        _context: grpc.ServicerContext,
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        with self._changed:
            self._raw.append(request.SerializeToString())
            self._spans += _spans(request)
            self._changed.notify_all()
        return trace_service_pb2.ExportTraceServiceResponse()

    def trace(self, trace: str, is_whole: Callable[[list[Span]], bool]) -> list[Span]:
        """The spans of one trace, as soon as they are what is waited for, or after a while."""
        found: list[Span] = []

        def whole() -> bool:
            found[:] = [one for one in self._spans if one.trace == trace]
            return is_whole(found)

        with self._changed:
            self._changed.wait_for(whole, PATIENCE)
        return found

    def begun(self, name: str, request_id: str) -> Span:
        """The span of one request."""

        def found() -> Span | None:
            return next(
                (one for one in self._spans if (one.name, one.request_id) == (name, request_id)),
                None,
            )

        with self._changed:
            span = self._changed.wait_for(found, PATIENCE)
        assert span is not None, f"no span {name} of {request_id}"
        return span

    def everything(self) -> bytes:
        """All that ever came, as it came."""
        with self._changed:
            return b"".join(self._raw)


def _spans(request: trace_service_pb2.ExportTraceServiceRequest) -> list[Span]:
    found = []
    for of_process in request.resource_spans:
        named = {one.key: one.value.string_value for one in of_process.resource.attributes}
        for scope in of_process.scope_spans:
            found += [
                Span(
                    named["service.name"],
                    one.name,
                    one.trace_id.hex(),
                    one.span_id.hex(),
                    one.parent_span_id.hex(),
                    _attribute(one, "request_id"),
                )
                for one in scope.spans
            ]
    return found


def _attribute(span: trace_pb2.Span, key: str) -> str:
    return next((one.value.string_value for one in span.attributes if one.key == key), "")
