from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import grpc
import pytest

from amends.eventstore.records import to_timestamp
from amends.rpc.status import refusal_of
from amends.v1 import (
    commerce_service_pb2,
    resolution_events_pb2,
    routing_events_pb2,
    types_pb2,
)
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Role
from tests.services.resolution.conftest import (
    Resolution,
    delivered,
    last,
    new_id,
    offer_request,
    shipped,
)
from tests.services.resolution.neighbours import HOUR, pounds


def refused(reason: str) -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=lambda error: refusal_of(error).reason == reason)


def suggest(
    resolution: Resolution, escalation: str, subject: str = "maya"
) -> pb.SuggestRemediesResponse:
    request = pb.SuggestRemediesRequest(escalation_id=escalation)
    found: pb.SuggestRemediesResponse = resolution.ask(
        "SuggestRemedies", request, Role.DECISION_MAKER, subject=subject
    )
    return found


def test_the_football_shoes_are_made_right(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    resolution.send(escalation, "ACKNOWLEDGEMENT")
    made = resolution.offer(escalation)
    assert resolution.answer(escalation, made.offer_id).state == pb.OFFER_STATE_ACCEPTED
    shoes, coupon = (remedy.remedy_id for remedy in made.remedies)
    assert resolution.carry_out(escalation, shoes).state == pb.REMEDY_STATE_ORDERED
    assert resolution.carry_out(escalation, coupon).state == pb.REMEDY_STATE_COMPLETED
    resolution.answer_customer(escalation)
    shipped(resolution, shoes)
    assert resolution.check(escalation, shoes).state == pb.REMEDY_STATE_SHIPPED
    delivered(resolution, shoes)
    assert resolution.check(escalation, shoes).state == pb.REMEDY_STATE_COMPLETED
    assert resolution.resolve(escalation).resolved_at.seconds
    assert resolution.types(escalation) == [
        "ResponseSent",
        "OfferMade",
        "OfferAccepted",
        "RemedyStarted",
        "ReplacementOrdered",
        "RemedyStarted",
        "CreditIssued",
        "RemedyCompleted",
        "ResponseSent",
        "ResponseDelivered",
        "ReplacementShipped",
        "ReplacementDelivered",
        "RemedyCompleted",
        "EscalationResolved",
    ]
    assert last(resolution, escalation, resolution_events_pb2.ReplacementShipped).before_return
    assert last(resolution, escalation, resolution_events_pb2.ReplacementDelivered).in_time
    assert last(resolution, escalation, resolution_events_pb2.EscalationResolved).made_right


def test_the_courier_is_suggested_within_the_owners_limits(resolution: Resolution) -> None:
    resolution.grant(types_pb2.ACTION_RESHIP, 20000)
    resolution.grant(types_pb2.ACTION_EXPEDITED_SHIPPING, 3000)
    resolution.grant(types_pb2.ACTION_GOODWILL, 2500)
    found = suggest(resolution, resolution.owned_case())
    assert not found.not_feasible
    best = found.suggestions[0]
    assert best.shipping.service == "same-day-courier"
    assert best.in_time
    assert best.within_authority
    assert best.cost == pounds(6490 + 1490)
    assert [one.action for one in best.exceptions] == [types_pb2.ACTION_EXPEDITED_SHIPPING]
    late = [one.shipping.service for one in found.suggestions if not one.in_time]
    assert late == ["standard", "next-day"]
    held = {limit.action: limit.amount for limit in found.limits}
    assert held[types_pb2.ACTION_GOODWILL] == pounds(2500)


def test_what_no_service_reaches_in_time_is_said(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    resolution.intake.need_by = resolution.now() + 2 * HOUR
    found = suggest(resolution, escalation)
    assert found.not_feasible
    assert found.reason == "RESHIP_NOT_FEASIBLE"
    with refused("RESHIP_NOT_FEASIBLE"):
        resolution.offer(escalation)
    assert resolution.offer(escalation, late_is_agreed=True).offer_id
    assert not [one for one in resolution.routing.asked[:-1] if one.escalation_id == escalation]


def test_only_the_owner_is_suggested_anything_and_may_offer(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    with refused("NOT_THE_OWNER"):
        suggest(resolution, escalation, subject="tom")
    with refused("NOT_THE_OWNER"):
        resolution.offer(escalation, subject="tom")
    assert resolution.routing.asked == []


def test_after_a_hand_over_the_next_owner_goes_on_and_the_last_one_is_told_whose_it_is(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    resolution.handed_over(escalation)
    assert suggest(resolution, escalation, subject="helen").suggestions
    with pytest.raises(grpc.RpcError) as refusal:
        suggest(resolution, escalation, subject="maya")
    assert refusal_of(refusal.value).metadata["owner"] == "Helen"


def test_a_no_is_checked_with_who_knows(resolution: Resolution) -> None:
    escalation = f"esc_{new_id().replace('-', '')}"
    resolution.opened(escalation)
    resolution.accepted(escalation)
    assert resolution.offer(escalation).offer_id


def test_an_unknown_case_is_not_found_and_neither_is_another_tenants(
    resolution: Resolution,
) -> None:
    with refused("ESCALATION_NOT_FOUND"):
        resolution.get("esc_nobody")
    escalation = resolution.owned_case()
    request = pb.GetResolutionRequest(escalation_id=escalation)
    with refused("ESCALATION_NOT_FOUND"):
        resolution.ask("GetResolution", request, Role.HANDLER, tenant="other")


def test_authority_is_reserved_for_the_caller_before_the_offer_exists(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    made = resolution.offer(escalation)
    [asked] = resolution.routing.asked
    assert [(use.action, use.amount) for use in asked.uses] == [
        (types_pb2.ACTION_RESHIP, pounds(6490)),
        (types_pb2.ACTION_EXPEDITED_SHIPPING, pounds(1490)),
        (types_pb2.ACTION_GOODWILL, pounds(1000)),
    ]
    assert resolution.routing.callers[0]
    event = last(resolution, escalation, resolution_events_pb2.OfferMade)
    assert event.reservation_id.startswith("rsv_")
    assert event.maker == resolution.maya
    [exception] = made.remedies[0].exceptions
    assert exception.authorised_by == resolution.maya
    assert made.expires_by.ToDatetime(tzinfo=UTC) - resolution.now() < HOUR


@pytest.mark.parametrize("reason", ["NOT_THE_OWNER", "ESCALATION_CLOSED", "INVALID_MONEY"])
def test_what_routing_refuses_is_refused(resolution: Resolution, reason: str) -> None:
    escalation = resolution.owned_case()
    resolution.routing.refusal = reason
    with refused(reason):
        resolution.offer(escalation)
    assert resolution.types(escalation) == []


def test_a_repeated_offer_is_the_same_offer(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    request = offer_request(escalation)
    answers = [
        resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya") for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(resolution.routing.asked) == 1
    request.apology = "We are very sorry."
    with refused("REQUEST_ID_REUSED"):
        resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya")


def test_a_second_offer_waits_for_the_first_ones_answer(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    made = resolution.offer(escalation)
    with refused("OFFER_ALREADY_OPEN"):
        resolution.offer(escalation)
    assert len(resolution.routing.asked) == 1
    sought = types_pb2.RemedySought(kinds=["REMEDY_KIND_COUPON"])
    countered = resolution.answer(
        escalation, made.offer_id, "COUNTER", remedy_sought=sought, words="a bigger coupon"
    )
    assert countered.state == pb.OFFER_STATE_COUNTERED
    assert resolution.offer(escalation).offer_id


def test_whoever_answers_second_is_told_what_was_decided(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    made = resolution.offer(escalation)
    resolution.answer(escalation, made.offer_id)
    with pytest.raises(grpc.RpcError) as lost:
        resolution.answer(escalation, made.offer_id, "DECLINE")
    refusal = refusal_of(lost.value)
    assert (refusal.reason, refusal.metadata["state"]) == ("DECIDED_ALREADY", "ACCEPTED")


def test_an_offer_lapses_when_its_shipping_cannot_be_ordered_any_more(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    made = resolution.offer(escalation)
    request = pb.ExpireOfferRequest(
        request_id=new_id(), escalation_id=escalation, offer_id=made.offer_id
    )
    with refused("NOT_DUE"):
        resolution.ask("ExpireOffer", request)
    resolution.advance(HOUR)
    with refused("OFFER_NOT_OPEN"):
        resolution.answer(escalation, made.offer_id)
    assert resolution.ask("ExpireOffer", request).state == pb.OFFER_STATE_EXPIRED
    assert resolution.offer(escalation).offer_id


def test_no_remedy_before_the_customer_confirmed(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    resolution.intake.confirmed = False
    with refused("PROBLEM_NOT_CONFIRMED"):
        resolution.carry_out(escalation, shoes)
    assert "RemedyStarted" not in resolution.types(escalation)
    resolution.intake.confirmed = True
    assert resolution.carry_out(escalation, shoes).state == pb.REMEDY_STATE_ORDERED


@pytest.mark.parametrize("breaks_after", ["CreateReplacement", "RequestReturn"])
@pytest.mark.parametrize("same_request", [True, False])
def test_a_crash_between_intent_and_outcome_does_not_send_two_pairs(
    resolution: Resolution,
    breaks_after: str,
    same_request: bool,  # noqa: FBT001
) -> None:
    escalation, shoes, _ = resolution.promised()
    resolution.merchant.breaks_after = breaks_after
    request_id = new_id()
    with refused("DEPENDENCY_UNAVAILABLE"):
        resolution.carry_out(escalation, shoes, request_id)
    assert resolution.types(escalation)[-1] == "RemedyStarted"
    again = resolution.carry_out(escalation, shoes, request_id if same_request else "")
    assert again.state == pb.REMEDY_STATE_ORDERED
    assert resolution.merchant.created["replacement"] == 1
    assert resolution.merchant.calls["CreateReplacement"] == 1
    assert resolution.types(escalation).count("ReplacementOrdered") == 1


def test_a_crash_between_intent_and_outcome_does_not_give_two_coupons(
    resolution: Resolution,
) -> None:
    escalation, _, coupon = resolution.promised()
    resolution.merchant.breaks_after = "IssueCredit"
    with refused("DEPENDENCY_UNAVAILABLE"):
        resolution.carry_out(escalation, coupon)
    assert resolution.carry_out(escalation, coupon).state == pb.REMEDY_STATE_COMPLETED
    assert resolution.merchant.created["credit"] == 1
    assert resolution.merchant.calls["IssueCredit"] == 1


def test_a_remedy_carried_out_again_is_answered_as_it_stands(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    request_id = new_id()
    first = resolution.carry_out(escalation, shoes, request_id)
    assert resolution.carry_out(escalation, shoes, request_id) == first
    assert resolution.carry_out(escalation, shoes).state == pb.REMEDY_STATE_ORDERED
    assert resolution.merchant.calls["CreateReplacement"] == 1


def test_a_remedy_that_the_merchant_refuses_fails_and_another_can_be_offered(
    resolution: Resolution,
) -> None:
    escalation, shoes, _ = resolution.promised()
    resolution.merchant.refusal = "OUT_OF_STOCK"
    answer = resolution.carry_out(escalation, shoes)
    assert answer.state == pb.REMEDY_STATE_FAILED
    assert not answer.HasField("check_by")
    failed = last(resolution, escalation, resolution_events_pb2.RemedyFailed)
    assert failed.reason == "OUT_OF_STOCK"
    assert failed.reservation_id
    assert failed.offer_by.ToDatetime(tzinfo=UTC) - resolution.now() > HOUR
    assert resolution.offer(escalation).offer_id


def test_what_was_not_accepted_or_never_offered_is_not_carried_out(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    made = resolution.offer(escalation)
    with refused("OFFER_NOT_ACCEPTED"):
        resolution.carry_out(escalation, made.remedies[0].remedy_id)
    with refused("REMEDY_NOT_FOUND"):
        resolution.carry_out(escalation, "rem_nothing")
    with refused("REMEDY_NOT_FOUND"):
        resolution.check(escalation, "rem_nothing")


def test_a_look_that_finds_nothing_new_says_when_to_look_again(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    ordered = resolution.carry_out(escalation, shoes)
    before = resolution.types(escalation)
    looked = resolution.check(escalation, shoes)
    assert looked.check_by == ordered.check_by
    assert resolution.types(escalation) == before
    resolution.advance(HOUR)
    later = resolution.check(escalation, shoes).check_by.ToDatetime(tzinfo=UTC)
    assert timedelta(minutes=14) < later - resolution.now() < timedelta(minutes=16)


def test_a_delay_is_told_once_and_a_loss_fails_the_remedy(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    resolution.carry_out(escalation, shoes)
    parcel = resolution.merchant.replacements[shoes]
    parcel.arrives_by.CopyFrom(to_timestamp(resolution.now() + 9 * HOUR))
    resolution.check(escalation, shoes)
    resolution.check(escalation, shoes)
    assert resolution.types(escalation).count("ReplacementDelayed") == 1
    parcel.state = commerce_service_pb2.REPLACEMENT_STATE_FAILED
    parcel.failure = "LOST"
    assert resolution.check(escalation, shoes).state == pb.REMEDY_STATE_FAILED
    assert resolution.types(escalation)[-2:] == ["ReplacementFailed", "RemedyFailed"]


def test_the_acknowledgement_is_sent_once_with_the_policys_words(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    first = resolution.send(escalation, "ACKNOWLEDGEMENT")
    assert resolution.send(escalation, "ACKNOWLEDGEMENT").response_id == first.response_id
    [said] = resolution.get(escalation).responses
    assert "We are sorry" in said.words
    assert said.channel == types_pb2.CHANNEL_PHONE


def test_who_may_say_what(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    with refused("WORDS_MISSING"):
        resolution.send(escalation, "ANSWER", role=Role.HANDLER)
    with refused("NOT_THE_OWNER"):
        resolution.send(escalation, "ANSWER", "No.", Role.DECISION_MAKER, subject="tom")
    with refused("NOT_THE_OWNER"):
        resolution.send(escalation, "ANSWER", "No.")
    assert resolution.send(escalation, "UPDATE", "We are on it.", Role.HANDLER).response_id


def test_no_case_is_resolved_without_an_answer_or_with_something_under_way(
    resolution: Resolution,
) -> None:
    escalation, shoes, coupon = resolution.promised()
    with refused("ANSWER_NOT_DELIVERED"):
        resolution.resolve(escalation)
    resolution.answer_customer(escalation)
    with refused("REMEDY_NOT_FINAL"):
        resolution.resolve(escalation)
    resolution.carry_out(escalation, shoes)
    resolution.carry_out(escalation, coupon)
    delivered(resolution, shoes)
    resolution.check(escalation, shoes)
    first = resolution.resolve(escalation)
    assert resolution.resolve(escalation).resolved_at == first.resolved_at
    assert resolution.types(escalation).count("EscalationResolved") == 1


def test_a_resolved_case_takes_no_offer_until_it_is_reopened(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    resolution.answer_customer(escalation)
    resolution.resolve(escalation)
    with refused("ESCALATION_CLOSED"):
        resolution.offer(escalation)
    resolution.advance(timedelta(days=21))
    resolution.reopened(escalation)
    assert resolution.offer(escalation, late_is_agreed=True).offer_id


def test_words_are_clear_for_who_may_read_and_sealed_in_the_log(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    resolution.carry_out(escalation, shoes)
    resolution.answer_customer(escalation)
    found = resolution.get(escalation)
    [offer] = found.offers
    assert (offer.explanation, offer.apology) == ("The soles were badly glued.", "We are sorry.")
    assert offer.state == pb.OFFER_STATE_ACCEPTED
    assert [one.state for one in offer.remedies] == [
        pb.REMEDY_STATE_ORDERED,
        pb.REMEDY_STATE_PROMISED,
    ]
    assert offer.remedies[0].reference == f"rep_{shoes}"
    assert found.responses[0].words == "It comes tonight."
    assert found.responses[0].HasField("delivered_at")
    for event in resolution.events(escalation):
        assert b"glued" not in event.SerializeToString()
        assert b"tonight" not in event.SerializeToString()


def test_a_new_grant_replaces_that_of_the_same_action_and_a_revoked_one_is_gone(
    resolution: Resolution,
) -> None:
    resolution.hear(
        resolution.grant(types_pb2.ACTION_GOODWILL, 500),
        resolution.grant(types_pb2.ACTION_GOODWILL, 300),
        resolution.grant(types_pb2.ACTION_RESHIP, 20000),
    )
    escalation = resolution.owned_case()
    limits = {one.action: one.amount for one in suggest(resolution, escalation).limits}
    assert limits == {
        types_pb2.ACTION_GOODWILL: pounds(300),
        types_pb2.ACTION_RESHIP: pounds(20000),
    }
    grant = routing_events_pb2.AuthorityGranted.FromString(
        resolution.logs["routing"].said[resolution.maya][1].data
    )
    resolution.hear(resolution.revoked(grant.grant_id))
    left = suggest(resolution, escalation).limits
    assert [one.action for one in left] == [types_pb2.ACTION_RESHIP]


def test_a_need_by_that_moved_counts_for_what_arrives_after_it(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    resolution.carry_out(escalation, shoes)
    resolution.hear(resolution.needed_by(escalation, resolution.now() + HOUR))
    resolution.advance(2 * HOUR)
    delivered(resolution, shoes)
    resolution.check(escalation, shoes)
    found = last(resolution, escalation, resolution_events_pb2.ReplacementDelivered)
    assert not found.in_time


def test_nothing_is_said_or_offered_in_a_closed_case(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    resolution.hear(resolution.closed(escalation))
    with refused("ESCALATION_CLOSED"):
        resolution.send(escalation, "ANSWER", "It comes tonight.", Role.HANDLER)
    with refused("ESCALATION_CLOSED"):
        resolution.offer(escalation)


def test_a_closed_case_that_a_late_no_reopened_goes_on(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    resolution.hear(resolution.closed(escalation), resolution.reopened(escalation))
    resolution.answer_customer(escalation)
    assert resolution.offer(escalation).offer_id


def test_two_answers_in_the_same_instant_are_one_decision(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    offer = resolution.offer(escalation).offer_id
    words = ("ACCEPT", "DECLINE", "ACCEPT", "DECLINE")
    with ThreadPoolExecutor(len(words)) as pool:
        found = [pool.submit(resolution.answer, escalation, offer, word) for word in words]
    lost = [one.exception() for one in found if one.exception()]
    assert len(lost) == len(words) - 1
    reasons = {refusal_of(one).reason for one in lost if isinstance(one, grpc.RpcError)}
    assert reasons == {"DECIDED_ALREADY"}


def test_two_who_carry_out_one_remedy_at_once_send_one_pair(resolution: Resolution) -> None:
    escalation, shoes, _ = resolution.promised()
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(resolution.carry_out, escalation, shoes) for _ in range(4)]
    assert {one.result().state for one in found} == {pb.REMEDY_STATE_ORDERED}
    assert resolution.merchant.created["replacement"] == 1
    assert resolution.types(escalation).count("RemedyStarted") == 1
    assert resolution.types(escalation).count("ReplacementOrdered") == 1


def test_what_others_told_can_be_rebuilt(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    resolution.hear(resolution.grant(types_pb2.ACTION_RESHIP, 20000))
    assert resolution.app.rebuild is not None
    resolution.app.rebuild()
    assert resolution.offer(escalation).offer_id
