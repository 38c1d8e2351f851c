"""A world for one case: people, played services, and the way of their events to the workflow."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from amends.eventstore.records import Envelope
from amends.v1 import followup_events_pb2 as followup
from amends.v1 import intake_events_pb2, routing_events_pb2
from amends.v1 import resolution_events_pb2 as resolution
from tests.workflows.logs import HOUR, MINUTE
from tests.workflows.services import PlayedServices
from workflows import names
from workflows.bridge import Bridge
from workflows.messages import Progress

_PATIENCE = 20.0


class BusinessTimes:
    """What `ServiceTimes` tells the bridge, of the world's own clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def now(self, _service: str, _tenant: str, _subject: str) -> datetime:
        return self._now()


class World(PlayedServices):
    """One case, bridged as in production; `holders` are asked in their order."""

    def __init__(self, client: Client, *, holders: tuple[str, ...] = ("Maya", "Helen")) -> None:
        super().__init__(holders)
        self.client = client
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
            self._queue.task_done()

    async def deliver(self, *envelopes: Envelope) -> None:
        """Bridges events (again)."""
        await self._bridge.deliver(envelopes)

    def forget_what_was_sent(self) -> None:
        """As a bridge does that is started anew."""
        self._bridge = Bridge(self.client, BusinessTimes(self.now))

    async def settled(self) -> None:
        """Until everything that was said is bridged."""
        await self._queue.join()

    # What is waited for.

    def closed(self) -> bool:
        return bool(self.said("EscalationClosed"))

    async def happened(self, event: str, times: int = 1) -> Any:  # noqa: ANN401 - any event
        """The event's latest message, once it was said so often."""
        await self.until(lambda: len(self.said(event)) >= times, f"{times} x {event}")
        return self.said(event)[-1]

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        limit = asyncio.get_running_loop().time() + _PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < limit, f"{what}; calls: {self.played}"
            await asyncio.sleep(0.01)

    async def waiting(self, words: str) -> Progress:
        """Where the workflow says it stands, once it waits for this."""
        limit = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            found = await self._progress()
            if found and words in found.waiting:
                return found
            assert asyncio.get_running_loop().time() < limit, f"{found} instead of {words}"
            await asyncio.sleep(0.02)

    async def waiting_beside(self, words: str) -> Progress:
        """Where the workflow says it stands, once it waits for this beside its story."""
        limit = asyncio.get_running_loop().time() + _PATIENCE
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
        limit = asyncio.get_running_loop().time() + _PATIENCE
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
        limit = asyncio.get_running_loop().time() + _PATIENCE
        while (await self.client.count_workflows(query)).count != times:
            assert asyncio.get_running_loop().time() < limit, f"not listed {times} times"
            await asyncio.sleep(0.02)

    # People.

    def open(self, need_by_zone: str = "Europe/London") -> None:
        self.say(
            names.INTAKE,
            intake_events_pb2.EscalationOpened(
                channel="CHANNEL_PHONE",
                cause="CAUSE_DAMAGED",
                priority=1,
                need_by={"by": self.by(19 * HOUR), "zone": need_by_zone},
                acknowledge_by=self.by(5 * MINUTE),
                assign_by=self.by(15 * MINUTE),
            ),
        )

    async def accept(self, times: int = 1) -> None:
        asked = await self.happened("DecisionMakerAssigned", times)
        self.say(
            names.ROUTING,
            routing_events_pb2.AssignmentAccepted(
                assignment_id=asked.assignment_id,
                decision_maker_id=asked.decision_maker_id,
                public_name=asked.public_name,
                restate_by=self.by(30 * MINUTE),
            ),
        )

    def hand_over(self, to: str = "Helen") -> None:
        """Maya offers the case to somebody else."""
        number = len(self.said("HandOverOffered")) + 1
        offered = routing_events_pb2.HandOverOffered(
            hand_over_id=f"hov_{number}",
            from_public_name="Maya",
            to_decision_maker_id=f"dm_{to.lower()}",
            to_public_name=to,
            return_by=self.by(30 * MINUTE),
        )
        self.say(names.ROUTING, offered)

    def take_over(self) -> None:
        """The receiver accepts the hand-over."""
        offered = self.said("HandOverOffered")[-1]
        taken = routing_events_pb2.OwnershipHandedOver(
            hand_over_id=offered.hand_over_id,
            decision_maker_id=offered.to_decision_maker_id,
            public_name=offered.to_public_name,
        )
        self.say(names.ROUTING, taken)

    async def decline(self) -> None:
        asked = await self.happened("DecisionMakerAssigned")
        self.say(
            names.ROUTING,
            routing_events_pb2.AssignmentDeclined(
                assignment_id=asked.assignment_id, decision_maker_id=asked.decision_maker_id
            ),
        )

    def restate(self, number: int = 1) -> None:
        restated = intake_events_pb2.ProblemRestated(
            restatement=number, confirm_by=self.by(30 * MINUTE)
        )
        self.say(names.INTAKE, restated)

    def confirm(self, number: int = 1) -> None:
        confirmed = intake_events_pb2.ProblemConfirmed(
            restatement=number, offer_by=self.by(2 * HOUR)
        )
        self.say(names.INTAKE, confirmed)

    def offer(self, *kinds: str, expires: timedelta = HOUR) -> str:
        """Offers remedies of these kinds; the offer's id."""
        number = len(self.said("OfferMade")) + 1
        remedies = [
            resolution.Remedy(remedy_id=f"rem_{number}{n}", kind=f"REMEDY_KIND_{kind}")
            for n, kind in enumerate(kinds)
        ]
        made = resolution.OfferMade(
            offer_id=f"off_{number}", remedies=remedies, expires_by=self.by(expires)
        )
        self.say(names.RESOLUTION, made)
        return made.offer_id

    def agree(self, offer_id: str) -> None:
        accepted = resolution.OfferAccepted(
            offer_id=offer_id, carry_out_by=self.by(30 * MINUTE), answer_by=self.by(HOUR)
        )
        self.say(names.RESOLUTION, accepted)

    def deliver_said(self) -> None:
        """The platform delivers everything that was said and confirms it."""
        delivered = {each.response_id for each in self.said("ResponseDelivered")}
        for sent in self.said("ResponseSent"):
            if sent.response_id not in delivered:
                self.say(
                    names.RESOLUTION,
                    resolution.ResponseDelivered(response_id=sent.response_id, kind=sent.kind),
                )

    async def answer_and_deliver(self) -> None:
        """The owner sends the answer; it and the acknowledgement arrive."""
        await self.happened("ResponseSent")
        self.send("ANSWER")
        self.deliver_said()

    def unblock(self, decision_maker: str) -> None:
        """The directory changed."""
        unblocked = routing_events_pb2.RoutingUnblocked(decision_maker_id=decision_maker)
        self.say(names.ROUTING, unblocked)

    def fail(self, remedy_id: str) -> None:
        """The merchant cannot carry it out."""
        failed = resolution.RemedyFailed(remedy_id=remedy_id, offer_by=self.by(2 * HOUR))
        self.say(names.RESOLUTION, failed)

    def tell(self, *, solved: bool) -> None:
        """The customer answers the follow-up."""
        asked = self.said("FollowUpScheduled")[-1]
        told = followup.FollowUpAnswered(follow_up_id=asked.follow_up_id, solved=solved)
        self.say(names.FOLLOW_UP, told)
        if not solved:
            reopened = followup.EscalationReopened(
                follow_up_id=asked.follow_up_id, offer_by=self.by(2 * HOUR)
            )
            self.say(names.FOLLOW_UP, reopened)

    async def come_to_an_agreement(self, *kinds: str) -> None:
        """From the opening to an accepted offer."""
        self.open()
        await self.accept()
        self.restate()
        self.confirm()
        self.agree(self.offer(*kinds))
