"""A scene: a stack of its own under load, what is done to it, and what is found afterwards."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psutil

from amends.settings import Settings
from deploy.local.ports import Ports
from tests.chaos import ledger
from tests.chaos.load import Done, Load
from tests.chaos.record import Record, here
from tests.chaos.recovery import Recoveries
from tests.chaos.stack import OURS, ArmedStack
from tests.chaos.verifying import verify

_WARM_UP = 20.0  # seconds for the first life to end before anything breaks
_DRAIN = 180.0


@dataclass(slots=True)
class Scene:
    """What a scenario has at hand while the load goes on."""

    stack: ArmedStack
    load: Load
    random: Random
    recoveries: Recoveries
    faults: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    wrong: list[str] = field(default_factory=list)
    one_by_one: bool = True
    """False where so much breaks at once that no recovery is of one death."""

    def kill(self, part: str) -> bool:
        """Kills a part with SIGKILL and measures its recovery; False where it did not run."""
        process = self.stack.process(part)
        if process is None:
            return False
        try:
            process.kill()
        except psutil.NoSuchProcess:
            return False
        self.died(part, f"kill -9 {part}")
        return True

    def died(self, part: str, fault: str) -> None:
        """A part died just now, of a fault."""
        self.recoveries.after(part, fault, time.monotonic())
        self.faults[fault] += 1
        self.kills += 1


def _nothing_more(_scene: Scene) -> None:
    """What most scenarios do at the end."""


def under_load(  # noqa: PLR0913 - what is played, and on what
    scenario: str,
    seed: int,
    home: Path,
    wreck: Callable[[Scene], None],
    *,
    quiet: Callable[[Scene], None] = _nothing_more,
    on: type[ArmedStack] = ArmedStack,
    in_flight: int = 8,
) -> Record:
    """Plays a scenario on a stack of its own; its record.

    `quiet` follows once no life is under way; `on` makes another stack than the usual one.
    """
    with on(home, Ports.free()) as stack:
        return loaded(stack, scenario, seed, wreck, quiet=quiet, in_flight=in_flight)


def loaded(  # noqa: PLR0913 - what is played, and on what
    stack: ArmedStack,
    scenario: str,
    seed: int,
    wreck: Callable[[Scene], None],
    *,
    quiet: Callable[[Scene], None] = _nothing_more,
    in_flight: int = 8,
) -> Record:
    """Plays it on a stack that runs, as often as one likes; what was acknowledged adds up there."""
    began = time.monotonic()
    stack.wait_healthy()
    load = Load(stack, seed, in_flight, stack.home.path / "acknowledged.jsonl")
    load.start()
    load.through("opened", "resolved", time.monotonic(), _WARM_UP)
    scene = Scene(stack, load, Random(seed), Recoveries(load))  # noqa: S311 - a schedule
    try:
        wreck(scene)
    except BaseException:
        load.stop(0)
        raise
    scene.recoveries.wait()
    last = time.monotonic()
    done = load.stop(_DRAIN)
    drained = time.monotonic() - last
    quiet(scene)
    return Record(
        scenario=scenario,
        seed=seed,
        faults=dict(scene.faults),
        kills=scene.kills,
        drained_s=round(drained, 1),
        took_s=round(time.monotonic() - began, 1),
        **_found(scene, done),
        **here(),  # type: ignore[arg-type] # the fields of a record by their names
    )


def _found(scene: Scene, done: Done) -> dict[str, Any]:
    """What the load, the stores and `amends verify` say."""
    settings = Settings.of(scene.stack.env())
    scene.stack.wait_healthy()
    ledger.wait_drained(settings)
    journal = scene.load.journal
    balance = ledger.balance(settings, journal.opened)
    verdict = verify(scene.stack, journal.path)
    recovered = {part: _ms(took) for part, took in sorted(scene.recoveries.took.items())}
    return {
        "acknowledged": len(journal.opened),
        "ended": done.ended,
        "lost": len(balance.lost),
        "double": len(balance.double),
        "recovery_ms": [ms for part in OURS for ms in recovered.get(part, ()) if scene.one_by_one],
        "recovery_by": recovered,
        "slowest": scene.recoveries.slowest(),
        "verify": verdict.findings,
        "looked_at": verdict.looked_at,
        "wrong": [
            *(f"I1, double: {what}" for what in balance.double),
            *(f"I2, lost: {case}" for case in balance.lost),
            *(f"I10, another tenant's: {one}" for one in journal.foreign),
            *(verdict.told if verdict.code else ()),
            *(f"did not end: {case}" for case in done.unfinished),
            *(f"failed: {case}: {why}" for case, why in done.failed.items()),
            *(f"no recovery: {part}" for part in scene.recoveries.never),
            *scene.wrong,
        ],
    }


def _ms(seconds: list[float]) -> list[int]:
    return [round(each * 1000) for each in seconds]
