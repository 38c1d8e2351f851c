"""Spans, by OpenTelemetry: imported only where somebody asked for traces.

What leaves the process holds agreed attributes alone: ids, names of ours, statuses. The texts of
exceptions, which Temporal's interceptor would send, stay here: they may hold what someone said.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from opentelemetry import context as contexts
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from amends.telemetry.traces import TRACEPARENT, Kind, Step

AGREED = frozenset(
    """
    escalation request_id correlation_id causation_id event_id stream type source rpc status
    temporalWorkflowID temporalRunID temporalActivityID
    """.split()  # noqa: SIM905 - reads as what it is: a list of words
)
_LONGEST = 300
_FAREWELL = 2.0  # seconds
_KINDS = {"producer": SpanKind.PRODUCER, "consumer": SpanKind.CONSUMER}


class Spans:
    """The tracing of one process (`amends.telemetry.traces.Tracing`)."""

    def __init__(self, process: str, endpoint: str) -> None:
        resource = Resource.create({"service.name": f"amends-{process}"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=endpoint, insecure=endpoint.startswith("http://"))
        self._provider.add_span_processor(BatchSpanProcessor(AgreedOnly(exporter)))
        self._tracer = self._provider.get_tracer("amends")
        self._wire = TraceContextTextMapPropagator()

    def traceparent(self) -> str:
        """Of the current span; empty where there is none."""
        carrier: dict[str, str] = {}
        self._wire.inject(carrier)
        return carrier.get(TRACEPARENT, "")

    @contextmanager
    def answering(
        self, rpc: str, parent: str, ids: Mapping[str, str]
    ) -> Iterator[Callable[[str], None]]:
        """The caller's traceparent is taken up; a call without one begins a trace."""
        with self._tracer.start_as_current_span(
            rpc,
            context=self._context(parent),
            kind=SpanKind.SERVER,
            attributes={"rpc": rpc, **ids},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield lambda status: span.set_attribute("status", status)

    @contextmanager
    def carried(self, kind: Kind, steps: Sequence[Step]) -> Iterator[list[str]]:
        """Where all belong to one trace, what is done inside belongs to it too."""
        with ExitStack() as stack:
            parents = [self._step(stack, kind, step) for step in steps]
            if len({parent[:35] for parent in parents}) == 1 and parents[0]:
                stack.enter_context(self.within(parents[0]))
            yield parents

    @contextmanager
    def within(self, parent: str) -> Iterator[None]:
        """Makes a span of elsewhere, or of here, the current one."""
        token = contexts.attach(self._context(parent))
        try:
            yield
        finally:
            contexts.detach(token)

    def of_temporal(self) -> Sequence[Any]:
        """One that is both the client's and the worker's."""
        from temporalio.contrib.opentelemetry import TracingInterceptor  # noqa: PLC0415 - no service has Temporal

        return (TracingInterceptor(self._tracer),)

    def end(self) -> None:
        """A collector that is away is not waited for, whatever the exporter's patience."""
        flushing = threading.Thread(target=self._provider.force_flush, daemon=True)
        flushing.start()
        flushing.join(_FAREWELL)

    def _step(self, stack: ExitStack, kind: Kind, step: Step) -> str:
        """Begins the span of one step; its traceparent. What has no parent gets no span."""
        if not step.traceparent:
            return ""
        span = self._tracer.start_span(
            step.name,
            context=self._context(step.traceparent),
            kind=_KINDS[kind],
            attributes=step.ids,
        )
        stack.callback(span.end)
        told = span.get_span_context()
        return f"00-{told.trace_id:032x}-{told.span_id:016x}-{told.trace_flags:02x}"

    def _context(self, parent: str) -> contexts.Context:
        return self._wire.extract({TRACEPARENT: parent}, contexts.Context())


class AgreedOnly(SpanExporter):
    """Lets of each span only what was agreed reach the exporter behind it."""

    def __init__(self, behind: SpanExporter) -> None:
        self._behind = behind

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """As the exporter behind it does."""
        return self._behind.export([_agreed(span) for span in spans])

    def shutdown(self) -> None:
        """As the exporter behind it does."""
        self._behind.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """As the exporter behind it does."""
        return self._behind.force_flush(timeout_millis)


def _agreed(span: ReadableSpan) -> ReadableSpan:
    """Without events and the status's description: exceptions' texts stand there."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={
            key: str(value)[:_LONGEST]
            for key, value in (span.attributes or {}).items()
            if key in AGREED
        },
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
