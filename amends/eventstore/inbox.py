"""Inbox: what other services said, each taken in once and in order.

Each stream of each source goes on by one version at a time: what is older is dropped, a gap is
fetched from the owner before the transaction begins. What cannot be taken in parks its own stream
and nothing else; the stream goes on when its next event comes and the first can be read. What was
received is kept, so that read models rebuild from it without Kafka.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import grpc
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from amends.crash_points import crash_point
from amends.eventstore import received
from amends.eventstore.append import Conflict
from amends.eventstore.counting import count_repeated, count_taken
from amends.eventstore.engine import reader
from amends.eventstore.parking import Nobody, Parking
from amends.eventstore.received import Key
from amends.eventstore.records import Envelope
from amends.eventstore.streams import stream_of
from amends.eventstore.subscription import Handlers, Subscription
from amends.eventstore.watch import Notify
from amends.values.identity import Tenant
from amends.values.refusal import DependencyUnavailable

T = TypeVar("T")

Fetch = Callable[[str, Tenant, str, int], Sequence[Envelope]]
"""Asks the owner by ReadEvents: (source, tenant, subject, after_version) -> what came after."""

FAULTS = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    DependencyUnavailable,
    grpc.RpcError,
    OSError,
)
"""The world broke: nothing is parked for it; the batch is received again."""

_NOBODY = Nobody()
_TRIES = 10


class _Parked(NamedTuple):
    """Where a stream must wait, and why."""

    envelope: Envelope
    problem: str


class _Poison(Exception):
    """A handler cannot do with something of what it was given; the kind of its error."""


class Inbox:
    """Takes in what other services say. Thread-safe; overlapping deliveries are harmless."""

    def __init__(
        self,
        engine: Engine,
        subscriptions: Sequence[Subscription],
        fetch: Fetch,
        *,
        parking: Parking = _NOBODY,
        wake: Notify = lambda *_: None,
    ) -> None:
        self._engine = engine
        self._reader = reader(engine)
        self._handlers = Handlers(subscriptions)
        self._fetch = fetch
        self._parking = parking
        self._wake = wake

    def receive(self, envelopes: Iterable[Envelope]) -> int:
        """Takes in what is next in each stream; how many events were new.

        When it returns, each of them is taken in, was known before, or its stream is parked: the
        consumer may commit its offsets.

        Raises:
            sqlalchemy.exc.OperationalError, grpc.RpcError, DependencyUnavailable: the database or
                the owner of a gap is away; the streams that could go on have gone on. Receive
                the same again.
        """
        came = list(envelopes)
        by_key = _by_stream(came)
        count_repeated(came, by_key)
        taken, gaps = self._taken(by_key)
        faults = []
        for key, version in gaps.items():
            try:
                taken += self._filled(version, by_key[key])
            except FAULTS as fault:
                faults.append(fault)
        if taken:
            self._wake(*{stream for _source, stream in by_key})
        if faults:
            raise faults[0]
        return taken

    def catch_up(self, source: str, tenant: Tenant, subject: str) -> None:
        """Asks the owner what is new about one subject and takes it in.

        Whether something was new is not told: the consumer may have taken it in at the same time,
        so that whoever asked looks again in any case.

        Raises:
            What `fetch` raises: the owner does not answer.
        """
        with self._reader.connect() as conn:
            known = received.head(conn, (source, str(stream_of(tenant, subject))))
        whole, wrong = _whole(self._fetch(source, tenant, subject, known))
        self.receive(whole)
        if wrong:
            self._park(wrong)

    def retry_parked(self) -> None:
        """Tries every parked stream again, as after a program that can read it was installed.

        Raises:
            What `catch_up` raises, once every stream whose owner answers was tried.
        """
        with self._reader.connect() as conn:
            stuck = received.parked_streams(conn)
        faults = []
        for source, one in stuck:
            try:
                self.catch_up(source, one.tenant, one.subject)
            except FAULTS as fault:
                faults.append(fault)
        if faults:
            raise faults[0]

    def _filled(self, version: int, late: Sequence[Envelope]) -> int:
        """Fetches what is missing after `version` and takes in the whole; how many."""
        first = late[0]
        missing = self._fetch(first.source, first.tenant, first.subject, version)
        whole, wrong = _whole(missing)
        if wrong:
            taken, _ = self._taken(_by_stream(whole))
            self._park(wrong)
            return taken
        taken, gaps = self._taken(_by_stream([*missing, *late]))
        if gaps:
            problem = f"{first.source} does not have what came after version {version}"
            self._park(_Parked(first, problem))
        return taken

    def _taken(self, by_key: Mapping[Key, Sequence[Envelope]]) -> tuple[int, dict[Key, int]]:
        """Takes in together what goes on without a gap; (how many, version before each gap)."""
        if not by_key:
            return 0, {}
        try:
            due, gaps = self._in_transaction(partial(self._take, by_key))
        except _Poison as poison:
            if len(by_key) == 1:
                return self._one_by_one(by_key, str(poison)), {}
        else:
            count_taken(by_key, due, gaps)
            return len(due), gaps
        taken, gaps = 0, {}
        for key, envelopes in by_key.items():
            more, gap = self._taken({key: envelopes})
            taken += more
            gaps.update(gap)
        return taken, gaps

    def _one_by_one(self, by_key: Mapping[Key, Sequence[Envelope]], problem: str) -> int:
        """Takes in what stands before a poisoned event of one stream, and parks the stream."""
        [(key, envelopes)] = by_key.items()
        if len(envelopes) == 1:
            self._park(_Parked(envelopes[0], problem))
            return 0
        taken = 0
        for one in envelopes:
            more, gap = self._taken({key: [one]})
            taken += more
            if gap:
                break  # behind what is parked
        return taken

    def _in_transaction(self, work: Callable[[Connection], T]) -> T:
        """Does it in a transaction; anew where its own log went on meanwhile."""
        for _ in range(_TRIES):
            with contextlib.suppress(Conflict), self._engine.begin() as conn:
                done = work(conn)
                crash_point("inbox.before")
                return done
        with self._engine.begin() as conn:
            return work(conn)

    def _take(
        self, by_key: Mapping[Key, Sequence[Envelope]], conn: Connection
    ) -> tuple[list[Envelope], dict[Key, int]]:
        heads = received.lock_heads(conn, list(by_key))
        due: list[Envelope] = []
        gaps: dict[Key, int] = {}
        for key, envelopes in by_key.items():
            head = heads[key]
            for one in envelopes:
                if one.version == head + 1:
                    due.append(one)
                    head = one.version
                elif one.version > head:
                    gaps[key] = head
        if due:
            self._go_on(conn, due)
            self._apply(conn, due)
        return due, gaps

    def _go_on(self, conn: Connection, due: Sequence[Envelope]) -> None:
        """Before any read model, as commands do: their own log, then what is made of it."""
        for key in sorted(received.go_on(conn, due), key=lambda key: key[1]):
            if received.unpark(conn, key):
                first = next(one for one in due if (one.source, str(one.stream)) == key)
                self._parking.goes_on(conn, first)

    def _apply(self, conn: Connection, due: Sequence[Envelope]) -> None:
        try:
            self._handlers.apply(conn, due)
        except FAULTS:
            raise
        except Exception as error:
            # Whatever a handler cannot do with it parks its stream, so that nothing else waits.
            # The text may hold what was said: only the kind of the error is told.
            raise _Poison(type(error).__name__) from error

    def _park(self, parked: _Parked) -> None:
        """In one transaction, so that a stream is never parked without its alarm."""
        self._in_transaction(partial(self._parked, parked))
        self._wake()

    def _parked(self, parked: _Parked, conn: Connection) -> None:
        """Nothing where it was taken in at the same time."""
        envelope = parked.envelope
        [head] = received.lock_heads(conn, [(envelope.source, str(envelope.stream))]).values()
        if envelope.version > head:
            received.park(conn, envelope, parked.problem)
            self._parking.waits(conn, envelope, parked.problem)


def _whole(fetched: Sequence[Envelope]) -> tuple[Sequence[Envelope], _Parked | None]:
    """(what stands before the first event that is not what its hash says, that event if any).

    What comes over Kafka is looked at where it is read from its record.
    """
    for place, one in enumerate(fetched):
        if not one.is_whole:
            return fetched[:place], _Parked(one, "its hash is not that of what it says")
    return fetched, None


def _by_stream(envelopes: Iterable[Envelope]) -> dict[Key, list[Envelope]]:
    """By stream in the order of its versions, each version once."""
    found: dict[Key, dict[int, Envelope]] = {}
    for one in envelopes:
        found.setdefault((one.source, str(one.stream)), {}).setdefault(one.version, one)
    return {
        key: [by_version[version] for version in sorted(by_version)]
        for key, by_version in found.items()
    }
