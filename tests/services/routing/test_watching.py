import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from queue import Queue
from random import Random

import grpc
import psycopg
import pytest

from amends.settings import Settings
from amends.v1 import followup_events_pb2, resolution_events_pb2
from amends.v1 import routing_service_pb2 as pb
from tests.services.routing.conftest import Routing, new_id
from tests.services.routing.test_assignments import refused

Told = pb.WatchAssignmentsResponse
PATIENCE = 10.0


class Watcher:
    """Somebody who follows a queue."""

    def __init__(self, routing: Routing, who: str, token: str = "") -> None:
        request = pb.WatchAssignmentsRequest(watch_token=token)
        self._stream: Iterator[Told] = routing.ask("WatchAssignments", request, who)
        self._told: Queue[Told] = Queue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def next(self) -> Told:
        return self._told.get(timeout=PATIENCE)

    def nothing_more(self) -> bool:
        return self._told.empty()

    def stop(self) -> None:
        self._stream.cancel()  # type: ignore[attr-defined]
        self._thread.join(PATIENCE)

    def _listen(self) -> None:
        try:
            for told in self._stream:
                self._told.put(told)
        except grpc.RpcError:
            return


def test_a_watcher_hears_what_stands_and_then_each_change(shop: Routing) -> None:
    first = shop.opened()
    shop.route(first)
    watcher = Watcher(shop, "maya")
    told = watcher.next()
    assert (told.assignment.escalation_id, told.assignment.state) == (
        first,
        pb.ASSIGNMENT_STATE_OFFERED,
    )
    second = shop.opened()
    began = time.monotonic()
    asked = shop.route(second).assignment
    assert watcher.next().assignment.escalation_id == second
    assert time.monotonic() - began < 0.9  # woken, not polled
    shop.accept(asked.assignment_id)
    told = watcher.next()
    assert told.assignment.state == pb.ASSIGNMENT_STATE_ACCEPTED
    assert watcher.nothing_more()
    watcher.stop()
    third = shop.opened()
    shop.route(third)
    resumed = Watcher(shop, "maya", told.watch_token)
    heard = {resumed.next().assignment.escalation_id}
    while third not in heard:
        heard.add(resumed.next().assignment.escalation_id)
    assert first not in heard
    resumed.stop()


def test_a_watcher_hears_that_a_case_leaves_the_queue_and_comes_back(shop: Routing) -> None:
    escalation = shop.owned()
    watcher = Watcher(shop, "maya")
    assert not watcher.next().assignment.over
    resolved = resolution_events_pb2.EscalationResolved(escalation_id=escalation)
    resolved.resolved_at.FromDatetime(shop.now())
    shop.resolution_says(escalation, resolved)
    gone = watcher.next().assignment
    assert (gone.escalation_id, gone.over) == (escalation, True)
    reopened = followup_events_pb2.EscalationReopened(escalation_id=escalation)
    reopened.reopened_at.FromDatetime(shop.now())
    shop.hear(shop.followup.say(escalation, reopened, tenant=shop.tenant))
    back = watcher.next().assignment
    assert (back.escalation_id, back.over) == (escalation, False)
    closed = followup_events_pb2.EscalationClosed(escalation_id=escalation)
    closed.closed_at.FromDatetime(shop.now())
    shop.hear(shop.followup.say(escalation, closed, tenant=shop.tenant))
    assert watcher.next().assignment.over
    watcher.stop()


def test_everybody_hears_of_their_own_queue_and_operations_of_all(shop: Routing) -> None:
    toms, all_of_them = Watcher(shop, "tom"), Watcher(shop, "ops")
    escalation = shop.opened()
    shop.route(escalation)
    assert all_of_them.next().assignment.escalation_id == escalation
    assert toms.nothing_more()
    for watcher in (toms, all_of_them):
        watcher.stop()


@pytest.mark.parametrize("token", ["nonsense", "-1", "9" * 30, "1.2.-", "1.2..3", "1.2.3.4:", "٣"])
def test_a_token_that_is_none_of_ours_is_refused(shop: Routing, token: str) -> None:
    stream = shop.ask("WatchAssignments", pb.WatchAssignmentsRequest(watch_token=token), "maya")
    with refused("INVALID_FIELD"):
        next(stream)


def test_a_watcher_cut_off_a_hundred_times_hears_each_change_once(
    shop: Routing, environment: Mapping[str, str]
) -> None:
    for seniority, name in enumerate(("tom", "maya", "helen"), 1):
        shop.enter(name, seniority, capacity=1000)
    go_on, over = threading.Semaphore(0), threading.Event()
    lots = Random(4)  # noqa: S311 - the same in each run
    said: Queue[tuple[str, int]] = Queue()
    writers = [
        threading.Thread(target=answer_cases, args=(shop, go_on, over, said, number))
        for number in range(3)
    ]
    held_back = threading.Thread(target=hold_the_horizon, args=(environment, over))
    for thread in (*writers, held_back):
        thread.start()
    token, heard = "", []
    for _ in range(100):
        go_on.release(2)
        for told in some_of(shop, token, lots.randrange(6)):
            heard.append((told.assignment.assignment_id, told.assignment.state))
            token = told.watch_token
    over.set()
    go_on.release(len(writers))
    for thread in (*writers, held_back):
        thread.join(PATIENCE)
    ended = dict(iter_queue(said))
    limit = time.monotonic() + PATIENCE
    while dict(heard) != ended and time.monotonic() < limit:
        for told in some_of(shop, token, 1):
            heard.append((told.assignment.assignment_id, told.assignment.state))
            token = told.watch_token
    assert dict(heard) == ended
    assert len(heard) == len(set(heard))


def some_of(shop: Routing, token: str, most: int) -> Iterator[Told]:
    """What a watcher of all queues is told until the line is cut, or nothing more comes."""
    stream = shop.ask("WatchAssignments", pb.WatchAssignmentsRequest(watch_token=token), "ops")
    cut = threading.Timer(1, stream.cancel)
    cut.start()
    with suppress(grpc.RpcError):
        yield from islice(stream, most)
    cut.cancel()
    stream.cancel()


def answer_cases(
    shop: Routing,
    go_on: threading.Semaphore,
    over: threading.Event,
    said: "Queue[tuple[str, int]]",
    number: int,
) -> None:
    """One case after another is routed; most are answered at once, or the clock looks at them."""
    while go_on.acquire() and not over.is_set():
        asked = shop.route(shop.opened()).assignment
        who = asked.decision_maker_id.removeprefix("dm_")
        state = pb.ASSIGNMENT_STATE_OFFERED
        if number == 1:
            shop.accept(asked.assignment_id, who)
            state = pb.ASSIGNMENT_STATE_ACCEPTED
        elif number == 2:
            declined = pb.DeclineAssignmentRequest(
                request_id=new_id(), assignment_id=asked.assignment_id, reason="WORKLOAD"
            )
            shop.ask("DeclineAssignment", declined, who)
            state = pb.ASSIGNMENT_STATE_DECLINED
        said.put((asked.assignment_id, state))


def hold_the_horizon(environment: Mapping[str, str], over: threading.Event) -> None:
    """Somebody writes slowly, so that what others write becomes visible out of order."""
    url = Settings.of(environment).database_url_for("routing").replace("+psycopg", "")
    with psycopg.connect(url) as slow:
        while not over.wait(0.05):
            slow.execute("SELECT pg_current_xact_id()")
            over.wait(0.2)
            slow.commit()


def iter_queue(queue: "Queue[tuple[str, int]]") -> Iterator[tuple[str, int]]:
    while not queue.empty():
        yield queue.get()
