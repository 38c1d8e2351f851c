"""What an inbox promises: once, in order, whatever the wire does."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from sqlalchemy import Connection, Engine

from amends import foundation
from amends.eventstore.inbox import Fetch, Inbox
from amends.eventstore.parking import ParkingAlarms
from amends.eventstore.records import Envelope
from amends.eventstore.streams import StreamId
from amends.eventstore.subscription import Handler
from amends.rpc.alarms import ALARMS
from amends.values.alarm import RaiseAlarm
from amends.values.identity import AlarmId, Tenant
from amends.values.refusal import DependencyUnavailable
from tests.eventstore.problems import Hearing
from tests.eventstore.world import SHOP, Store, a_call, a_case, dice, fetch_from, rows, said
from tests.guarantees.stores import log_of
from tests.guarantees.wires import somebody_waits, until

CASES, EACH = 5, 6


@pytest.fixture
def told(store: Store) -> list[Envelope]:
    """Some cases' events as they were said, case by case in order."""
    cases = [a_case() for _ in range(CASES)]
    for case in cases:
        for _ in range(EACH):
            store.restate(case)
    return [one for case in cases for one in said(store, case)]


@pytest.fixture
def parking(other: Engine, store: Store) -> ParkingAlarms:
    """Into the log of the service that listens."""
    return ParkingAlarms("resolution", log_of("resolution", other), store.clock)


@dataclass
class Dying:
    """A process that dies before its transaction is committed, unless it is well."""

    alarms: ParkingAlarms
    well: bool = False

    def waits(self, conn: Connection, envelope: Envelope, problem: str) -> None:
        self.alarms.waits(conn, envelope, problem)
        self._die()

    def goes_on(self, conn: Connection, envelope: Envelope) -> None:
        self.alarms.goes_on(conn, envelope)
        self._die()

    def _die(self) -> None:
        if not self.well:
            raise DependencyUnavailable("the database")


def alarms(engine: Engine, stream: StreamId) -> list[str]:
    """What the listening service says about the stream, in order."""
    found = log_of("resolution", engine).read_stream(stream)
    return [one.type.removeprefix("amends.v1.") for one in found]


def _once_in_order(told: list[Envelope]) -> list[tuple[object, ...]]:
    return sorted((subject, "1 2 3 4 5 6 ") for subject in {one.subject for one in told})


@pytest.mark.parametrize("wrong", [2, 3, 5])
def test_what_is_not_what_its_hash_says_waits_with_an_alarm(
    other: Engine, store: Store, parking: ParkingAlarms, wrong: int
) -> None:
    case, changed = a_case(), [wrong]
    for _ in range(EACH):
        store.restate(case)

    def fetch(source: str, tenant: Tenant, subject: str, after: int) -> Sequence[Envelope]:
        found = fetch_from(store)(source, tenant, subject, after)
        return [replace(one, data=b"") if one.version in changed else one for one in found]

    inbox = Inbox(other, [Hearing()], fetch, parking=parking)
    inbox.receive(said(store, case)[-1:])
    inbox.catch_up("intake", case.tenant, case.subject)
    assert alarms(other, case) == ["AlarmRaised"]
    assert len(rows(other, "inbox")) == wrong - 1
    [(_, _, version, _, problem, _)] = rows(other, "parked")
    assert (version, problem) == (wrong, "its hash is not that of what it says")
    changed.clear()
    inbox.retry_parked()
    assert alarms(other, case) == ["AlarmRaised", "AlarmCleared"]
    assert rows(other, "heard") == [(case.subject, "1 2 3 4 5 6 ")]


def test_a_clean_delivery_is_taken_in_once_and_in_order(
    inbox: Inbox, other: Engine, told: list[Envelope]
) -> None:
    assert inbox.receive(told) == len(told)
    assert rows(other, "heard") == _once_in_order(told)
    assert inbox.receive(told) == 0


def test_duplicates_gaps_reordering_and_a_replay_leave_the_same_state(
    inbox: Inbox, other: Engine, told: list[Envelope]
) -> None:
    seed, chance = dice()
    wire = [one for one in told * 2 if chance.random() > 0.3]
    chance.shuffle(wire)
    # Each case's last event arrives at least once: what is lost for good nobody can miss.
    wire += [one for one in told if one.version == EACH]
    while wire:
        size = chance.randint(1, 9)
        inbox.receive(wire[:size])
        wire = wire[size:]
    inbox.receive(told)
    assert rows(other, "heard") == _once_in_order(told), f"seed {seed}"
    assert len(rows(other, "inbox")) == len(told)


def test_overlapping_deliveries_of_two_consumers_count_once(
    inbox: Inbox, other: Engine, told: list[Envelope]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(lambda _n: inbox.receive(told), range(4)))
    assert taken == len(told)
    assert rows(other, "heard") == _once_in_order(told)


def test_a_type_nobody_subscribed_to_is_stored_and_passed_over(
    inbox: Inbox, other: Engine, told: list[Envelope]
) -> None:
    first, second = told[:2]
    strange = replace(first, type="amends.v9.NeverHeardOf", data=b"\xff")
    assert inbox.receive([strange, second]) == 2
    assert rows(other, "heard") == [(first.subject, "2 ")]
    assert len(rows(other, "inbox")) == 2


@pytest.mark.parametrize("together", [True, False])
def test_what_cannot_be_decoded_parks_its_stream_and_no_other(
    store: Store,
    other: Engine,
    told: list[Envelope],
    parking: ParkingAlarms,
    *,
    together: bool,
) -> None:
    spoiled = told[2].subject
    fetch = _spoiling(store, spoiled)
    inbox = Inbox(other, [Hearing()], fetch, parking=parking)
    wire = [_spoilt(one) if one.subject == spoiled and one.version == 3 else one for one in told]
    for batch in [wire] if together else [[one] for one in wire]:
        inbox.receive(batch)
    expected = [row for row in _once_in_order(told) if row[0] != spoiled]
    assert rows(other, "heard") == sorted([*expected, (spoiled, "1 2 ")])
    [(_, _, version, _, problem, _)] = rows(other, "parked")
    assert (version, problem) == (3, "DecodeError")
    assert alarms(other, told[2].stream) == ["AlarmRaised"]


def test_a_gap_is_fetched_from_the_owner(inbox: Inbox, other: Engine, told: list[Envelope]) -> None:
    assert inbox.receive(one for one in told if one.version in {2, EACH}) == len(told)
    assert rows(other, "heard") == _once_in_order(told)


def test_what_is_parked_is_tried_again_and_again_until_every_owner_answers(
    store: Store,
    other: Engine,
    hearing: Hearing,
    told: list[Envelope],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hearing.broken.update({told[0].subject, told[-1].subject})
    Inbox(other, [hearing], fetch_from(store)).receive(told)
    away, asked, stop = told[0].subject, list[str](), threading.Event()

    def fetch(source: str, tenant: Tenant, subject: str, after: int) -> Sequence[Envelope]:
        asked.append(subject)
        if asked.count(away) == 1 and subject == away:
            raise DependencyUnavailable("intake")
        if asked.count(subject) == 3:
            hearing.broken.discard(subject)
        if not hearing.broken:
            stop.set()
        return fetch_from(store)(source, tenant, subject, after)

    monkeypatch.setattr(foundation, "_TRY_AGAIN", 0.01)
    monkeypatch.setattr(foundation, "_LOOK_AGAIN", 0.01)
    foundation.try_parked(Inbox(other, [hearing], fetch), stop)
    assert rows(other, "heard") == _once_in_order(told)
    assert rows(other, "parked") == []


def test_a_parked_stream_goes_on_when_it_can_be_read(
    inbox: Inbox, other: Engine, hearing: Hearing, told: list[Envelope]
) -> None:
    hearing.broken.add(told[0].subject)
    inbox.receive(told)
    assert [row[2] for row in rows(other, "parked")] == [1]
    hearing.broken.clear()
    inbox.retry_parked()
    assert rows(other, "heard") == _once_in_order(told)
    assert rows(other, "parked") == []


def test_an_owner_who_is_away_is_a_fault_that_stops_only_the_gap(
    other: Engine, hearing: Hearing, told: list[Envelope], store: Store
) -> None:
    def away(_source: str, _tenant: Tenant, _subject: str, _after: int) -> list[Envelope]:
        raise DependencyUnavailable("intake")

    gap = told[0]
    with pytest.raises(DependencyUnavailable):
        Inbox(other, [hearing], away).receive([one for one in told if one is not gap])
    expected = [row for row in _once_in_order(told) if row[0] != gap.subject]
    assert rows(other, "heard") == expected
    assert rows(other, "parked") == []
    Inbox(other, [hearing], fetch_from(store)).receive(told)
    assert rows(other, "heard") == _once_in_order(told)


def test_a_gap_that_the_owner_does_not_have_parks_the_stream(
    other: Engine, hearing: Hearing, told: list[Envelope], parking: ParkingAlarms
) -> None:
    Inbox(other, [hearing], lambda *_: [], parking=parking).receive(told[1:EACH])
    [row] = rows(other, "parked")
    assert row[4] == "intake does not have what came after version 0"
    assert alarms(other, told[0].stream) == ["AlarmRaised"]


def test_a_parked_stream_has_one_alarm_until_it_goes_on(
    store: Store, other: Engine, hearing: Hearing, told: list[Envelope], parking: ParkingAlarms
) -> None:
    inbox = Inbox(other, [hearing], fetch_from(store), parking=parking)
    hearing.broken.add(told[0].subject)
    for one in told[:EACH]:
        inbox.receive([one])
    inbox.retry_parked()
    assert alarms(other, told[0].stream) == ["AlarmRaised"]
    hearing.broken.clear()
    inbox.retry_parked()
    inbox.receive(told[:EACH])
    assert alarms(other, told[0].stream) == ["AlarmRaised", "AlarmCleared"]
    assert rows(other, "parked") == []
    assert rows(other, "heard") == [(told[0].subject, "1 2 3 4 5 6 ")]


def test_a_subject_s_alarm_stands_until_no_source_of_it_waits(
    other: Engine, told: list[Envelope], parking: ParkingAlarms
) -> None:
    first, second = told[:2]
    sources = [Hearing("intake"), Hearing("followup")]
    for source in sources:
        source.broken.add(first.subject)
    inbox = Inbox(other, sources, lambda *_: [], parking=parking)
    inbox.receive([first, replace(first, source="followup")])
    assert len(rows(other, "parked")) == 2
    sources[0].broken.clear()
    inbox.receive([first])
    assert alarms(other, first.stream) == ["AlarmRaised"]
    sources[1].broken.clear()
    inbox.receive([replace(first, source="followup"), second])
    assert alarms(other, first.stream) == ["AlarmRaised", "AlarmCleared"]


def test_a_stream_is_parked_with_its_alarm_or_not_at_all(
    other: Engine, hearing: Hearing, told: list[Envelope], parking: ParkingAlarms
) -> None:
    """As if the process died between the two."""
    dies = Dying(parking)
    inbox = Inbox(other, [hearing], lambda *_: [], parking=dies)
    hearing.broken.add(told[0].subject)
    with pytest.raises(DependencyUnavailable):
        inbox.receive(told[:1])
    assert rows(other, "parked") == []
    assert alarms(other, told[0].stream) == []
    dies.well = True
    inbox.receive(told[:1])
    assert alarms(other, told[0].stream) == ["AlarmRaised"]
    hearing.broken.clear()
    dies.well = False
    with pytest.raises(DependencyUnavailable):
        inbox.receive(told[:1])
    assert len(rows(other, "parked")) == 1
    dies.well = True
    inbox.receive(told[:1])
    assert rows(other, "parked") == []
    assert alarms(other, told[0].stream) == ["AlarmRaised", "AlarmCleared"]


def test_what_another_consumer_took_in_meanwhile_is_not_parked(
    store: Store, other: Engine, hearing: Hearing, told: list[Envelope], parking: ParkingAlarms
) -> None:
    """A newer program beside an older one: what one cannot read, the other has read."""
    newer = Inbox(other, [Hearing()], fetch_from(store))
    hearing.broken.add(told[0].subject)

    class Slow(Hearing):
        @property
        def handlers(self) -> Mapping[str, Handler]:
            return {"amends.v1.ProblemRestated": self._too_late}

        def _too_late(self, conn: Connection, _message: Message, envelope: Envelope) -> None:
            conn.rollback()  # the older one loses its lock as it fails
            newer.receive([envelope])
            raise KeyError(envelope.subject)

    Inbox(other, [Slow()], fetch_from(store), parking=parking).receive(told[:1])
    assert rows(other, "parked") == []
    assert alarms(other, told[0].stream) == []


def test_an_alarm_waits_for_a_command_that_writes_into_the_same_stream(
    other: Engine, hearing: Hearing, told: list[Envelope], parking: ParkingAlarms
) -> None:
    """Both want to say the first thing in it; the alarm says the second."""
    log, stream = log_of("resolution", other), told[0].stream
    hearing.broken.add(stream.subject)
    inbox = Inbox(other, [hearing], lambda *_: [], parking=parking)
    with ThreadPoolExecutor(1) as pool:
        with other.begin() as conn:
            command = RaiseAlarm(AlarmId("alm_1"), "TRIED", "it is over", told[0].recorded_at)
            log.record(conn, stream, ALARMS, command, a_call(), respond=lambda _recorded: Empty())
            taking = pool.submit(inbox.receive, told[:1])
            until(lambda: somebody_waits(other), "the alarm waits")
        taking.result(timeout=20)
    assert alarms(other, stream) == ["AlarmRaised", "AlarmRaised"]
    assert len(rows(other, "parked")) == 1


def test_catching_up_takes_in_what_the_owner_said_once(
    store: Store, inbox: Inbox, other: Engine
) -> None:
    case: StreamId = a_case()
    store.restate(case)
    inbox.catch_up("intake", SHOP, case.subject)
    inbox.catch_up("intake", SHOP, case.subject)
    assert len(rows(other, "inbox")) == 1


def _spoilt(one: Envelope) -> Envelope:
    return replace(one, data=b"\xff\xff\xff")


def _spoiling(store: Store, subject: str) -> Fetch:
    fetch = fetch_from(store)

    def spoil(source: str, tenant: Tenant, asked: str, after: int) -> list[Envelope]:
        found = fetch(source, tenant, asked, after)
        return [_spoilt(one) if asked == subject and one.version == 3 else one for one in found]

    return spoil
