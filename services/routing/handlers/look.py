"""A look at what must be known to decide, remembered for the answer."""

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")


class Look(Generic[K]):
    """Asks, and keeps what was told last; `known` is `nothing` before."""

    def __init__(self, ask: Callable[[], K], nothing: K) -> None:
        self._ask = ask
        self.known = nothing

    def __call__(self) -> K:
        self.known = self._ask()
        return self.known
