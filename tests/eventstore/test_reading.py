"""A reader of everything skips nothing, however late a transaction commits."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, text

from amends.eventstore.append import Draft, Head, append
from amends.eventstore.log import Recorded
from amends.eventstore.reading import START, Cursor
from amends.eventstore.records import FIRST, EventMeta, StoredEvent, new_event_id
from amends.values.identity import EscalationId
from amends.values.personal import Personal
from tests.eventstore.problems import PROBLEMS, Problems, Restate, respond
from tests.eventstore.world import ANN, SHOP, Store, a_call, a_case, dice

WRITERS, EACH = 6, 40


_AGAIN = text("""
    INSERT INTO events
        (tx, event_id, stream_id, version, type, data, meta, prev_hash, hash, recorded_at)
    SELECT CAST(:tx AS xid8), gen_random_uuid(), stream_id, :version, type, data, meta, prev_hash,
        hash, recorded_at
    FROM events WHERE version = 1
""")


class RolledBack(Exception):
    pass


def test_a_reader_of_everything_skips_no_late_commit(store: Store) -> None:
    seed, _ = dice()
    written = threading.Event()
    found: list[StoredEvent] = []
    reader = threading.Thread(target=_read, args=(store, written, found.extend))
    reader.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        committed = set().union(*pool.map(lambda n: _write(store, seed + n), range(WRITERS)))
    written.set()
    reader.join(timeout=30)
    assert len(found) == len(committed), f"seed {seed}"
    assert {event.event_id for event in found} == committed, f"seed {seed}"


def test_what_began_early_and_was_written_late_is_neither_skipped_nor_told_twice(
    store: Store,
) -> None:
    early, late = a_case(), a_case()
    now = store.clock.now()
    meta = EventMeta(SHOP, "alice", "handler", "", early.subject, "", now)
    draft = Draft(new_event_id(now), "amends.v1.ProblemRestated", b"")
    with store.engine.begin() as conn:
        conn.execute(text("SELECT pg_current_xact_id()"))
        store.restate(late)
        append(conn, early, Head(0, FIRST), [draft], meta, now, None)
        assert store.log.read_all() == []
    cursor, told = START, []
    while page := store.log.read_all(cursor, limit=1):
        told += [event.stream for event in page]
        cursor = Cursor(page[-1].tx, page[-1].position)
    assert told == [early, late]


def test_transactions_are_read_in_their_order_also_where_their_number_grows_a_digit(
    store: Store,
) -> None:
    store.restate(a_case())
    with store.engine.begin() as conn:
        for version, tx in enumerate((9, 10, 99, 100), 2):
            conn.execute(_AGAIN, {"version": version, "tx": str(tx)})
    cursor, told = START, []
    while page := store.log.read_all(cursor, limit=3):
        told += [event.version for event in page]
        cursor = Cursor(page[-1].tx, page[-1].position)
    assert told == [2, 3, 4, 5, 1]


def _write(store: Store, seed: int) -> set[str]:
    """Appends with random delays before the commit; every tenth is rolled back."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    case = a_case()

    def dawdle(_conn: Connection, _recorded: Recorded[Problems]) -> None:
        threading.Event().wait(chance.random() * 0.01)
        if chance.random() < 0.1:
            raise RolledBack

    for _ in range(EACH):
        command = Restate(EscalationId(case.subject), Personal("late"), store.clock.now())
        try:
            store.log.decide(
                case, PROBLEMS, command, a_call(), respond=respond, person=ANN, rows=dawdle
            )
        except RolledBack:
            continue
    return {event.event_id for event in store.log.read_stream(case)}


def _read(
    store: Store, written: threading.Event, take: Callable[[list[StoredEvent]], None]
) -> None:
    """Polls until everything is written and nothing more comes."""
    cursor = START
    while True:
        last_round = written.is_set()
        page = store.log.read_all(cursor, limit=7)
        take(page)
        if page:
            cursor = Cursor(page[-1].tx, page[-1].position)
        elif last_round:
            return
