"""A read model rebuilt from zero equals the live one."""

import threading

import pytest
from sqlalchemy import Engine, text

from amends.eventstore.codec import Codec, UnknownEvent
from amends.eventstore.inbox import Inbox
from amends.eventstore.read_models import rebuild
from amends.eventstore.records import Envelope
from tests.eventstore.problems import Hearing, Restatements, codec
from tests.eventstore.world import Store, a_case, rows, said


def test_rebuilt_from_the_own_log_it_is_the_same(store: Store) -> None:
    for case in [a_case() for _ in range(3)]:
        for _ in range(3):
            store.restate(case)
    live = rows(store.engine, "restatements")
    _spoil(store.engine, "restatements")
    assert rebuild(store.engine, codec(), [Restatements()]) == 9
    assert rows(store.engine, "restatements") == live
    assert len(live) == 9


def test_rebuilt_from_the_inbox_it_is_the_same(store: Store, inbox: Inbox, other: Engine) -> None:
    cases = [a_case() for _ in range(3)]
    for _ in range(3):
        for case in cases:
            store.restate(case)
            inbox.receive(said(store, case))
    live = rows(other, "heard")
    _spoil(other, "heard")
    assert rebuild(other, codec(), [], [Hearing()]) == 9
    assert rows(other, "heard") == live


def test_rebuilt_while_writes_go_on_it_is_the_same(
    store: Store, inbox: Inbox, other: Engine
) -> None:
    stop = threading.Event()
    cases = [a_case() for _ in range(4)]
    told: list[Envelope] = []

    def write() -> None:
        while not stop.is_set():
            for case in cases:
                store.restate(case)
                told.extend(found := said(store, case)[-1:])
                inbox.receive(found)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            rebuild(store.engine, codec(), [Restatements()])
            rebuild(other, codec(), [], [Hearing()])
    finally:
        stop.set()
        writer.join(timeout=20)
    own, others = rows(store.engine, "restatements"), rows(other, "heard")
    assert len(own) == len(told) == len(rows(other, "inbox"))
    rebuild(store.engine, codec(), [Restatements()])
    rebuild(other, codec(), [], [Hearing()])
    assert rows(store.engine, "restatements") == own
    assert rows(other, "heard") == others


def test_an_unknown_own_event_stops_loudly_and_leaves_the_tables(store: Store) -> None:
    store.restate(a_case())
    live = rows(store.engine, "restatements")
    with pytest.raises(UnknownEvent, match=r"amends\.v1\.ProblemRestated"):
        rebuild(store.engine, Codec([]), [Restatements()])
    assert rows(store.engine, "restatements") == live


def _spoil(engine: Engine, table: str) -> None:
    with engine.begin() as conn:
        conn.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of this test
