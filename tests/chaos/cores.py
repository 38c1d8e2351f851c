"""Cores: who asks for too much must not take the time of the one that is asked.

Callers are elsewhere: what they cost is nothing that a service can refuse. So what is measured has
a core to itself, and this process with all that it starts meanwhile has the others.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

import psutil


@contextmanager
def apart(measured: Sequence[psutil.Process]) -> Iterator[bool]:
    """Inside, the first core does what is measured, the others the rest; False where there is one.

    Where this process may choose no cores, as on macOS, nobody is moved either.
    """
    choose = getattr(os, "sched_setaffinity", None)
    cores = sorted(os.sched_getaffinity(0)) if choose else []
    if choose is None or len(cores) < 2:
        yield False
        return
    for process in measured:
        for thread in _threads(process):
            with suppress(ProcessLookupError):
                choose(thread, cores[:1])
    choose(0, cores[1:])
    try:
        yield True
    finally:
        choose(0, cores)


@dataclass(slots=True)
class Spent:
    """CPU by who spent it, in cores (seconds a second), from its making until `cores` is asked."""

    measured: dict[str, psutil.Process]
    """Each with its children."""
    began: float = field(default_factory=monotonic)
    before: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = self._seconds()

    def cores(self) -> dict[str, float]:
        """By name; `callers` is what this process and those that it has seen end have spent."""
        took = monotonic() - self.began
        return {who: (now - self.before[who]) / took for who, now in self._seconds().items()}

    def _seconds(self) -> dict[str, float]:
        mine = os.times()
        callers = mine.user + mine.system + mine.children_user + mine.children_system
        return {
            "callers": callers,
            **{who: sum(map(_cpu, _family(one))) for who, one in self.measured.items()},
        }


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _threads(process: psutil.Process) -> list[int]:
    return [thread.id for one in _family(process) for thread in one.threads()]


def _cpu(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0
