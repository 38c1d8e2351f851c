"""How much a server does at once, and how it stops: unary calls and watch streams apart."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import grpc
from google.protobuf.message import Message

from amends.rpc.deadlines import ends_at
from amends.rpc.identity import Said, current
from amends.rpc.places import Places, Room
from amends.rpc.refusals import Overloaded, Stopping
from amends.rpc.rpcs import Rpc
from amends.values.identity import Tenant
from amends.values.refusal import Refusal

TenantOf = Callable[[Said], Tenant]
# Three keep Python busy; together no more are begun than the pool has connections, but for a few.
_OTHERS = Room(at_work=3, waiting=32, begun=16)
_OURS = Room(at_work=12, waiting=64, begun=24)
_LONGEST_WAIT = 5.0  # seconds for a place; less than callers have, more than a busy machine takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Unary calls and watch streams at once, bytes of a request, and how long a stop may take.

    `ours` is the room of our own services' unary calls, `others` everybody else's; `watches_each`
    is what one caller may have of the watch streams.
    """

    others: Room = _OTHERS
    ours: Room = _OURS
    watches: int = 64
    watches_each: int = 48
    request_bytes: int = 1 << 20
    drain: timedelta = timedelta(seconds=10)

    @property
    def threads(self) -> int:
        """How many threads they hold when there is most to do."""
        rooms = (self.others, self.ours)
        return self.watches + sum(room.begun + room.waiting for room in rooms)


class LimitStep:
    """Refuses what is over the limit at once, and everything new while the server stops."""

    def __init__(self, limits: Limits, tenant_of: TenantOf) -> None:
        self._limits = limits
        self._tenant_of = tenant_of
        self._places = Places(limits.others, limits.ours)
        self._streams = 0
        self._changed = threading.Condition()
        self._draining = threading.Event()

    @property
    def draining(self) -> threading.Event:
        """Set from the moment the server begins to stop."""
        return self._draining

    def refuses(self, rpc: Rpc, metadata: Said) -> Refusal | None:
        """What `around` would refuse with at once: asked before a call costs a thread."""
        return None if rpc.streams else self._places.refuses(self._tenant_of(metadata))

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """Counts the call; raises Stopping or Overloaded."""
        if rpc.streams:
            with self._streaming():
                yield
            return
        tenant = self._tenant_of(context.invocation_metadata())
        turn = self._places.take(tenant, min(ends_at(context) - time.monotonic(), _LONGEST_WAIT))
        try:
            yield
        finally:
            self._places.give_back(turn)

    def drain(self, patience: timedelta) -> bool:
        """Takes nothing new; True when what was in flight ended within `patience`."""
        ends = time.monotonic() + patience.total_seconds()
        self._draining.set()
        answered = self._places.close(patience.total_seconds())
        with self._changed:
            return (
                self._changed.wait_for(lambda: not self._streams, ends - time.monotonic())
                and answered
            )

    @contextmanager
    def _streaming(self) -> Iterator[None]:
        with self._changed:
            if self._draining.is_set():
                raise Stopping
            if self._streams >= self._limits.watches:
                raise Overloaded(self._limits.watches, "watch streams")
            self._streams += 1
        try:
            yield
        finally:
            with self._changed:
                self._streams -= 1
                self._changed.notify_all()


class FairStep:
    """Keeps one caller from taking every watch stream; behind the step that knows who calls."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.watches_each
        self._open: Counter[tuple[str, str]] = Counter()
        self._changing = threading.Lock()

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, _context: grpc.ServicerContext) -> Iterator[None]:
        """Raises Overloaded for a caller who has as many streams as one may have."""
        call = current()
        if call is None or not rpc.streams:
            yield
            return
        caller = (call.actor.tenant, call.actor.subject)
        self._take(caller)
        try:
            yield
        finally:
            with self._changing:
                self._open -= Counter([caller])  # which forgets who has none

    def _take(self, caller: tuple[str, str]) -> None:
        with self._changing:
            if self._open[caller] >= self._limit:
                raise Overloaded(self._limit, "watch streams of yours")
            self._open[caller] += 1
