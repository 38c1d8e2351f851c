"""Case C4 of the product's stories, whole: the refund of twelve days ago that nobody looked at."""

import pytest

from amends.v1 import (
    commerce_service_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    types_pb2,
)
from deploy.demo.cast import Cast
from deploy.demo.not_credited import NotCredited
from deploy.demo.story import instant
from tests.scenario import (
    events_of,
    finish_money_back,
    owners_of,
    play_until_understood,
    waits_without_deadline,
)


@pytest.fixture(scope="module")
def played(cast: Cast) -> NotCredited:
    """The story, played once; every test below asks what happened in it."""
    story = NotCredited(cast)
    story.prepare()
    play_until_understood(story)
    story.context_is_known()
    story.weighs()
    story.offers()
    story.accepts_offer()
    finish_money_back(story)
    return story


@pytest.fixture(scope="module")
def case(played: NotCredited) -> intake_service_pb2.CaseFile:
    return played.case()


def test_the_case_is_closed_happy(case: intake_service_pb2.CaseFile) -> None:
    assert (case.stage, case.outcome) == (types_pb2.STAGE_CLOSED, "happy")
    assert not case.waiting_for
    assert not case.alarms


def test_it_had_exactly_one_owner(played: NotCredited) -> None:
    assert owners_of(played) == ["dm_maya"]


def test_the_history_shows_what_each_department_did(case: intake_service_pb2.CaseFile) -> None:
    desks = [entry.department for entry in case.history if entry.about_order]
    assert desks == ["returns desk", "finance desk", "phone support", "phone support"]
    times = [instant(entry.at) for entry in case.history]
    assert times == sorted(times)


def test_the_earlier_refund_is_found_failed_and_another_method_is_suggested_first(
    played: NotCredited,
) -> None:
    [earlier] = played.suggestions.earlier_refunds
    assert earlier.requested_by == "finance desk"
    assert earlier.state == commerce_service_pb2.REFUND_STATE_FAILED
    assert earlier.failure == "CARD_EXPIRED"
    first = played.suggestions.suggestions[0]
    assert first.kind == types_pb2.REMEDY_KIND_REFUND
    assert first.method == commerce_service_pb2.REFUND_METHOD_BANK_TRANSFER
    assert first.amount.units == 129


def test_the_money_went_out_once_more_and_only_once(played: NotCredited) -> None:
    earlier, ours = played.refunds()
    assert earlier.state == commerce_service_pb2.REFUND_STATE_FAILED
    assert ours.state == commerce_service_pb2.REFUND_STATE_SUCCEEDED
    assert ours.method == commerce_service_pb2.REFUND_METHOD_BANK_TRANSFER
    [started] = events_of(played, resolution_events_pb2.RemedyStarted)
    assert (ours.key, ours.reference) == (started.key, played.escalation)


def test_it_is_refunded_only_once_it_is_credited(played: NotCredited) -> None:
    [submitted] = events_of(played, resolution_events_pb2.RefundSubmitted)
    [succeeded] = events_of(played, resolution_events_pb2.RefundSucceeded)
    [completed] = events_of(played, resolution_events_pb2.RemedyCompleted)
    assert instant(submitted.submitted_at) < instant(succeeded.credited_at)
    assert instant(completed.completed_at) >= instant(succeeded.credited_at)
    [remedy] = played.resolution().offers[0].remedies
    assert remedy.refund.standing == resolution_service_pb2.REFUND_STANDING_SUCCEEDED


def test_every_wait_had_a_deadline_in_an_event(played: NotCredited) -> None:
    assert waits_without_deadline(played) == []
