"""C1 as it must not go wrong: nobody accepts, nobody can, too early, and a process dies."""

from contextlib import suppress
from dataclasses import dataclass

import grpc
import psutil
import pytest

from amends.client import new_request_id
from amends.rpc.status import refusal_of
from amends.v1 import (
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
)
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.story import instant
from deploy.local import leftovers
from deploy.local.stack import Stack
from tests.scenario import events_of, finish, owners_of, play_until_understood, stock_left


def test_when_the_holder_does_not_accept_in_time_the_next_one_is_asked(cast: Cast) -> None:
    story = FootballShoes(cast)
    story.prepare()
    story.opens()
    asked = story.is_assigned(to="dm_maya")
    cast.move_to(instant(asked.accept_by))
    story.is_assigned(to="dm_helen")
    too_late = routing_service_pb2.AcceptAssignmentRequest(
        request_id=new_request_id(), assignment_id=asked.assignment_id
    )
    with pytest.raises(grpc.RpcError) as refused:
        cast.maya.routing.AcceptAssignment(too_late)
    assert refusal_of(refused.value).reason == "DECIDED_ALREADY"
    cast.helen.routing.AcceptAssignment(
        routing_service_pb2.AcceptAssignmentRequest(
            request_id=new_request_id(), assignment_id=story.assignment.assignment_id
        )
    )
    assert owners_of(story) == ["dm_helen"]
    [expired] = events_of(story, routing_events_pb2.AssignmentExpired)
    assert expired.assignment_id == asked.assignment_id


def test_when_nobody_can_decide_an_alarm_stands_until_somebody_can(cast: Cast) -> None:
    story = FootballShoes(cast)
    story.prepare()
    cast.is_away("dm_maya")
    cast.is_away("dm_helen")
    try:
        story.opens()
        case = wait_for(lambda: with_alarm(story), "an alarm stands")
        assert [alarm.kind for alarm in case.alarms] == ["NO_DECISION_MAKER"]
        assert case.alarms[0].clears_when
    finally:
        cast.is_back("dm_maya")
        cast.is_back("dm_helen")
    story.is_assigned(to="dm_maya")
    wait_for(lambda: not story.case().alarms, "the alarm is cleared")


def with_alarm(story: FootballShoes) -> intake_service_pb2.CaseFile | None:
    case = story.case()
    return case if case.alarms else None


def test_no_remedy_is_carried_out_before_the_customer_confirmed_the_problem(cast: Cast) -> None:
    story = FootballShoes(cast)
    story.prepare()
    story.opens()
    story.is_assigned()
    story.accepts()
    story.restates()
    story.offers()
    story.accepts_offer()
    before = stock_left(story)
    remedy = story.offer.remedies[0].remedy_id
    with pytest.raises(grpc.RpcError) as refused:
        cast.workflow.resolution.CarryOutRemedy(
            resolution_service_pb2.CarryOutRemedyRequest(
                request_id=new_request_id(), escalation_id=story.escalation, remedy_id=remedy
            ),
            metadata=cast.as_tenant(),
        )
    assert refusal_of(refused.value).reason == "PROBLEM_NOT_CONFIRMED"
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert stock_left(story) == before
    story.confirms()
    story.is_carried_out()
    assert stock_left(story) == before - 1


@dataclass(frozen=True, slots=True)
class Death:
    """Which process dies, and after which step of the story."""

    process: str
    after: str

    def __str__(self) -> str:
        return f"{self.process} after {self.after}"


DEATHS = [
    Death("intake", "opens"),
    Death("routing", "opens"),
    Death("workflows", "accepts_offer"),
    Death("resolution", "accepts_offer"),
    Death("commerce", "accepts_offer"),
    Death("followup", "answers"),
    Death("postgres", "accepts_offer"),
    Death("kafka", "accepts_offer"),
    Death("temporal", "accepts_offer"),
]


@pytest.mark.parametrize("death", DEATHS, ids=str)
def test_the_death_of_any_one_process_changes_nothing_of_the_end(
    stack: Stack, cast: Cast, death: Death, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = FootballShoes(cast)
    story.prepare()
    before = stock_left(story)
    step = getattr(story, death.after)

    def step_and_die() -> object:
        found = step()
        stack.kill(death.process)
        return found

    monkeypatch.setattr(story, death.after, step_and_die)
    play_until_understood(story)
    story.weighs()
    story.offers()
    story.accepts_offer()
    finish(story)
    case = story.case()
    assert (case.outcome, case.hops) == ("happy", 1)
    assert owners_of(story) == ["dm_maya"]
    assert len(events_of(story, resolution_events_pb2.ReplacementOrdered)) == 1
    assert len(events_of(story, resolution_events_pb2.CreditIssued)) == 1
    assert before - stock_left(story) == 1


def test_the_death_of_everything_at_once_changes_nothing_of_the_end(
    stack: Stack, cast: Cast
) -> None:
    story = FootballShoes(cast)
    story.prepare()
    play_until_understood(story)
    story.weighs()
    story.offers()
    story.accepts_offer()
    while left := leftovers.find(stack.home):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    assert stack.up()
    finish(story)
    assert story.case().outcome == "happy"
    assert len(events_of(story, resolution_events_pb2.ReplacementOrdered)) == 1
