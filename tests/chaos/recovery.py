"""Recovery: from the death of a process until work of its kind gets through again.

Measured from outside, by what the load sees: of lives that begin a step after the death, the first
one that has taken the step which needs the dead process. So it holds everything: the supervisor's
start, imports, connections, what was left half done, and a new request on top.
"""

import threading
import time
from collections.abc import Mapping
from types import MappingProxyType

from tests.chaos.load import FOLLOWED_UP, Load

PROGRESS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "intake": ("opened", "opened"),
        "routing": ("accepted", "accepted"),
        "resolution": ("offered", "offered"),
        "commerce": ("agreed", "refunded"),
        "followup": ("delivered", FOLLOWED_UP),
        "workflows": ("opened", "assigned"),
        "postgres": ("opened", "opened"),
        "kafka": ("opened", "assigned"),
        "temporal": ("opened", "assigned"),
    }
)
"""By part: the step that must begin after its death, and the step that must then be taken."""
_LONGEST = 90.0
_TOLD = 5


class Recoveries:
    """How long each kill kept its part from working; many at a time."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._each: list[tuple[float, str]] = []
        self.took: dict[str, list[float]] = {}
        """Seconds by part."""
        self.never: list[str] = []
        """Parts after whose death nothing of the kind got through."""

    def after(self, part: str, fault: str, died: float) -> None:
        """Begins to measure a death of a fault, by `time.monotonic`."""
        thread = threading.Thread(target=self._measure, args=(part, fault, died), daemon=True)
        thread.start()
        self._threads.append(thread)

    def wait(self) -> None:
        """Returns when every part has recovered, or will not any more."""
        for thread in self._threads:
            thread.join()

    def slowest(self) -> list[str]:
        """The longest recoveries, in ms, with their faults."""
        longest = sorted(self._each, reverse=True)[:_TOLD]
        return [f"{seconds * 1000:.0f} {fault}" for seconds, fault in longest]

    def _measure(self, part: str, fault: str, died: float) -> None:
        first, last = PROGRESS[part]
        seconds = self._load.through(first, last, died, _LONGEST)
        with self._lock:
            if seconds is None:
                self.never.append(f"{part}, {time.monotonic() - died:.0f} s after its death")
            else:
                self.took.setdefault(part, []).append(seconds)
                self._each.append((seconds, fault))
