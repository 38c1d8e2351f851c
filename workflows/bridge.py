"""The bridge: what the services say on their topics becomes signals to the case's workflow.

In order within a case, cases beside each other; what comes together of one case is one signal. An
offset is committed once its signal is in Temporal, so that a signal may come twice and is never
lost. It decides nothing.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from google.protobuf.message import DecodeError
from temporalio.client import Client

from amends import telemetry
from amends.crash_points import crash_point
from amends.eventstore.records import Envelope
from amends.eventstore.tracing import ids_of
from amends.kafka.consumer import Consumer
from amends.kafka.dispatch import Gathering
from amends.kafka.topics import TOPICS
from amends.telemetry import traces
from amends.v1 import resolution_events_pb2, routing_events_pb2
from amends.values.identity import Role
from workflows.messages import LifecycleInput, News
from workflows.news import is_signalled, news_of
from workflows.starting import tell

GROUP = "amends-workflows"

_CASE = "escalation"
_OPENED = "amends.v1.EscalationOpened"
_REOPENED = "amends.v1.EscalationReopened"
_CLOSED = "amends.v1.EscalationClosed"
_FRESH = timedelta(minutes=1)
_URGENT = (
    routing_events_pb2.AssignmentDeclined,
    routing_events_pb2.RoutingUnblocked,
    resolution_events_pb2.OfferAccepted,
)
"""What the process itself answers, while somebody waits: the next holder, the remedy."""
_GATHERING = Gathering(
    seconds=0.2,
    urgent=frozenset(each.DESCRIPTOR.full_name for each in _URGENT),
    rest=0.1,
    apart=True,
)
"""After the rest it is people's turn: who is asked, for one, was asked by routing (ADR 12)."""
_REMEMBERED = 100_000

V = TypeVar("V")


class Times(Protocol):
    """Tells each service's business time (`workflows.times.ServiceTimes`)."""

    async def now(self, service: str, tenant: str, subject: str, /) -> datetime | None:
        """None where it is not known; `subject` is any case of the tenant."""


class Bridge:
    """Signals envelopes; used within one event loop, fed by the consumer's threads.

    `worker` is the subject under which the worker calls the services: what its own commands caused
    it hears as their answer, and is not told again.
    """

    def __init__(self, client: Client, times: Times, *, worker: str) -> None:
        self._client = client
        self._times = times
        self._worker = worker
        self._loop = asyncio.get_running_loop()
        self._sent = _Latest[int]()
        """The version of what was signalled or answered last, by (service, stream)."""
        self._closed = _Latest[bool]()

    def handle(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when each is in Temporal; raises where one is not, and is then called again."""
        asyncio.run_coroutine_threadsafe(self.deliver(envelopes), self._loop).result()

    async def deliver(self, envelopes: Sequence[Envelope]) -> None:
        """In order within a case, cases beside each other."""
        told = [each for each in envelopes if each.stream.kind == _CASE and is_signalled(each.type)]
        told.sort(key=_by_case)  # stable: the order within a case stays
        await asyncio.gather(*(self._in_order(list(case)) for _, case in groupby(told, _by_case)))

    async def _in_order(self, envelopes: Sequence[Envelope]) -> None:
        for part in _parts(envelopes):
            await self._pass_on([each for each in part if self._concerns_a_run(each)])

    def _concerns_a_run(self, envelope: Envelope) -> bool:
        """Nothing is left to be told to a case that is closed, unless it is opened again."""
        case = str(envelope.stream)
        if envelope.type == _REOPENED:
            self._closed.forget(case)
        return self._closed.get(case) is None

    async def _pass_on(self, envelopes: Sequence[Envelope]) -> None:
        """What is news of one case, as one signal; remembered once it is in Temporal."""
        sent: dict[str, int] = {}
        told: list[tuple[Envelope, News]] = []
        for envelope in envelopes:
            key = f"{envelope.source}/{envelope.stream}"
            sent[key], after = envelope.version, sent.get(key, self._sent.get(key))
            if self._is_answered(envelope):
                continue
            try:
                told.append((envelope, await self._news(envelope, after)))
            except DecodeError as error:
                _pass_over(envelope, error)
        if told:
            await self._tell(told)
        for key, version in sent.items():
            self._sent.put(key, version)
        for envelope in envelopes:
            if envelope.type == _CLOSED:
                self._closed.put(str(envelope.stream), value=True)

    def _is_answered(self, envelope: Envelope) -> bool:
        meta = envelope.meta
        return meta.actor == self._worker and meta.role == Role.SERVICE.value

    async def _news(self, envelope: Envelope, after: int | None) -> News:
        stream = envelope.stream
        now = await self._times.now(envelope.source, stream.tenant, stream.subject)
        news = news_of(envelope, now=now, after=after)
        assert news is not None  # noqa: S101 - `deliver` takes only what is signalled
        return news

    async def _tell(self, told: Sequence[tuple[Envelope, News]]) -> None:
        last, _ = told[-1]
        stream = last.stream
        fresh = any(_is_fresh(envelope, news.now) for envelope, news in told)
        begin = LifecycleInput(stream.tenant, stream.subject, fresh=fresh)
        with telemetry.bound(ids_of(last)), traces.within(last.traceparent):
            crash_point("signal.before")
            await tell(self._client, begin, [news for _, news in told])
            crash_point("signal.after")


def _pass_over(envelope: Envelope, error: DecodeError) -> None:
    """Nothing behind it waits; the next news name it, so that the run reads the log itself."""
    with telemetry.bound(ids_of(envelope)):
        telemetry.log().error(
            "unreadable",
            stream=str(envelope.stream),
            version=envelope.version,
            type=envelope.type,
            reason=type(error).__name__,
        )


def consumer(bootstrap: str, bridge: Bridge, instance: str) -> Consumer:
    """The consumer that feeds the bridge."""
    return Consumer(
        bootstrap, GROUP, TOPICS, bridge.handle, instance=instance, gathering=_GATHERING
    )


class _Latest(Generic[V]):
    """The latest values by key; the oldest are forgotten, which costs a look at a log."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, V] = OrderedDict()

    def get(self, key: str) -> V | None:
        return self._values.get(key)

    def put(self, key: str, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > _REMEMBERED:
            self._values.popitem(last=False)

    def forget(self, key: str) -> None:
        self._values.pop(key, None)


def _parts(envelopes: Sequence[Envelope]) -> Iterator[list[Envelope]]:
    """What one run is told at once: a reopening may begin another one."""
    part: list[Envelope] = []
    for envelope in envelopes:
        if part and envelope.type == _REOPENED:
            yield part
            part = []
        part.append(envelope)
    yield part


def _by_case(envelope: Envelope) -> str:
    return str(envelope.stream)


def _is_fresh(envelope: Envelope, now: datetime | None) -> bool:
    """Opened a moment ago, so that a run that starts with it has nothing to read."""
    if envelope.type != _OPENED or now is None:
        return False
    return now - envelope.meta.occurred_at < _FRESH
