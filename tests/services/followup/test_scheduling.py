"""A follow-up stands as soon as follow-up hears that a case is made right, without being told."""

from datetime import timedelta

from tests.services.followup.conftest import FollowUp

SCHEDULED = "amends.v1.FollowUpScheduled"


def test_a_follow_up_stands_when_follow_up_has_heard_that_a_case_is_made_right(
    followup: FollowUp,
) -> None:
    escalation = followup.made_right()
    assert _said(followup, escalation) == [SCHEDULED]


def test_whoever_tells_it_to_schedule_finds_what_stands(followup: FollowUp) -> None:
    escalation = followup.made_right()
    found = followup.schedule(escalation)
    assert (found.follow_up_id, found.version) == (followup.get(escalation).follow_up_id, 1)


def test_a_resolution_that_comes_twice_is_followed_up_once(followup: FollowUp) -> None:
    escalation = followup.open_case()
    said = [followup.answered(escalation), followup.resolved(escalation)]
    followup.hear(*said)
    followup.hear(*said)
    assert _said(followup, escalation) == [SCHEDULED]


def test_a_resolution_that_is_heard_of_late_is_left_to_the_workflow(followup: FollowUp) -> None:
    escalation = followup.open_case()
    late = [followup.answered(escalation), followup.resolved(escalation)]
    followup.advance(timedelta(minutes=2))
    followup.hear(*late)
    assert _said(followup, escalation) == []
    followup.schedule(escalation)
    assert _said(followup, escalation) == [SCHEDULED]


def test_a_resolution_whose_answer_nobody_has_is_left_to_the_workflow(followup: FollowUp) -> None:
    escalation = followup.open_case()
    followup.hear(followup.resolved(escalation))
    assert _said(followup, escalation) == []


def _said(followup: FollowUp, escalation: str) -> list[str]:
    return [each.type for each in followup.events(escalation)]
