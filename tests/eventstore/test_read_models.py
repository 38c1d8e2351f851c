"""A read model rebuilt from zero equals the live one."""

import threading
from collections.abc import Mapping

import pytest
from google.protobuf.message import Message
from sqlalchemy import Connection, Engine, text

from amends.eventstore.codec import Codec, UnknownEvent
from amends.eventstore.inbox import Inbox
from amends.eventstore.read_models import rebuild
from amends.eventstore.records import Envelope
from amends.eventstore.subscription import Handler
from tests.eventstore.problems import Hearing, Restatements, codec
from tests.eventstore.world import Store, a_case, rows, said
from tests.guarantees.wires import somebody_waits, until


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


def test_what_is_received_during_a_rebuild_waits_and_counts_once(
    store: Store, inbox: Inbox, other: Engine
) -> None:
    early, late = a_case(), a_case()
    for case in (early, late):
        store.restate(case)
    inbox.receive(said(store, early))
    receiving = threading.Thread(target=inbox.receive, args=(said(store, late),))

    class Meanwhile(Hearing):
        @property
        def handlers(self) -> Mapping[str, Handler]:
            return {"amends.v1.ProblemRestated": self._first_receive}

        def _first_receive(self, conn: Connection, message: Message, envelope: Envelope) -> None:
            if receiving.ident is None:
                receiving.start()
            until(lambda: somebody_waits(other) or not receiving.is_alive(), "it waits")
            Hearing().handlers[envelope.type](conn, message, envelope)

    rebuild(other, codec(), [], [Meanwhile()])
    receiving.join(timeout=20)
    assert rows(other, "heard") == sorted([(early.subject, "1 "), (late.subject, "1 ")])


def test_an_unknown_own_event_stops_loudly_and_leaves_the_tables(store: Store) -> None:
    store.restate(a_case())
    live = rows(store.engine, "restatements")
    with pytest.raises(UnknownEvent, match=r"amends\.v1\.ProblemRestated"):
        rebuild(store.engine, Codec([]), [Restatements()])
    assert rows(store.engine, "restatements") == live


def _spoil(engine: Engine, table: str) -> None:
    with engine.begin() as conn:
        conn.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of this test
