"""A repeat is the same call: after a restart, in the middle of others, and for another body not."""

import dataclasses
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from amends.client import LOGS, new_request_id
from amends.rpc.status import as_sent
from amends.v1 import event_pb2, routing_events_pb2, routing_service_pb2, types_pb2
from amends.v1 import intake_service_pb2 as pb
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from deploy.local.stack import Stack
from tests import scenario


@dataclass(frozen=True, slots=True)
class Asked:
    """A changing call of the story, by whoever made it, and what it was told."""

    call: Callable[[Message], Message]
    request: Message
    answer: Message

    @property
    def name(self) -> str:
        return self.request.DESCRIPTOR.name.removesuffix("Request")

    def again(self) -> Message:
        return self.call(self.request)

    def changed(self) -> Message:
        """The same request id for something else."""
        other = type(self.request)()
        other.CopyFrom(self.request)
        assert _change(other)
        return other


class Noting:
    """Somebody of the cast, whose changing calls are noted."""

    def __init__(self, of: object, noted: list[Asked]) -> None:
        self._of = of
        self._noted = noted

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a stub, or one of its methods
        found = getattr(self._of, name)
        return self._noting(found) if callable(found) else Noting(found, self._noted)

    def _noting(self, call: Callable[[Message], Message]) -> Callable[[Message], Message]:
        def ask(request: Message) -> Message:
            answer = call(request)
            if "request_id" in request.DESCRIPTOR.fields_by_name:
                self._noted.append(Asked(call, request, answer))
            return answer

        return ask


@dataclass(frozen=True, slots=True)
class Played:
    """A case that was closed, one that was handed over, and every changing call in both."""

    stories: tuple[FootballShoes, FootballShoes]
    asked: list[Asked]

    def event_ids(self) -> list[str]:
        return [event.event_id for story in self.stories for event in scenario.unpack(story)]


@pytest.fixture(scope="module")
def played(stack: Stack, cast: Cast) -> Played:
    """Since then every service has ended without notice and was started anew."""
    asked: list[Asked] = []
    people: dict[str, Any] = {
        name: Noting(getattr(cast, name), asked)
        for name in ("platform", "maya", "helen", "operator")
    }
    noted = dataclasses.replace(cast, **people)
    closed, handed_over = FootballShoes(noted), FootballShoes(noted)
    closed.prepare()
    scenario.play(closed)
    handed_over.prepare()
    scenario.play_until_understood(handed_over)
    _hand_over(handed_over)
    for service in LOGS:
        stack.kill(service)
    stack.wait_healthy(*LOGS)
    return Played((closed, handed_over), asked)


def test_every_call_gets_its_answer_again_after_a_restart_whoever_owns_the_case_by_now(
    played: Played,
) -> None:
    before = played.event_ids()
    other = {one.name for one in played.asked if one.again() != one.answer}
    assert other == set()
    assert played.event_ids() == before
    assert {
        "UpdateDecisionMaker",
        "GrantAuthority",
        "OpenEscalation",
        "AcceptAssignment",
        "RestateProblem",
        "ConfirmProblem",
        "MakeOffer",
        "AnswerOffer",
        "SendResponse",
        "ConfirmDelivery",
        "RecordFollowUp",
        "HandOver",
        "AcceptHandOver",
    } <= {one.name for one in played.asked}


def test_the_same_request_id_with_another_body_is_refused_by_every_call(played: Played) -> None:
    reasons = {}
    for one in played.asked:
        with pytest.raises(grpc.RpcError) as refused:
            one.call(one.changed())
        reasons[one.name] = (refused.value.code(), as_sent(refused.value).reason)
    reused = (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert {name: told for name, told in reasons.items() if told != reused} == {}


def test_twenty_parallel_repeats_have_one_effect_and_get_one_answer(cast: Cast) -> None:
    intake = cast.platform.intake
    opened = all_equal(intake.OpenEscalation, an_opening())
    assert isinstance(opened, pb.OpenEscalationResponse)
    contact = pb.RecordContactRequest(
        request_id=new_request_id(),
        escalation_id=opened.escalation_id,
        channel=types_pb2.CHANNEL_CHAT,
        words="Is anybody there?",
    )
    all_equal(intake.RecordContact, contact)
    said = cast.workflow.logs["intake"].ReadEvents(
        event_pb2.ReadEventsRequest(subject=opened.escalation_id), metadata=cast.as_tenant()
    )
    counted = Counter(event.type.rsplit(".", 1)[1] for event in said.events)
    assert (counted["EscalationOpened"], counted["ContactRecorded"]) == (1, 1)


def _hand_over(story: FootballShoes) -> None:
    offered = story.cast.maya.routing.HandOver(
        routing_service_pb2.HandOverRequest(
            request_id=new_request_id(),
            escalation_id=story.escalation,
            to_decision_maker_id="dm_helen",
            reason=routing_events_pb2.HAND_OVER_REASON_END_OF_SHIFT,
            note="She needs them by ten.",
        )
    )
    story.cast.helen.routing.AcceptHandOver(
        routing_service_pb2.AcceptHandOverRequest(
            request_id=new_request_id(), hand_over_id=offered.hand_over_id
        )
    )


def all_equal(call: Callable[[Any], Message], request: Message) -> Message:
    """The one answer that twenty at the same time get."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(call, [request] * 20))
    assert {answer.SerializeToString(deterministic=True) for answer in answers} == {
        answers[0].SerializeToString(deterministic=True)
    }
    return answers[0]


def an_opening() -> pb.OpenEscalationRequest:
    return pb.OpenEscalationRequest(
        request_id=new_request_id(),
        channel=types_pb2.CHANNEL_CHAT,
        cause=types_pb2.CAUSE_DAMAGED,
        customer="C-1042",
        order=f"SM-{uuid.uuid4().hex[:8]}",
        words="The heel broke.",
        expected_outcome="A pair that holds.",
        remedy_sought=types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REPLACEMENT]),
    )


def _change(message: Message) -> bool:
    """Changes the first text in it; whether there was one."""
    for field, value in message.ListFields():
        if field.name == "request_id" or field.is_repeated:
            continue
        if field.type == FieldDescriptor.TYPE_STRING:
            setattr(message, field.name, value + "0")
            return True
        if field.type == FieldDescriptor.TYPE_MESSAGE and _change(value):
            return True
    return False
