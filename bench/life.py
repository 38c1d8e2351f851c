"""Lives: cases from the first word to the resolution, over the public gRPC APIs.

What loads a stack: the platform that speaks with the customer, and the decision-makers' team. A
life is opened, assigned, accepted, restated, confirmed, offered a refund, which the customer
accepts and the merchant credits; then it is answered, the answer is delivered, and the case is
resolved. What the process does by itself is heard on the watch streams; nothing is polled.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from google.protobuf.message import Message

from amends.cli import directory
from amends.client import Caller, MintedToken, new_request_id
from amends.settings import Settings
from amends.v1 import (
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.values.identity import Role
from bench import shop
from bench.hearing import News, Queue

Ask = Any
"""A message that a stub's method takes; the stubs' own types differ per method."""
A = TypeVar("A", bound=Message)
Repeat = Callable[[Callable[[Ask], Any], Ask], Any]
"""How one call is made: `once`, or again and again with the same request and its request_id."""
Answered = Callable[[str, Message, Message], None]
"""Told each answer: the RPC's name, what was asked, what came; of streams each message."""
Remedies = Callable[[int], Sequence[resolution_service_pb2.OfferedRemedy]]
"""What is offered in the life of that number."""

TEAM = "dm_bench"
PROBLEM = "They came with a hole in the sole."
RESTATED = "New slippers came with a hole, and you want the money back."
EXPLANATION = "They were packed by a machine that was set wrong."
ANSWER = "The money is in your account."
WORDS = (PROBLEM, RESTATED, EXPLANATION, ANSWER)
"""What people say in every life; it must stand nowhere in clear."""
STEPS = (
    "opened",
    "assigned",
    "accepted",
    "restated",
    "confirmed",
    "offered",
    "agreed",
    "refunded",
    "answered",
    "delivered",
    "resolved",
)
_PATIENCE = 60.0  # seconds for what the process does by itself
_HOLDER = {
    "entry": {
        "decision_maker_id": TEAM,
        "kind": "DECISION_MAKER_KIND_TEAM",
        "public_name": "The bench",
        "subjects": ["bench"],
        "seniority": 1,
        "capacity": 1000,
    },
    "grants": {"refund": "200.00 GBP", "reship": "200.00 GBP", "goodwill": "200.00 GBP"},
}


def once(call: Callable[[Ask], Any], request: Ask) -> Any:  # noqa: ANN401 - the call's answer
    """The call's own answer, asked for once."""
    return call(request)


def money_back(_number: int) -> Sequence[resolution_service_pb2.OfferedRemedy]:
    """All that was paid."""
    return [resolution_service_pb2.OfferedRemedy(kind=types_pb2.REMEDY_KIND_REFUND)]


def unheard(_rpc: str, _request: Message, _answer: Message) -> None:
    """Nobody keeps the answers."""


class Lives:
    """The clients of one load, and lives on demand, from many threads at a time.

    Enters a team of its own into the tenant's directory and sows `orders` orders into the
    merchant's shop: the life of number n is about the order n. `repeat` makes each call;
    `answered` is told each answer.
    """

    def __init__(  # noqa: PLR0913 - the load's two hooks, and what is loaded
        self,
        settings: Settings,
        tenant: str = "",
        *,
        orders: int = 2_000,
        patience: float = _PATIENCE,
        remedies: Remedies = money_back,
        repeat: Repeat = once,
        answered: Answered = unheard,
    ) -> None:
        self.tenant = tenant or settings.tenant
        self.run = uuid.uuid4().hex[:8]
        self.patience = patience
        self.remedies = remedies
        self.repeat = repeat
        self.answered = answered
        self._settings = settings
        self.platform = self.caller("voice-desk", Role.PLATFORM)
        self.team = self.caller("bench", Role.DECISION_MAKER)
        with self.caller("operator", Role.OPERATIONS) as operator:
            directory.enter(operator, _HOLDER)
        shop.stock(settings, self.tenant, self.run, orders)
        self.queue = Queue(self.team, answered)

    def live(self, number: int) -> "Life":
        """One whole life; raises what its last call raised, or TimeoutError."""
        life = self.begin(number)
        for step in STEPS:
            life.take(step)
        return life

    def caller(self, subject: str, role: Role) -> Caller:
        """Somebody of the load's tenant, to be closed by whoever asks."""
        key = self._settings.signing_key_file
        assert key is not None  # noqa: S101 - a local stack has one
        token = MintedToken(key, subject, self.tenant, role)
        return Caller(self._settings.addresses, token)

    def begin(self, number: int) -> "Life":
        """A life that nothing happened in yet, to be taken step by step."""
        return Life(self, number)

    def close(self) -> None:
        """Ends the streams and every connection; lives under way fail."""
        self.queue.end()
        self.platform.close()
        self.team.close()
        self.queue.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Life:
    """One life: its ids as they become known, and when each step was done.

    `at` holds `time.perf_counter()` by step; `began` that of the first call.
    """

    def __init__(self, lives: Lives, number: int) -> None:
        self._lives = lives
        self._number = number
        self._news: News | None = None
        self._steps: Mapping[str, Callable[[], None]] = {
            step: getattr(self, f"_is_{step}") for step in STEPS
        }
        self.began = 0.0
        self.at: dict[str, float] = {}
        self.escalation = self.assignment = self.offer = self.response = ""

    def take(self, step: str) -> None:
        """Takes one step; they are taken in the order of `STEPS`."""
        self.began = self.began or time.perf_counter()
        self._steps[step]()
        self.at[step] = time.perf_counter()

    def took(self, step: str) -> float:
        """Seconds from the first call until a step was done."""
        return self.at[step] - self.began

    def _is_opened(self) -> None:
        opened = self._ask(
            self._lives.platform.intake.OpenEscalation,
            intake_service_pb2.OpenEscalationRequest(
                request_id=new_request_id(),
                channel=types_pb2.CHANNEL_WEB,
                cause=types_pb2.CAUSE_DAMAGED,
                customer=shop.customer(self._lives.run, self._number),
                order=shop.order(self._lives.run, self._number),
                words=PROBLEM,
                remedy_sought=types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REFUND]),
            ),
            intake_service_pb2.OpenEscalationResponse,
        )
        self.escalation = opened.escalation_id

    def _is_assigned(self) -> None:
        self.assignment = self._lives.queue.wait(self.escalation, self._lives.patience)

    def _is_accepted(self) -> None:
        self._ask(
            self._lives.team.routing.AcceptAssignment,
            routing_service_pb2.AcceptAssignmentRequest(
                request_id=new_request_id(), assignment_id=self.assignment
            ),
            routing_service_pb2.AcceptAssignmentResponse,
        )

    def _is_restated(self) -> None:
        self._ask(
            self._lives.team.intake.RestateProblem,
            intake_service_pb2.RestateProblemRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                words=RESTATED,
            ),
            intake_service_pb2.RestateProblemResponse,
        )

    def _is_confirmed(self) -> None:
        self._ask(
            self._lives.platform.intake.ConfirmProblem,
            intake_service_pb2.ConfirmProblemRequest(
                request_id=new_request_id(), escalation_id=self.escalation, restatement=1
            ),
            intake_service_pb2.ConfirmProblemResponse,
        )

    def _is_offered(self) -> None:
        made = self._ask(
            self._lives.team.resolution.MakeOffer,
            resolution_service_pb2.MakeOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                remedies=self._lives.remedies(self._number),
                explanation=EXPLANATION,
                apology="I am sorry.",
            ),
            resolution_service_pb2.MakeOfferResponse,
        )
        self.offer = made.offer_id

    def _is_agreed(self) -> None:
        self._ask(
            self._lives.platform.resolution.AnswerOffer,
            resolution_service_pb2.AnswerOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                offer_id=self.offer,
                answer=resolution_service_pb2.OFFER_ANSWER_ACCEPT,
            ),
            resolution_service_pb2.AnswerOfferResponse,
        )

    def _is_refunded(self) -> None:
        self._hear("RefundSucceeded")

    def _is_answered(self) -> None:
        sent = self._ask(
            self._lives.team.resolution.SendResponse,
            resolution_service_pb2.SendResponseRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
                words=ANSWER,
            ),
            resolution_service_pb2.SendResponseResponse,
        )
        self.response = sent.response_id

    def _is_delivered(self) -> None:
        self._ask(
            self._lives.platform.resolution.ConfirmDelivery,
            resolution_service_pb2.ConfirmDeliveryRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                response_id=self.response,
            ),
            resolution_service_pb2.ConfirmDeliveryResponse,
        )

    def _is_resolved(self) -> None:
        self._hear("EscalationResolved")
        if self._news is not None:
            self._news.end()

    def _hear(self, event: str) -> None:
        if self._news is None:
            self._news = News(self._lives.platform, self.escalation, self._lives.answered)
        self._news.wait(event, self._lives.patience)

    def _ask(self, call: Callable[[Ask], Any], request: Ask, kind: type[A]) -> A:
        answer: A = self._lives.repeat(call, request)
        self._lives.answered(kind.DESCRIPTOR.name.removesuffix("Response"), request, answer)
        return answer
