"""What time it is at each service: measured once a minute, moved with the local stack's clock."""

import time
from datetime import datetime, timedelta

from grpc import aio

from amends.clock import Clock
from amends.rpc.channel import as_tenant
from amends.rpc.channel_aio import AsyncChannels
from amends.v1.event_pb2 import ReadEventsRequest
from amends.v1.eventlog_service_pb2_grpc import EventLogServiceStub
from workflows import names

_MEASURE_EVERY = 60.0
_TRY_AGAIN_AFTER = 5.0
_PATIENCE = 1.0
_LONGEST_FLIGHT = timedelta(seconds=1)


class ServiceTimes:
    """Tells each service's business time without asking it for every signal."""

    def __init__(self, channels: AsyncChannels, clock: Clock) -> None:
        self._logs = {name: EventLogServiceStub(channels.to(name)) for name in names.SERVICES}
        self._clock = clock
        self._ahead: dict[str, timedelta] = {}
        self._measure_at = dict.fromkeys(names.SERVICES, 0.0)

    async def now(self, service: str, tenant: str, subject: str) -> datetime | None:
        """The service's business time; None while it was never reached. `subject`: any case."""
        if time.monotonic() >= self._measure_at[service]:
            self._measure_at[service] = time.monotonic() + _TRY_AGAIN_AFTER
            if await self._measure(service, tenant, subject):
                self._measure_at[service] = time.monotonic() + _MEASURE_EVERY
        ahead = self._ahead.get(service)
        return None if ahead is None else self._clock.now() + ahead

    async def _measure(self, service: str, tenant: str, subject: str) -> bool:
        request = ReadEventsRequest(subject=subject, after_version=1 << 40)
        asked = self._clock.now()
        call = self._logs[service].ReadEvents(
            request, timeout=_PATIENCE, metadata=as_tenant(tenant)
        )
        try:
            said = dict(await call.trailing_metadata()).get(names.BUSINESS_TIME)
            await call
        except aio.AioRpcError:
            return False
        heard = self._clock.now()
        if said is None or heard - asked > _LONGEST_FLIGHT:
            return False
        # Heard a moment after it was said: never ahead of the service.
        self._ahead[service] = datetime.fromisoformat(str(said)) - heard
        return True
