"""The floor: workflows with nothing behind them, on the same Temporal server.

`Bare` has one activity; `BareLife` five ordinary activities and as many signals as a case's run
gets in a life. Run as a program (`python -m bench.bare ADDRESS NAMESPACE`) it is their worker and
their client in one process; it does what each line of its input asks and answers with a line.
"""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypedDict

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

ACTIVITIES = 5
_QUEUE = "bench-bare"
_AT_ONCE = 50
_QUICK = timedelta(seconds=10)


class Order(TypedDict):
    """What is wanted: so many runs, so many at a time, each with so many signals (0: `Bare`)."""

    count: int
    in_flight: int
    signals: int


@activity.defn
async def nothing() -> None:
    """Does nothing."""


@workflow.defn
class Bare:
    """One activity."""

    @workflow.run
    async def run(self) -> None:
        """Ends when the activity has."""
        await workflow.execute_activity(nothing, start_to_close_timeout=_QUICK)


@workflow.defn
class BareLife:
    """Five activities, each after its share of the signals."""

    def __init__(self) -> None:
        self._heard = 0

    @workflow.run
    async def run(self, signals: int) -> None:
        """Ends when every signal was heard and every activity has ended."""
        for nth in range(1, ACTIVITIES + 1):
            await self._heard_of(signals * nth // ACTIVITIES)
            await workflow.execute_activity(nothing, start_to_close_timeout=_QUICK)

    async def _heard_of(self, signals: int) -> None:
        await workflow.wait_condition(lambda: self._heard >= signals)

    @workflow.signal
    def news(self) -> None:
        """Something happened."""
        self._heard += 1


async def _bare(client: Client) -> None:
    await client.execute_workflow(Bare.run, id=f"bare-{uuid.uuid4()}", task_queue=_QUEUE)


async def _bare_life(client: Client, signals: int) -> None:
    """Each signal is sent when the one before it has arrived, like the steps of a case."""
    run = await client.start_workflow(
        BareLife.run, signals, id=f"bare-{uuid.uuid4()}", task_queue=_QUEUE
    )
    for _ in range(signals):
        await run.signal(BareLife.news)
    await run.result()


async def _timed(run: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await run()
    return time.perf_counter() - began


async def _carry_out(client: Client, order: Order) -> list[float]:
    """Seconds of each run."""
    slots = asyncio.Semaphore(order["in_flight"])

    async def one() -> float:
        async with slots:
            if order["signals"]:
                return await _timed(lambda: _bare_life(client, order["signals"]))
            return await _timed(lambda: _bare(client))

    return list(await asyncio.gather(*(one() for _ in range(order["count"]))))


async def serve(address: str, namespace: str) -> None:
    """Carries out orders until its input ends."""
    client = await Client.connect(address, namespace=namespace)
    async with Worker(
        client,
        task_queue=_QUEUE,
        workflows=[Bare, BareLife],
        activities=[nothing],
        max_concurrent_workflow_tasks=_AT_ONCE,
        max_concurrent_activities=_AT_ONCE,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    ):
        while line := await asyncio.to_thread(sys.stdin.readline):
            answer = await _carry_out(client, json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
