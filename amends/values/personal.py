"""Personal words: a person's own text, which must be forgettable and is never printed."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Personal(Generic[T]):
    """Something a person said. Shows nothing of itself in logs, errors or tracebacks."""

    value: T

    def __repr__(self) -> str:
        return "Personal(...)"

    __str__ = __repr__


class Forgotten:
    """What is read where a person's key was destroyed."""

    def __repr__(self) -> str:
        return "Forgotten"


FORGOTTEN = Forgotten()
