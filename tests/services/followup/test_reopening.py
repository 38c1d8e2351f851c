"""Money that came back makes a case go on, also one that was closed."""

from datetime import UTC, timedelta

from amends.v1 import followup_events_pb2 as events
from amends.v1 import followup_service_pb2 as pb
from tests.services.followup.conftest import FollowUp
from tests.services.followup.test_followup import closed, types_of


def reopened(followup: FollowUp, escalation: str) -> events.EscalationReopened:
    """What was said of it last."""
    [said] = [
        one for one in followup.events(escalation) if one.type == "amends.v1.EscalationReopened"
    ]
    return events.EscalationReopened.FromString(said.data)


def test_a_refund_that_failed_after_all_reopens_a_closed_case_once(followup: FollowUp) -> None:
    escalation = followup.made_right()
    followup.asked(escalation)
    followup.record(escalation)
    closed(followup, escalation)
    failed = followup.refund_failed(escalation)
    for _ in range(2):
        followup.hear(failed)
    assert types_of(followup, escalation)[-2:] == ["EscalationClosed", "EscalationReopened"]
    said = reopened(followup, escalation)
    assert (said.reason, said.remedy_id) == (events.REOPEN_REASON_REFUND_FAILED, "rem_refund")
    given = said.offer_by.ToDatetime(tzinfo=UTC) - said.reopened_at.ToDatetime(tzinfo=UTC)
    assert given == timedelta(hours=2)
    found = followup.get(escalation)
    assert (found.outcome, found.HasField("closed_at")) == (0, False)


def test_a_question_that_stands_is_withdrawn_and_asked_again_once_it_is_made_right_again(
    followup: FollowUp,
) -> None:
    escalation = followup.made_right()
    first = followup.schedule(escalation).follow_up_id
    followup.hear(followup.refund_failed(escalation))
    assert followup.get(escalation).state == pb.FOLLOW_UP_STATE_CANCELLED
    followup.hear(followup.answered(escalation), followup.resolved(escalation))
    assert followup.schedule(escalation).follow_up_id not in {"", first}


def test_before_the_resolution_a_refund_that_failed_is_resolutions_own_matter(
    followup: FollowUp,
) -> None:
    escalation = followup.open_case()
    followup.hear(
        followup.refund_failed(escalation),
        followup.answered(escalation),
        followup.resolved(escalation),
    )
    assert followup.schedule(escalation).follow_up_id
    assert types_of(followup, escalation) == ["FollowUpScheduled"]


def test_a_refund_that_failed_is_not_lost_where_intake_is_heard_last(followup: FollowUp) -> None:
    escalation = followup.new_case()
    followup.hear(followup.resolved(escalation), followup.refund_failed(escalation))
    assert types_of(followup, escalation) == []
    followup.hear(followup.opened(escalation))
    assert types_of(followup, escalation) == ["EscalationReopened"]


def test_whoever_rebuilds_reopens_nothing_twice(followup: FollowUp) -> None:
    escalation = followup.made_right()
    followup.hear(followup.refund_failed(escalation))
    assert followup.app.rebuild is not None
    followup.app.rebuild()
    followup.hear(followup.answered(escalation), followup.resolved(escalation))
    assert types_of(followup, escalation).count("EscalationReopened") == 1
