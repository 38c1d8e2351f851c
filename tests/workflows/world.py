"""A world for one case: the services played in memory, their events bridged as in production.

Fakes, not mocks: they keep events, answer repeats from memory and set deadlines, so that the
workflow meets the contract's behaviour without PostgreSQL and Kafka. Business time is theirs and
moves only when a test moves it.
"""

import asyncio
import contextlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import case_stream
from amends.v1 import event_pb2, intake_events_pb2, routing_events_pb2
from amends.v1 import followup_events_pb2 as followup
from amends.v1 import resolution_events_pb2 as resolution
from amends.values.identity import EscalationId, Tenant
from workflows import names
from workflows.bridge import Bridge
from workflows.clock import RUNNING
from workflows.messages import Answer, Command, Heard, Progress, Question
from workflows.news import news_of

TENANT = Tenant("sole-mates")
SATURDAY = datetime(2026, 11, 28, 15, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_PATIENCE = 20.0


class BusinessTimes:
    """What `ServiceTimes` tells the bridge, of the world's own clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def now(self, _service: str, _tenant: str, _subject: str) -> datetime:
        return self._now()


class World:
    """One case; `holders` are asked in their order."""

    def __init__(self, client: Client, *, holders: tuple[str, ...] = ("Maya", "Helen")) -> None:
        self.client = client
        self.id = EscalationId(f"esc_{uuid.uuid4().hex}")
        self.stream = case_stream(TENANT, self.id)
        self.holders = list(holders)
        self.events: dict[str, list[Envelope]] = {name: [] for name in names.SERVICES}
        self.calls: list[Command] = []
        self.played: list[str] = []
        self.rpcs: list[str] = []
        """`played` and the reading of logs."""
        self.faults: dict[str, int] = defaultdict(int)
        self.refusals: dict[str, str] = {}
        self.unheard: set[str] = set()
        """Services whose events never reach the bridge."""
        self._began = datetime.now(UTC)
        self._starts_at = SATURDAY
        self._bridge = Bridge(client, BusinessTimes(self.now))  # type: ignore[arg-type]
        self._answers: dict[tuple[str, str], Answer] = {}
        self._queue: asyncio.Queue[Envelope] = asyncio.Queue()

    async def end(self) -> None:
        """Leaves no run of this case behind."""
        with contextlib.suppress(RPCError):
            await self.handle.terminate("the test is over")

    # Time.

    def now(self) -> datetime:
        return self._starts_at + (datetime.now(UTC) - self._began)

    async def move(self, by: timedelta) -> None:
        """Business time is moved as `amends clock advance` does it."""
        self.move_only(by)
        if not self.closed():
            await self.handle.signal(names.CLOCK_MOVED, self.now().isoformat())

    def move_only(self, by: timedelta) -> None:
        """Business time is moved and nobody is told."""
        self._starts_at += by

    # What is said, and how it travels.

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(names.workflow_id(self.id))

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
        """As a bridge does that was started anew."""
        self._bridge = Bridge(self.client, BusinessTimes(self.now))  # type: ignore[arg-type]

    def say(self, service: str, message: Message) -> Envelope:
        """A service commits an event and publishes it."""
        if "escalation_id" in message.DESCRIPTOR.fields_by_name:
            message.escalation_id = self.id  # type: ignore[attr-defined]
        envelope = Envelope(
            source=service,
            event_id=str(uuid.uuid4()),
            stream=self.stream,
            version=len(self.events[service]) + 1,
            type=message.DESCRIPTOR.full_name,
            data=message.SerializeToString(),
            meta=EventMeta(TENANT, "test", "service", "", self.id, "", self.now()),
            recorded_at=self.now(),
            hash=b"",
        )
        self.events[service].append(envelope)
        if service not in self.unheard:
            self._queue.put_nowait(envelope)
        return envelope

    def by(self, after: timedelta) -> Timestamp:
        found = Timestamp()
        found.FromDatetime(self.now() + after)
        return found

    # What happened so far.

    def said(self, event: str) -> list[Any]:
        """The messages of one event, of all services."""
        found = [
            each
            for envelopes in self.events.values()
            for each in envelopes
            if each.type == f"amends.v1.{event}"
        ]
        return [_message(each) for each in found]

    def closed(self) -> bool:
        return bool(self.said("EscalationClosed"))

    async def happened(self, event: str, times: int = 1) -> Any:
        """The event's latest message, once it was said so often."""
        await self.until(lambda: len(self.said(event)) >= times, f"{times} x {event}")
        return self.said(event)[-1]

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        limit = asyncio.get_running_loop().time() + _PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < limit, f"{what}; calls: {self.rpcs}"
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

    def calls_of(self, rpc: str) -> list[Command]:
        return [call for name, call in zip(self.played, self.calls, strict=True) if name == rpc]

    async def no_alarm(self) -> None:
        await self.until(lambda: not any(self.alarms().values()), "no alarm")

    async def visible(self) -> None:
        """Until a listing shows the run."""
        query = f"{RUNNING} AND WorkflowId = '{names.workflow_id(self.id)}'"
        limit = asyncio.get_running_loop().time() + _PATIENCE
        while not (await self.client.count_workflows(query)).count:
            assert asyncio.get_running_loop().time() < limit, "the run is not listed"
            await asyncio.sleep(0.02)

    async def settled(self) -> None:
        """Until everything that was said is bridged."""
        await self._queue.join()

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

    def send(self, kind: str) -> None:
        """The owner says something to the customer."""
        number = len(self.said("ResponseSent")) + 1
        sent = resolution.ResponseSent(
            response_id=f"rsp_{number}",
            kind=f"RESPONSE_KIND_{kind}",
            deliver_by=self.by(15 * MINUTE),
        )
        self.say(names.RESOLUTION, sent)

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

    # The services.

    def activities(self) -> list[Callable[..., Any]]:
        """Every activity of the product, played."""
        play = {
            names.RECORD_CONTEXT: self._record_context,
            names.ROUTE_ESCALATION: self._route,
            names.EXPIRE_ASSIGNMENT: self._expire_assignment,
            names.SEND_RESPONSE: self._send_response,
            names.EXPIRE_OFFER: self._expire_offer,
            names.CARRY_OUT_REMEDY: self._carry_out,
            names.CHECK_REPLACEMENT: self._check,
            names.RESOLVE_ESCALATION: self._resolve,
            names.SCHEDULE_FOLLOW_UP: self._schedule,
            names.ASK_FOLLOW_UP: self._ask,
            names.MISS_FOLLOW_UP: self._miss,
            names.CLOSE_ESCALATION: self._close,
            names.RAISE_ALARM: self._raise_alarm,
            names.CLEAR_ALARM: self._clear_alarm,
        }
        return [self._read_events, *(self._playing(rpc.name, do) for rpc, do in play.items())]

    def _playing(self, rpc: str, do: Callable[[Command], str | datetime | None]) -> Any:
        @activity.defn(name=rpc)
        async def play(command: Command) -> Answer:
            assert command.escalation_id == self.id
            self.rpcs.append(rpc)
            self.played.append(rpc)
            self.calls.append(command)
            self._break(rpc)
            key = (rpc + command.service, command.request_id)
            if key not in self._answers or rpc == names.CHECK_REPLACEMENT.name:
                told = do(command)
                self._answers[key] = Answer(
                    version=len(self.events[command.service]),
                    state=told if isinstance(told, str) else "",
                    look_again_at=told if isinstance(told, datetime) else None,
                )
            return _at(self._answers[key], self.now())

        return play

    def _break(self, rpc: str) -> None:
        if self.faults[rpc] > 0:
            self.faults[rpc] -= 1
            raise ApplicationError("away", type="DEPENDENCY_UNAVAILABLE")
        if rpc in self.refusals:
            raise ApplicationError("no", type=self.refusals[rpc], non_retryable=True)

    @activity.defn(name=names.READ_EVENTS.name)
    async def _read_events(self, question: Question) -> Heard:
        self.rpcs.append(f"ReadEvents {question.service}")
        said = self.events[question.service]
        unknown = said[question.after_version :]
        return Heard(
            version=len(said),
            now=self.now(),
            news=[news for each in unknown if (news := news_of(each))],
        )

    def _record_context(self, _command: Command) -> None:
        self.say(names.INTAKE, intake_events_pb2.ContextRecorded(order_found=True))

    def _route(self, command: Command) -> None:
        asked = self.said("DecisionMakerAssigned")
        if asked and asked[-1].assignment_id != command.target:
            return
        if not self.holders:
            self._nobody()
            return
        name = self.holders.pop(0)
        self.say(
            names.ROUTING,
            routing_events_pb2.DecisionMakerAssigned(
                assignment_id=f"asg_{len(asked) + 1}",
                decision_maker_id=f"dm_{name.lower()}",
                public_name=name,
                hop=len(asked) + 1,
                replaces_assignment_id=command.target,
                accept_by=self.by(15 * MINUTE),
            ),
        )
        if self._stands(names.ROUTING, "NO_DECISION_MAKER"):
            self.say(names.ROUTING, event_pb2.AlarmCleared(kind="NO_DECISION_MAKER"))

    def _nobody(self) -> None:
        self.say(
            names.ROUTING, routing_events_pb2.NoDecisionMakerFound(retry_at=self.by(15 * MINUTE))
        )
        if not self._stands(names.ROUTING, "NO_DECISION_MAKER"):
            self.say(names.ROUTING, event_pb2.AlarmRaised(kind="NO_DECISION_MAKER"))

    def _expire_assignment(self, command: Command) -> str:
        asked = self.said("DecisionMakerAssigned")[-1]
        if self.now() < asked.accept_by.ToDatetime(UTC):
            return "OFFERED"
        expired = routing_events_pb2.AssignmentExpired(
            assignment_id=command.target, decision_maker_id=asked.decision_maker_id
        )
        self.say(names.ROUTING, expired)
        return "EXPIRED"

    def _send_response(self, command: Command) -> None:
        self.send(command.text)

    def _expire_offer(self, command: Command) -> None:
        self._due(self.said("OfferMade")[-1].expires_by)
        expired = resolution.OfferExpired(offer_id=command.target, offer_by=self.by(2 * HOUR))
        self.say(names.RESOLUTION, expired)

    def _carry_out(self, command: Command) -> None:
        offered = {r.remedy_id: r.kind for each in self.said("OfferMade") for r in each.remedies}
        kind = offered[command.target]
        self.say(names.RESOLUTION, resolution.RemedyStarted(remedy_id=command.target, kind=kind))
        if kind == resolution.RemedyStarted(kind="REMEDY_KIND_COUPON").kind:
            self.say(names.RESOLUTION, resolution.CreditIssued(remedy_id=command.target))
            self.say(names.RESOLUTION, resolution.RemedyCompleted(remedy_id=command.target))
        else:
            ordered = resolution.ReplacementOrdered(
                remedy_id=command.target, check_by=self.by(HOUR)
            )
            self.say(names.RESOLUTION, ordered)

    def _check(self, command: Command) -> datetime | None:
        """Shipped an hour after it was ordered, delivered four hours after it was shipped."""
        shipped = self.said("ReplacementShipped")
        if not shipped:
            sent = resolution.ReplacementShipped(
                remedy_id=command.target, before_return=True, check_by=self.by(4 * HOUR)
            )
            self.say(names.RESOLUTION, sent)
            return self.now() + 4 * HOUR
        due = shipped[-1].check_by.ToDatetime(UTC)
        if self.now() < due:
            return due
        delivered = resolution.ReplacementDelivered(remedy_id=command.target, in_time=True)
        self.say(names.RESOLUTION, delivered)
        self.say(names.RESOLUTION, resolution.RemedyCompleted(remedy_id=command.target))
        return None

    def _resolve(self, _command: Command) -> None:
        self.say(names.RESOLUTION, resolution.EscalationResolved(made_right=True))

    def _schedule(self, _command: Command) -> None:
        number = len(self.said("FollowUpScheduled")) + 1
        self.say(
            names.FOLLOW_UP,
            followup.FollowUpScheduled(follow_up_id=f"fup_{number}", ask_by=self.by(21 * DAY)),
        )

    def _ask(self, command: Command) -> None:
        self._due(self.said("FollowUpScheduled")[-1].ask_by)
        self.say(
            names.FOLLOW_UP,
            followup.FollowUpAsked(follow_up_id=command.target, answer_by=self.by(7 * DAY)),
        )

    def _miss(self, command: Command) -> None:
        self._due(self.said("FollowUpAsked")[-1].answer_by)
        self.say(names.FOLLOW_UP, followup.FollowUpMissed(follow_up_id=command.target))

    def _close(self, _command: Command) -> None:
        self.say(names.FOLLOW_UP, followup.EscalationClosed(outcome="OUTCOME_HAPPY"))

    def _due(self, by: Timestamp) -> None:
        if self.now() < by.ToDatetime(UTC):
            raise ApplicationError("too early", type="NOT_DUE", non_retryable=True)

    def _raise_alarm(self, command: Command) -> None:
        if not self._stands(command.service, command.target):
            raised = event_pb2.AlarmRaised(kind=command.target, clears_when=command.text)
            self.say(command.service, raised)

    def _clear_alarm(self, command: Command) -> None:
        if self._stands(command.service, command.target):
            self.say(command.service, event_pb2.AlarmCleared(kind=command.target))

    def _stands(self, service: str, kind: str) -> bool:
        return kind in self.alarms().get(service, ())

    def alarms(self) -> Mapping[str, list[str]]:
        """The kinds that stand, by service."""
        standing: dict[str, list[str]] = {name: [] for name in names.SERVICES}
        for service, envelopes in self.events.items():
            for each in envelopes:
                if each.type == "amends.v1.AlarmRaised":
                    standing[service].append(_message(each).kind)
                elif each.type == "amends.v1.AlarmCleared":
                    standing[service].remove(_message(each).kind)
        return standing


_CLASSES = {
    message.DESCRIPTOR.full_name: message
    for module in (event_pb2, intake_events_pb2, routing_events_pb2, resolution, followup)
    for message in vars(module).values()
    if isinstance(message, type) and issubclass(message, Message)
}


def _message(envelope: Envelope) -> Any:
    return _CLASSES[envelope.type].FromString(envelope.data)


def _at(answer: Answer, now: datetime) -> Answer:
    return Answer(answer.version, now, answer.state, answer.look_again_at)
