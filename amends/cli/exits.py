"""Exit codes: what a script learns from a command, decided here alone (docs/terminal.md)."""

from collections.abc import Mapping
from enum import IntEnum

from grpc import StatusCode


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_THERE = 3
    NOT_ALLOWED = 4
    UNAVAILABLE = 5
    BROKEN = 6
    INTERRUPTED = 130


MEANING: Mapping[Exit, str] = {
    Exit.DONE: "done",
    Exit.REFUSED: "a rule says no, or somebody was first",
    Exit.USAGE: "wrong usage: a word, an option or a field; nothing was done",
    Exit.NOT_THERE: "no such case, offer, person or other thing",
    Exit.NOT_ALLOWED: "not allowed: no valid token, or not for you",
    Exit.UNAVAILABLE: "nothing answers now; the same command may be repeated",
    Exit.BROKEN: "something broke on the other side; it names an incident",
    Exit.INTERRUPTED: "ended by Ctrl-C",
}

_OF_STATUS: Mapping[StatusCode, Exit] = {
    StatusCode.INVALID_ARGUMENT: Exit.USAGE,
    StatusCode.OUT_OF_RANGE: Exit.USAGE,
    StatusCode.NOT_FOUND: Exit.NOT_THERE,
    StatusCode.FAILED_PRECONDITION: Exit.REFUSED,
    StatusCode.ABORTED: Exit.REFUSED,
    StatusCode.ALREADY_EXISTS: Exit.REFUSED,
    StatusCode.UNAUTHENTICATED: Exit.NOT_ALLOWED,
    StatusCode.PERMISSION_DENIED: Exit.NOT_ALLOWED,
    StatusCode.UNAVAILABLE: Exit.UNAVAILABLE,
    StatusCode.RESOURCE_EXHAUSTED: Exit.UNAVAILABLE,
    StatusCode.DEADLINE_EXCEEDED: Exit.UNAVAILABLE,
    StatusCode.CANCELLED: Exit.UNAVAILABLE,
}


def exit_of(status: StatusCode) -> Exit:
    """The exit code of a refused call; BROKEN for what no rule answers."""
    return _OF_STATUS.get(status, Exit.BROKEN)


def told() -> str:
    """All of them in one paragraph, for `amends --help`."""
    codes = "; ".join(f"{code.value} {MEANING[code]}" for code in Exit)
    return f"Exit codes: {codes}. `amends verify` has codes of its own."
