"""Fault 6: a process is frozen while it holds a refund, another takes over, the frozen one wakes.

Frozen is stopped with SIGSTOP just before or just after its call, as a long pause of its machine
stops it: what it knows is as old as its sleep. Three rounds are played again and again:

- the worker freezes around CarryOutRemedy, and a second worker goes on with its cases;
- resolution freezes around CreateRefund, and a second process of it brings the refund to an end;
- resolution freezes before CreateRefund, the merchant refuses the refund for good to the second
  process, and another refund is paid in its place before the first one wakes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

import psutil

from amends.crash_points import STOP
from amends.settings import Settings
from amends.v1 import resolution_service_pb2 as pb
from deploy.local.ports import Ports
from tests.chaos.held_by import lets_go
from tests.chaos.scene import Scene
from tests.chaos.taking_over import Held, TakingOver

NAME = "frozen"
_WITHIN = 30.0  # seconds until somebody comes to an armed point
_TAKEN_OVER = 20.0
"""Less than the longest attempt of a step: who froze is known by its silence."""
_POLL = 0.02
_TRIES = 5
ASLEEP = (0.0, 6.0)
"""Seconds that a process sleeps after another has taken over: less and more than its leases."""
Act = Callable[[Scene, TakingOver, tuple[float, float]], None]


def play(scene: Scene, rounds: int, asleep: tuple[float, float] = ASLEEP) -> None:
    """Each of the three `rounds` times, in an order that the seed decides."""
    with ExitStack() as running:
        running.enter_context(_second(scene, "workflows", "all"))
        address = f"127.0.0.1:{Ports.free().base}"
        running.enter_context(_second(scene, "services.resolution", "serve", resolution=address))
        others = running.enter_context(TakingOver(scene.stack.env(), address))
        for _ in range(rounds):
            acts: list[Act] = [_worker, _resolution, _given_up]
            scene.random.shuffle(acts)
            for act in acts:
                act(scene, others, asleep)


def _worker(scene: Scene, _others: TakingOver, asleep: tuple[float, float]) -> None:
    point = scene.random.choice(("carry_out.before", "carry_out.after"))
    with _frozen(scene, "workflows", point, asleep) as pid:
        began = time.monotonic()
        scene.recoveries.after("workflows", "SIGSTOP workflows", began)
        scene.recoveries.wait()
        if not lets_go(Settings.of(scene.stack.env()), pid, began + _TAKEN_OVER):
            scene.wrong.append("a frozen worker's steps were not taken over")


def _resolution(scene: Scene, others: TakingOver, asleep: tuple[float, float]) -> None:
    point = scene.random.choice(("refund.before", "refund.after"))
    with _frozen(scene, "resolution", point, asleep):
        for remedy in others.held():
            others.carries_out(remedy)
    _works_again(scene)


def _given_up(scene: Scene, others: TakingOver, asleep: tuple[float, float]) -> None:
    """Tried again where a repeat of the frozen call had brought the refund to its end before.

    On a crowded machine that may happen each time: the record says so. What must hold then is
    tried call by call in tests/services/resolution/money/test_frozen.py.
    """
    for _ in range(_TRIES):
        with _frozen(scene, "resolution", "refund.before", asleep):
            replaced = sum(_is_paid_another_way(others, remedy) for remedy in others.held())
        _works_again(scene)
        if replaced:
            scene.faults["paid another way meanwhile"] += replaced
            return
    scene.faults["no refund was refused for good meanwhile"] += 1


def _is_paid_another_way(others: TakingOver, remedy: Held) -> bool:
    """True where the merchant refused it for good, so that another was paid in its place."""
    with others.refusing(remedy):
        state = others.carries_out(remedy)
    if state != pb.REMEDY_STATE_FAILED:
        return False
    others.replaces(remedy)
    return True


def _works_again(scene: Scene) -> None:
    scene.recoveries.after("resolution", "SIGSTOP resolution", time.monotonic())
    scene.recoveries.wait()


@contextmanager
def _frozen(scene: Scene, part: str, point: str, asleep: tuple[float, float]) -> Iterator[int]:
    """Inside, the part sleeps at a point that it came to by itself; gives its process id."""
    process = scene.stack.process(part)
    assert process is not None
    scene.stack.arm(part, point, STOP)
    try:
        _until_stopped(process)
        scene.faults[f"{part} frozen: {point}"] += 1
        yield process.pid
        Event().wait(scene.random.uniform(*asleep))
    finally:
        scene.stack.disarm(part, point)
        process.resume()


def _until_stopped(process: psutil.Process) -> None:
    limit = time.monotonic() + _WITHIN
    while process.status() != psutil.STATUS_STOPPED:
        if time.monotonic() > limit:
            msg = f"nobody came to the point within {_WITHIN:.0f} s"
            raise TimeoutError(msg)
        Event().wait(_POLL)


@contextmanager
def _second(scene: Scene, module: str, role: str, **addresses: str) -> Iterator[None]:
    """Another process of ours beside the stack's own."""
    told = {f"AMENDS_{name.upper()}_ADDRESS": address for name, address in addresses.items()}
    env = {**os.environ, **scene.stack.env(), **told}
    with (scene.stack.home.run / f"second-{module}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, role], env=env, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()
