"""The trace of a call goes with its events through the outbox, and into no log."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from amends.eventstore import outbox
from amends.eventstore.records import Envelope
from amends.eventstore.relay import Relay
from amends.telemetry import traces
from tests.eventstore.world import Store, a_case

NOBODY = "http://127.0.0.1:9"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = PARENT[:35]
DAY = timedelta(days=1)


class Broker:
    """Keeps what is published, and then lets the relay end."""

    def __init__(self, stop: threading.Event) -> None:
        self.records: list[Envelope] = []
        self._stop = stop

    def publish(self, records: Sequence[Envelope]) -> None:
        self.records += records
        self._stop.set()

    def topic_id(self) -> str:
        return "the first"

    def reach(self) -> None:
        """It is there."""


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spans are made, and stay here."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "3600000")
    monkeypatch.setattr(traces, "_on", [])
    traces.configure("intake", NOBODY)


def published(store: Store) -> list[Envelope]:
    stop = threading.Event()
    broker = Broker(stop)
    Relay(store.engine, broker, source="intake", wake=store.wake, retained=DAY).run(stop)
    return broker.records


def test_an_event_is_published_in_the_trace_of_the_call_that_said_it(
    store: Store, traced: None
) -> None:
    with traces.within(PARENT):
        store.restate(a_case())
    [event] = published(store)
    assert event.traceparent.startswith(TRACE)
    assert event.traceparent != PARENT  # of the span that published it, which is its child


def test_what_nobody_traced_is_published_without_a_trace(store: Store, traced: None) -> None:
    store.restate(a_case())
    [event] = published(store)
    assert event.traceparent == ""


def test_while_traces_are_off_nothing_of_them_is_written(store: Store) -> None:
    with traces.within(PARENT):
        store.restate(a_case())
    with store.engine.connect() as conn:
        assert conn.execute(text("SELECT traceparent FROM outbox")).scalars().all() == [None]
        [waiting] = outbox.waiting(conn, 10)
    assert waiting.traceparent == ""


def test_no_event_and_no_hash_knows_of_a_trace(store: Store, traced: None) -> None:
    case = a_case()
    with traces.within(PARENT):
        store.restate(case)
    [event] = store.log.read_stream(case)
    assert TRACE.split("-")[1].encode() not in event.meta.to_bytes() + event.data
    assert event.hash == event.true_hash()


def test_the_outbox_says_how_much_waits_and_since_when(store: Store) -> None:
    with store.engine.connect() as conn:
        assert outbox.backlog(conn) == (0, None)
    first = a_case()
    store.restate(first)
    store.restate(a_case())
    [said] = store.log.read_stream(first)
    with store.engine.connect() as conn:
        assert outbox.backlog(conn) == (2, said.recorded_at)
