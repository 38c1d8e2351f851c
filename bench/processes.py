"""What the parts of a stack have used: CPU time and memory, by process, as the system counts it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

from deploy.local.stack import Stack

SERVERS = ("postgres", "kafka", "temporal")
_MEGA = 1e6


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes of one run of a stack, by the names of its parts."""

    pids: Mapping[str, int]

    @classmethod
    def of(cls, stack: Stack) -> "Processes":
        """Those that run now; asked again after one was restarted."""
        return cls({name: stack.pid(name) for name in stack.parts()})

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU until now, those of ended children too."""
        return {name: cpu(pid) for name, pid in self.pids.items()}

    def memory(self) -> dict[str, float]:
        """Megabytes now (PSS: shared pages count in parts)."""
        return {name: _memory(pid) for name, pid in self.pids.items()}


def cpu(pid: int) -> float:
    """Seconds of CPU that a process and its children have used."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    ended = own.children_user + own.children_system
    living = 0.0
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            used = child.cpu_times()
            living += used.user + used.system
    return float(own.user + own.system + ended + living)


def _memory(pid: int) -> float:
    process = psutil.Process(pid)
    found = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found += one.memory_full_info().pss
    return found / _MEGA
