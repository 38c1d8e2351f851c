"""Who begins, who waits and who is refused: the rules of a server's places, without a server."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from amends.rpc.places import ELSEWHERE, OURS, Places, Room, Turn
from amends.rpc.refusals import Overloaded, Stopping
from amends.values.identity import Tenant
from deploy.demo.cast import wait_for

A, B, C = Tenant("a"), Tenant("b"), Tenant("c")
WITHIN = 10.0


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Callers:
    """Calls that wait, each in a thread of its own."""

    def __init__(self, places: Places, pool: ThreadPoolExecutor) -> None:
        self._places = places
        self._pool = pool

    def wait(self, tenant: Tenant) -> Future[Turn]:
        """A call that has to wait, in its place in the room."""
        before = self._places.waiting
        came = self._pool.submit(self._places.take, tenant, WITHIN)
        wait_for(lambda: self._places.waiting > before, "the call waits", within=WITHIN)
        return came


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(clock: Clock) -> Places:
    """Two at work, four waiting; ours have one place and one that waits."""
    return Places(Room(2, 4, 3), Room(1, 1, 1), now=clock)


@pytest.fixture
def callers(places: Places) -> Callers:
    return Callers(places, ThreadPoolExecutor(8))


def refused(call: Callable[[], object]) -> Overloaded:
    with pytest.raises(Overloaded) as caught:
        call()
    return caught.value


def test_as_many_as_there_are_places_begin_at_once(places: Places) -> None:
    assert places.take(A, 0).begins
    assert places.take(A, 0).begins
    refused(lambda: places.take(A, 0))


def test_who_waited_begins_when_a_place_is_free(places: Places, callers: Callers) -> None:
    first, _second = places.take(A, 0), places.take(A, 0)
    waits = callers.wait(A)
    places.give_back(first)
    assert waits.result(WITHIN).begins


def test_of_those_who_wait_the_tenant_with_least_at_work_begins(
    places: Places, callers: Callers
) -> None:
    first, _second = places.take(A, 0), places.take(A, 0)
    came_first, came_last = callers.wait(A), callers.wait(B)
    places.give_back(first)
    assert came_last.result(WITHIN).tenant == B
    assert not came_first.done()
    places.close(0)


def test_a_burst_waits_and_what_is_no_burst_is_refused(
    places: Places, callers: Callers, clock: Clock
) -> None:
    turns = [places.take(A, 0), places.take(A, 0)]
    waiting = [callers.wait(A) for _ in range(4)]
    assert places.refuses(A) is not None
    refused(lambda: places.take(A, WITHIN))
    for _ in range(2):
        places.give_back(turns.pop())
        turns.append(waiting.pop(0).result(WITHIN))
    # Two still wait, as many as are at work: after a refusal that is the whole room.
    assert places.refuses(A) is not None
    clock.at += 2
    assert places.refuses(A) is None
    places.close(0)


def test_of_many_that_come_at_once_no_more_are_let_in_than_there_is_room_for(
    places: Places,
) -> None:
    let_in = [places.refuses(A) is None for _ in range(40)].count(True)
    assert let_in == 6  # two at work and four that wait
    places.take(A, 0)
    assert places.refuses(A) is not None  # it has taken what was kept for it
    assert places.refuses(B) is None  # who has less is let in, and A makes way
    assert places.refuses(OURS) is None


def test_who_is_let_in_and_does_not_come_keeps_nobody_out(places: Places, clock: Clock) -> None:
    assert [places.refuses(A) is None for _ in range(7)].count(True) == 6
    clock.at += 2
    assert places.refuses(A) is None


def test_a_flood_makes_way_for_a_tenant_that_has_less(places: Places, callers: Callers) -> None:
    places.take(A, 0)
    places.take(A, 0)
    flood = [callers.wait(A) for _ in range(4)]
    assert places.refuses(A) is not None
    assert places.refuses(B) is None
    came = ThreadPoolExecutor(1).submit(places.take, B, WITHIN)
    refused(lambda: flood[-1].result(WITHIN))
    assert not any(one.done() for one in (*flood[:-1], came))
    places.close(0)


def test_our_own_calls_have_places_that_nobody_else_takes(places: Places, callers: Callers) -> None:
    places.take(A, 0)
    places.take(A, 0)
    for _ in range(4):
        callers.wait(A)
    refused(lambda: places.take(A, WITHIN))
    assert places.take(OURS, 0).begins
    places.close(0)


def test_others_wait_while_ours_are_at_work_but_one_of_them_always_goes_on(clock: Clock) -> None:
    places = Places(Room(2, 0, 2), Room(4, 0, 4), now=clock)
    ours = [places.take(OURS, 0) for _ in range(4)]
    assert places.take(A, 0).begins
    refused(lambda: places.take(A, 0))
    for one in ours:
        places.give_back(one)
    assert places.take(A, 0).begins


def test_a_call_that_waits_for_somebody_else_leaves_its_place_to_another(
    places: Places, clock: Clock
) -> None:
    places.take(A, 0)
    places.take(A, 0)
    assert places.refuses(A) is None  # it may wait
    clock.at += ELSEWHERE
    assert places.take(A, 0).begins
    refused(lambda: places.take(A, 0))  # three are begun, and no more may be


def test_who_waits_too_long_is_refused_and_leaves_the_room(places: Places) -> None:
    places.take(A, 0)
    places.take(A, 0)
    for _ in range(6):
        refused(lambda: places.take(A, 0.001))


def test_nothing_begins_after_the_end_and_who_waits_is_told(
    places: Places, callers: Callers
) -> None:
    first, second = places.take(A, 0), places.take(A, 0)
    waits = callers.wait(A)
    assert not places.close(0)
    with pytest.raises(Stopping):
        waits.result(WITHIN)
    with pytest.raises(Stopping):
        places.take(B, WITHIN)
    places.give_back(first)
    places.give_back(second)
    assert places.close(0)


def test_many_at_once_never_are_more_at_work_than_there_are_places() -> None:
    places = Places(Room(3, 100, 3), Room(1, 0, 1))
    counting, at_work, seen = threading.Lock(), 0, []

    def call(number: int) -> bool:
        nonlocal at_work
        try:
            turn = places.take(Tenant(f"t{number % 5}"), WITHIN)
        except Overloaded:
            return False
        with counting:
            at_work += 1
            seen.append(at_work)
        with counting:
            at_work -= 1
        places.give_back(turn)
        return True

    with ThreadPoolExecutor(40) as pool:
        done = sum(pool.map(call, range(2000)))
    assert max(seen) <= 3
    assert done == len(seen) > 0
    assert places.close(0)
