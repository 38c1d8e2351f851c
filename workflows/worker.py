"""The worker: runs the workflow code and its activities."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker

from amends.rpc.channel_aio import AsyncChannels
from workflows import names
from workflows.activities import Services
from workflows.lifecycle import EscalationLifecycle
from workflows.observing import Lines

_GRACE = timedelta(seconds=20)
# After kill -9 of a worker its cases are taken over this soon; the default makes it 13 s.
_STICKY_PATIENCE = timedelta(seconds=1)
_AT_ONCE = 50
# Of the runs that wait, 0.2 MB each; who wakes another one reads its history anew, in 45 ms of CPU.
_CACHED = 64


def worker(client: Client, channels: AsyncChannels) -> Worker:
    """A worker for every case; it ends within its grace once it is shut down.

    Without the sandbox, which is a third of what a case costs here: its rules are kept by the
    tests, each of which runs the same code inside it, and by the replay of recorded histories.
    """
    return Worker(
        client,
        task_queue=names.TASK_QUEUE,
        workflows=[EscalationLifecycle],
        activities=Services(channels).all(),
        max_cached_workflows=_CACHED,
        max_concurrent_workflow_tasks=_AT_ONCE,
        max_concurrent_activities=_AT_ONCE,
        max_concurrent_local_activities=_AT_ONCE,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        sticky_queue_schedule_to_start_timeout=_STICKY_PATIENCE,
        graceful_shutdown_timeout=_GRACE,
        interceptors=(Lines(),),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )


async def work(client: Client, channels: AsyncChannels, stopping: asyncio.Event) -> None:
    """Works until told to stop; raises where the worker cannot go on."""
    hand = worker(client, channels)
    running = asyncio.create_task(hand.run())
    wanted = asyncio.create_task(stopping.wait())
    await asyncio.wait((running, wanted), return_when=asyncio.FIRST_COMPLETED)
    wanted.cancel()
    if not running.done():
        await hand.shutdown()
    await running
