"""The services of one case, played in memory: fakes, not mocks.

They keep events, answer repeats from memory, set deadlines, refuse what is too early and know their
own time, so that the workflow meets the contract's behaviour without PostgreSQL and Kafka.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from amends.v1 import event_pb2, intake_events_pb2, routing_events_pb2
from amends.v1 import followup_events_pb2 as followup
from amends.v1 import resolution_events_pb2 as resolution
from tests.workflows.logs import DAY, HOUR, MINUTE
from tests.workflows.remedies import PlayedRemedies
from workflows import names
from workflows.messages import Answer, Command, Heard, Question
from workflows.news import news_of

Play = Callable[[Command], Awaitable[Answer]]

_LOOKS = {names.CHECK_REPLACEMENT.name, names.CHECK_REFUND.name}


class PlayedServices(PlayedRemedies):
    """Every activity of the product, and what went wrong on purpose."""

    def __init__(self, holders: tuple[str, ...]) -> None:
        super().__init__()
        self.holders = list(holders)
        """Who is asked next, in this order."""
        self.calls: list[Command] = []
        self.played: list[str] = []
        """The RPC of each of the calls."""
        self.reads: list[str] = []
        """Whose logs were read."""
        self.faults: dict[str, int] = defaultdict(int)
        """How often an RPC does not answer."""
        self.refusals: dict[str, str] = {}
        self.away: set[str] = set()
        """Whose logs cannot be read."""
        self.forgotten = False
        self._answers: dict[tuple[str, str], Answer] = {}

    def calls_of(self, rpc: str) -> list[Command]:
        return [call for name, call in zip(self.played, self.calls, strict=True) if name == rpc]

    def send(self, kind: str) -> None:
        """Something is said to the customer."""
        number = len(self.said("ResponseSent")) + 1
        sent = resolution.ResponseSent(
            response_id=f"rsp_{number}",
            kind=f"RESPONSE_KIND_{kind}",
            deliver_by=self.by(15 * MINUTE),
        )
        self.say(names.RESOLUTION, sent)

    def activities(self) -> list[Callable[..., Any]]:
        """Every activity of the product, played."""
        play = {
            names.RECORD_CONTEXT: self._record_context,
            names.ROUTE_ESCALATION: self._route,
            names.EXPIRE_ASSIGNMENT: self._expire_assignment,
            names.RETURN_HAND_OVER: self._return_hand_over,
            names.SEND_RESPONSE: self._send_response,
            names.EXPIRE_OFFER: self._expire_offer,
            names.CARRY_OUT_REMEDY: self._carry_out,
            names.COMPENSATE_REMEDY: self._compensate,
            names.CHECK_REPLACEMENT: self._check_replacement,
            names.CHECK_REFUND: self._check_refund,
            names.BREAK_PROMISE: self._break_promise,
            names.RESOLVE_ESCALATION: self._resolve,
            names.SCHEDULE_FOLLOW_UP: self._schedule,
            names.ASK_FOLLOW_UP: self._ask,
            names.MISS_FOLLOW_UP: self._miss,
            names.REQUEST_DEBRIEF: self._request_debrief,
            names.CLOSE_ESCALATION: self._close,
            names.RAISE_ALARM: self._raise_alarm,
            names.CLEAR_ALARM: self._clear_alarm,
        }
        return [self._read_events, *(self._playing(rpc.name, do) for rpc, do in play.items())]

    def _playing(self, rpc: str, do: Callable[[Command], str | datetime | None]) -> Play:
        @activity.defn(name=rpc)
        async def play(command: Command) -> Answer:
            assert command.escalation_id == self.id
            self.played.append(rpc)
            self.calls.append(command)
            self._break(rpc)
            key = (rpc + command.service, command.request_id)
            if key not in self._answers or rpc in _LOOKS:
                with self.commanded():
                    told = do(command)
                self._answers[key] = Answer(
                    version=len(self.events[command.service]),
                    state=told if isinstance(told, str) else "",
                    look_again_at=told if isinstance(told, datetime) else None,
                )
            answer = replace(self._answers[key], now=self.now())
            if command.known is None or answer.version <= command.known:
                return answer
            return replace(answer, heard=self._heard(command.service, command.known))

        return play

    def _break(self, rpc: str) -> None:
        if self.faults[rpc] > 0:
            self.faults[rpc] -= 1
            raise ApplicationError("away", type="DEPENDENCY_UNAVAILABLE")
        if rpc in self.refusals:
            raise ApplicationError("no", type=self.refusals[rpc], non_retryable=True)

    @activity.defn(name=names.READ_EVENTS.name)
    async def _read_events(self, question: Question) -> Heard:
        self.reads.append(question.service)
        return self._heard(question.service, question.after_version)

    def _heard(self, service: str, after_version: int) -> Heard:
        if service in self.away:
            raise ApplicationError("away", type="DEPENDENCY_UNAVAILABLE")
        said = self.events[service]
        unknown = said[after_version:]
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
        self.ask_somebody(replacing=command.target)

    def ask_somebody(self, replacing: str = "") -> None:
        """Routing asks the next holder."""
        asked = self.said("DecisionMakerAssigned")
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
                replaces_assignment_id=replacing,
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
        self.reached(asked.accept_by)
        expired = routing_events_pb2.AssignmentExpired(
            assignment_id=command.target, decision_maker_id=asked.decision_maker_id
        )
        self.say(names.ROUTING, expired)
        return "EXPIRED"

    def _return_hand_over(self, command: Command) -> str:
        if self.said("OwnershipHandedOver"):
            return "ACCEPTED"
        self.reached(self.said("HandOverOffered")[-1].return_by)
        returned = routing_events_pb2.HandOverReturned(hand_over_id=command.target)
        self.say(names.ROUTING, returned)
        return "RETURNED"

    def _send_response(self, command: Command) -> None:
        """A customer is acknowledged once."""
        if command.text != "ACKNOWLEDGEMENT" or not self.said("ResponseSent"):
            self.send(command.text)

    def _expire_offer(self, command: Command) -> None:
        self.reached(self.said("OfferMade")[-1].expires_by)
        expired = resolution.OfferExpired(offer_id=command.target, offer_by=self.by(2 * HOUR))
        self.say(names.RESOLUTION, expired)

    def _resolve(self, _command: Command) -> None:
        self.say(names.RESOLUTION, resolution.EscalationResolved(made_right=True))

    def _schedule(self, _command: Command) -> None:
        self.schedule()

    def schedule(self) -> None:
        """Follow-up will ask in three weeks; of each round of the case once."""
        if len(self.said("FollowUpScheduled")) > len(self.said("EscalationReopened")):
            return
        number = len(self.said("FollowUpScheduled")) + 1
        self.say(
            names.FOLLOW_UP,
            followup.FollowUpScheduled(follow_up_id=f"fup_{number}", ask_by=self.by(21 * DAY)),
        )

    def _ask(self, command: Command) -> None:
        self.reached(self.said("FollowUpScheduled")[-1].ask_by)
        self.say(
            names.FOLLOW_UP,
            followup.FollowUpAsked(follow_up_id=command.target, answer_by=self.by(7 * DAY)),
        )

    def _miss(self, command: Command) -> None:
        self.reached(self.said("FollowUpAsked")[-1].answer_by)
        self.say(names.FOLLOW_UP, followup.FollowUpMissed(follow_up_id=command.target))

    def _request_debrief(self, _command: Command) -> None:
        """A forgotten customer's case is not asked about."""
        if not self.said("DebriefRequested") and not self.forgotten:
            requested = followup.DebriefRequested(debrief_id="dbr_1", owner="dm_maya")
            self.say(names.FOLLOW_UP, requested)

    def _close(self, _command: Command) -> None:
        self.say(names.FOLLOW_UP, followup.EscalationClosed(outcome="OUTCOME_HAPPY"))

    def _raise_alarm(self, command: Command) -> None:
        if not self._stands(command.service, command.target):
            raised = event_pb2.AlarmRaised(kind=command.target, clears_when=command.text)
            self.say(command.service, raised)

    def _clear_alarm(self, command: Command) -> None:
        if self._stands(command.service, command.target):
            self.say(command.service, event_pb2.AlarmCleared(kind=command.target))

    def _stands(self, service: str, kind: str) -> bool:
        return kind in self.alarms().get(service, ())
