"""The event log: the only place that decides, appends and answers.

`EventLog.decide` finds a remembered answer, loads the stream, lets the domain decide, appends
the events with their outbox rows and read models, remembers the answer, and decides again where
someone was first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from google.protobuf.message import Message
from sqlalchemy import Connection, Engine, text

from amends.clock import Clock
from amends.crash_points import crash_point
from amends.eventstore import reading
from amends.eventstore.answers import find_answer
from amends.eventstore.append import Conflict, Draft, Head, append, cause_of
from amends.eventstore.codec import Codec
from amends.eventstore.engine import reader
from amends.eventstore.read_models import Projection
from amends.eventstore.reading import START, Cursor
from amends.eventstore.records import FIRST, Origin, StoredEvent, new_event_id
from amends.eventstore.sealing import PersonUnknown, Sealer, Vault, know_person
from amends.eventstore.streams import StreamId
from amends.eventstore.watch import Notify
from amends.v1 import event_pb2
from amends.values.identity import Call, CustomerDigest
from amends.values.refusal import (
    DependencyUnavailable,
    Refusal,
    RequestIdReused,
    VersionConflict,
)

S = TypeVar("S")
C = TypeVar("C")
R = TypeVar("R", bound=Message)

_TRIES = 3
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:stream, 0))")


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[S, C]):
    """One idea of a domain: where it begins, what it decides, how events change it.

    `decide(state, command, known)` is pure and raises a `Refusal`; `evolve` never refuses and
    passes over the events of other ideas in the same stream.
    """

    initial: S
    decide: Callable[[S, C, Any], Sequence[object]]
    evolve: Callable[[S, Any], S]


@dataclass(frozen=True, slots=True)
class Recorded(Generic[S]):
    """What a command left behind: the state after it, its own new events, the stream's version.

    Words in state and events are sealed, as everyone will read them from now on. `now` is the
    business time at which it was decided.
    """

    state: S
    events: tuple[object, ...]
    version: int
    stream: StreamId
    now: datetime


@dataclass(frozen=True, slots=True)
class _Ask(Generic[S, C, R]):
    stream: StreamId
    aggregate: Aggregate[S, C]
    command: C
    call: Call
    respond: Callable[[Recorded[S]], R]
    knowing: Callable[[], Any] | None
    person: CustomerDigest | None
    rows: Callable[[Connection, Recorded[S]], None] | None


class EventLog:
    """One service's log. Thread-safe; every method takes its own connection."""

    def __init__(  # noqa: PLR0913 - bootstrap's wiring, once per service
        self,
        engine: Engine,
        codec: Codec,
        projections: Sequence[Projection],
        vault: Vault,
        clock: Clock,
        *,
        topic_source: str,
        wake: Notify,
    ) -> None:
        self._engine = engine
        self._reader = reader(engine)
        self._codec = codec
        self._projections = tuple(projections)
        self._vault = vault
        self._clock = clock
        self._source = topic_source
        self._wake = wake

    def decide(  # noqa: PLR0913 - each is a thing that only the handler knows
        self,
        stream: StreamId,
        aggregate: Aggregate[S, C],
        command: C,
        call: Call,
        *,
        respond: Callable[[Recorded[S]], R],
        knowing: Callable[[], Any] | None = None,
        refresh: Callable[[], object] | None = None,
        person: CustomerDigest | None = None,
        rows: Callable[[Connection, Recorded[S]], None] | None = None,
    ) -> R:
        """Answers the call: as before where it is a repeat, else by deciding and recording.

        `knowing` is asked before the transaction; `rows` writes locks, limits and unique rows
        inside it. `person` says whose words an opening holds. `refresh` asks the owners of what
        was missing before a refusal stands, once; then it is decided again, even where it learned
        nothing, since the consumer may have learned it meanwhile. `respond` must not put words
        into the answer.

        Raises:
            Refusal: the rules say no; nothing was recorded.
            VersionConflict: `call.expected_version` is not the stream's, or others were first
                three times.
            RequestIdReused: the request id was used with another body.
            PersonUnknown: an event has words, but nobody knows whose.
            CustomerIsForgotten: an event has words of somebody who was forgotten.
        """
        ask = _Ask(stream, aggregate, command, call, respond, knowing, person, rows)
        try:
            return self._answered(ask)
        except (VersionConflict, RequestIdReused, DependencyUnavailable):
            raise
        except (Refusal, PersonUnknown):
            if refresh is None:
                raise
        refresh()
        return self._answered(ask)

    def record(  # noqa: PLR0913 - the transaction and what `decide` takes
        self,
        conn: Connection,
        stream: StreamId,
        aggregate: Aggregate[S, C],
        command: C,
        call: Call,
        *,
        respond: Callable[[Recorded[S]], R],
    ) -> R:
        """Decides and records in the caller's transaction, which wakes who waits when it is over.

        Raises:
            Conflict: someone was first. The transaction is lost: begin it again.
        """
        before, past = reading.read_unanswered(conn, stream, call)
        if before is not None:
            return cast("R", before)
        ask = _Ask(stream, aggregate, command, call, respond, None, None, None)
        decided = self._decided(ask, past, None)
        return self._recorded(conn, ask, past, decided, self._clock.now())[0]

    def refuse_reuse(self, call: Call) -> None:
        """For whoever refuses before it knows the stream: what was answered before comes first.

        Raises:
            RequestIdReused: the request id was used with another body.
        """
        with self._reader.connect() as conn:
            find_answer(conn, call)

    def load(self, stream: StreamId, aggregate: Aggregate[S, C]) -> Recorded[S]:
        """The state that the stream has come to; version 0 where nothing was said."""
        now = self._clock.now()
        with self._reader.connect() as conn:
            past = reading.read_stream(conn, stream)
        state = self._fold(aggregate, past)
        return Recorded(state, (), past[-1].version if past else 0, stream, now)

    def read_stream(self, stream: StreamId, after_version: int = 0) -> list[StoredEvent]:
        """What was said in one stream, in order, after a version."""
        with self._reader.connect() as conn:
            return reading.read_stream(conn, stream, after_version)

    def read_page(
        self, stream: StreamId, after_version: int, *, most: int, most_bytes: int
    ) -> event_pb2.ReadEventsResponse:
        """A page of one stream as ReadEvents answers it; words stay sealed."""
        with self._reader.connect() as conn:
            page = reading.read_page(conn, stream, after_version, most=most, most_bytes=most_bytes)
        return event_pb2.ReadEventsResponse(
            events=[event.envelope(self._source).to_message() for event in page.events],
            next_after_version=page.events[-1].version if page.more else 0,
        )

    def read_all(self, after: Cursor = START, limit: int = 500) -> list[StoredEvent]:
        """Every stream in the order (tx, position); never skips what commits late.

        Go on with `Cursor(last.tx, last.position)`.
        """
        with self._reader.connect() as conn:
            return reading.read_all(conn, after, limit)

    def decoded(self, event: StoredEvent) -> object:
        """The domain event of a stored one; words stay sealed."""
        return self._codec.decode(event.type, event.data, event.origin)

    def _answered(self, ask: _Ask[S, C, R]) -> R:
        """Reads, decides and writes; who finds at the write that others were first, once more.

        What was read is what is written on, or nothing is written: a transaction begins with the
        write, and one statement needs none.
        """
        with self._reader.connect() as conn:
            before, past = reading.read_unanswered(conn, ask.stream, ask.call)
        if before is not None:
            return cast("R", before)
        known = None if ask.knowing is None else ask.knowing()
        try:
            return self._tried(ask, known, past)
        except Conflict as conflict:
            decided_on = conflict.version
        for _ in range(_TRIES - 1):
            try:
                return self._in_turn(ask, known)
            except Conflict as conflict:
                decided_on = conflict.version
        raise VersionConflict(decided_on, self.load(ask.stream, ask.aggregate).version)

    def _tried(self, ask: _Ask[S, C, R], known: object, past: Sequence[StoredEvent]) -> R:
        now = self._clock.now()
        decided = self._decided(ask, past, known)
        begin = self._reader.connect if self._is_plain(ask, decided[1]) else self._engine.begin
        with begin() as conn:
            recorded = self._recorded(conn, ask, past, decided, now)
            crash_point("commit.before")
        return self._told(ask, recorded)

    def _in_turn(self, ask: _Ask[S, C, R], known: object) -> R:
        """Who lost a try waits for their turn, so that of many nobody loses for ever."""
        now = self._clock.now()
        with self._engine.begin() as conn:
            conn.execute(_TAKE_TURN, {"stream": str(ask.stream)})
            before, past = reading.read_unanswered(conn, ask.stream, ask.call)
            if before is not None:
                return cast("R", before)
            try:
                decided = self._decided(ask, past, known)
            except Refusal:
                conn.commit()  # Nothing was written; a rollback loses all that is prepared.
                raise
            recorded = self._recorded(conn, ask, past, decided, now)
            crash_point("commit.before")
        return self._told(ask, recorded)

    def _told(self, ask: _Ask[S, C, R], recorded: tuple[R, bool]) -> R:
        """What is committed is told to who waits in this process, and to the caller."""
        response, changed = recorded
        crash_point("commit.after")
        if changed:
            self._wake(str(ask.stream))
        return response

    def _is_plain(self, ask: _Ask[S, C, R], said: Sequence[object]) -> bool:
        """Whether all that is written is what one statement writes."""
        more = self._projections or ask.person is not None or ask.rows is not None
        return not more and not any(map(self._codec.has_words, said))

    def _decided(
        self, ask: _Ask[S, C, R], past: Sequence[StoredEvent], known: object
    ) -> tuple[S, Sequence[object]]:
        """The state that the stream has come to, and what is to be said."""
        version, expected = past[-1].version if past else 0, ask.call.expected_version
        if expected not in {0, version}:
            raise VersionConflict(expected, version)
        state = self._fold(ask.aggregate, past)
        return state, ask.aggregate.decide(state, ask.command, known)

    def _recorded(
        self,
        conn: Connection,
        ask: _Ask[S, C, R],
        past: Sequence[StoredEvent],
        decided: tuple[S, Sequence[object]],
        now: datetime,
    ) -> tuple[R, bool]:
        """Appends what was decided on what was said before, inside the transaction."""
        head = Head(past[-1].version, past[-1].hash) if past else Head(0, FIRST)
        state, said = decided
        drafts, events = self._drafted(conn, ask, said, now)
        for event in events:
            state = ask.aggregate.evolve(state, event)
        recorded = Recorded(state, events, head.version + len(events), ask.stream, now)
        response = ask.respond(recorded)
        recorded_at = max(now, past[-1].recorded_at) if past else now
        answer = (ask.call, response) if ask.call.request_id else None
        stored = append(
            conn, ask.stream, head, drafts, cause_of(ask.call, ask.stream, now), recorded_at, answer
        )
        self._project(conn, stored, events)
        if ask.rows is not None:
            ask.rows(conn, recorded)
        return response, bool(events)

    def _drafted(
        self, conn: Connection, ask: _Ask[S, C, R], decided: Sequence[object], now: datetime
    ) -> tuple[list[Draft], tuple[object, ...]]:
        """The events encoded and sealed, and as they will be read from now on."""
        if ask.person is not None:
            know_person(conn, ask.stream.tenant, ask.stream.subject, ask.person)
        sealer = Sealer(self._vault, conn, ask.stream, ask.person)
        drafts, events = [], []
        for event in decided:
            event_id = new_event_id(now)
            event_type, data = self._codec.encode(
                event, sealer.of(event_id, self._codec.records_in(event))
            )
            drafts.append(Draft(event_id, event_type, data))
            if self._codec.has_words(event):
                origin = Origin(ask.stream.tenant, ask.stream, event_id)
                events.append(self._codec.decode(event_type, data, origin))
            else:
                events.append(event)
        return drafts, tuple(events)

    def _project(
        self, conn: Connection, stored: Sequence[StoredEvent], events: Sequence[object]
    ) -> None:
        for record, event in zip(stored, events, strict=True):
            for projection in self._projections:
                projection.apply(conn, record, event)

    def _fold(self, aggregate: Aggregate[S, C], past: Sequence[StoredEvent]) -> S:
        state = aggregate.initial
        for event in past:
            state = aggregate.evolve(state, self.decoded(event))
        return state
