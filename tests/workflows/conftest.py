"""A real Temporal server with virtual clocks, and one worker per test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import (
    SandboxedWorkflowRunner,
    SandboxRestrictions,
)
from temporalio.workflow import SandboxImportNotificationPolicy

from deploy.local import wheels
from deploy.local.temporal import TUNING
from tests.workflows.world import World
from workflows import names
from workflows.lifecycle import EscalationLifecycle

_STRICT = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_import_notification_policy(
        SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        | SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
    )
)

LONG_HISTORY = 500
"""Events after which a run goes on in another; more than a whole case needs."""

Populate = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture(scope="session")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    tuned = {**TUNING, "limit.historyCount.suggestContinueAsNew": str(LONG_HISTORY)}
    tuning = [word for k, v in tuned.items() for word in ("--dynamic-config-value", f"{k}={v}")]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(wheels.temporal()),
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(seconds=60),
        search_attributes=[
            names.STAGE,
            names.OWNER,
            names.PARTNER,
            names.CAUSE,
            names.ALARM,
            names.TENANT,
            names.PRIORITY,
            names.DUE_BY,
        ],
        dev_server_extra_args=tuning,
    ) as running:
        yield running


@pytest.fixture
def populate(env: WorkflowEnvironment) -> Populate:
    """A world with its worker; `cached=0` replays every workflow task from its history."""

    @asynccontextmanager
    async def populated(
        *, cached: int = 100, holders: tuple[str, ...] = ("Maya", "Helen")
    ) -> AsyncIterator[World]:
        with env.with_time_skipping_disabled():
            world = World(env.client, holders=holders)
            async with Worker(
                env.client,
                task_queue=names.TASK_QUEUE,
                workflows=[EscalationLifecycle],
                activities=world.activities(),
                workflow_runner=_STRICT,
                max_cached_workflows=cached,
            ):
                pumping = asyncio.create_task(world.pump())
                try:
                    yield world
                finally:
                    await world.end()
                    pumping.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await pumping

    return populated
