"""The local stack's clock: tells every open workflow that business time was moved forward."""

from datetime import datetime

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows import names

RUNNING = f"WorkflowType = '{names.WORKFLOW_TYPE}' AND ExecutionStatus = 'Running'"


async def clock_moved(client: Client, now: datetime) -> int:
    """Each open workflow waits for the rest only, from `now` on; how many were told."""
    told = 0
    async for run in client.list_workflows(RUNNING):
        try:
            await client.get_workflow_handle(run.id).signal(names.CLOCK_MOVED, now.isoformat())
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it ended meanwhile
                raise
        else:
            told += 1
    return told
