"""The reconciler: starts what is open but not running, whatever was lost on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from grpc import aio
from temporalio.client import Client
from temporalio.service import RPCError

from amends import telemetry
from amends.rpc.channel import as_tenant
from amends.rpc.channel_aio import AsyncChannels
from amends.v1.intake_service_pb2 import EscalationSummary, ListEscalationsRequest
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from workflows import names
from workflows.messages import LifecycleInput
from workflows.starting import start

_EVERY = 30.0
_TRY_AGAIN = 1.0
_LOOK_EVERY = 1.0
_ANSWERS_WITHIN = timedelta(seconds=5)
_PAGE = 500
_AT_ONCE = 16
_ALL_TENANTS = "*"


class Reconciler:
    """Compares the open cases that intake knows with the runs that Temporal knows."""

    def __init__(self, client: Client, channels: AsyncChannels) -> None:
        self._client = client
        self._intake = IntakeServiceStub(channels.to(names.INTAKE))

    async def run(self, stopping: asyncio.Event) -> None:
        """A round at once, one every 30 s, and one as soon as Temporal is back that was away."""
        while not stopping.is_set():
            try:
                started = await self.round()
            except (aio.AioRpcError, RPCError, OSError) as error:
                telemetry.log().warning("reconciler_waits", error=type(error).__name__)
                await _until(stopping, _TRY_AGAIN)
            else:
                telemetry.log().info("reconciled", count=started)
                await self._rest(stopping)

    async def round(self) -> int:
        """Starts a run for each open case that has none; how many were missing."""
        running = {each.id async for each in self._client.list_workflows(names.RUNNING)}
        at_once = asyncio.Semaphore(_AT_ONCE)
        missing = [
            self._start(LifecycleInput(case.tenant, case.escalation_id), at_once)
            async for case in self._open_cases()
            if names.workflow_id(case.escalation_id) not in running
        ]
        await asyncio.gather(*missing)
        return len(missing)

    async def _start(self, begin: LifecycleInput, at_once: asyncio.Semaphore) -> None:
        async with at_once:
            await start(self._client, begin)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Until the next round is due, or Temporal goes away: what it knew may be gone with it."""
        for _ in range(int(_EVERY / _LOOK_EVERY)):
            if await _until(stopping, _LOOK_EVERY) or not await self._answers():
                return

    async def _answers(self) -> bool:
        try:
            return await self._client.service_client.check_health(timeout=_ANSWERS_WITHIN)
        except RPCError:
            return False

    async def _open_cases(self) -> AsyncIterator[EscalationSummary]:
        token = ""
        while True:
            request = ListEscalationsRequest(open_only=True, page_size=_PAGE, page_token=token)
            page = await self._intake.ListEscalations(request, metadata=as_tenant(_ALL_TENANTS))
            for case in page.escalations:
                yield case
            token = page.next_page_token
            if not token:
                return


async def _until(stopping: asyncio.Event, seconds: float) -> bool:
    """Waits so long at most; whether it is to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
    return stopping.is_set()
