"""What the relay promises: everything committed is published, in order per stream, by one."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from amends.eventstore import outbox
from amends.eventstore import relay as relay_module
from amends.eventstore.records import Envelope
from amends.eventstore.relay import Relay
from amends.eventstore.streams import StreamId
from amends.eventstore.watch import Wake
from tests.eventstore.world import Store, a_case, as_owner


class Broker:
    """Takes what relays publish; may refuse, be away or lose its topic."""

    def __init__(self) -> None:
        self.records: list[Envelope] = []
        self.refuse = False
        self.away = False
        self.topic = "the first"
        self._changed = threading.Condition()

    def publish(self, records: Sequence[Envelope]) -> None:
        with self._changed:
            self.records.extend(records[: len(records) // 2] if self.refuse else records)
            self._changed.notify_all()
        if self.refuse:
            raise ConnectionError("no acknowledgement")

    def topic_id(self) -> str:
        self.reach()
        return self.topic

    def reach(self) -> None:
        if self.away:
            raise ConnectionError("nobody listens")

    def loses_its_topic(self) -> None:
        """All that was in it is gone; one of the same name is there."""
        self.records.clear()
        self.topic = f"not {self.topic}"

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.records) >= count, timeout=15)


class Freezing(Broker):
    """Whoever publishes to it is frozen until it wakes."""

    def __init__(self, wakes: threading.Event) -> None:
        super().__init__()
        self._wakes = wakes

    def publish(self, records: Sequence[Envelope]) -> None:
        self._wakes.wait()
        super().publish(records)


@contextmanager
def running(relay: Relay, wake: Wake) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        wake.notify()
        thread.join(timeout=10)
        assert not thread.is_alive()


def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Looks every few milliseconds until it holds."""
    pause = threading.Event()
    for _ in range(int(within / 0.01)):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail(f"not within {within} s")


def relay_of(store: Store, broker: Broker, wake: Wake | None = None) -> Relay:
    return Relay(
        store.engine, broker, source="intake", wake=wake or store.wake, retained=timedelta(days=14)
    )


def waiting(store: Store) -> int:
    with store.engine.connect() as conn:
        return outbox.depth(conn)


def test_what_is_committed_is_published_at_once_and_marked(store: Store) -> None:
    broker, case = Broker(), a_case()
    relay = relay_of(store, broker)
    with running(relay, store.wake):
        until(lambda: relay.is_leading)
        store.restate(case)
        broker.wait_for(1)
        until(lambda: waiting(store) == 0)
    [record] = broker.records
    [stored] = store.log.read_stream(case)
    assert record == stored.envelope("intake")
    assert Envelope.from_message(record.to_message()) == record


def test_two_relays_publish_each_stream_in_order_and_only_one_leads(store: Store) -> None:
    broker = Broker()
    cases = [a_case() for _ in range(4)]
    one, two = relay_of(store, broker), relay_of(store, broker)
    with running(one, store.wake), running(two, store.wake):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda case: [store.restate(case) for _ in range(40)], cases))
        broker.wait_for(160)
        assert one.is_leading != two.is_leading
        until(lambda: waiting(store) == 0)
    heard = defaultdict(list)
    for record in broker.records:
        heard[record.subject].append(record.version)
    assert dict(heard) == {case.subject: list(range(1, 41)) for case in cases}


def test_leadership_moves_when_the_leader_s_connection_dies(store: Store) -> None:
    broker = Broker()
    first, second = relay_of(store, broker), relay_of(store, broker)
    died = threading.Event()

    def lead_until_killed() -> None:
        try:
            first.run(threading.Event())
        except Exception:  # noqa: BLE001 - whatever the driver raises when it is cut off
            died.set()

    threading.Thread(target=lead_until_killed, daemon=True).start()
    until(lambda: first.is_leading)
    with running(second, store.wake):
        with store.engine.begin() as conn:
            conn.execute(_KILL_RELAYS_LEADER)
        store.wake.notify()
        assert died.wait(5)
        until(lambda: second.is_leading, within=5)
        store.restate(a_case())
        broker.wait_for(1)


def test_leadership_moves_from_a_leader_that_is_frozen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_LONGEST_SILENCE", 2)
    wakes = threading.Event()
    first = relay_of(store, Freezing(wakes))
    store.restate(a_case())
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(first.run, threading.Event())
        until(lambda: first.is_leading)
        try:
            broker = Broker()
            with running(relay_of(store, broker), store.wake):
                broker.wait_for(1)
                until(lambda: waiting(store) == 0)
        finally:
            wakes.set()
        with pytest.raises(OperationalError, match="idle-session timeout"):
            ended.result(timeout=10)


def test_what_was_not_acknowledged_is_published_again(store: Store) -> None:
    broker, case = Broker(), a_case()
    for _ in range(4):
        store.restate(case)
    broker.refuse = True
    with pytest.raises(ConnectionError):
        relay_of(store, broker).run(threading.Event())
    assert waiting(store) == 4
    broker.refuse = False
    with running(relay_of(store, broker), store.wake):
        until(lambda: waiting(store) == 0)
    assert [record.version for record in broker.records] == [1, 2, 1, 2, 3, 4]


def test_what_another_process_committed_is_found_without_a_wake(store: Store) -> None:
    broker, deaf = Broker(), Wake()
    with running(relay_of(store, broker, deaf), deaf):
        store.restate(a_case())
        broker.wait_for(1)


def test_what_a_lost_topic_had_is_published_again_before_anything_new(store: Store) -> None:
    broker, case = Broker(), a_case()
    publish_all(store, broker, case, 3)
    broker.loses_its_topic()
    store.restate(case)
    with running(relay_of(store, broker), store.wake):
        until(lambda: waiting(store) == 0)
    assert [record.version for record in broker.records] == [1, 2, 3, 4]


def test_a_topic_that_is_still_there_gets_nothing_twice(store: Store) -> None:
    broker, case = Broker(), a_case()
    for _ in range(3):
        publish_all(store, broker, case, 1)
    assert [record.version for record in broker.records] == [1, 2, 3]


def test_a_topic_is_filled_again_with_what_it_would_have_kept_and_no_more(store: Store) -> None:
    broker, case = Broker(), a_case()
    publish_all(store, broker, case, 3)
    with store.engine.begin() as conn:
        conn.execute(_PUBLISHED_LONG_AGO)
    broker.loses_its_topic()
    with running(relay_of(store, broker), store.wake):
        until(lambda: waiting(store) == 0 and len(broker.records) >= 2)
    assert [record.version for record in broker.records] == [2, 3]


def test_a_store_that_never_noted_its_topic_publishes_nothing_again(store: Store) -> None:
    """As one that comes from an older program."""
    broker, case = Broker(), a_case()
    publish_all(store, broker, case, 2)
    owner = as_owner(store.url)
    with owner.begin() as conn:
        conn.execute(text("DELETE FROM outbox_topic"))
    owner.dispose()
    broker.loses_its_topic()
    publish_all(store, broker, case, 1)
    assert [record.version for record in broker.records] == [3]


def test_a_leader_whose_broker_goes_away_while_nothing_is_said_looks_at_its_topic_anew(
    store: Store,
) -> None:
    broker = Broker()
    relay = relay_of(store, broker)
    with ThreadPoolExecutor(1) as pool:
        leading = pool.submit(relay.run, threading.Event())
        until(lambda: relay.is_leading)
        broker.away = True
        with pytest.raises(ConnectionError):
            leading.result(timeout=10)


def publish_all(store: Store, broker: Broker, case: StreamId, times: int) -> None:
    """A relay of its own publishes what is said so often."""
    for _ in range(times):
        store.restate(case)
    with running(relay_of(store, broker), store.wake):
        until(lambda: waiting(store) == 0)


_PUBLISHED_LONG_AGO = text("""
    UPDATE outbox SET published_at = now() - interval '15 days'
    WHERE position = (SELECT min(position) FROM outbox)
""")
_KILL_RELAYS_LEADER = text("""
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
