"""Progress: up to which offset of a partition everything is finished."""

import threading
from collections import deque


class Progress:
    """One partition while it is assigned; offsets begin in order and finish in any."""

    def __init__(self, first: int) -> None:
        self._open: deque[int] = deque()
        self._finished: set[int] = set()
        self._next = first
        self._guard = threading.Lock()

    @property
    def next(self) -> int:
        """The offset after the last one that began."""
        return self._next

    def began(self, offset: int) -> None:
        """A record was taken from the partition."""
        with self._guard:
            self._open.append(offset)
            self._next = offset + 1

    def finished(self, offset: int) -> None:
        """Its effect is committed."""
        with self._guard:
            self._finished.add(offset)
            while self._open and self._open[0] in self._finished:
                self._finished.remove(self._open.popleft())

    def committable(self) -> int:
        """Everything before this offset is finished."""
        with self._guard:
            return self._open[0] if self._open else self._next
