"""Dispatch: hands events to a handler, keys in parallel, in order within a key.

A handler that raises holds back its own keys only: they are tried again, each alone, with growing
pauses, for ever; nothing is skipped.
"""

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from amends import telemetry
from amends.crash_points import crash_point
from amends.eventstore.records import Envelope
from amends.eventstore.tracing import ids_of, traced
from amends.telemetry import metrics

Handle = Callable[[Sequence[Envelope]], object]
"""Takes envelopes whose effect is committed when it returns; raises to get them again."""

_BATCH = 100
_TOGETHER = 16
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Gathering:
    """How long what came waits for what comes after it, to be handled together; by itself not.

    Without `urgent` types what comes alone waits for nothing, but for `patient` types, and what
    comes behind it at most `seconds`. With them the urgent waits for nothing, and takes with it
    what waits; only where something came less than `rest` seconds before it, until they are over.
    `apart`: each key waits for what comes after it by itself, whatever is urgent to others.
    """

    seconds: float = 0.0
    urgent: frozenset[str] = frozenset()
    rest: float = 0.0
    patient: frozenset[str] = frozenset()
    apart: bool = False

    def waits(self, event_type: str) -> bool:
        """Whether an event of this type waits for others before it is handled."""
        return event_type not in self.urgent if self.urgent else event_type in self.patient


AT_ONCE = Gathering()


@dataclass(frozen=True, slots=True)
class Task:
    """One event to be handled, and what to call once its effect is committed."""

    envelope: Envelope
    finished: Callable[[], None]

    @property
    def key(self) -> str:
        """Tasks with the same key are handled in their order."""
        return str(self.envelope.stream)


class Dispatch:
    """Worker threads over queues per key; a key is with one worker at a time.

    A worker that gathers takes a few keys at once where so many are ready, more only as its share.
    """

    def __init__(self, handle: Handle, workers: int, gathering: Gathering = AT_ONCE) -> None:
        self._handle = handle
        self._gathering = gathering
        self._together = _TOGETHER if gathering.seconds else 1
        self._due = 0.0  # when what is ready has waited long enough
        self._queues: dict[str, deque[Task]] = {}
        self._ready: deque[str] = deque()
        self._paused: list[tuple[float, str]] = []  # heap of (time to go on, key)
        self._pauses: dict[str, float] = {}  # what of it counts
        self._attempts: dict[str, int] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._unfinished = 0
        self._idle = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"dispatch-{n}", daemon=True)
            for n in range(workers)
        ]

    @property
    def unfinished(self) -> int:
        """Tasks that were put and are not finished."""
        return self._unfinished

    def start(self) -> None:
        """Starts the workers."""
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float) -> None:
        """Lets the workers finish what they hold, at most `patience` seconds; the rest is left."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        ends = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))

    def put(self, tasks: Sequence[Task]) -> None:
        """Queues tasks behind those of the same key."""
        with self._changed:
            due = self._due_of(tasks)
            self._due = min(self._due, due) if self._ready else due
            for task in tasks:
                is_new = task.key not in self._queues
                self._queues.setdefault(task.key, deque()).append(task)
                if is_new or self._hurries(task):
                    self._begin(task.key)
            self._unfinished += len(tasks)
            self._changed.notify(-(-len(tasks) // self._together))

    def _begin(self, key: str) -> None:
        """Makes a key ready that has something to handle, once it has gathered."""
        if self._gathering.apart and all(map(self._waits, self._queues[key])):
            self._pause(key, self._gathering.seconds)
        else:
            self._pauses.pop(key, None)
            self._ready.append(key)

    def _hurries(self, task: Task) -> bool:
        """Whether it ends the gathering of its key; a failed one is no sooner tried for it."""
        gathers = task.key in self._pauses and task.key not in self._attempts
        return gathers and not self._waits(task)

    def _waits(self, task: Task) -> bool:
        return self._gathering.waits(task.envelope.type)

    def _pause(self, key: str, seconds: float) -> None:
        self._pauses[key] = time.monotonic() + seconds
        heapq.heappush(self._paused, (self._pauses[key], key))

    def _due_of(self, tasks: Sequence[Task]) -> float:
        wait = not self._gathering.apart and all(map(self._waits, tasks))
        return time.monotonic() + (self._gathering.seconds if wait else 0.0)

    def _work(self) -> None:
        while batch := self._take():
            try:
                self._hand_over(batch)
            except Exception as error:  # noqa: BLE001 - a process loop: these keys are retried
                with telemetry.bound(_ids(batch)):
                    self._put_back(batch, error)
            else:
                self._done(batch)

    def _hand_over(self, batch: list[Task]) -> None:
        with (
            telemetry.bound(_ids(batch)),
            traced("consumer", [task.envelope for task in batch]) as envelopes,
        ):
            crash_point("handle.before")
            self._handle(envelopes)
            crash_point("handle.after")

    def _take(self) -> list[Task]:
        """The next tasks, of this worker's part of the ready keys; nothing when stopping."""
        with self._changed:
            self._idle += 1
            try:
                while not self._stopping:
                    self._wake_paused()
                    if self._ready and self._due <= time.monotonic():
                        return self._batch(self._part())
                    self._changed.wait(self._until_next())
                return []
            finally:
                self._idle -= 1

    def _part(self) -> int:
        """A share of many keys, so that a slow one delays few; of few all, as one batch."""
        share = -(-len(self._ready) // self._idle)
        return min(len(self._ready), max(share, self._together))

    def _batch(self, keys: int) -> list[Task]:
        """Tasks of at most so many keys, few enough for one transaction; a failed key alone."""
        batch: list[Task] = []
        for _ in range(keys):
            failed = self._ready[0] in self._attempts
            if batch and (failed or len(batch) >= _BATCH):
                break
            queue = self._queues[self._ready.popleft()]
            batch += [queue.popleft() for _ in range(min(len(queue), _BATCH))]
            if failed:
                break
        return batch

    def _done(self, batch: list[Task]) -> None:
        for task in batch:
            task.finished()
        with self._changed:
            self._unfinished -= len(batch)
            for key in dict.fromkeys(task.key for task in batch):
                self._attempts.pop(key, None)
                if self._queues[key]:
                    self._begin(key)
                    self._changed.notify()
                else:
                    del self._queues[key]

    def _put_back(self, batch: list[Task], error: Exception) -> None:
        with self._changed:
            for task in reversed(batch):
                self._queues[task.key].appendleft(task)
            for key in dict.fromkeys(task.key for task in batch):
                attempt = self._attempts[key] = self._attempts.get(key, 0) + 1
                pause = min(_FIRST_PAUSE * 2 ** min(attempt - 1, 10), _LONGEST_PAUSE)
                self._pause(key, pause)
            self._changed.notify()
        metrics.handler_failed()
        telemetry.log().warning(
            "handler_failed", batch=len(batch), attempt=attempt, trace=telemetry.trace_of(error)
        )

    def _wake_paused(self) -> None:
        while self._paused and self._paused[0][0] <= time.monotonic():
            until, key = heapq.heappop(self._paused)
            if self._pauses.get(key) == until:
                del self._pauses[key]
                self._ready.append(key)

    def _until_next(self) -> float | None:
        """Seconds until something must be looked at; None where only `put` changes anything."""
        moments = [self._due] if self._ready else []
        if self._paused:
            moments.append(self._paused[0][0])
        return max(0.0, min(moments) - time.monotonic()) if moments else None


def _ids(batch: Sequence[Task]) -> Mapping[str, str]:
    """What a line about the batch names: one event as such, of one stream the stream."""
    if len(batch) == 1:
        return ids_of(batch[0].envelope)
    streams = {task.key for task in batch}
    return {"stream": streams.pop()} if len(streams) == 1 else {}
