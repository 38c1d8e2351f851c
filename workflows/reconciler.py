"""The reconciler: starts what is open but not running, whatever was lost on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

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
_PAGE = 500
_ALL_TENANTS = "*"


class Reconciler:
    """Compares the open cases that intake knows with the runs that Temporal knows."""

    def __init__(self, client: Client, channels: AsyncChannels) -> None:
        self._client = client
        self._intake = IntakeServiceStub(channels.to(names.INTAKE))

    async def run(self, stopping: asyncio.Event) -> None:
        """A round at once and then one every 30 s; what is away is asked again next time."""
        while not stopping.is_set():
            try:
                started = await self.round()
            except (aio.AioRpcError, RPCError, OSError) as error:
                telemetry.log().warning("reconciler_waits", error=type(error).__name__)
            else:
                telemetry.log().info("reconciled", count=started)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _EVERY)

    async def round(self) -> int:
        """Starts a run for each open case that has none; how many were missing."""
        running = {each.id async for each in self._client.list_workflows(names.RUNNING)}
        started = 0
        async for case in self._open_cases():
            if names.workflow_id(case.escalation_id) not in running:
                await start(self._client, LifecycleInput(case.tenant, case.escalation_id))
                started += 1
        return started

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
