"""Overload: intake is asked for several times of what it can do.

Intake alone with its PostgreSQL, in the role `serve`, on a core of their own. First what it does
at most, one call after the other with more and more in flight; then openings that come as they
come, at a half of that, all of it, twice and five times. Beside them, as in all of it, a second
tenant asks for little, and a service.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import grpc
import psutil
import psycopg

from amends.client import Caller, MintedToken, new_request_id
from amends.rpc.channel import as_tenant
from amends.settings import Settings
from amends.v1 import intake_service_pb2 as pb
from amends.v1.event_pb2 import ReadEventsRequest
from amends.values.identity import Role
from deploy.demo.cast import wait_for
from deploy.local import environment
from deploy.local.health import channel_to, is_serving
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.chaos.arrivals import Answer, Asked, arrive
from tests.chaos.cores import Spent, apart
from tests.chaos.record import Record, here

NAME = "overload"
FLOOD, LITTLE = "flood", "little"
# What gRPC does by itself to a call that is refused before its message has come, and where more
# than a thousand wait for the server's thread.
_CUT = 0.01
_PAUSE = 0.05  # seconds between two calls of who asks for little
_STOP = 20.0  # seconds; a process ends within 15
_THERE = "SELECT escalation_id FROM cases WHERE tenant = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many are in flight where the most is looked for, what is offered, and for how long."""

    in_flight: Sequence[int] = (2, 4, 8, 16)
    closed: float = 5.0
    times: Sequence[float] = (0.5, 1.0, 2.0, 5.0)
    offered: float = 20.0


SHORT = Size(in_flight=(4,), closed=1.5, times=(5.0,), offered=4.0)


@dataclass(slots=True)
class Found:
    """What was measured, and what must not be."""

    figures: dict[str, float] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    """The tenant of each acknowledged case."""
    refused: int = 0
    cut: list[str] = field(default_factory=list)
    """Calls whose stream was reset before its status came: now and then in thousands."""
    beside: int = 0
    """Calls that got through beside the flood."""
    wrong: list[str] = field(default_factory=list)


class Overload:
    """One run on a stack that has intake."""

    def __init__(self, stack: Stack, intake: psutil.Process, seed: int) -> None:
        self._settings = Settings.of(stack.env())
        self._measured = {"intake": intake, "postgres": psutil.Process(stack.pid("postgres"))}
        self._seed = seed
        self._runs = 0
        self.found = Found()

    def play(self, size: Size) -> Found:
        """Measures everything, and looks whether each acknowledged case is there."""
        with apart(list(self._measured.values())) as is_apart:
            self.found.figures["on_a_core_of_its_own"] = float(is_apart)
            self._most(size.in_flight[0], size.closed)  # warms up
            peak = max(self._most(number, size.closed) for number in size.in_flight)
            self.found.figures["peak_per_s"] = round(peak, 1)
            for times in size.times:
                self._offer(times, times * peak, size.offered)
        self._look_for_accepted()
        return self.found

    def _most(self, in_flight: int, seconds: float) -> float:
        """Accepted calls a second, each asked when the one before it was answered."""
        with self._others():
            answers = self._arrive(seconds, in_flight=in_flight)
        took = max(one.came + one.ms / 1000 for one in answers)
        return sum(one.ok for one in answers) / took

    def _offer(self, times: float, rate: float, seconds: float) -> None:
        with self._others():
            spent = Spent(self._measured)
            answers = self._arrive(seconds, rates={FLOOD: rate})
            cores = spent.cores()
        label = f"{times:g}x"
        self._tell(label, answers, seconds)
        self.found.figures |= {f"{label}_{who}_cores": round(n, 2) for who, n in cores.items()}

    @contextmanager
    def _others(self) -> Iterator[None]:
        """Inside, another tenant and a service ask too; each of their calls must get through."""
        over = Event()
        with ThreadPoolExecutor(2) as pool:
            beside = [
                pool.submit(self._beside, ask, over) for ask in (self._a_little, self._a_service)
            ]
            try:
                yield
            finally:
                over.set()
            self.found.beside += sum(one.result() for one in beside)

    def _arrive(
        self, seconds: float, *, in_flight: int = 0, rates: dict[str, float] | None = None
    ) -> list[Answer]:
        self._runs += 1
        asked = Asked(
            seconds=seconds,
            tokens={FLOOD: self._token(FLOOD, Role.PLATFORM)()},
            seed=self._seed * 1000 + self._runs,
            rates=rates or {},
            in_flight=in_flight,
        )
        answers = arrive(self._settings.address_of("intake"), asked)
        for one in answers:
            self._judge(one)
        return answers

    def _judge(self, one: Answer) -> None:
        """An answer is OK, or a refusal that says when to come again; both come in time."""
        if one.ok:
            self.found.accepted[one.escalation] = one.tenant
        elif one.code == "RESOURCE_EXHAUSTED" and one.retry_info and one.pushback:
            self.found.refused += 1
        elif one.code == "CANCELLED":
            self.found.cut.append(f"answered {one.code} after {one.ms:.0f} ms: {one}")
        else:
            self.found.wrong.append(f"answered {one.code} after {one.ms:.0f} ms: {one}")

    def _tell(self, label: str, answers: Sequence[Answer], seconds: float) -> None:
        accepted = sorted(one.ms for one in answers if one.ok)
        refused = sorted(one.ms for one in answers if not one.ok)
        # What was accepted after the last arrival was no part of those seconds.
        in_time = sum(one.ok and one.came + one.ms / 1000 <= seconds for one in answers)
        told = {
            "offered_per_s": len(answers) / seconds,
            "good_per_s": in_time / seconds,
            **_percentiles("accepted", accepted),
            **_percentiles("refused", refused),
        }
        self.found.figures |= {f"{label}_{what}": round(value, 1) for what, value in told.items()}

    def _beside(self, ask: Callable[[], Callable[[], None]], over: Event) -> int:
        """Asks again and again with our own client until it is over; how often it got through."""
        through, one = 0, ask()
        while not over.wait(_PAUSE):
            try:
                one()
                through += 1
            except grpc.RpcError as error:
                self.found.wrong.append(f"{one.__name__} did not get through: {error}")
        return through

    def _a_little(self) -> Callable[[], None]:
        """Another tenant's opening."""
        caller = Caller(self._settings.addresses, self._token(LITTLE, Role.PLATFORM))

        def another_tenant() -> None:
            number = new_request_id()
            opened = caller.intake.OpenEscalation(
                pb.OpenEscalationRequest(
                    request_id=number,
                    channel="CHANNEL_WEB",
                    cause="CAUSE_DAMAGED",
                    customer=f"C-{number}",
                    order=f"O-{number}",
                    words="They came with a hole in the sole.",
                )
            )
            self.found.accepted[opened.escalation_id] = LITTLE

        return another_tenant

    def _a_service(self) -> Callable[[], None]:
        """What the workflow and the other services ask of intake."""
        caller = Caller(self._settings.addresses, self._token("*", Role.SERVICE))

        def a_service() -> None:
            asked = ReadEventsRequest(subject="esc_none")
            caller.logs["intake"].ReadEvents(asked, metadata=as_tenant(LITTLE))

        return a_service

    def _token(self, tenant: str, role: Role) -> MintedToken:
        assert self._settings.signing_key_file is not None
        return MintedToken(self._settings.signing_key_file, "desk", tenant, role)

    def _look_for_accepted(self) -> None:
        url = self._settings.database_url_for("intake").replace("+psycopg", "")
        there: dict[str, str] = {}
        with psycopg.connect(url) as store:
            for tenant in (FLOOD, LITTLE):
                there |= dict.fromkeys((row[0] for row in store.execute(_THERE, [tenant])), tenant)
        cut, refused = self.found.cut, self.found.refused
        if len(cut) > refused * _CUT:
            self.found.wrong.append(f"{len(cut)} calls beside {refused} refusals were {cut[0]}")
        lost = self.found.accepted.items() - there.items()
        self.found.wrong += [f"lost: {case} of {tenant}" for case, tenant in sorted(lost)]


def play(seed: int, home: Path, size: Size) -> Record:
    """Plays it on a stack of its own; its record, with figures in ms and calls a second."""
    began = time.monotonic()
    with (
        Stack(home, Ports.free(), ["postgres", "tokens"]) as stack,
        _serving(stack) as intake,
    ):
        found = Overload(stack, intake, seed).play(size)
    return Record(
        scenario=NAME,
        seed=seed,
        faults={f"{times:g} times what it can do": 1 for times in size.times if times > 1},
        kills=0,
        acknowledged=len(found.accepted),
        ended=0,
        lost=sum(one.startswith("lost") for one in found.wrong),
        double=0,
        recovery_ms=[],
        figures={
            **found.figures,
            **_ratios(found.figures, size),
            "refused": found.refused,
            "cut": len(found.cut),
            "got_through_beside": found.beside,
        },
        wrong=found.wrong,
        took_s=round(time.monotonic() - began, 1),
        **here(),  # type: ignore[arg-type] # the fields of a record by their names
    )


@contextmanager
def _serving(stack: Stack) -> Iterator[psutil.Process]:
    """Intake answers inside; its events wait in the outbox, since nobody publishes them."""
    env = environment.of_processes(stack.home)
    command = [sys.executable, "-m", "services.intake"]
    with stack.home.log("intake").open("wb") as log:
        subprocess.run([*command, "migrate"], env=env, stderr=log, check=True)
        process = subprocess.Popen([*command, "serve"], env=env, stderr=log)
        try:
            wait_for(lambda: _answers(stack), "intake answers")
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(_STOP)


def _answers(stack: Stack) -> bool:
    with suppress(grpc.RpcError), channel_to(stack.ports.address("intake")) as channel:
        return is_serving(channel)
    return False


def _ratios(figures: dict[str, float], size: Size) -> dict[str, float]:
    """What is promised: goodput to its peak, latency to that of what was offered at 1x."""
    ratios = {}
    for times in size.times:
        if times <= 1 or 1.0 not in size.times:
            continue
        label = f"{times:g}x"
        ratios[f"{label}_goodput_to_peak"] = figures[f"{label}_good_per_s"] / figures["peak_per_s"]
        for what in ("accepted_p50_ms", "accepted_p99_ms"):
            ratios[f"{label}_{what}_to_1x"] = figures[f"{label}_{what}"] / figures[f"1x_{what}"]
    return {name: round(value, 2) for name, value in ratios.items()}


def _percentiles(what: str, ms: Sequence[float]) -> dict[str, float]:
    if len(ms) < 2:
        return {}
    cuts = statistics.quantiles(ms, n=100)
    return {f"{what}_p50_ms": cuts[49], f"{what}_p99_ms": cuts[98]}
