"""What logs and traces say of events on their way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from amends.eventstore.records import Envelope
from amends.telemetry import traces
from amends.telemetry.traces import Kind, Step


@contextmanager
def traced(kind: Kind, envelopes: Sequence[Envelope]) -> Iterator[Sequence[Envelope]]:
    """Spans of events that are published or received inside; the events as they go on from there.

    While traces are off they go on as they came.
    """
    if not traces.are_on():
        yield envelopes
        return
    verb = "publish" if kind == "producer" else "receive"
    steps = [
        Step(f"{verb} {_name(one)}", {**ids_of(one), "type": one.type}, one.traceparent)
        for one in envelopes
    ]
    with traces.carried(kind, steps) as parents:
        yield [
            replace(one, traceparent=parent) for one, parent in zip(envelopes, parents, strict=True)
        ]


def ids_of(envelope: Envelope) -> dict[str, str]:
    """The ids of an event, as logs and spans name them."""
    ids = {
        "stream": str(envelope.stream),
        "source": envelope.source,
        "event_id": envelope.event_id,
        "request_id": envelope.meta.request_id,
        "correlation_id": envelope.meta.correlation_id,
        "causation_id": envelope.meta.causation_id,
    }
    if envelope.stream.kind == "escalation":
        ids["escalation"] = envelope.subject
    return ids


def _name(envelope: Envelope) -> str:
    return f"{envelope.source}.{envelope.type.rpartition('.')[2]}"
