"""What a part is doing, as people and tests see it."""

from dataclasses import dataclass
from enum import Enum


class Condition(Enum):
    """How a part is."""

    WAITING = "waiting"  # for what it needs
    STARTING = "starting"
    HEALTHY = "healthy"
    FAILING = "failing"  # ended by itself and is started again
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PartState:
    """One row of the table."""

    name: str
    condition: Condition
    address: str
    pid: int = 0
    seconds: float = 0.0  # until it was healthy, or so far


def all_healthy(states: list[PartState]) -> bool:
    """Whether there is a part, and none that is not healthy."""
    return bool(states) and all(state.condition is Condition.HEALTHY for state in states)
