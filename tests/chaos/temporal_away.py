"""Fault 5: Temporal is stopped for a while, with or without its database, while cases are open.

Afterwards each of them runs again and waits for what it waited for, until the moment at which it
was due before; nothing that had been done is done again.
"""

import asyncio
import time
from datetime import datetime

from temporalio.client import Client
from temporalio.service import RPCError

from amends.settings import Settings
from bench.life import Life
from tests.chaos.resting import Resting
from tests.chaos.scene import Scene
from workflows import names
from workflows.messages import Progress

_WITHIN = 60.0
_POLL = 0.5
Due = tuple[str, datetime | None]
"""What a case waits for, and until when."""


def play(scene: Scene, seconds: float, cases: int, *, wiped: bool) -> None:
    """Away for so long while so many cases wait for their owner's answer."""
    fault = "Temporal's database deleted" if wiped else f"Temporal stopped for {seconds:.0f} s"
    with Resting(scene) as resting:
        resting_cases = resting.bring(cases, "assigned")
        before = due(scene, resting_cases)
        said = resting.said(resting_cases)
        opened = resting.open_without("temporal", seconds, fault, wiped=wiped)
        back = time.monotonic()
        after = due(scene, resting_cases)
        scene.recoveries.took.setdefault(f"all {cases} run again", []).append(
            time.monotonic() - back
        )
        resting.go_on(opened, "assigned", "assigned")
        resting.wait_begun(opened)
        compare(scene, fault, before, after)
        for service, events in resting.said(resting_cases).items():
            scene.wrong += [
                f"{fault}: {service} said {kind} in {stream}, which only waited"
                for stream, _, kind, event in events
                if event not in {one[-1] for one in said[service]}
            ]


def compare(scene: Scene, fault: str, before: dict[str, Due], after: dict[str, Due]) -> None:
    """What is not as it was."""
    for case, due in before.items():
        found = after.get(case)
        if found is None:
            scene.wrong.append(f"{fault}: {case} does not run {_WITHIN:.0f} s later")
        elif found != due:
            scene.wrong.append(f"{fault}: {case} waited {due}, and then {found}")


def due(scene: Scene, cases: list[Life]) -> dict[str, Due]:
    """Of each case that runs within the limit and is where all of them rest."""
    settings = Settings.of(scene.stack.env())
    return asyncio.run(_asked(settings, [life.escalation for life in cases]))


async def _asked(settings: Settings, cases: list[str]) -> dict[str, Due]:
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    at_once = asyncio.Semaphore(8)
    found = await asyncio.gather(*(_waits(client, case, at_once) for case in cases))
    return {case: due for case, due in zip(cases, found, strict=True) if due is not None}


async def _waits(client: Client, case: str, at_once: asyncio.Semaphore) -> Due | None:
    handle = client.get_workflow_handle(names.workflow_id(case))
    ends = time.monotonic() + _WITHIN
    while time.monotonic() < ends:
        try:
            async with at_once:
                told: Progress = await handle.query(names.PROGRESS, result_type=Progress)
        except RPCError:  # it does not run yet
            pass
        else:
            if "accept" in told.waiting:
                return told.waiting, told.due_by
        await asyncio.sleep(_POLL)
    return None
