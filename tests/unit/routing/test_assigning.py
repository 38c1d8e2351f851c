from dataclasses import replace
from datetime import timedelta

import pytest

from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.deadline import NeedBy
from amends.values.identity import AssignmentId
from amends.values.refusal import EscalationNotFound
from services.routing.domain.assigning import preview
from services.routing.domain.assignment import (
    AssignmentState,
    DecisionMakerAssigned,
    NoDecisionMakerFound,
    RoutingUnblocked,
)
from services.routing.domain.assignments import Known
from services.routing.domain.calendar import Calendar, WorkingHours
from services.routing.domain.directory import DecisionMakerKind
from tests.unit.routing.people import (
    CASE,
    HELEN,
    MAYA,
    MINUTE,
    RAVI,
    SATURDAY,
    SHOES,
    TOM,
    Story,
    away,
    london,
    reasons,
)


def test_the_football_shoes_reach_maya_in_one_hop_with_fifteen_minutes_to_accept() -> None:
    [assigned] = Story().route()
    assert isinstance(assigned, DecisionMakerAssigned)
    assert (assigned.decision_maker, assigned.hop) == ("dm_maya", 1)
    assert assigned.accept_by == SATURDAY + 15 * MINUTE
    assert reasons(assigned.passed_over) == {
        "Tom": "AUTHORITY_MISSING",
        "Ravi": "AWAY",
        "Helen": "MORE_SENIOR",
    }


def test_it_is_said_whether_the_holder_is_a_partner() -> None:
    for kind in DecisionMakerKind:
        [assigned] = Story(replace(MAYA, kind=kind)).route()
        assert isinstance(assigned, DecisionMakerAssigned)
        assert assigned.partner is (kind is DecisionMakerKind.PARTNER)


def test_a_case_without_haste_may_be_accepted_within_half_an_hour() -> None:
    [assigned] = Story(case=replace(SHOES, priority=3)).route()
    assert isinstance(assigned, DecisionMakerAssigned)
    assert assigned.accept_by == SATURDAY + 30 * MINUTE


def test_nobody_may_take_longer_to_accept_than_it_is_needed_by() -> None:
    soon = NeedBy(SATURDAY + 5 * MINUTE, "Europe/London")
    [assigned] = Story(case=replace(SHOES, need_by=soon)).route()
    assert isinstance(assigned, DecisionMakerAssigned)
    assert assigned.accept_by == soon.by


def test_the_time_to_accept_runs_within_working_hours_only() -> None:
    saturdays = Calendar("Europe/London", (WorkingHours(6, 9 * 60, 15 * 60 + 20),))
    maya = replace(MAYA, calendar=saturdays)
    [assigned] = Story(maya, case=replace(SHOES, priority=3, need_by=None)).route()
    assert isinstance(assigned, DecisionMakerAssigned)
    assert assigned.accept_by == london("2026-11-28T09:20")


def test_routing_twice_asks_nobody_twice() -> None:
    story = Story()
    story.route()
    assert story.route() == ()


def test_an_assignment_that_lapsed_goes_to_the_next_holder_as_the_second_hop() -> None:
    story = Story()
    story.route()
    first = story.asked
    story.lapse()
    [assigned] = story.route(replaces=first)
    assert isinstance(assigned, DecisionMakerAssigned)
    assert (assigned.decision_maker, assigned.hop) == ("dm_helen", 2)
    assert assigned.replaces_assignment == first
    assert reasons(assigned.passed_over)["Maya"] == "ALREADY_ASKED"


def test_an_assignment_that_is_replaced_already_is_not_replaced_again() -> None:
    story = Story()
    story.route()
    first = story.asked
    story.lapse()
    story.route(replaces=first)
    assert story.route(replaces=first) == ()
    assert story.state.current is not None
    assert story.state.current.decision_maker == "dm_helen"


@pytest.mark.parametrize("accepted", [True, False])
def test_an_assignment_that_stands_is_not_replaced(accepted: bool) -> None:  # noqa: FBT001
    story = Story()
    story.route()
    if accepted:
        story.accept("maya")
    assert story.route(replaces=story.asked) == ()


def test_nobody_able_is_an_alarm_and_a_time_to_look_again() -> None:
    waiting, alarm = Story(TOM, away(MAYA)).route()
    assert isinstance(waiting, NoDecisionMakerFound)
    assert waiting.retry_at == SATURDAY + 15 * MINUTE
    assert reasons(waiting.passed_over) == {"Tom": "AUTHORITY_MISSING", "Maya": "AWAY"}
    assert isinstance(alarm, AlarmRaised)
    assert alarm.kind == "NO_DECISION_MAKER"
    assert "covers reship of 64.90 GBP and expedited shipping" in alarm.clears_when


def test_a_case_that_waits_is_looked_at_when_somebody_comes_back_sooner() -> None:
    waiting, _ = Story(away(MAYA, SATURDAY + 4 * MINUTE)).route()
    assert isinstance(waiting, NoDecisionMakerFound)
    assert waiting.retry_at == SATURDAY + 4 * MINUTE


def test_while_nobody_is_able_the_alarm_stands_once() -> None:
    story = Story(TOM)
    story.route()
    story.now += 15 * MINUTE
    [waiting] = story.route()
    assert isinstance(waiting, NoDecisionMakerFound)


def test_the_alarm_clears_with_the_assignment() -> None:
    story = Story(TOM, away(MAYA))
    _, alarm = story.route()
    story.known = Known(SHOES, (TOM, MAYA))
    assert story.unblock("dm_maya") == (RoutingUnblocked(CASE, MAYA.decision_maker),)
    assigned, cleared = story.route()
    assert isinstance(assigned, DecisionMakerAssigned)
    assert isinstance(cleared, AlarmCleared)
    assert isinstance(alarm, AlarmRaised)
    assert cleared.alarm_id == alarm.alarm_id


def test_a_case_that_does_not_wait_is_not_unblocked() -> None:
    story = Story()
    assert story.unblock("dm_maya") == ()
    story.route()
    assert story.unblock("dm_maya") == ()


def test_once_everybody_let_it_lapse_an_alarm_stands_and_then_they_are_asked_again() -> None:
    story = Story(MAYA, HELEN)
    story.route()
    story.lapse()
    story.route(replaces=story.asked)
    story.lapse()
    waiting, alarm = story.route(replaces=story.asked)
    assert isinstance(waiting, NoDecisionMakerFound)
    assert isinstance(alarm, AlarmRaised)
    story.now = waiting.retry_at
    assigned, _ = story.route(replaces=story.asked)
    assert isinstance(assigned, DecisionMakerAssigned)
    assert (assigned.decision_maker, assigned.hop) == ("dm_maya", 3)


def test_after_the_wait_whoever_was_never_asked_comes_first() -> None:
    story = Story(MAYA, RAVI)
    story.route()
    story.lapse()
    story.route(replaces=story.asked)
    story.known = Known(SHOES, (MAYA, replace(RAVI, available=True)))
    assigned, _ = story.route(replaces=story.asked)
    assert isinstance(assigned, DecisionMakerAssigned)
    assert assigned.decision_maker == "dm_ravi"


def test_a_case_that_nobody_told_of_is_refused() -> None:
    with pytest.raises(EscalationNotFound, match="esc_1"):
        Story(case=None).route()


def test_a_case_that_is_over_is_not_assigned() -> None:
    assert Story(case=replace(SHOES, over=True)).route() == ()


def test_a_preview_says_who_and_changes_nothing() -> None:
    story = Story()
    seen = preview(story.state, CASE, story.known, SATURDAY)
    assert seen.found.chosen == MAYA
    assert story.state.by_id == {}
    nobody = preview(story.state, CASE, Known(SHOES, (TOM,)), SATURDAY)
    assert nobody.found.chosen is None
    assert nobody.retry_at - SATURDAY == timedelta(minutes=15)


def test_a_declined_assignment_goes_on_like_a_lapsed_one() -> None:
    story = Story()
    story.route()
    story.decline("maya")
    assert story.state.current is not None
    assert story.state.current.state is AssignmentState.DECLINED
    [assigned] = story.route(replaces=AssignmentId(story.asked))
    assert isinstance(assigned, DecisionMakerAssigned)
    assert assigned.decision_maker == "dm_helen"
