"""A whole local stack: what `make up` starts, and what each test session starts for itself."""

import fcntl
import shutil
import signal
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Self

import psutil

from deploy.local import databases, environment, inventory, keys, leftovers, preflight
from deploy.local.bring_up import BringUp
from deploy.local.choice import Choice
from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.probe import answers
from deploy.local.refused import Refused
from deploy.local.state import Condition, PartState, all_healthy
from deploy.local.supervision import Run, Supervisor

_UP_LIMIT = 120.0  # seconds: several times what the slowest machine needed
_DOWN_LIMIT = 20.0
_POLL = 0.05


class Stack:
    """The real parts and our processes, in one folder and on one block of ports.

    `programs` starts only those parts and what they need; `database` is the address of a running
    PostgreSQL to use instead of our own. As a context manager the stack is up inside and gone
    afterwards.
    """

    def __init__(
        self,
        home: Path,
        ports: Ports | None = None,
        programs: Collection[str] | None = None,
        *,
        database: str = "",
    ) -> None:
        self._home = Home(home.absolute())
        self._choice = Choice.of(ports or Ports(), programs, database)
        self._parts: dict[str, Part] = {}
        self._supervisor = Supervisor(self._home, self.ports)
        self._bring_up: BringUp | None = None

    @classmethod
    def found(cls, home: Path) -> Self:
        """The stack that was started last in this folder, whether or not it runs now."""
        choice = Choice.noted(Home(home.absolute())) or Choice.of(Ports(), None, "")
        return cls(home, Ports(choice.base), choice.programs, database=choice.database)

    def __enter__(self) -> Self:
        try:
            self.up()
        except BaseException:  # whatever ended it, what had begun must not stay
            self.down()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    @property
    def home(self) -> Home:
        """Its folder."""
        return self._home

    @property
    def ports(self) -> Ports:
        """Its block of ports."""
        return Ports(self._choice.base)

    @property
    def database(self) -> str:
        """The database server that is not ours, if it was started with one."""
        return self._choice.database

    def parts(self) -> dict[str, Part]:
        """Its parts by name."""
        if not self._parts:
            self._parts = inventory.parts(self._home, self._choice)
        return self._parts

    def env(self) -> dict[str, str]:
        """How to reach the parts: the variables of `stack.env`."""
        return environment.read(self._home)

    def up(self, *, within: float = _UP_LIMIT) -> bool:
        """Starts what does not run and returns when all is healthy; False when it was already.

        What an earlier run of this folder left behind (after kill -9 of its supervisor) is ended
        first; its data stays. Refuses with what is missing.
        """
        self._home.make()
        with self._alone():
            if not self._is_supervised():
                self._begin_supervisor()
            elif all_healthy(self.states()):
                environment.write(self._home, self._choice)  # somebody may have removed it
                return False
            self._bring_up = BringUp(self._home, self._supervisor, self.parts())
            self._bring_up.run(within)
            return True

    def down(self) -> list[str]:
        """Stops everything of this folder; gives the names of what ran. Harmless when repeated."""
        if not self._home.run.exists():
            return []
        with self._alone():
            return self._stop_everything()

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Sends a signal to one part; after SIGKILL, returns when that process is gone."""
        process = psutil.Process(self.pid(name))
        process.send_signal(number)
        if number == signal.SIGKILL:
            process.wait(timeout=_DOWN_LIMIT)

    def restart(self, name: str) -> None:
        """Stops one part in its own orderly way, starts it and waits until it is healthy."""
        self.stop(name)
        self.start(name)

    def stop(self, name: str) -> None:
        """Stops one part in its own orderly way; returns when it is gone."""
        self._stop([name])

    def start(self, name: str) -> None:
        """Brings up one part that was stopped, whatever of its data is left; waits until it is."""
        part = self.parts()[name]
        part.prepare()
        self._supervisor.start(name)
        self.wait_healthy(name)
        part.settle()

    def wipe(self, name: str) -> None:
        """Removes all that a stopped part keeps (`postgres`, `kafka`, `temporal`)."""
        shutil.rmtree(self._home.data / name)

    def pid(self, name: str) -> int:
        """The process of a part; refused while it does not run."""
        run = self._supervisor.runs().get(name)
        if run is None or not run.pid:
            raise Refused(f"{name} does not run", "`make status` shows what does")
        return run.pid

    def wait_healthy(self, *names: str, within: float = 60.0) -> None:
        """Returns when each named part (all of them when none is named) is healthy."""
        parts = [self.parts()[name] for name in names or self.parts()]
        for part in parts:
            if not _until(partial(self._is_healthy, part), within):
                raise Refused(f"{part.name} is not healthy", f"see {self._home.log(part.name)}")

    def states(self) -> list[PartState]:
        """How each part is now."""
        runs = self._supervisor.runs()
        with ThreadPoolExecutor(max_workers=len(self.parts())) as pool:
            return list(pool.map(lambda part: _state(part, runs), self.parts().values()))

    def progress(self) -> list[PartState]:
        """How far `up` came with each part; asked from another thread than the one that waits."""
        return self._bring_up.states() if self._bring_up else []

    def give_up(self) -> None:
        """Lets an `up` that waits in another thread return soon."""
        if self._bring_up:
            self._bring_up.give_up()

    def is_up(self) -> bool:
        """Whether its supervisor runs."""
        return self._supervisor.is_up()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two commands on one folder go one after the other."""
        with (self._home.run / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _is_supervised(self) -> bool:
        """Whether a supervisor runs exactly the parts that were asked for, where they were."""
        same = Choice.noted(self._home) == self._choice
        return same and self._supervisor.runs().keys() == self.parts().keys()

    def _begin_supervisor(self) -> None:
        leftovers.end(self._home)
        preflight.check(self._home, self.ports)
        parts = self.parts()
        keys.make(self._home)
        if not self._home.clock.exists():
            self._home.clock.write_text("0\n")
        if self._choice.database:
            databases.create_at(self._choice.database)
        environment.write(self._home, self._choice)
        self._choice.note(self._home)
        self._supervisor.begin(parts.values(), environment.of_processes(self._home))

    def _stop_everything(self) -> list[str]:
        """Our processes first, so that none of them sees a server go away."""
        running = [run.name for run in self._supervisor.runs().values() if run.pid]
        if running:
            servers = {"postgres", "kafka", "temporal"}
            self._stop(sorted(set(running) - servers))
            self._stop(sorted(set(running) & servers))
        if self._supervisor.is_up():
            self._supervisor.end()
            _until(lambda: not leftovers.find(self._home), _DOWN_LIMIT)
        left = leftovers.end(self._home)
        return [*running, f"{len(left)} processes of an earlier run"] if left else running

    def _stop(self, names: list[str]) -> None:
        for name in names:
            self._supervisor.stop(name)
        _until(lambda: not any(self._supervisor.runs()[name].pid for name in names), _DOWN_LIMIT)

    def _is_healthy(self, part: Part) -> bool:
        run = self._supervisor.runs().get(part.name)
        return run is not None and run.state == "RUNNING" and answers(part)


def _until(condition: Callable[[], bool], within: float) -> bool:
    """Whether it became true in time."""
    limit = time.monotonic() + within
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(_POLL)
    return True


def _state(part: Part, runs: dict[str, Run]) -> PartState:
    run = runs.get(part.name)
    if run is None or not run.pid:
        failing = run is not None and run.state in {"BACKOFF", "FATAL", "EXITED"}
        return PartState(
            part.name, Condition.FAILING if failing else Condition.STOPPED, part.address
        )
    condition = Condition.HEALTHY if answers(part) else Condition.STARTING
    return PartState(part.name, condition, part.address, run.pid, time.time() - run.since)
