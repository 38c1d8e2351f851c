"""The steps that lives take, as they take them, and waiting for one that began after a moment."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of one life: when its (last) call began, and when it was done (monotonic)."""

    began: float
    done: float


@dataclass(slots=True)
class _Waited:
    """A step `last` of a life that began its step `first` after `since`."""

    first: str
    last: str
    since: float
    done: float | None = None
    come: threading.Event = field(default_factory=threading.Event)

    def look(self, life: Mapping[str, Taken]) -> None:
        """Notes it where this life has taken it."""
        if self.first in life and self.last in life and life[self.first].began > self.since:
            self.done = life[self.last].done
            self.come.set()


class Steps:
    """What all lives of a load have done. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lives: dict[str, dict[str, Taken]] = {}
        self._waited: list[_Waited] = []

    def took(self, life: str, step: str, began: float) -> None:
        """A life has taken a step just now, whose call began then."""
        with self._lock:
            steps = self._lives.setdefault(life, {})
            steps[step] = Taken(began, time.monotonic())
            for waited in self._waited:
                if waited.last == step and waited.done is None:
                    waited.look(steps)

    def over(self, life: str) -> None:
        """A life takes no more steps."""
        with self._lock:
            self._lives.pop(life, None)

    def through(self, first: str, last: str, since: float, within: float) -> float | None:
        """Seconds from `since` until a life took step `last` that began step `first` after it.

        None where none did within so many seconds.
        """
        waited = _Waited(first, last, since)
        with self._lock:
            for steps in self._lives.values():
                waited.look(steps)
            self._waited.append(waited)
        waited.come.wait(max(0.0, since + within - time.monotonic()))
        with self._lock:
            self._waited.remove(waited)
        return None if waited.done is None else waited.done - since
