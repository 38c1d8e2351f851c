"""A world for one case: people, played services, and the way of their events to the workflow."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from amends.eventstore.records import Envelope
from tests.workflows.logs import WORKER
from tests.workflows.people import PATIENCE, People
from workflows import names
from workflows.bridge import Bridge
from workflows.messages import Progress

ROUTE, SEND, SCHEDULE = (
    each.name for each in (names.ROUTE_ESCALATION, names.SEND_RESPONSE, names.SCHEDULE_FOLLOW_UP)
)


class BusinessTimes:
    """What `ServiceTimes` tells the bridge, of the world's own clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def now(self, _service: str, _tenant: str, _subject: str) -> datetime:
        return self._now()


class World(People):
    """One case, bridged as in production; `holders` are asked in their order."""

    def __init__(self, client: Client, *, holders: tuple[str, ...] = ("Maya", "Helen")) -> None:
        super().__init__(holders)
        self.client = client
        self.asleep = False
        """Whether no service does anything by itself."""
        self.unheard: set[str] = set()
        """Services whose events never reach the bridge."""
        self._queue: asyncio.Queue[Envelope] = asyncio.Queue()
        self.forget_what_was_sent()

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(names.workflow_id(self.id))

    async def end(self) -> None:
        """Leaves no run of this case behind."""
        with contextlib.suppress(RPCError):
            await self.handle.terminate("the test is over")

    async def move(self, by: timedelta) -> None:
        """Business time is moved as `amends clock advance` does it."""
        self.move_only(by)
        if not self.closed():
            await self.handle.signal(names.CLOCK_MOVED, self.now().isoformat())

    # The way of events.

    def publish(self, envelope: Envelope) -> None:
        if envelope.source not in self.unheard:
            self._queue.put_nowait(envelope)

    async def pump(self) -> None:
        """Bridges what is said, for as long as the test lasts."""
        while True:
            said = await self._queue.get()
            await self._bridge.deliver([said])
            self._unasked(said)
            self._queue.task_done()

    def _unasked(self, said: Envelope) -> None:
        """What services do by themselves as soon as they hear of it."""
        event = said.type.removeprefix("amends.v1.")
        if event == "EscalationOpened":
            if self._goes_first(ROUTE) and not self.said("DecisionMakerAssigned"):
                self.ask_somebody()
            if self._goes_first(SEND) and not self.said("ResponseSent"):
                self.send("ACKNOWLEDGEMENT")
        elif event == "EscalationResolved" and self._goes_first(SCHEDULE):
            self.schedule()

    def _goes_first(self, rpc: str) -> bool:
        """Unless something is wrong."""
        return not self.asleep and self.faults[rpc] == 0 and rpc not in self.refusals

    async def deliver(self, *envelopes: Envelope) -> None:
        """Bridges events (again)."""
        await self._bridge.deliver(envelopes)

    def forget_what_was_sent(self) -> None:
        """As a bridge does that is started anew."""
        self._bridge = Bridge(self.client, BusinessTimes(self.now), worker=WORKER)

    async def settled(self) -> None:
        """Until everything that was said is bridged."""
        await self._queue.join()

    # What is waited for.

    async def waiting(self, words: str) -> Progress:
        """Where the workflow says it stands, once it waits for this."""
        limit = asyncio.get_running_loop().time() + PATIENCE
        while True:
            found = await self._progress()
            if found and words in found.waiting:
                return found
            assert asyncio.get_running_loop().time() < limit, f"{found} instead of {words}"
            await asyncio.sleep(0.02)

    async def warns_of(self, *alarms: str) -> None:
        """Until the workflow knows of these alarms and no other."""
        limit = asyncio.get_running_loop().time() + PATIENCE
        while (found := await self._progress()) is None or found.alarms != [*alarms]:
            assert asyncio.get_running_loop().time() < limit, f"{found} instead of {alarms}"
            await asyncio.sleep(0.02)

    async def knows_everything(self) -> None:
        """Until the workflow knows of every event, also of those that an answer brings."""
        limit = asyncio.get_running_loop().time() + PATIENCE
        while not await self._knows_everything():
            assert asyncio.get_running_loop().time() < limit, f"not all of {self.events}"
            await asyncio.sleep(0.02)

    async def _knows_everything(self) -> bool:
        found = await self._progress()
        said = {name: len(log) for name, log in self.events.items()}
        return found is not None and found.versions == said

    async def waiting_beside(self, words: str) -> Progress:
        """Where the workflow says it stands, once it waits for this beside its story."""
        limit = asyncio.get_running_loop().time() + PATIENCE
        while True:
            found = await self._progress()
            if found and found.beside == words:
                return found
            assert asyncio.get_running_loop().time() < limit, f"{found} instead of {words}"
            await asyncio.sleep(0.02)

    async def _progress(self) -> Progress | None:
        try:
            found: Progress = await self.handle.query(names.PROGRESS, result_type=Progress)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it is about to start
                raise
            return None
        return found

    async def called(self, rpc: str) -> None:
        await self.until(lambda: bool(self.calls_of(rpc)), rpc)

    async def no_alarm(self) -> None:
        await self.until(lambda: not any(self.alarms().values()), "no alarm")

    async def run_id(self) -> str:
        return str((await self.handle.describe()).run_id)

    async def is_running(self) -> bool:
        return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def another_run(self, first: str) -> None:
        """Until the case goes on in another run."""
        limit = asyncio.get_running_loop().time() + PATIENCE
        while await self.run_id() == first:
            assert asyncio.get_running_loop().time() < limit, "it is still the first run"
            await asyncio.sleep(0.02)

    async def visible(self) -> None:
        """Until a listing shows the run."""
        await self._listed(1)

    async def hidden(self) -> None:
        """Until no listing shows a run."""
        await self._listed(0)

    async def _listed(self, times: int) -> None:
        query = f"{names.RUNNING} AND WorkflowId = '{names.workflow_id(self.id)}'"
        limit = asyncio.get_running_loop().time() + PATIENCE
        while (await self.client.count_workflows(query)).count != times:
            assert asyncio.get_running_loop().time() < limit, f"not listed {times} times"
            await asyncio.sleep(0.02)
