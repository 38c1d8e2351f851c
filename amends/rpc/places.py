"""Places: which call begins now, which waits a little, and which is refused.

Few calls are at work at once: Python runs one thread at a time, so more of them only make each
other late, and the thread that hears of new calls too (measured: docs/reliability.md). A burst
waits; where it is no burst but too much, as many wait as are at work and the others are refused.
Whose calls fill the waiting room are refused first, so that one tenant's flood costs the others
nothing. Our own services have places of their own: what was begun for a customer goes on while
platforms are refused.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amends.rpc.refusals import Overloaded, Stopping
from amends.values.identity import Tenant

OURS = Tenant("*")
"""Whose turn a call of the services and the workflow is, whatever tenant it is made for."""
STRANGERS = Tenant("")
"""Whose turn a call is whose token was not seen before."""
ELSEWHERE = 0.5
"""Seconds after which a call waits for somebody else, or it would be over: it counts no more."""
_AWAITED = 0.25  # seconds that a place is kept for a call that was let in and has yet to take it
_NO_BURST = 1.0  # seconds since the last refusal within which too much is no burst


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls are at work at once, how many may wait for that, how many are begun at most.

    More are begun than are at work where some wait for another service or for a lock.
    """

    at_work: int
    waiting: int
    begun: int


class Turn:
    """A call's turn: it waits in its own thread until it is told to begin, or that it may not."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.since = 0.0
        self.begins = False
        self._told = threading.Lock()
        self._told.acquire()

    @property
    def ours(self) -> bool:
        """Whether one of our services makes the call."""
        return self.tenant == OURS

    def tell(self) -> None:
        """Lets `wait` return."""
        self._told.release()

    def wait(self, seconds: float) -> None:
        """Returns when it was told, or is late."""
        self._told.acquire(timeout=max(0.0, seconds))


class Places:
    """The unary calls of one server; any thread may call any method."""

    def __init__(
        self, others: Room, ours: Room, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._rooms = {False: others, True: ours}  # by whether one of our services calls
        self._now = now
        self._begun: list[Turn] = []
        self._waiting: list[Turn] = []  # in the order in which they came
        self._awaited: list[Turn] = []  # let in; each takes its turn in a thread, a moment later
        self._refused_at = -_NO_BURST
        self._closed = False
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return len(self._waiting)

    def refuses(self, tenant: Tenant) -> Overloaded | None:
        """What `take` would refuse a call with at once; None where it is let in.

        Then `take` should follow soon: where many come at once, no more are let in than have room.
        """
        with self._changed:
            fresh = Turn(tenant)
            fresh.since = self._now()
            awaited = self._all_awaited(fresh)
            if not self._closed and self._is_crowded(fresh, len(awaited)):
                crowd = [*_of(fresh.ours, self._waiting), *awaited]
                if not self._yielding(fresh, crowd):
                    return self._refused(fresh)
            self._awaited.append(fresh)
            return None

    def take(self, tenant: Tenant, within: float) -> Turn:
        """A turn that has begun, after at most so many seconds; `give_back` must follow.

        Raises:
            Overloaded: too many are before this call, or too many of its own tenant's.
            Stopping: nothing begins any more.
        """
        turn = Turn(tenant)
        with self._changed:
            if self._closed:
                raise Stopping
            self._came(tenant)
            self._begin_waiting()
            if self._begins_at_once(turn):
                self._begin(turn)
                return turn
            self._queue(turn)
        turn.wait(within)
        with self._changed:
            self._begin_waiting()
            if turn.begins:
                return turn
            self._waiting = [one for one in self._waiting if one is not turn]
            if self._closed:
                raise Stopping
            raise self._refused(turn)

    def give_back(self, turn: Turn) -> None:
        """The call is over; of the tenants who wait, the one that has least begins."""
        with self._changed:
            self._begun.remove(turn)
            self._begin_waiting()
            self._changed.notify_all()

    def close(self, patience: float) -> bool:
        """Nothing begins any more; True when what was begun ended within so many seconds."""
        with self._changed:
            self._closed = True
            while self._waiting:
                self._waiting.pop().tell()
            return self._changed.wait_for(lambda: not self._begun, patience)

    def _begins_at_once(self, turn: Turn) -> bool:
        return not _of(turn.ours, self._waiting) and self._has_place(turn)

    def _has_place(self, turn: Turn) -> bool:
        return self._free(turn) > 0

    def _free(self, turn: Turn) -> int:
        """How many calls like this one may begin now."""
        begun = self._rooms[turn.ours].begun - len(_of(turn.ours, self._begun))
        now = self._now()
        at_work = [one for one in self._begun if now - one.since < ELSEWHERE]
        ours = len(_of(ours=True, turns=at_work))
        if turn.ours:
            return min(begun, self._rooms[True].at_work - ours)
        always = int(len(at_work) == ours)
        return min(begun, max(self._rooms[False].at_work - len(at_work), always))

    def _all_awaited(self, fresh: Turn) -> list[Turn]:
        """Those of the same room; who does not come is forgotten."""
        self._awaited = [one for one in self._awaited if fresh.since - one.since < _AWAITED]
        return _of(fresh.ours, self._awaited)

    def _came(self, tenant: Tenant) -> None:
        came = next((one for one in self._awaited if one.tenant == tenant), None)
        self._awaited = [one for one in self._awaited if one is not came]

    def _begin(self, turn: Turn) -> None:
        turn.begins, turn.since = True, self._now()
        self._begun.append(turn)

    def _begin_waiting(self) -> None:
        while able := [one for one in self._waiting if self._has_place(one)]:
            has = Counter(one.tenant for one in self._begun)
            following = min(able, key=lambda one: (not one.ours, has[one.tenant]))
            self._waiting.remove(following)
            self._begin(following)
            following.tell()

    def _queue(self, turn: Turn) -> None:
        waiting = _of(turn.ours, self._waiting)
        if len(waiting) >= self._most_waiting(turn):
            yielding = self._yielding(turn, waiting)
            if yielding is None:
                raise self._refused(turn)
            self._waiting.remove(yielding)
            yielding.tell()
        self._waiting.append(turn)

    def _is_crowded(self, turn: Turn, awaited: int) -> bool:
        """Whether there is room neither at work nor to wait, once so many more have come."""
        waiting = len(_of(turn.ours, self._waiting))
        left = (0 if waiting else max(0, self._free(turn))) - awaited
        return left <= 0 and waiting - left >= self._most_waiting(turn)

    def _most_waiting(self, turn: Turn) -> int:
        room = self._rooms[turn.ours]
        burst = turn.ours or self._now() - self._refused_at > _NO_BURST
        return room.waiting if burst else min(room.waiting, room.at_work)

    def _yielding(self, turn: Turn, crowd: list[Turn]) -> Turn | None:
        """Whose place among the crowd a newcomer takes: the last of the tenant that has most."""
        if turn.ours or not crowd:
            return None
        has = Counter(one.tenant for one in (*self._begun, *crowd))
        most = max(has[one.tenant] for one in crowd)
        if most <= has[turn.tenant] + 1:
            return None
        return next(one for one in reversed(crowd) if has[one.tenant] == most)

    def _refused(self, turn: Turn) -> Overloaded:
        if not turn.ours:
            self._refused_at = self._now()
        return Overloaded(self._rooms[turn.ours].at_work, "calls")


def _of(ours: bool, turns: Iterable[Turn]) -> list[Turn]:  # noqa: FBT001 - the key of the rooms
    return [one for one in turns if one.ours == ours]
