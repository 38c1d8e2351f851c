"""Metrics in Prometheus' format: what a process counts, and what it asks at each scrape.

No label ever holds an id, a tenant or a person: each has as many values as the contract has RPCs,
reasons, services or topics. docs/operations.md says what each means and when to worry.
"""

from collections.abc import Callable, Iterable
from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from amends.telemetry.logs import log

REGISTRY = CollectorRegistry()
"""Everything of this process."""

Ask = Callable[[], Iterable[Metric]]
"""What is found out at each scrape; raises where the store is away."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

_CALLS = Counter(
    "amends_calls", "Calls answered, by RPC and gRPC status", ("rpc", "status"), registry=REGISTRY
)
_CALL_SECONDS = Histogram(
    "amends_call_seconds",
    "From a unary call's arrival in a thread to its answer",
    ("rpc",),
    buckets=_SECONDS,
    registry=REGISTRY,
)
_REFUSALS = Counter("amends_refusals", "Calls refused, by reason", ("reason",), registry=REGISTRY)
_LAG = Gauge(
    "amends_consumer_lag",
    "Records on a topic whose effect is not yet committed here",
    ("topic",),
    registry=REGISTRY,
)
_PARTITIONS = Gauge(
    "amends_consumer_partitions",
    "Partitions that this process reads",
    ("topic",),
    registry=REGISTRY,
)
_NOT_EVENTS = Counter(
    "amends_not_an_event",
    "Records passed over since they are no event of ours",
    ("topic",),
    registry=REGISTRY,
)
_HANDLER_FAILURES = Counter(
    "amends_handler_failures", "Batches of events to be handled again", registry=REGISTRY
)
_RECEIVED = Counter(
    "amends_inbox_received", "Events of other services taken in", ("source",), registry=REGISTRY
)
_DUPLICATES = Counter(
    "amends_inbox_duplicates",
    "Events of other services that came again and changed nothing",
    ("source",),
    registry=REGISTRY,
)
_PUBLISHED = Counter("amends_events_published", "Events on Kafka, acknowledged", registry=REGISTRY)
_LEADING = Gauge(
    "amends_relay_leading", "1 where this process's relay publishes", registry=REGISTRY
)


def answered(rpc: str, status: str, seconds: float | None) -> None:
    """A call has its answer; `seconds` is None for a stream, which lasts as long as it likes."""
    _calls(rpc, status).inc()
    if seconds is not None:
        _call_seconds(rpc).observe(seconds)


def refused(reason: str) -> None:
    """A call was refused; reasons come from the contract's table, never from a caller."""
    _REFUSALS.labels(reason).inc()


def lagging(topic: str, records: int, partitions: int) -> None:
    """How far behind a topic's end this process is, over the partitions that it reads."""
    _LAG.labels(topic).set(records)
    _PARTITIONS.labels(topic).set(partitions)


def not_an_event(topic: str) -> None:
    """A record was passed over."""
    _NOT_EVENTS.labels(topic).inc()


def handler_failed() -> None:
    """A batch of events is tried again later."""
    _HANDLER_FAILURES.inc()


def received(source: str, fresh: int, again: int) -> None:
    """A service's events came: so many new ones, so many that were known."""
    if fresh:
        _RECEIVED.labels(source).inc(fresh)
    if again:
        _DUPLICATES.labels(source).inc(again)


def published(events: int) -> None:
    """The broker acknowledged them."""
    _PUBLISHED.inc(events)


def leading(*, leads: bool) -> None:
    """Whether this process's relay is the service's active one."""
    _LEADING.set(1 if leads else 0)


def serve(address: str, process: str, asks: Iterable[Ask]) -> Callable[[], None]:
    """Answers `GET /metrics` on host:port in threads of its own, which die with the process.

    No address, no metrics. A process goes on without where it is taken: its log says so. Gives
    the way to end it before, for whoever wants the port back.
    """
    if not address:
        return _nothing
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ProcessCollector(registry=REGISTRY)
    for ask in asks:
        REGISTRY.register(_Asked(ask))
    host, _, port = address.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host, REGISTRY)
    except OSError as error:
        log().error("no_metrics", service=process, address=address, error=type(error).__name__)
        return _nothing

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


def _nothing() -> None:
    """What does not listen needs no end."""


class _Asked(Collector):
    """Asked at each scrape; says nothing, rather than something old, where it cannot know."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def collect(self) -> Iterable[Metric]:
        try:
            return list(self._ask())
        except Exception as error:  # noqa: BLE001 - the scrape's process loop: the rest is told
            log().warning("metrics_wait", error=type(error).__name__)
            return []


def gauge(name: str, means: str, value: float) -> GaugeMetricFamily:
    """One number, for an `Ask`."""
    return GaugeMetricFamily(name, means, value=value)


def gauges(name: str, means: str, label: str, by: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    """One number for each value of a label, for an `Ask`."""
    family = GaugeMetricFamily(name, means, labels=(label,))
    for value, number in by:
        family.add_metric((value,), number)
    return family


@cache
def _calls(rpc: str, status: str) -> Counter:
    return _CALLS.labels(rpc, status)


@cache
def _call_seconds(rpc: str) -> Histogram:
    return _CALL_SECONDS.labels(rpc)
