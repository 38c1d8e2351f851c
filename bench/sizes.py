"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One size of the whole bench; `rounds` of ours and of the floor take turns."""

    rounds: int
    warm_up: int
    assigned: int
    """Cases one at a time, in a round."""
    lives: int
    """Lives with 16 in flight, in a round."""
    commands: int
    events: int
    closed_cases: int
    open_cases: int


SIZES = {
    "full": Size(
        rounds=5,
        warm_up=48,
        assigned=20,
        lives=64,
        commands=2_000,
        events=5_000,
        closed_cases=100_000,
        open_cases=2_000,
    ),
    "small": Size(
        rounds=2,
        warm_up=8,
        assigned=5,
        lives=16,
        commands=100,
        events=200,
        closed_cases=200,
        open_cases=20,
    ),
}
