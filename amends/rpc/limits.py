"""How much a server does at once, and how it stops: unary calls and watch streams apart."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import grpc
from google.protobuf.message import Message

from amends.rpc.identity import current
from amends.rpc.refusals import Overloaded, Stopping
from amends.rpc.rpcs import Rpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Unary calls and watch streams at once, bytes of a request, and how long a stop may take.

    `watches_each` is what one caller may have of the watch streams.
    """

    unary: int = 32
    watches: int = 64
    watches_each: int = 48
    request_bytes: int = 1 << 20
    drain: timedelta = timedelta(seconds=10)


class LimitStep:
    """Refuses what is over the limit at once, and everything new while the server stops."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._in_flight = {False: 0, True: 0}  # by whether the RPC streams
        self._changed = threading.Condition()
        self._draining = threading.Event()

    @property
    def draining(self) -> threading.Event:
        """Set from the moment the server begins to stop."""
        return self._draining

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, _context: grpc.ServicerContext) -> Iterator[None]:
        """Counts the call; raises Stopping or Overloaded instead of waiting."""
        self._take(streams=rpc.streams)
        try:
            yield
        finally:
            self._give_back(streams=rpc.streams)

    def drain(self, patience: timedelta) -> bool:
        """Takes nothing new; True when what was in flight ended within `patience`."""
        self._draining.set()
        with self._changed:
            return self._changed.wait_for(
                lambda: not any(self._in_flight.values()), patience.total_seconds()
            )

    def _take(self, *, streams: bool) -> None:
        limit = self._limits.watches if streams else self._limits.unary
        with self._changed:
            if self._draining.is_set():
                raise Stopping
            if self._in_flight[streams] >= limit:
                raise Overloaded(limit, "watch streams" if streams else "calls")
            self._in_flight[streams] += 1

    def _give_back(self, *, streams: bool) -> None:
        with self._changed:
            self._in_flight[streams] -= 1
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
