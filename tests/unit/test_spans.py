"""Of a span only what was agreed leaves the process."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from amends.telemetry import traces
from amends.telemetry.spans import AgreedOnly
from amends.telemetry.traces import Step

SAID = "my daughter's shoes"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def sent() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(sent: InMemorySpanExporter) -> Iterator[TracerProvider]:
    made = TracerProvider(shutdown_on_exit=False)
    made.add_span_processor(SimpleSpanProcessor(AgreedOnly(sent)))
    yield made
    made.shutdown()


def fail_in(provider: TracerProvider) -> None:
    tracer = provider.get_tracer("theirs")
    with tracer.start_as_current_span(
        "RunActivity:SendResponse", attributes={"escalation": "esc_a", "words": SAID}
    ):
        raise ValueError(SAID)


def test_neither_attributes_nor_exceptions_bring_out_what_was_said(
    provider: TracerProvider, sent: InMemorySpanExporter
) -> None:
    with pytest.raises(ValueError, match=SAID):
        fail_in(provider)
    [span] = sent.get_finished_spans()
    assert dict(span.attributes or {}) == {"escalation": "esc_a"}
    assert SAID not in span.to_json()
    assert span.status.is_ok is False


def test_while_nobody_traces_nothing_happens() -> None:
    assert not traces.are_on()
    assert traces.traceparent() == ""
    assert traces.as_metadata() == ()
    assert traces.of_temporal() == ()
    with traces.carried("consumer", [Step("x", {}, PARENT)]) as parents, traces.within(PARENT):
        assert parents == [PARENT]
        assert traces.traceparent() == ""
