"""Wake: tells the relay and the watchers of this process that something was committed."""

import threading
from collections import OrderedDict
from collections.abc import Callable

Notify = Callable[..., None]
"""Takes the streams, as text, in which something was committed; none where nobody knows which."""

_REMEMBERED = 10_000


class Wake:
    """A counter of commits that can be waited for, all of them or those of one stream.

    It only shortens waiting: who hears nothing looks again by itself (another process may have
    committed).
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._last: OrderedDict[str, int] = OrderedDict()
        """The count of each stream's last commit; what is forgotten counts for every stream."""
        self._of_all = 0

    @property
    def count(self) -> int:
        """How often something was committed; take it before looking, wait with it after."""
        return self._count

    def notify(self, *streams: str) -> None:
        """Something was committed in these streams; without any: in whichever."""
        with self._changed:
            self._count += 1
            for stream in streams:
                self._last[stream] = self._count
                self._last.move_to_end(stream)
            if not streams:
                self._of_all = self._count
            while len(self._last) > _REMEMBERED:
                self._of_all = max(self._of_all, self._last.popitem(last=False)[1])
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float, stream: str = "") -> int:
        """Waits until something was committed after `seen`, at most `timeout` seconds; the count.

        With a stream, until something was committed in that one.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._last_of(stream) > seen, timeout)
            return self._count

    def _last_of(self, stream: str) -> int:
        return max(self._of_all, self._last.get(stream, 0)) if stream else self._count
