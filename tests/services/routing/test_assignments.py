import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from typing import Any

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
    types_pb2,
)
from amends.v1 import routing_service_pb2 as pb
from tests.services.routing.conftest import Routing, new_id

ACCEPTED = pb.ASSIGNMENT_STATE_ACCEPTED
EXPIRED = pb.ASSIGNMENT_STATE_EXPIRED
NOTE = "Ann Smith is my sister-in-law."


def refused(reason: str) -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=lambda error: refusal_of(error).reason == reason)


def about(found: timedelta, expected: timedelta) -> bool:
    """The same but for the time that the test took and the clocks' difference."""
    return abs(found - expected) < timedelta(minutes=1)


def reasons(answer: Any) -> dict[str, str]:  # noqa: ANN401 - any message with passed_over
    return {one.public_name: one.reason for one in answer.passed_over}


def test_the_football_shoes_reach_maya_in_one_hop(shop: Routing) -> None:
    escalation = shop.opened()
    asked = shop.route(escalation).assignment
    assert (asked.decision_maker_id, asked.public_name, asked.hop) == ("dm_maya", "Maya", 1)
    assert reasons(asked) == {"Tom": "AUTHORITY_MISSING", "Ravi": "AWAY", "Helen": "MORE_SENIOR"}
    assert asked.accept_by.ToDatetime() - asked.assigned_at.ToDatetime() == timedelta(minutes=15)
    assert (asked.cause, asked.channel, asked.priority) == (
        types_pb2.CAUSE_DAMAGED,
        types_pb2.CHANNEL_PHONE,
        1,
    )
    [mine] = shop.queue("maya")
    assert mine.assignment_id == asked.assignment_id
    assert mine.urgency.startswith("needed by")
    assert "to be accepted by" in mine.urgency
    assert shop.queue("tom") == []
    assert shop.events(escalation) == ["DecisionMakerAssigned"]


def test_a_preview_says_the_same_and_changes_nothing(shop: Routing) -> None:
    escalation = shop.opened()
    seen = shop.ask("PreviewRoute", pb.PreviewRouteRequest(escalation_id=escalation), "helen")
    assert (seen.decision_maker_id, seen.public_name) == ("dm_maya", "Maya")
    assert reasons(seen) == {"Tom": "AUTHORITY_MISSING", "Ravi": "AWAY", "Helen": "MORE_SENIOR"}
    assert [need.action for need in seen.needs] == [
        types_pb2.ACTION_RESHIP,
        types_pb2.ACTION_EXPEDITED_SHIPPING,
    ]
    assert not seen.HasField("retry_at")
    assert shop.events(escalation) == []


def test_a_case_that_was_not_heard_of_yet_is_asked_for_before_it_is_refused(shop: Routing) -> None:
    escalation = shop.opened(heard=False)
    preview = pb.PreviewRouteRequest(escalation_id=escalation)
    assert shop.ask("PreviewRoute", preview).decision_maker_id == "dm_maya"
    unheard = shop.opened(heard=False)
    assert shop.route(unheard).assignment.decision_maker_id == "dm_maya"
    with refused("ESCALATION_NOT_FOUND"):
        shop.route("esc_nobody")
    with refused("ESCALATION_NOT_FOUND"):
        shop.ask("PreviewRoute", pb.PreviewRouteRequest(escalation_id="esc_nobody"))
    with refused("ESCALATION_NOT_FOUND"):
        shop.expire("esc_nobody", "asg_nobody")


def test_the_same_request_is_the_same_assignment(shop: Routing) -> None:
    escalation = shop.opened()
    request = pb.RouteEscalationRequest(request_id=new_id(), escalation_id=escalation)
    first = shop.ask("RouteEscalation", request)
    assert shop.ask("RouteEscalation", request) == first
    assert shop.route(escalation).assignment.assignment_id == first.assignment.assignment_id
    assert shop.events(escalation) == ["DecisionMakerAssigned"]


def test_who_accepts_owns_the_case(shop: Routing) -> None:
    escalation = shop.opened()
    asked = shop.route(escalation).assignment
    accepted = shop.accept(asked.assignment_id)
    assert accepted.escalation_id == escalation
    restate = accepted.restate_by.ToDatetime(tzinfo=UTC) - shop.now()
    assert about(restate, timedelta(minutes=30))
    assert shop.accept(asked.assignment_id).restate_by == accepted.restate_by
    assert [one.state for one in shop.queue("maya")] == [ACCEPTED]
    assert shop.events(escalation) == ["DecisionMakerAssigned", "AssignmentAccepted"]


def test_only_who_was_asked_answers(shop: Routing) -> None:
    asked = shop.route(shop.opened()).assignment
    with refused("NOT_YOUR_ASSIGNMENT"):
        shop.accept(asked.assignment_id, "helen")
    with refused("ASSIGNMENT_NOT_FOUND"):
        shop.accept("asg_nobody")


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(shop: Routing) -> None:
    members = ["ana", "ben"]
    shop.enter("desk", 1, kind="DECISION_MAKER_KIND_TEAM", subjects=members)
    shop.grant("desk", reship="200", expedited_shipping="30")
    escalation = shop.opened()
    asked = shop.route(escalation).assignment
    assert asked.decision_maker_id == "dm_desk"

    def press(who: str) -> str:
        try:
            shop.accept(asked.assignment_id, who)
        except grpc.RpcError as error:
            return refusal_of(error).reason
        return "ACCEPTED"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(press, members)) == ["ACCEPTED", "DECIDED_ALREADY"]
    assert shop.events(escalation) == ["DecisionMakerAssigned", "AssignmentAccepted"]


def test_what_is_not_accepted_in_time_goes_to_the_next_holder(shop: Routing) -> None:
    escalation = shop.opened()
    first = shop.route(escalation).assignment.assignment_id
    with refused("NOT_DUE"):
        shop.expire(escalation, first)
    shop.advance(timedelta(minutes=16))
    assert shop.expire(escalation, first) == EXPIRED
    assert shop.expire(escalation, first) == EXPIRED
    with refused("DECIDED_ALREADY"):
        shop.accept(first)
    second = shop.route(escalation, replaces=first).assignment
    assert (second.decision_maker_id, second.hop) == ("dm_helen", 2)
    assert reasons(second)["Maya"] == "ALREADY_ASKED"
    late = shop.route(escalation, replaces=first).assignment
    assert late.assignment_id == second.assignment_id
    assert shop.queue("maya") == []
    decided = shop.queue("maya", include_decided=True)
    assert [one.state for one in decided] == [EXPIRED]


def test_a_declined_case_goes_to_the_next_holder(shop: Routing) -> None:
    escalation = shop.opened()
    first = shop.route(escalation).assignment.assignment_id
    request = pb.DeclineAssignmentRequest(
        request_id=new_id(), assignment_id=first, reason="END_OF_SHIFT"
    )
    assert shop.ask("DeclineAssignment", request, "maya").escalation_id == escalation
    assert shop.route(escalation, replaces=first).assignment.decision_maker_id == "dm_helen"
    [decided] = shop.queue("maya", include_decided=True)
    assert (decided.state, decided.note) == (pb.ASSIGNMENT_STATE_DECLINED, "")


def test_what_somebody_says_on_declining_is_sealed_in_the_log_and_read_in_the_queue(
    shop: Routing,
) -> None:
    escalation = shop.opened()
    first = shop.route(escalation).assignment.assignment_id
    request = pb.DeclineAssignmentRequest(
        request_id=new_id(), assignment_id=first, reason="CONFLICT_OF_INTEREST", note=NOTE
    )
    shop.ask("DeclineAssignment", request, "maya")
    asked = event_pb2.ReadEventsRequest(subject=escalation)
    said = shop.ask("ReadEvents", asked, service="log").events[-1]
    declined = routing_events_pb2.AssignmentDeclined.FromString(said.data)
    assert declined.reason == "CONFLICT_OF_INTEREST"
    assert declined.note.ciphertext
    assert NOTE.encode() not in said.SerializeToString()
    [decided] = shop.queue("maya", include_decided=True)
    assert decided.note == NOTE


def test_a_sentence_is_no_reason_to_decline_and_is_not_repeated(shop: Routing) -> None:
    escalation = shop.opened()
    first = shop.route(escalation).assignment.assignment_id
    said = shop.events(escalation)
    for sentence in (NOTE, "ANN_SMITH", ""):
        request = pb.DeclineAssignmentRequest(
            request_id=new_id(), assignment_id=first, reason=sentence
        )
        with refused("INVALID_FIELD") as told:
            shop.ask("DeclineAssignment", request, "maya")
        assert "reason" in str(told.value.details())
        assert not sentence or sentence not in str(told.value)
    assert shop.events(escalation) == said


def test_who_waits_is_not_woken_by_a_change_that_cannot_help(shop: Routing) -> None:
    """Each of them would look for a holder again: a thousand at once for one who goes away."""
    for name in ("maya", "helen"):
        shop.be_away(name)
    escalation = shop.opened()
    shop.route(escalation)
    told = shop.events(escalation)
    shop.be_away("tom")
    shop.be_away("maya")
    shop.grant("tom", reship="60")
    assert shop.events(escalation) == told
    shop.grant("tom", reship="61")
    assert shop.events(escalation) == [*told, "RoutingUnblocked"]


def test_nobody_able_is_an_alarm_that_clears_when_somebody_comes_back(shop: Routing) -> None:
    for name in ("maya", "helen"):
        shop.be_away(name)
    escalation = shop.opened()
    waits = shop.route(escalation)
    assert not waits.HasField("assignment")
    retry = waits.retry_at.ToDatetime(tzinfo=UTC) - shop.now()
    assert about(retry, timedelta(minutes=15))
    assert shop.events(escalation) == ["NoDecisionMakerFound", "AlarmRaised"]
    shop.be_away("helen", "helen", away=False)
    assert shop.events(escalation)[2:] == ["RoutingUnblocked"]
    assert shop.route(escalation).assignment.decision_maker_id == "dm_helen"
    assert shop.events(escalation)[3:] == ["DecisionMakerAssigned", "AlarmCleared"]
    shop.grant("maya", refund="10")
    assert len(shop.events(escalation)) == 5


def test_the_last_place_goes_to_one_of_two_cases_that_ask_at_once(routing: Routing) -> None:
    routing.enter("maya", 2, capacity=1)
    routing.grant("maya", reship="200", expedited_shipping="30")
    cases = [routing.opened() for _ in range(4)]
    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(routing.route, cases))
    assert sum(answer.HasField("assignment") for answer in answers) == 1
    assert len(routing.queue("maya")) == 1


def test_a_case_that_is_over_frees_its_place(routing: Routing) -> None:
    routing.enter("maya", 2, capacity=1)
    routing.grant("maya", reship="200", expedited_shipping="30")
    escalation = routing.owned()
    other = routing.opened()
    assert reasons(routing.ask("PreviewRoute", pb.PreviewRouteRequest(escalation_id=other))) == {
        "Maya": "AT_CAPACITY"
    }
    resolved = resolution_events_pb2.EscalationResolved(escalation_id=escalation)
    resolved.resolved_at.FromDatetime(routing.now())
    routing.resolution_says(escalation, resolved)
    assert routing.queue("maya") == []
    reopened = followup_events_pb2.EscalationReopened(escalation_id=escalation)
    reopened.reopened_at.FromDatetime(routing.now())
    routing.hear(routing.followup.say(escalation, reopened, tenant=routing.tenant))
    assert [one.escalation_id for one in routing.queue("maya")] == [escalation]
    closed = followup_events_pb2.EscalationClosed(escalation_id=escalation)
    closed.closed_at.FromDatetime(routing.now())
    routing.hear(routing.followup.say(escalation, closed, tenant=routing.tenant))
    assert routing.route(other).assignment.decision_maker_id == "dm_maya"
    assert routing.route(escalation).assignment.state == ACCEPTED


def test_another_tenants_case_does_not_exist(shop: Routing) -> None:
    escalation = shop.opened()
    asked = shop.route(escalation).assignment.assignment_id
    shop.tenant = type(shop.tenant)("other-shop")
    with refused("ASSIGNMENT_NOT_FOUND"):
        shop.accept(asked)
    with refused("ESCALATION_NOT_FOUND"):
        shop.route(escalation)
    assert shop.queue("maya") == []


def test_the_need_by_decides_who_comes_first_in_the_queue(shop: Routing) -> None:
    sooner = shop.opened()
    shop.advance(timedelta(minutes=1))
    later = shop.opened()
    for escalation in (later, sooner):
        shop.route(escalation)
    assert [one.escalation_id for one in shop.queue("ops")] == [sooner, later]
    first = shop.ask("ListAssignments", pb.ListAssignmentsRequest(page_size=1), "maya")
    assert [one.escalation_id for one in first.assignments] == [sooner]
    token = first.next_page_token
    rest = shop.ask("ListAssignments", pb.ListAssignmentsRequest(page_token=token), "maya")
    assert [one.escalation_id for one in rest.assignments] == [later]
    assert rest.next_page_token == ""
    with refused("INVALID_FIELD"):
        shop.queue("maya", page_token=f"{token[:8]}")


def test_a_page_token_in_a_form_that_only_python_reads_is_read(shop: Routing) -> None:
    place = b"infinity 2026-W47-6T10:00:00+00:00 asg_a"
    token = base64.urlsafe_b64encode(place).decode()
    assert shop.queue("maya", page_token=token) is not None
