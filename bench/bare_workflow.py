"""The floor: a workflow with one activity and nothing behind it, on the same Temporal server."""

import time
import uuid
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

_QUEUE = "bench-bare"


@activity.defn
async def nothing() -> None:
    """Does nothing."""


@workflow.defn
class Bare:
    """One activity."""

    @workflow.run
    async def run(self) -> None:
        """Ends when the activity has."""
        await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=10))


async def floor(address: str, namespace: str, times: int) -> list[float]:
    """Seconds from start to result, one run after the other."""
    client = await Client.connect(address, namespace=namespace)
    found = []
    async with Worker(client, task_queue=_QUEUE, workflows=[Bare], activities=[nothing]):
        for _ in range(times):
            began = time.perf_counter()
            await client.execute_workflow(Bare.run, id=f"bare-{uuid.uuid4()}", task_queue=_QUEUE)
            found.append(time.perf_counter() - began)
    return found
