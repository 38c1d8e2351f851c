"""A part: one process of the stack, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace


def nothing() -> None:
    """The step that a part does not need."""


@dataclass(frozen=True, slots=True)
class Part:
    """One supervised process and how it is brought up.

    `prepare` runs before the first start and must be repeatable. `ready` says whether it answers
    now: quickly, and by raising as well as by False when it does not. `settle` runs once it
    answers (databases, topics, namespace) and must be repeatable too. A part is started when all
    that it `needs` are settled.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    address: str = ""
    needs: tuple[str, ...] = ()
    prepare: Callable[[], None] = nothing
    settle: Callable[[], None] = nothing
    stop_signal: str = "TERM"
    environment: Mapping[str, str] = field(default_factory=dict)


def with_needs(parts: Mapping[str, Part], wanted: frozenset[str]) -> dict[str, Part]:
    """The wanted parts and all that they need, in the order of `parts`.

    A need that is no part of this stack is served from outside (a named database server).
    """
    needed = {need for name in wanted for need in parts[name].needs} & parts.keys()
    if not needed <= wanted:
        return with_needs(parts, wanted | needed)
    return {
        name: replace(part, needs=tuple(need for need in part.needs if need in parts))
        for name, part in parts.items()
        if name in wanted
    }
