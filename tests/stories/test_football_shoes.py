"""Case C1 of the product's stories, whole: from the first call to the closed case."""

from datetime import timedelta

import pytest

from amends.client import LOGS
from amends.v1 import (
    commerce_service_pb2,
    event_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    types_pb2,
)
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.story import instant
from tests.scenario import (
    events_of,
    owners_of,
    play,
    stock_left,
    unpack,
    waits_without_deadline,
)


@pytest.fixture(scope="module")
def prepared(cast: Cast) -> FootballShoes:
    story = FootballShoes(cast)
    story.prepare()
    return story


@pytest.fixture(scope="module")
def stock_before(prepared: FootballShoes) -> int:
    return stock_left(prepared)


@pytest.fixture(scope="module")
def played(prepared: FootballShoes, stock_before: int) -> FootballShoes:
    """The story, played once; every test below asks what happened in it."""
    play(prepared)
    return prepared


@pytest.fixture(scope="module")
def case(played: FootballShoes) -> intake_service_pb2.CaseFile:
    return played.case()


def test_the_case_is_closed_happy(case: intake_service_pb2.CaseFile) -> None:
    assert (case.stage, case.outcome) == (types_pb2.STAGE_CLOSED, "happy")
    assert not case.waiting_for
    assert not case.alarms


def test_it_went_in_one_hop_to_the_least_senior_holder_whose_authority_covers_it(
    played: FootballShoes, case: intake_service_pb2.CaseFile
) -> None:
    assert case.hops == 1
    assert case.owner.public_name == "Maya"
    why_not = {other.public_name: other.reason for other in played.assignment.passed_over}
    assert why_not == {"Tom": "AUTHORITY_MISSING", "Ravi": "AWAY", "Helen": "MORE_SENIOR"}


def test_it_had_exactly_one_owner_at_every_moment_from_the_acceptance_on(
    played: FootballShoes,
) -> None:
    assert owners_of(played) == ["dm_maya"]


def test_the_courier_was_chosen_as_a_recorded_exception(played: FootballShoes) -> None:
    [offer] = played.resolution().offers
    [pair] = [
        item.remedy
        for item in offer.remedies
        if item.remedy.kind == types_pb2.REMEDY_KIND_REPLACEMENT
    ]
    assert pair.shipping.service == "same-day-courier"
    [exception] = pair.exceptions
    assert exception.action == types_pb2.ACTION_EXPEDITED_SHIPPING
    assert (exception.cost.units, exception.cost.nanos) == (14, 900_000_000)
    assert exception.authorised_by == "dm_maya"


def test_slower_services_were_shown_as_too_late(played: FootballShoes) -> None:
    in_time = {
        item.shipping.service: item.in_time
        for item in played.suggestions.suggestions
        if item.shipping.service
    }
    assert in_time == {"same-day-courier": True, "next-day": False, "standard": False}
    assert not played.suggestions.not_feasible


def test_the_pair_left_before_the_return_and_came_before_kick_off(played: FootballShoes) -> None:
    [shipped] = events_of(played, resolution_events_pb2.ReplacementShipped)
    [delivered] = events_of(played, resolution_events_pb2.ReplacementDelivered)
    assert shipped.before_return
    assert delivered.in_time
    kick_off = instant(played.case().need_by.by)
    assert instant(delivered.delivered_at) < kick_off


def test_the_coupon_came_from_the_goodwill_grant(played: FootballShoes) -> None:
    [reserved] = events_of(played, routing_events_pb2.AuthorityReserved)
    goodwill = [use for use in reserved.uses if use.action == types_pb2.ACTION_GOODWILL]
    [credit] = events_of(played, resolution_events_pb2.CreditIssued)
    assert [use.amount for use in goodwill] == [credit.amount]
    grants = {
        grant.grant_id: grant.action
        for maker in played.cast.directory().decision_makers
        for grant in maker.grants
    }
    assert grants[goodwill[0].grant_id] == types_pb2.ACTION_GOODWILL


def test_every_reserved_authority_was_settled(played: FootballShoes) -> None:
    settled = events_of(played, routing_events_pb2.AuthoritySettled)
    [reserved] = events_of(played, routing_events_pb2.AuthorityReserved)
    assert {event.remedy_id for event in settled} == {use.remedy_id for use in reserved.uses}


def test_the_authority_was_reserved_before_the_offer_was_made(played: FootballShoes) -> None:
    [reserved] = events_of(played, routing_events_pb2.AuthorityReserved)
    [made] = events_of(played, resolution_events_pb2.OfferMade)
    assert made.reservation_id == reserved.reservation_id
    assert instant(reserved.reserved_at) <= instant(made.made_at)


def test_every_wait_had_a_deadline_in_an_event(played: FootballShoes) -> None:
    assert waits_without_deadline(played) == []


def test_the_customer_was_acknowledged_answered_and_asked_three_weeks_later(
    played: FootballShoes,
) -> None:
    responses = played.resolution().responses
    assert [response.kind for response in responses] == [
        resolution_events_pb2.RESPONSE_KIND_ACKNOWLEDGEMENT,
        resolution_events_pb2.RESPONSE_KIND_ANSWER,
        resolution_events_pb2.RESPONSE_KIND_FOLLOW_UP,
    ]
    assert all(response.delivered_at.seconds for response in responses)
    resolved = instant(played.resolution().resolved_at)
    assert instant(responses[2].sent_at) - resolved >= timedelta(days=21)


def test_the_timeline_reads_like_the_article(case: intake_service_pb2.CaseFile) -> None:
    told = [entry.event for entry in case.timeline]
    in_order = [
        "EscalationOpened",
        "DecisionMakerAssigned",
        "AssignmentAccepted",
        "ProblemRestated",
        "ProblemConfirmed",
        "AuthorityReserved",
        "OfferMade",
        "OfferAccepted",
        "RemedyStarted",
        "ReplacementOrdered",
        "ReplacementShipped",
        "ReplacementDelivered",
        "EscalationResolved",
        "FollowUpScheduled",
        "FollowUpAsked",
        "FollowUpAnswered",
        "EscalationClosed",
    ]
    places = [told.index(event) for event in in_order]
    assert places == sorted(places)
    assert all(entry.summary and entry.actor for entry in case.timeline)
    times = [instant(entry.at) for entry in case.timeline]
    assert times == sorted(times)


def test_the_merchant_sent_one_pair_and_one_coupon(
    played: FootballShoes, stock_before: int
) -> None:
    [offer] = played.resolution().offers
    assert [item.state for item in offer.remedies] == [
        resolution_service_pb2.REMEDY_STATE_COMPLETED,
        resolution_service_pb2.REMEDY_STATE_COMPLETED,
    ]
    assert stock_before - stock_left(played) == 1


def test_no_words_of_the_customer_travel_in_clear(played: FootballShoes) -> None:
    request = event_pb2.ReadEventsRequest(subject=played.escalation)
    secrets = [b"soles", b"league", b"C-1042", played.order.encode(), b"glued"]
    for name in LOGS:
        log = played.cast.workflow.logs[name].ReadEvents(request, metadata=played.cast.as_tenant())
        assert log.events
        for event in log.events:
            assert not [word for word in secrets if word in event.SerializeToString()]


def test_a_repeated_opening_gives_the_same_answer(played: FootballShoes) -> None:
    escalation = played.escalation
    assert played.opens() == escalation
    assert unpack(played)[0].version == 1


def test_commerce_knows_the_replacement_by_the_remedys_key(played: FootballShoes) -> None:
    [started] = [
        event
        for event in events_of(played, resolution_events_pb2.RemedyStarted)
        if event.kind == types_pb2.REMEDY_KIND_REPLACEMENT
    ]
    found = played.cast.workflow.commerce.GetReplacement(
        commerce_service_pb2.GetReplacementRequest(key=started.key),
        metadata=played.cast.as_tenant(),
    )
    assert found.replacement.state == commerce_service_pb2.REPLACEMENT_STATE_DELIVERED
