"""Starts the parts of a stack, each as soon as what it needs is settled."""

import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.probe import answers
from deploy.local.refused import Refused
from deploy.local.state import Condition, PartState
from deploy.local.supervision import Supervisor

_POLL = 0.05  # seconds between two looks at a part that is starting
_TOO_OFTEN = 3  # times that a part may end by itself before the start is given up
_TAIL = 15  # lines of a log that are shown
_WIDTH = 240  # characters of each


@dataclass(slots=True)
class _Progress:
    """What is seen while a part comes up."""

    began: float = 0.0
    seconds: float = 0.0
    pids: set[int] = field(default_factory=set)
    settled: threading.Event = field(default_factory=threading.Event)


class BringUp:
    """One `up`: brings up every part, or refuses with the log of the first that cannot."""

    def __init__(self, home: Home, supervisor: Supervisor, parts: Mapping[str, Part]) -> None:
        self._home = home
        self._supervisor = supervisor
        self._parts = parts
        self._progress = {name: _Progress() for name in parts}
        self._given_up = threading.Event()

    def run(self, within: float) -> None:
        """Returns when every part is healthy and settled; refuses after `within` seconds."""
        limit = time.monotonic() + within
        with ThreadPoolExecutor(max_workers=len(self._parts)) as pool:
            futures = [pool.submit(self._one, part, limit) for part in self._parts.values()]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            self.give_up()
        _raise_first(done)

    def give_up(self) -> None:
        """Lets `run` return soon; what was started stays."""
        self._given_up.set()

    def states(self) -> list[PartState]:
        """How far each part is, now."""
        return [self._state(part) for part in self._parts.values()]

    def _one(self, part: Part, limit: float) -> None:
        progress = self._progress[part.name]
        part.prepare()
        if not self._wait_for_needs(part):
            return
        progress.began = time.monotonic()
        self._supervisor.start(part.name)
        if self._wait_until_ready(part, limit):
            part.settle()
            progress.seconds = time.monotonic() - progress.began
            progress.settled.set()

    def _wait_for_needs(self, part: Part) -> bool:
        """False when the whole start was given up meanwhile."""
        for need in part.needs:
            while not self._progress[need].settled.wait(_POLL):
                if self._given_up.is_set():
                    return False
        return True

    def _wait_until_ready(self, part: Part, limit: float) -> bool:
        """False when the whole start was given up meanwhile."""
        progress = self._progress[part.name]
        while not answers(part):
            if run := self._supervisor.runs().get(part.name):
                progress.pids |= {run.pid} - {0}
            if time.monotonic() > limit or len(progress.pids) > _TOO_OFTEN:
                raise self._refusal(part)
            if self._given_up.wait(_POLL):
                return False
        return True

    def _refusal(self, part: Part) -> Refused:
        log = self._home.log(part.name)
        ends = len(self._progress[part.name].pids) - 1
        how = f"ended {ends} times" if ends > 0 else "does not answer in time"
        return Refused(
            f"{part.name} {how}; the end of its log:\n{tail(log.read_text(errors='replace'))}",
            f"see the whole log in {log}; `make down` stops what runs",
        )

    def _state(self, part: Part) -> PartState:
        progress = self._progress[part.name]
        run = self._supervisor.runs().get(part.name)
        return PartState(
            name=part.name,
            condition=_condition(progress),
            address=part.address,
            pid=run.pid if run else 0,
            seconds=progress.seconds or (progress.began and time.monotonic() - progress.began),
        )


def tail(text: str) -> str:
    """The last lines of a log, indented and not too long to read."""
    return "\n".join(f"    {line[:_WIDTH]}" for line in text.splitlines()[-_TAIL:])


def _condition(progress: _Progress) -> Condition:
    if progress.settled.is_set():
        return Condition.HEALTHY
    if not progress.began:
        return Condition.WAITING
    return Condition.FAILING if len(progress.pids) > 1 else Condition.STARTING


def _raise_first(done: Iterable[Future[None]]) -> None:
    for future in done:
        future.result()
