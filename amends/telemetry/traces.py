"""Traces: one case's way through the processes as one tree; off unless somebody names a collector.

While they are off nothing of OpenTelemetry is imported, and every function here returns at once.
The context travels as a W3C `traceparent`: in the metadata of calls, beside an event in the outbox,
in its Kafka record's header `ce_traceparent` and in Temporal's headers; never in an event itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Literal, NamedTuple, Protocol

TRACEPARENT = "traceparent"
"""The metadata key of a call."""

Kind = Literal["producer", "consumer"]


class Step(NamedTuple):
    """One event on its way: the span's name, what it is about, and whose child it is."""

    name: str
    ids: Mapping[str, str]
    traceparent: str


class Tracing(Protocol):
    """What `amends.telemetry.spans` does once traces are on."""

    def traceparent(self) -> str:
        """That of the span that is current here; empty where none is."""

    def answering(
        self, rpc: str, parent: str, ids: Mapping[str, str]
    ) -> AbstractContextManager[Callable[[str], None]]:
        """The span of a call that is answered inside; gives the way to say its status."""

    def carried(self, kind: Kind, steps: Sequence[Step]) -> AbstractContextManager[list[str]]:
        """A span for each step that has a parent; gives the traceparent of each."""

    def within(self, parent: str) -> AbstractContextManager[None]:
        """What begins inside is this one's child."""

    def of_temporal(self) -> Sequence[Any]:
        """The interceptors of Temporal's client and worker."""

    def end(self) -> None:
        """Sends what is not yet sent, for at most a moment."""


_NOWHERE: AbstractContextManager[None] = nullcontext()
UNTOLD: AbstractContextManager[Callable[[str], None]] = nullcontext(lambda _status: None)
"""The span of a call that is not traced."""
_on: list[Tracing] = []


def configure(process: str, endpoint: str) -> None:
    """Sends this process's spans to an OTLP collector (http://host:port, gRPC); "" does nothing."""
    if not endpoint:
        return
    from amends.telemetry.spans import Spans  # noqa: PLC0415 - costs 20 MB where nobody wants it

    _on[:] = [Spans(process, endpoint)]


def are_on() -> bool:
    """Whether spans are made in this process."""
    return bool(_on)


def traceparent() -> str:
    """Of what is being done here; empty where nothing is traced."""
    return _on[0].traceparent() if _on else ""


def as_metadata() -> tuple[tuple[str, str], ...]:
    """The metadata by which whoever is called goes on with this trace."""
    parent = traceparent()
    return ((TRACEPARENT, parent),) if parent else ()


def answering(
    rpc: str, parent: str, ids: Mapping[str, str]
) -> AbstractContextManager[Callable[[str], None]]:
    """The span of a call that is answered inside; gives the way to say its status."""
    return _on[0].answering(rpc, parent, ids) if _on else UNTOLD


@contextmanager
def carried(kind: Kind, steps: Sequence[Step]) -> Iterator[list[str]]:
    """Spans of events on their way, which end with the block; the traceparent of each."""
    if not _on:
        yield [step.traceparent for step in steps]
        return
    with _on[0].carried(kind, steps) as parents:
        yield parents


def within(parent: str) -> AbstractContextManager[None]:
    """What begins inside is a child of the span that `parent` names."""
    return _on[0].within(parent) if _on and parent else _NOWHERE


def of_temporal() -> Sequence[Any]:
    """Interceptors for Temporal's client, which hands them to its worker; none while off."""
    return _on[0].of_temporal() if _on else ()


def end() -> None:
    """Before a process ends: sends what is not yet sent."""
    for one in _on:
        one.end()
