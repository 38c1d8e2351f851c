from dataclasses import replace

import pytest

from amends.values.identity import AssignmentId, Subject
from amends.values.refusal import EscalationClosed
from services.routing.domain.answering import NotDue
from services.routing.domain.assignment import (
    AssignmentAccepted,
    AssignmentExpired,
    AssignmentNotFound,
    AssignmentState,
    NotYourAssignment,
)
from services.routing.domain.assignments import DecidedAlready, Known
from tests.unit.routing.people import MAYA, MINUTE, SATURDAY, SHOES, Story

TEAM = replace(MAYA, subjects=frozenset({Subject("ana"), Subject("ben")}), public_name="The desk")


def asked(story: Story | None = None) -> Story:
    story = story or Story()
    story.route()
    return story


def test_who_was_asked_becomes_the_owner_and_has_half_an_hour_to_restate() -> None:
    [accepted] = asked().accept("maya")
    assert isinstance(accepted, AssignmentAccepted)
    assert accepted.owner_subject == "maya"
    assert accepted.restate_by == SATURDAY + 30 * MINUTE


def test_accepting_twice_is_one_acceptance() -> None:
    story = asked()
    story.accept("maya")
    assert story.accept("maya") == ()


def test_of_two_members_who_accept_at_once_one_wins_and_the_other_is_told() -> None:
    story = asked(Story(TEAM))
    story.accept("ana")
    with pytest.raises(DecidedAlready, match="stands accepted since") as refused:
        story.accept("ben")
    assert refused.value.metadata["holder"] == "The desk"
    assert "ana" not in refused.value.metadata.values()
    assert refused.value.metadata["state"] == "ACCEPTED"


def test_nobody_accepts_what_others_were_asked() -> None:
    with pytest.raises(NotYourAssignment, match="asks Maya"):
        asked().accept("helen")


def test_accepting_late_is_fine_while_nobody_else_was_asked() -> None:
    story = asked()
    story.now += 60 * MINUTE
    assert len(story.accept("maya")) == 1


def test_accepting_what_has_lapsed_is_refused_with_what_was_decided() -> None:
    story = asked()
    story.lapse()
    with pytest.raises(DecidedAlready, match="stands expired"):
        story.accept("maya")


def test_what_has_lapsed_stays_lapsed_when_the_next_was_asked() -> None:
    story = asked()
    first = story.asked
    story.lapse()
    story.route(replaces=first)
    with pytest.raises(DecidedAlready):
        story.accept("maya", first)


def test_a_case_that_is_over_is_not_accepted() -> None:
    story = asked()
    story.known = Known(replace(SHOES, over=True), story.known.holders)
    with pytest.raises(EscalationClosed):
        story.accept("maya")


def test_declining_what_one_accepted_is_refused_and_declining_twice_is_not() -> None:
    story = asked()
    story.decline("maya")
    assert story.decline("maya") == ()
    accepted = asked()
    accepted.accept("maya")
    with pytest.raises(DecidedAlready, match="stands accepted"):
        accepted.decline("maya")


def test_the_clock_lapses_an_assignment_only_when_its_time_has_come() -> None:
    story = asked()
    with pytest.raises(NotDue, match="come back then"):
        story.expire()
    assert story.state.by_id[story.asked].state is AssignmentState.OFFERED
    story.now = SATURDAY + 15 * MINUTE
    [expired] = story.expire()
    assert isinstance(expired, AssignmentExpired)


def test_the_clock_that_loses_a_race_is_told_what_stands() -> None:
    story = asked()
    story.accept("maya")
    story.now += 60 * MINUTE
    assert story.expire() == ()
    assert story.state.by_id[story.asked].state is AssignmentState.ACCEPTED


def test_an_assignment_that_never_was_is_refused() -> None:
    with pytest.raises(AssignmentNotFound, match="asg_other"):
        asked().expire(AssignmentId("asg_other"))
