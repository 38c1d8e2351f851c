"""Which steps a worker holds, by Temporal's own word."""

import asyncio
import time

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client

from amends.settings import Settings
from workflows import names

_POLL = 0.2


def lets_go(settings: Settings, pid: int, until: float) -> bool:
    """Whether another worker has every step of this process by then (`time.monotonic`)."""
    return asyncio.run(_lets_go(settings, pid, until))


async def _lets_go(settings: Settings, pid: int, until: float) -> bool:
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    while await _holds(client, f"{pid}@"):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(_POLL)
    return True


async def _holds(client: Client, worker: str) -> bool:
    async for run in client.list_workflows(names.RUNNING):
        found = await client.get_workflow_handle(run.id).describe()
        if any(
            step.last_worker_identity.startswith(worker)
            and step.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
            for step in found.raw_description.pending_activities
        ):
            return True
    return False
