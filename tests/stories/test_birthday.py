"""Case C3 of the product's stories, whole: too late for the birthday, and money that comes once."""

import pytest

from amends.v1 import (
    commerce_service_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    types_pb2,
)
from deploy.demo.birthday import Birthday
from deploy.demo.cast import Cast
from deploy.demo.story import instant
from tests.scenario import (
    events_of,
    finish_money_back,
    owners_of,
    play_until_understood,
    waits_without_deadline,
)


@pytest.fixture(scope="module")
def played(cast: Cast) -> Birthday:
    """The story, played once; every test below asks what happened in it."""
    story = Birthday(cast)
    story.prepare()
    play_until_understood(story)
    story.weighs()
    story.cannot_ship()
    story.offers()
    story.counters()
    story.drafts()
    story.is_seen_by_helen()
    story.is_approved()
    story.accepts_offer()
    story.half_off_is_given()
    finish_money_back(story)
    return story


@pytest.fixture(scope="module")
def case(played: Birthday) -> intake_service_pb2.CaseFile:
    return played.case()


def test_the_case_is_closed_happy(case: intake_service_pb2.CaseFile) -> None:
    assert (case.stage, case.outcome) == (types_pb2.STAGE_CLOSED, "happy")
    assert not case.waiting_for
    assert not case.alarms


def test_no_service_arrives_in_time_and_the_next_rung_is_suggested(played: Birthday) -> None:
    found = played.suggestions
    assert found.not_feasible
    assert found.reason == "RESHIP_NOT_FEASIBLE"
    kinds = [one.kind for one in found.suggestions if one.in_time]
    assert types_pb2.REMEDY_KIND_REFUND in kinds
    assert types_pb2.REMEDY_KIND_GIFT_CERTIFICATE in kinds
    assert types_pb2.REMEDY_KIND_REPLACEMENT not in kinds


def test_a_parcel_that_comes_too_late_cannot_be_offered(played: Birthday) -> None:
    offered = [
        remedy.remedy.kind for offer in played.resolution().offers for remedy in offer.remedies
    ]
    assert types_pb2.REMEDY_KIND_REPLACEMENT not in offered


def test_what_the_customer_would_rather_have_is_the_remedy_sought_from_then_on(
    case: intake_service_pb2.CaseFile,
) -> None:
    assert list(case.remedy_sought.kinds) == [
        types_pb2.REMEDY_KIND_REFUND,
        types_pb2.REMEDY_KIND_PERCENTAGE_OFF,
    ]
    assert case.remedy_sought.percent == 50


def test_the_offers_form_a_ledger(played: Birthday) -> None:
    offers = played.resolution().offers
    assert [offer.state for offer in offers] == [
        resolution_service_pb2.OFFER_STATE_COUNTERED,
        resolution_service_pb2.OFFER_STATE_ACCEPTED,
    ]


def test_what_is_above_the_owners_limit_was_approved_by_another_holder(played: Birthday) -> None:
    [drafted] = events_of(played, resolution_events_pb2.OfferDrafted)
    [approved] = events_of(played, resolution_events_pb2.OfferApproved)
    assert (drafted.maker, approved.approver) == ("dm_maya", "dm_helen")
    reserved = {
        one.reservation_id: one.decision_maker_id
        for one in events_of(played, routing_events_pb2.AuthorityReserved)
    }
    assert reserved[approved.reservation_id] == "dm_helen"
    assert owners_of(played) == ["dm_maya"]


def test_the_customer_heard_of_the_draft_only_after_the_approval(played: Birthday) -> None:
    [approved] = events_of(played, resolution_events_pb2.OfferApproved)
    made = events_of(played, resolution_events_pb2.OfferMade)
    assert [one.offer_id for one in made][1:] == [approved.offer_id]
    assert instant(made[1].made_at) >= instant(approved.approved_at)


def test_the_money_was_paid_once_and_all_of_it(played: Birthday) -> None:
    [paid] = played.refunds()
    assert (paid.amount.units, paid.amount.nanos) == (74, 500_000_000)
    assert paid.state == commerce_service_pb2.REFUND_STATE_SUCCEEDED


def test_refunded_is_said_only_once_it_is_credited(
    played: Birthday, case: intake_service_pb2.CaseFile
) -> None:
    [succeeded] = events_of(played, resolution_events_pb2.RefundSucceeded)
    told = [entry.event for entry in case.timeline]
    said = case.timeline[told.index("RefundSucceeded")].summary
    before = [entry.summary for entry in case.timeline[: told.index("RefundSucceeded")]]
    assert "has the money" in said or "refunded" in said.lower()
    assert not [line for line in before if "refunded" in line.lower() or "has the money" in line]
    assert instant(succeeded.credited_at) > instant(played.offer.approve_by)


def test_half_off_the_next_order_was_given_once(played: Birthday) -> None:
    [credit] = events_of(played, resolution_events_pb2.CreditIssued)
    assert (credit.kind, credit.percent) == (types_pb2.REMEDY_KIND_PERCENTAGE_OFF, 50)


def test_all_authority_of_the_accepted_offer_is_used_up_and_no_other(played: Birthday) -> None:
    reserved = events_of(played, routing_events_pb2.AuthorityReserved)
    settled = {one.remedy_id for one in events_of(played, routing_events_pb2.AuthoritySettled)}
    accepted = events_of(played, resolution_events_pb2.OfferAccepted)
    assert settled == {remedy for one in accepted for remedy in one.remedy_ids}
    released = {
        one.reservation_id for one in events_of(played, routing_events_pb2.AuthorityReleased)
    }
    assert released == {reserved[0].reservation_id}


def test_every_wait_had_a_deadline_in_an_event(played: Birthday) -> None:
    assert waits_without_deadline(played) == []
