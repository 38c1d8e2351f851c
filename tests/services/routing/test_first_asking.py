"""The first holder is asked as soon as routing hears of a new case, without being told to."""

from datetime import timedelta

from tests.services.routing.conftest import Routing

_NOW = timedelta(0)


def test_a_new_case_is_with_the_first_holder_when_routing_has_heard_of_it(
    routing: Routing,
) -> None:
    routing.people()
    escalation = routing.opened(ago=_NOW)
    assert routing.events(escalation) == ["DecisionMakerAssigned"]


def test_whoever_tells_it_to_route_finds_who_was_asked(routing: Routing) -> None:
    routing.people()
    escalation = routing.opened(ago=_NOW)
    assert routing.route(escalation).assignment.assignment_id
    assert routing.events(escalation) == ["DecisionMakerAssigned"]


def test_a_case_that_is_heard_of_late_is_left_to_the_workflow(routing: Routing) -> None:
    routing.people()
    assert routing.events(routing.opened(ago=timedelta(minutes=2))) == []


def test_a_case_that_nobody_can_decide_waits_with_its_alarm(routing: Routing) -> None:
    assert routing.events(routing.opened(ago=_NOW)) == ["NoDecisionMakerFound", "AlarmRaised"]
