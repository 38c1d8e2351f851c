"""What an inbox promises: once, in order, whatever the wire does."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from amends import foundation
from amends.eventstore.inbox import Fetch, Inbox, Parked
from amends.eventstore.records import Envelope
from amends.eventstore.streams import StreamId
from amends.values.identity import Tenant
from amends.values.refusal import DependencyUnavailable
from tests.eventstore.problems import Hearing
from tests.eventstore.world import SHOP, Store, a_case, dice, fetch_from, rows, said

CASES, EACH = 5, 6


@pytest.fixture
def told(store: Store) -> list[Envelope]:
    """Some cases' events as they were said, case by case in order."""
    cases = [a_case() for _ in range(CASES)]
    for case in cases:
        for _ in range(EACH):
            store.restate(case)
    return [one for case in cases for one in said(store, case)]


def _once_in_order(told: list[Envelope]) -> list[tuple[object, ...]]:
    return sorted((subject, "1 2 3 4 5 6 ") for subject in {one.subject for one in told})


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
    store: Store, other: Engine, hearing: Hearing, told: list[Envelope], *, together: bool
) -> None:
    alarms: list[Parked] = []
    spoiled = told[2].subject
    fetch = _spoiling(store, spoiled)
    inbox = Inbox(other, [hearing], fetch, alarm=alarms.append)
    wire = [_spoilt(one) if one.subject == spoiled and one.version == 3 else one for one in told]
    for batch in [wire] if together else [[one] for one in wire]:
        inbox.receive(batch)
    expected = [row for row in _once_in_order(told) if row[0] != spoiled]
    assert rows(other, "heard") == sorted([*expected, (spoiled, "1 2 ")])
    assert [(one.envelope.version, one.problem) for one in alarms] == [(3, "DecodeError")]
    assert len(rows(other, "parked")) == 1


def test_a_gap_is_fetched_from_the_owner(inbox: Inbox, other: Engine, told: list[Envelope]) -> None:
    assert inbox.receive(one for one in told if one.version in {2, EACH}) == len(told)
    assert rows(other, "heard") == _once_in_order(told)


def test_what_is_parked_is_tried_at_the_start_until_every_owner_answers(
    store: Store,
    other: Engine,
    hearing: Hearing,
    told: list[Envelope],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hearing.broken.update({told[0].subject, told[-1].subject})
    Inbox(other, [hearing], fetch_from(store)).receive(told)
    hearing.broken.clear()
    away, asked = told[0].subject, []

    def fetch(source: str, tenant: Tenant, subject: str, after: int) -> Sequence[Envelope]:
        asked.append(subject)
        if asked.count(away) == 1 and subject == away:
            raise DependencyUnavailable("intake")
        return fetch_from(store)(source, tenant, subject, after)

    monkeypatch.setattr(foundation, "_TRY_AGAIN", 0.01)
    foundation.try_parked(Inbox(other, [hearing], fetch), threading.Event())
    assert rows(other, "heard") == _once_in_order(told)
    assert asked == [away, told[-1].subject, away]


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
    other: Engine, hearing: Hearing, told: list[Envelope]
) -> None:
    alarms: list[Parked] = []
    inbox = Inbox(other, [hearing], lambda *_: [], alarm=alarms.append)
    inbox.receive(told[1:EACH])
    assert [one.problem for one in alarms] == ["intake does not have what came after version 0"]


def test_an_alarm_that_fails_is_raised_again(
    other: Engine, hearing: Hearing, told: list[Envelope]
) -> None:
    calls = []

    def failing(parked: Parked) -> None:
        calls.append(parked.envelope.version)
        if len(calls) == 1:
            raise DependencyUnavailable("the log")

    inbox = Inbox(other, [hearing], lambda *_: [], alarm=failing)
    hearing.broken.add(told[0].subject)
    with pytest.raises(DependencyUnavailable):
        inbox.receive(told[:1])
    inbox.receive(told[:1])
    inbox.receive(told[:1])
    assert calls == [1, 1]


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
