"""Following: what a service says to what it was told, without looking after every batch."""

import time
from collections.abc import Callable, Collection, Sequence

from amends.eventstore.records import Envelope

_LOOK_AGAIN = 5.0  # seconds


class Following:
    """Does what is due where one of these types came; now and again after any batch.

    A gap that was filled, a question to the owner or another process may have left something: it
    is done with the first batch, with one at least every few seconds, and whenever nothing came,
    as after a rebuild, which says again what is due.
    """

    def __init__(self, types: Collection[str], do: Callable[[], None]) -> None:
        self._types = frozenset(types)
        self._do = do
        self._look_at = 0.0

    def __call__(self, came: Sequence[Envelope]) -> None:
        """Raises what `do` raises: the world broke; call it with the same again."""
        is_due = not came or any(one.type in self._types for one in came)
        if is_due or time.monotonic() >= self._look_at:
            self._do()
            self._look_at = time.monotonic() + _LOOK_AGAIN
