"""A case has one accountable owner at every moment, also while it is handed over (S27, S28)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.type import money_pb2
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowHandle

from amends.client import Caller, new_request_id
from amends.rpc.status import refusal_of
from amends.v1 import (
    intake_events_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.story import instant
from deploy.local.stack import Stack
from tests.scenario import events_of, owners_of
from workflows import names

Told = list[tuple[Callable[[Any], Any], Message, Message]]
"""Calls with what they were answered."""

_METADATA = "__temporal_workflow_metadata"
BY_CLOCK = routing_events_pb2.RETURNED_BY_CLOCK


class HandedOver(FootballShoes):
    """The football shoes while people hand the case over."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.told: Told = []

    def ask(self, call: Callable[[Any], Any], request: Message) -> Any:  # noqa: ANN401 - any answer
        """Asks once, and remembers what was answered."""
        answer = call(request)
        self.told.append((call, request, answer))
        return answer

    def is_understood(self) -> None:
        """Maya owns it, and the customer confirmed her restatement."""
        self.prepare()
        self.opens()
        self.is_assigned()
        self.is_acknowledged()
        self.ask(
            self.cast.maya.routing.AcceptAssignment,
            routing_service_pb2.AcceptAssignmentRequest(
                request_id=new_request_id(), assignment_id=self.assignment.assignment_id
            ),
        )
        self.ask(self.cast.maya.intake.RestateProblem, self.restatement())
        self.confirms()

    def restatement(self) -> intake_service_pb2.RestateProblemRequest:
        return intake_service_pb2.RestateProblemRequest(
            request_id=new_request_id(), escalation_id=self.escalation, words="The soles came off."
        )

    def coupon(self, pounds: int) -> resolution_service_pb2.MakeOfferRequest:
        remedy = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_COUPON,
            amount=money_pb2.Money(currency_code="GBP", units=pounds),
        )
        return resolution_service_pb2.MakeOfferRequest(
            request_id=new_request_id(),
            escalation_id=self.escalation,
            remedies=[remedy],
            explanation="A batch of these soles was glued badly.",
            apology="I am sorry.",
        )

    def offer_to(self, name: str) -> routing_service_pb2.HandOverRequest:
        return routing_service_pb2.HandOverRequest(
            request_id=new_request_id(),
            escalation_id=self.escalation,
            to_decision_maker_id=f"dm_{name}",
            reason=routing_events_pb2.HAND_OVER_REASON_END_OF_SHIFT,
            note="She expects a call at five.",
        )

    def hands_over(self) -> routing_service_pb2.HandOverResponse:
        """Maya offers the case to Helen."""
        offered = self.cast.maya.routing.HandOver(self.offer_to("helen"))
        wait_for(
            lambda: self.case().hand_over.to_public_name == "Helen", "the case file tells of it"
        )
        return offered

    def is_answered_with(
        self, answer: int, offer: resolution_service_pb2.MakeOfferResponse
    ) -> None:
        """The customer answers an offer."""
        self.offer = offer
        self.cast.platform.resolution.AnswerOffer(
            resolution_service_pb2.AnswerOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                offer_id=offer.offer_id,
                answer=answer,  # type: ignore[arg-type] # the enum's number
            )
        )

    def returned(self) -> list[routing_events_pb2.HandOverReturned]:
        return events_of(self, routing_events_pb2.HandOverReturned)

    def details(self) -> str:
        """What operations read of the case in the Temporal UI."""

        async def asked() -> str:
            found = await (await self._run()).query(_METADATA, result_type=WorkflowMetadata)
            return str(found.current_details)

        return asyncio.run(asked())

    def owner_in_temporal(self) -> str:
        """The search attribute by which operations find the owner's cases."""

        async def asked() -> str:
            found = (await (await self._run()).describe()).typed_search_attributes
            return found.get(names.OWNER) or ""

        return asyncio.run(asked())

    async def _run(self) -> WorkflowHandle[Any, Any]:
        settings = self.cast.settings
        client = await Client.connect(
            settings.temporal_address, namespace=settings.temporal_namespace
        )
        return client.get_workflow_handle(names.workflow_id(self.escalation))


def accept(hand_over: str) -> routing_service_pb2.AcceptHandOverRequest:
    return routing_service_pb2.AcceptHandOverRequest(
        request_id=new_request_id(), hand_over_id=hand_over
    )


def give_back(hand_over: str) -> routing_service_pb2.ReturnHandOverRequest:
    return routing_service_pb2.ReturnHandOverRequest(
        request_id=new_request_id(), hand_over_id=hand_over
    )


def refusal(call: Callable[[Any], Any], request: Message) -> tuple[str, str]:
    """Why a call is refused: the reason and the words."""
    with pytest.raises(grpc.RpcError) as refused:
        call(request)
    found = refusal_of(refused.value)
    return found.reason, found.message


@pytest.fixture(scope="module")
def case(cast: Cast) -> HandedOver:
    story = HandedOver(cast)
    story.is_understood()
    return story


@pytest.fixture
def mayas(case: HandedOver) -> HandedOver:
    """The case, in Maya's hands again whoever had it before."""
    if owners_of(case)[-1] == "dm_helen":
        back = case.cast.helen.routing.HandOver(case.offer_to("maya"))
        case.cast.maya.routing.AcceptHandOver(accept(back.hand_over_id))
    return case


def test_who_is_waited_for_and_until_when_stands_in_temporal(mayas: HandedOver) -> None:
    offered = mayas.hands_over()
    until = instant(offered.return_by).strftime("%H:%M %a")
    words = f"Waiting for Helen to accept the hand-over from Maya, until {until}."
    wait_for(lambda: words in mayas.details(), "the details say whom the case waits for")
    assert "Owner: Maya" in mayas.details()
    assert "five" not in mayas.details()
    mayas.cast.maya.routing.ReturnHandOver(give_back(offered.hand_over_id))
    wait_for(lambda: not mayas.case().HasField("hand_over"), "the case file forgets it")


def test_a_hand_over_that_nobody_accepts_returns_by_itself_and_is_seen(mayas: HandedOver) -> None:
    before = len(mayas.returned())
    offered = mayas.hands_over()
    assert mayas.case().owner.public_name == "Maya"
    mayas.cast.move_to(instant(offered.return_by) + timedelta(minutes=1))
    wait_for(lambda: len(mayas.returned()) > before, "it returned")
    assert mayas.returned()[-1].returned_by == BY_CLOCK
    told = "Helen did not take the case over in time: Maya stays the owner"
    wait_for(lambda: told in [one.summary for one in mayas.case().timeline], "the timeline tells")
    assert mayas.case().owner.public_name == "Maya"
    reason, words = refusal(mayas.cast.helen.routing.AcceptHandOver, accept(offered.hand_over_id))
    assert reason == "DECIDED_ALREADY"
    assert "Maya owns the case; look at your queue with ListAssignments" in words


def test_the_death_of_the_worker_in_the_middle_changes_nothing(
    stack: Stack, mayas: HandedOver
) -> None:
    before = len(mayas.returned())
    offered = mayas.hands_over()
    stack.kill("workflows")
    mayas.cast.move_to(instant(offered.return_by) + timedelta(minutes=1))
    wait_for(lambda: len(mayas.returned()) > before, "it returned")
    stack.wait_healthy("workflows")
    again = mayas.hands_over()
    stack.kill("workflows")
    mayas.cast.helen.routing.AcceptHandOver(accept(again.hand_over_id))
    stack.wait_healthy("workflows")
    wait_for(lambda: mayas.owner_in_temporal() == "dm_helen", "operations see the next owner")
    assert len(mayas.returned()) == before + 1


def test_of_ten_who_accept_and_return_at_once_one_outcome_stands(mayas: HandedOver) -> None:
    helen, maya = mayas.cast.helen.routing, mayas.cast.maya.routing
    returned, owned = len(mayas.returned()), len(owners_of(mayas))
    which = mayas.hands_over().hand_over_id

    def press(n: int) -> str:
        try:
            if n % 2:
                (helen if n % 4 == 1 else maya).ReturnHandOver(give_back(which))
            else:
                helen.AcceptHandOver(accept(which))
        except grpc.RpcError as error:
            return refusal_of(error).reason
        return "RETURNED" if n % 2 else "ACCEPTED"

    with ThreadPoolExecutor(10) as together:
        told = set(together.map(press, range(10)))
    outcomes = (len(owners_of(mayas)) - owned, len(mayas.returned()) - returned)
    assert outcomes in {(1, 0), (0, 1)}
    assert told == {"ACCEPTED" if outcomes[0] else "RETURNED", "DECIDED_ALREADY"}


def test_after_a_hand_over_old_answers_stand_and_only_the_next_owner_goes_on(cast: Cast) -> None:
    story = HandedOver(cast)
    story.is_understood()
    maya, helen = cast.maya, cast.helen
    first = story.ask(maya.resolution.MakeOffer, story.coupon(5))
    offered = story.ask(maya.routing.HandOver, story.offer_to("helen"))
    story.ask(helen.routing.AcceptHandOver, accept(offered.hand_over_id))

    new_offer = refusal(maya.resolution.MakeOffer, story.coupon(6))
    assert new_offer[0] == "NOT_THE_OWNER"
    assert "owned by Helen" in new_offer[1]
    assert "ask Helen to do it" in new_offer[1]
    assert refusal(maya.routing.HandOver, story.offer_to("ravi"))[0] == "NOT_THE_OWNER"
    assert refusal(maya.routing.AcceptAssignment, _again(story))[0] == "DECIDED_ALREADY"
    wait_for(lambda: story.case().owner.public_name == "Helen", "intake knows the next owner")
    assert refusal(maya.intake.RestateProblem, story.restatement())[0] == "NOT_THE_OWNER"

    for call, request, answer in story.told:
        assert call(request) == answer
    assert owners_of(story) == ["dm_maya", "dm_helen"]
    assert len(events_of(story, intake_events_pb2.ProblemRestated)) == 1
    assert len(events_of(story, resolution_events_pb2.OfferMade)) == 1
    _goes_on_with(helen, story, first)


def _again(story: HandedOver) -> routing_service_pb2.AcceptAssignmentRequest:
    return routing_service_pb2.AcceptAssignmentRequest(
        request_id=new_request_id(), assignment_id=story.assignment.assignment_id
    )


def _goes_on_with(
    owner: Caller, story: HandedOver, first: resolution_service_pb2.MakeOfferResponse
) -> None:
    """The last owner's offer stood until it was answered; the next one offers more, to the end."""
    story.is_answered_with(resolution_service_pb2.OFFER_ANSWER_DECLINE, first)
    second = owner.resolution.MakeOffer(story.coupon(30))
    reserved = events_of(story, routing_events_pb2.AuthorityReserved)
    assert [one.decision_maker_id for one in reserved] == ["dm_maya", "dm_helen"]
    story.is_answered_with(resolution_service_pb2.OFFER_ANSWER_ACCEPT, second)
    story.is_carried_out()
    owner.resolution.SendResponse(
        resolution_service_pb2.SendResponseRequest(
            request_id=new_request_id(),
            escalation_id=story.escalation,
            kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
            words="The coupon is yours.",
        )
    )
    story.is_answered()
    story.is_resolved()
    story.three_weeks_pass()
    story.is_pleased()
    closed = story.is_closed()
    assert (closed.outcome, closed.owner.public_name) == ("happy", "Helen")
