import threading
import time
from collections.abc import Iterator
from queue import Queue

import grpc
import pytest

from amends.v1 import routing_service_pb2 as pb
from tests.services.routing.conftest import Routing
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
