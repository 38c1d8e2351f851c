"""What the log promises to its callers, on a real PostgreSQL."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from amends.eventstore.log import Aggregate, Recorded
from amends.eventstore.records import FIRST
from amends.eventstore.sealing import PersonUnknown, know_person
from amends.eventstore.streams import StreamId
from amends.v1.intake_service_pb2 import RestateProblemResponse
from amends.values.identity import Call, EscalationId, Subject
from amends.values.personal import Personal
from amends.values.refusal import RequestIdReused, VersionConflict
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.eventstore.problems import (
    PROBLEMS,
    ProblemRestated,
    Problems,
    Restate,
    SaidTooOften,
    decide,
    evolve,
    respond,
)
from tests.eventstore.world import ANN, SHOP, Store, a_call, a_case, fresh_database, rows, sealed


def test_what_was_decided_can_be_read(store: Store) -> None:
    case = a_case()
    answer = store.restate(case)
    assert (answer.restatement, answer.version) == (1, 1)
    assert store.log.load(case, PROBLEMS).version == 1
    [event] = store.log.read_stream(case)
    assert (event.version, event.type) == (1, "amends.v1.ProblemRestated")
    assert (event.meta.actor, event.meta.role) == ("alice", "handler")
    assert event.meta.correlation_id == case.subject


def test_two_writers_of_one_version_both_come_through_one_after_the_other(store: Store) -> None:
    case = a_case()
    together = threading.Barrier(2)
    first_try = threading.local()

    def slowly(problems: Problems, command: Restate, known: None) -> Sequence[ProblemRestated]:
        if not hasattr(first_try, "done"):
            first_try.done = True
            together.wait(timeout=10)
        return decide(problems, command, known)

    aggregate = Aggregate(Problems(), slowly, evolve)

    def write(_n: int) -> int:
        command = _restate(store, case.subject)
        return store.log.decide(
            case, aggregate, command, a_call(), respond=respond, person=ANN
        ).version

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write, range(2))) == [1, 2]
    assert [event.version for event in store.log.read_stream(case)] == [1, 2]


def test_of_many_writers_of_one_stream_nobody_loses_for_ever(store: Store) -> None:
    case = a_case()
    store.restate(case)

    def insisting(_n: int) -> int:
        """Repeats the same call where the refusal says so: late writers may have been first."""
        call = a_call()
        for _again in range(3):
            try:
                return store.restate(case, call).version
            except VersionConflict:
                continue
        return store.restate(case, call).version

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(insisting, range(20))) == list(range(2, 22))


def test_a_writer_who_is_never_first_gives_up_with_a_conflict(store: Store) -> None:
    case = a_case()
    tries = []

    def overtaken(problems: Problems, command: Restate, known: None) -> Sequence[ProblemRestated]:
        tries.append(len(problems.said))
        store.restate(case)
        return decide(problems, command, known)

    with pytest.raises(VersionConflict, match="expected version 2, found 3"):
        store.log.decide(
            case,
            Aggregate(Problems(), overtaken, evolve),
            _restate(store, case.subject),
            a_call(),
            respond=respond,
            person=ANN,
        )
    assert tries == [0, 1, 2]


def test_a_stale_expected_version_is_refused(store: Store) -> None:
    case = a_case()
    store.restate(case)
    store.restate(case, a_call(expected_version=1))
    with pytest.raises(VersionConflict, match="expected version 1, found 2"):
        store.restate(case, a_call(expected_version=1))


def test_twenty_parallel_repeats_make_one_event_and_get_one_answer(store: Store) -> None:
    case, call = a_case(), a_call()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _n: store.restate(case, call), range(20)))
    assert {answer.SerializeToString() for answer in answers} == {answers[0].SerializeToString()}
    assert len(store.log.read_stream(case)) == 1


def test_parallel_repeats_that_change_nothing_get_one_answer(store: Store) -> None:
    case, call = a_case(), a_call()
    together = threading.Barrier(4)
    first_try = threading.local()

    def nothing(_problems: Problems, _command: Restate, _known: None) -> Sequence[object]:
        if not hasattr(first_try, "done"):
            first_try.done = True
            together.wait(timeout=10)
        return ()

    def ask(n: int) -> int:
        return store.log.decide(
            case,
            Aggregate(Problems(), nothing, evolve),
            _restate(store, case.subject),
            call,
            respond=lambda _recorded: RestateProblemResponse(version=n),
        ).version

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
    assert len(rows(store.engine, "answers")) == 1


def test_a_repeat_gets_its_answer_although_the_case_went_on(store: Store) -> None:
    case, call = a_case(), a_call()
    first = store.restate(case, call)
    store.restate(case)
    assert store.restate(case, replace(call, expected_version=7)) == first


def test_a_repeat_gets_its_answer_after_a_restart(store: Store) -> None:
    case, call = a_case(), a_call()
    first = store.restate(case, call)
    again = Store.at(store.url)
    assert again.restate(case, call) == first
    again.engine.dispose()


def test_the_same_request_id_with_another_body_is_refused_before_anything_else(
    store: Store,
) -> None:
    case, call = a_case(), a_call()
    store.restate(case, call)

    def never() -> None:
        raise AssertionError

    with pytest.raises(RequestIdReused, match=call.request_id):
        store.log.decide(
            case,
            PROBLEMS,
            _restate(store, case.subject),
            replace(call, request_digest=b"other", expected_version=9),
            respond=respond,
            knowing=never,
        )


def test_another_subject_may_use_the_same_request_id(store: Store) -> None:
    case, call = a_case(), a_call()
    store.restate(case, call)
    bob = replace(call, actor=replace(call.actor, subject=Subject("bob")))
    assert store.restate(case, bob).version == 2


def test_a_refusal_leaves_nothing_behind(store: Store) -> None:
    case, call = a_case(), a_call()
    with pytest.raises(SaidTooOften):
        _decide(store, case, call, limit=0)
    assert store.log.read_stream(case) == []
    assert rows(store.engine, "answers") == []
    assert _decide(store, case, call, limit=1).version == 1


def test_a_hook_that_fails_takes_the_events_with_it(store: Store) -> None:
    case = a_case()

    def taken(_conn: Connection, recorded: Recorded[Problems]) -> None:
        assert recorded.version == 1
        raise SaidTooOften("the row was taken")

    with pytest.raises(SaidTooOften, match="the row was taken"):
        store.log.decide(
            case,
            PROBLEMS,
            _restate(store, case.subject),
            a_call(),
            respond=respond,
            person=ANN,
            rows=taken,
        )
    assert store.log.read_stream(case) == []
    assert [rows(store.engine, name) for name in ("outbox", "answers", "restatements")] == [
        [],
        [],
        [],
    ]


def test_a_no_is_checked_with_the_owner_once(store: Store) -> None:
    known = {"limit": 0}
    asked = []

    def refresh() -> None:
        asked.append(known["limit"])
        known["limit"] = 1

    case = a_case()
    assert _decide_knowing(store, case, known, refresh) == 1
    with pytest.raises(SaidTooOften):
        _decide_knowing(store, case, known, refresh)
    assert asked == [0, 1]


def test_a_no_stands_when_the_owner_has_nothing_new(store: Store) -> None:
    decided = []

    def knowing() -> int:
        decided.append(1)
        return 0

    with pytest.raises(SaidTooOften):
        store.log.decide(
            a_case(),
            PROBLEMS,
            _restate(store, "esc_x"),
            a_call(),
            respond=respond,
            knowing=knowing,
            refresh=lambda: None,
        )
    assert len(decided) == 2


def test_words_of_nobody_are_a_fault_unless_the_owner_says_whose_they_are(store: Store) -> None:
    case = a_case()
    command = _restate(store, case.subject)
    with pytest.raises(PersonUnknown, match="person"):
        store.log.decide(case, PROBLEMS, command, a_call(), respond=respond)

    def refresh() -> None:
        with store.engine.begin() as conn:
            know_person(conn, SHOP, case.subject, ANN)

    answer = store.log.decide(case, PROBLEMS, command, a_call(), respond=respond, refresh=refresh)
    assert answer.version == 1


def test_words_are_sealed_in_state_and_row_and_opened_by_the_vault_alone(store: Store) -> None:
    case = a_case()
    store.restate(case, words="the sole came off")
    [event] = store.log.read_stream(case)
    assert b"sole" not in event.data
    [said] = store.log.load(case, PROBLEMS).state.said
    assert sealed(said).ciphertext
    assert store.vault.clear(said) == "the sole came off"


def test_each_event_names_the_hash_of_the_one_before_also_within_one_command(
    store: Store,
) -> None:
    case = a_case()

    def twice(problems: Problems, command: Restate, known: None) -> Sequence[ProblemRestated]:
        [said] = decide(problems, command, known)
        return said, replace(said, restatement=said.restatement + 1)

    for _ in range(2):
        store.log.decide(
            case,
            Aggregate(Problems(), twice, evolve),
            _restate(store, case.subject),
            a_call(),
            respond=respond,
            person=ANN,
        )
    last = FIRST
    events = store.log.read_stream(case)
    assert [event.version for event in events] == [1, 2, 3, 4]
    for event in events:
        assert event.prev_hash == last
        assert event.hash == event.true_hash()
        last = event.hash


def test_a_killed_database_is_a_fault_and_heals_by_itself(tmp_path: Path) -> None:
    with Stack(tmp_path, Ports.free(), ["postgres"]) as server:
        store = Store.at(fresh_database(server))
        case, call = a_case(), a_call()
        first = store.restate(case, call)
        server.kill("postgres")
        server.wait_healthy("postgres")
        try:
            again = store.restate(case, call)
        except OperationalError:
            again = store.restate(case, call)
        assert again == first
        assert store.restate(case).version == 2
        store.engine.dispose()


def _restate(store: Store, subject: str) -> Restate:
    return Restate(EscalationId(subject), Personal("it squeaks"), store.clock.now())


def _decide(store: Store, case: StreamId, call: Call, *, limit: int) -> RestateProblemResponse:
    return store.log.decide(
        case,
        PROBLEMS,
        _restate(store, case.subject),
        call,
        respond=respond,
        knowing=lambda: limit,
        person=ANN,
    )


def _decide_knowing(
    store: Store, case: StreamId, known: dict[str, int], refresh: Callable[[], object]
) -> int:
    return store.log.decide(
        case,
        PROBLEMS,
        _restate(store, case.subject),
        a_call(),
        respond=respond,
        knowing=lambda: known["limit"],
        refresh=refresh,
        person=ANN,
    ).version
