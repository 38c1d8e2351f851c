"""A process of the product: its roles, its threads, its signals, and the order in which it stops.

What every service's `__main__` shares. A process outlives PostgreSQL and Kafka: what breaks with
them is begun again with a back-off, and health says NOT_SERVING while the database is away. A
thread that dies of anything else ends the process with 1, so that the supervisor starts it anew.
"""

import argparse
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

import grpc
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from amends import telemetry
from amends.eventstore.records import Envelope
from amends.settings import SettingMissing, Settings
from amends.telemetry import metrics, traces
from amends.values.refusal import DependencyUnavailable

Loop = Callable[[threading.Event], None]
"""Works until the event is set, then returns. May raise a fault at any time: it is begun again."""

FAULTS = (
    OperationalError,
    InterfaceError,
    DisconnectionError,
    PoolTimeout,
    grpc.RpcError,
    DependencyUnavailable,
    OSError,
)
"""The world broke, the program did not: worth another try."""

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_LONG_RUN = 30.0  # seconds after which a loop that breaks had been well
_LOOK_EVERY = 1.0
# Seconds for all loops together to end what they have in hand; with the server's drain of 10 s
# before it, less than the 15 s after which the supervisor kills.
_PATIENCE = 4.0


class Serving(Protocol):
    """What a process asks of a gRPC server (`amends.rpc.server.Server`)."""

    def start(self) -> int:
        """Listens and reports healthy; the port."""

    def report(self, *, healthy: bool) -> None:
        """Tells whether callers may be sent here."""

    def stop(self) -> bool:
        """Takes nothing new, lets what is in flight end; False where some of it did not."""


def _nothing() -> None:
    """A service that holds nothing open needs no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A wired service; building it connects to nothing.

    `migrate` makes the tables and may be repeated; `reach` returns when the database answers and
    raises while it does not; `loops` are the background work by role; `receive` is what the
    consumer hands events of other services to; `close` gives back what is held at the end;
    `asks` are found out at each scrape of the metrics, by the role that tells them; `faults` are
    what else a loop raises where the world broke.
    """

    server: Serving
    migrate: Callable[[], None]
    reach: Callable[[], None]
    loops: Mapping[str, Loop] = field(default_factory=dict)
    receive: Callable[[Iterable[Envelope]], int] | None = None
    rebuild: Callable[[], None] | None = None
    compare: Callable[[], bool] | None = None
    close: Callable[[], None] = _nothing
    asks: Mapping[str, metrics.Ask] = field(default_factory=dict)
    faults: tuple[type[Exception], ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """What it can be started as."""
        rebuild = ("rebuild",) if self.rebuild else ()
        compare = ("compare",) if self.compare else ()
        return ("all", "serve", *self.loops, *rebuild, *compare, "migrate")


def main(name: str, build: Callable[[], App], arguments: Sequence[str]) -> int:
    """Runs a service in the role that the arguments name (`all` unless told); its exit code."""
    telemetry.configure(name)
    if list(arguments) in ([], ["all"]):
        code = _apart(lambda: _run(name, build, ["migrate"]))
        if code is not None:
            return code
    return _run(name, build, arguments)


def _run(name: str, build: Callable[[], App], arguments: Sequence[str]) -> int:
    try:
        app = build()
    except SettingMissing as error:
        sys.stderr.write(f"{name} cannot start: {error}\n")
        return 2
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    parser.add_argument("role", nargs="?", default="all", choices=app.roles)
    process = Process(name, app)
    role = parser.parse_args(arguments).role
    _observe(name, app, role)
    try:
        code = process.run(role)
    finally:
        app.close()
        traces.end()
    if process.abandoned:
        _leave(code)
    return code


def _observe(name: str, app: App, role: str) -> None:
    if role in {"migrate", "rebuild", "compare"}:
        return
    settings = Settings()
    traces.configure(name, settings.otlp_endpoint)
    asks = [ask for of, ask in app.asks.items() if role in {"all", of}]
    metrics.serve(settings.metrics_address, name, asks)


class Process:
    """One run of an app in one role."""

    def __init__(self, name: str, app: App) -> None:
        self._name = name
        self._app = app
        # A SimpleQueue may be filled from a signal handler, which a lock must not be taken in.
        self._news: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._ending = threading.Event()
        self.abandoned = False
        """Whether calls were cancelled whose threads may still wait for something."""

    def run(self, role: str) -> int:
        """Works until SIGTERM or SIGINT, or until the role's one task is done; the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._news.put(0))
        if role == "rebuild" and self._app.rebuild is not None:
            self._app.rebuild()
            return 0
        if role == "compare" and self._app.compare is not None:
            return 0 if self._app.compare() else 1
        prepare = self._app.migrate if role == "migrate" else self._app.reach
        if not self._until_done(prepare):
            return 0
        return 0 if role == "migrate" else self._work(role)

    def _work(self, role: str) -> int:
        """Serves and runs the loops of the role; first the server ends, then the loops."""
        serves = role in {"all", "serve"}
        threads = self._begin(
            {n: loop for n, loop in self._app.loops.items() if role in {"all", n}}
        )
        if serves:
            self._app.server.start()
        code = self._wait(serves=serves)
        if serves:
            self.abandoned = not self._app.server.stop()
        self._ending.set()
        ends = time.monotonic() + _PATIENCE
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))
        telemetry.log().info("ended", service=self._name, role=role, state=code)
        return code

    def _begin(self, loops: Mapping[str, Loop]) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=self._keep, args=(name, loop), name=name, daemon=True)
            for name, loop in loops.items()
        ]
        for thread in threads:
            thread.start()
        return threads

    def _wait(self, *, serves: bool) -> int:
        """Until somebody wants an end; meanwhile health follows the database. The exit code."""
        while True:
            try:
                return self._news.get(timeout=_LOOK_EVERY)
            except queue.Empty:
                if serves:
                    self._app.server.report(healthy=self._reachable())

    def _reachable(self) -> bool:
        try:
            self._app.reach()
        except FAULTS:
            return False
        return True

    def _until_done(self, task: Callable[[], None]) -> bool:
        """Tries until the world lets it happen; False when an end was wanted before."""
        for pause in _pauses():
            try:
                task()
            except FAULTS as error:
                telemetry.log().warning(
                    "waiting", service=self._name, error=type(error).__name__, retry_in=pause
                )
            else:
                return True
            try:
                self._news.get(timeout=pause)
            except queue.Empty:
                continue
            return False
        return False

    def _keep(self, name: str, loop: Loop) -> None:
        """Runs a loop for as long as the process lives; its death is the process's."""
        pauses = _pauses()
        faults: tuple[type[Exception], ...] = (*FAULTS, *self._app.faults)
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                loop(self._ending)
            except faults as error:
                if time.monotonic() - began > _LONG_RUN:
                    pauses = _pauses()
                pause = next(pauses)
                telemetry.log().warning(
                    "begins_again", role=name, error=type(error).__name__, retry_in=pause
                )
                self._ending.wait(pause)
            except Exception as error:  # noqa: BLE001 - a process loop: nobody else would hear of it
                telemetry.log().error("died", role=name, trace=telemetry.trace_of(error))
                self._news.put(1)
                return


def _apart(task: Callable[[], int]) -> int | None:
    """Does it in a process of its own, which takes with it what nothing else needs (Alembic: 8 MB).

    None once it is done; else the code to end with. Called before there are threads.
    """
    wanted: list[int] = []
    child = 0

    def pass_on(number: int, _frame: object) -> None:
        wanted.append(number)
        if child:
            os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    child = os.fork()
    if not child:
        _ends_with(task)
    if wanted:  # before there was somebody to pass it on to
        os.kill(child, wanted[-1])
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if wanted:
        return 0
    return None if code == 0 else max(1, code)  # killed: less than 0


def _ends_with(task: Callable[[], int]) -> NoReturn:
    """What a child does; it never returns into what its parent does."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        code = task()
    except BaseException:  # noqa: BLE001 - told as whoever is no child would tell it
        traceback.print_exc()
    finally:
        _leave(code)


def _leave(code: int) -> NoReturn:
    """Ends the process now; the interpreter would wait for each thread of a cancelled call."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _pauses() -> Iterator[float]:
    """Seconds to wait after each failure, without end."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE)
