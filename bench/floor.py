"""The floor's process, as the bench asks it."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Self

from amends.settings import Settings
from bench import bare, processes
from deploy.local.home import CHECKOUT


class Floor:
    """Bare workflows on a stack's Temporal server, in a process of their own."""

    def __init__(self, settings: Settings) -> None:
        where = (settings.temporal_address, settings.temporal_namespace)
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bench.bare", *where],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin  # noqa: S101 - asked for above
        assert self._process.stdout  # noqa: S101 - asked for above
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def workflows(self, count: int) -> list[float]:
        """Seconds of each bare workflow with one activity, one after the other."""
        return self._carry_out({"count": count, "in_flight": 1, "signals": 0})

    def lives(self, count: int, in_flight: int, signals: int) -> list[float]:
        """Seconds of each bare life."""
        return self._carry_out({"count": count, "in_flight": in_flight, "signals": signals})

    def cpu(self) -> float:
        """Seconds of CPU of the floor's worker and client until now."""
        return processes.cpu(self._process.pid)

    def _carry_out(self, order: bare.Order) -> list[float]:
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        answer = self._answers.readline()
        if not answer:
            msg = "the floor's process has ended"
            raise RuntimeError(msg)
        found: list[float] = json.loads(answer)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)
