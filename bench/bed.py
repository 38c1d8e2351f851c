"""What is measured on: a stack of its own, its load, its floor, all warm."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from random import Random

import psycopg
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from amends.settings import Settings
from bench import copies
from bench.closing import close
from bench.floor import Floor
from bench.life import Life, Lives
from bench.processes import Processes
from bench.sizes import Size
from deploy.local.ports import Ports
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack
from workflows.names import workflow_id

IN_FLIGHT = 16
_ORDERS = 20_000
_SETTLE = 1.0  # seconds in which what the last cases left behind is done; counted in


@dataclass(frozen=True, slots=True)
class Used:
    """What some lives took: seconds from the first call to the last answer, and CPU seconds."""

    lives: int
    seconds: float
    cpu: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Beside:
    """Rounds of ours, and of the floor that took turns with them."""

    ours: list[Used] = field(default_factory=list)
    bare: list[Used] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Bed:
    """One stack under measurement; `order` decides who begins a round."""

    stack: Stack
    settings: Settings
    size: Size
    lives: Lives
    floor: Floor
    processes: Processes
    order: Random
    closed: range
    """When, in PostgreSQL's transactions, the one closed case was written, to be copied."""
    signals: int = 0
    """How many signals the run of a case gets in a life."""
    lived: int = 0
    memory: list[tuple[int, Mapping[str, float]]] = field(default_factory=list)
    """(lives lived, megabytes by process), as it went."""
    empty: Beside | None = None
    """What was measured on the store as it was at first, where it was."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def warm_up(self) -> None:
        """Until everything has been done once, by every connection."""
        lived = self.live(self.size.warm_up, IN_FLIGHT)
        self.signals = asyncio.run(_signals(self.settings, lived[-1].escalation))
        self.floor.workflows(self.size.assigned)
        self.floor.lives(self.size.warm_up, IN_FLIGHT, self.signals)

    def begin(self) -> Life:
        """A life with a number of its own, to be taken step by step."""
        return self.lives.begin(next(self._numbers))

    def live(self, how_many: int, in_flight: int) -> list[Life]:
        """Whole lives, so many at a time."""
        numbers = list(islice(self._numbers, how_many))
        with ThreadPoolExecutor(in_flight) as pool:
            lived = list(pool.map(self.lives.live, numbers))
        self.lived += how_many
        return lived

    def note_memory(self) -> None:
        """Looks how much memory each process has now."""
        self.memory.append((self.lived, self.processes.memory()))

    def used_by_lives(self) -> Used:
        """A round of lives."""
        used = self._used(lambda: self.live(self.size.lives, IN_FLIGHT))
        self.note_memory()
        return used

    def used_by_bare_lives(self) -> Used:
        """The same of the floor."""
        return self._used(lambda: self.floor.lives(self.size.lives, IN_FLIGHT, self.signals))

    def turns(self, ours: Callable[[], None], floors: Callable[[], None]) -> None:
        """Both, as often as there are rounds, in an order that the seed decides."""
        for _ in range(self.size.rounds):
            pair = [ours, floors]
            self.order.shuffle(pair)
            for one in pair:
                one()

    def _used(self, work: Callable[[], object]) -> Used:
        before = self._cpu()
        began = time.perf_counter()
        work()
        seconds = time.perf_counter() - began
        time.sleep(_SETTLE)
        after = self._cpu()
        return Used(self.size.lives, seconds, {name: after[name] - before[name] for name in after})

    def _cpu(self) -> dict[str, float]:
        return {**self.processes.cpu(), "floor": self.floor.cpu()}


@contextmanager
def made(home: Path, size: Size, seed: int) -> Iterator[Bed]:
    """A bed on a new stack, which ends with it."""
    with Stack(home, Ports.free()) as stack:
        _track_commits(stack)
        settings = Settings.of(stack.env())
        with Lives(settings, orders=_ORDERS) as lives, Floor(settings) as floor:
            bed = Bed(
                stack=stack,
                settings=settings,
                size=size,
                lives=lives,
                floor=floor,
                processes=Processes.of(stack),
                order=Random(seed),  # noqa: S311 - no secret
                closed=_one_closed(stack, settings, lives),
            )
            bed.warm_up()
            yield bed


def _one_closed(stack: Stack, settings: Settings, lives: Lives) -> range:
    """The first case of all, taken to its close: no other is there whose time would come."""
    admin = Postgres(stack.home, stack.ports).address(ADMIN)
    since = copies.now(admin)
    close(settings, lives, lives.live(0))
    time.sleep(_SETTLE)
    return range(since, copies.now(admin))


def _track_commits(stack: Stack) -> None:
    """From now on PostgreSQL remembers when each transaction was committed."""
    server = Postgres(stack.home, stack.ports)
    with psycopg.connect(server.address(ADMIN) + "postgres", autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    stack.restart("postgres")
    stack.wait_healthy()


async def _signals(settings: Settings, escalation: str) -> int:
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    history = await client.get_workflow_handle(workflow_id(escalation)).fetch_history()
    signalled = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    return sum(event.event_type == signalled for event in history.events)
