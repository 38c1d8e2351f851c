"""Wake: tells the relay and the watchers of this process that something was committed."""

import threading


class Wake:
    """A counter of commits that can be waited for.

    It only shortens waiting: who hears nothing looks again by itself (another process may have
    committed).
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """How often something was committed; take it before looking, wait with it after."""
        return self._count

    def notify(self) -> None:
        """Something was committed."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> int:
        """Waits until the count differs from `seen`, at most `timeout` seconds; the new count."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout)
            return self._count
