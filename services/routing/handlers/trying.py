"""Trying again: what was known changed while it was decided, so that it is decided once more."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from amends.values.refusal import Overtaken
from services.routing.read_models.directory import Outdated

R = TypeVar("R")

_TRIES = 3


def until_up_to_date(decide: Callable[[], R]) -> R:
    """Decides again while what was known changes under it; Overtaken after a few tries."""
    for _ in range(_TRIES):
        with suppress(Outdated):
            return decide()
    raise Overtaken
