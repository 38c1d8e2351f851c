"""Offers above the owner's authority: what another holder does about them, and who hears of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import grpc
import pytest
from google.protobuf.message import Message

from amends.rpc.status import refusal_of
from amends.v1 import resolution_events_pb2, routing_events_pb2, types_pb2
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Role
from tests.services.resolution.conftest import Resolution, last, new_id
from tests.services.resolution.neighbours import HOUR, pounds
from tests.services.resolution.test_resolution import refused

Act = Callable[[Resolution, str, str], object]


def approve(resolution: Resolution, escalation: str, offer: str) -> object:
    return resolution.approve(escalation, offer)


def reject(resolution: Resolution, escalation: str, offer: str) -> object:
    return resolution.reject(escalation, offer)


def withdraw(resolution: Resolution, escalation: str, offer: str) -> object:
    return resolution.withdraw(escalation, offer)


@pytest.mark.parametrize("reason", ["AUTHORITY_EXCEEDED", "CURRENCY_NOT_GRANTED"])
def test_what_is_above_the_owners_authority_becomes_a_draft(
    resolution: Resolution, reason: str
) -> None:
    escalation = resolution.owned_case()
    resolution.routing.refusal = reason
    draft = resolution.offer(escalation)
    assert draft.state == pb.OFFER_STATE_DRAFT
    assert not draft.HasField("expires_by")
    assert [(one.action, one.amount) for one in draft.needs] == [
        (types_pb2.ACTION_RESHIP, pounds(6490)),
        (types_pb2.ACTION_EXPEDITED_SHIPPING, pounds(1490)),
        (types_pb2.ACTION_GOODWILL, pounds(1000)),
    ]
    event = last(resolution, escalation, resolution_events_pb2.OfferDrafted)
    assert (event.maker, event.maker_subject) == (resolution.maya, "maya")
    assert draft.approve_by == event.approve_by
    left = event.cut_off.ToDatetime(UTC) - event.drafted_at.ToDatetime(UTC)
    assert draft.approve_by.ToDatetime(UTC) - event.drafted_at.ToDatetime(UTC) <= left / 2
    assert resolution.types(escalation) == ["OfferDrafted"]
    with refused("OFFER_ALREADY_OPEN"):
        resolution.offer(escalation)


def test_another_holder_makes_it_an_offer_in_their_own_name(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    approved = resolution.approve(escalation, draft.offer_id)
    assert approved.state == pb.OFFER_STATE_OPEN
    assert resolution.types(escalation) == ["OfferDrafted", "OfferApproved", "OfferMade"]
    asked = resolution.routing.asked[-1]
    assert asked.drafted_by == "maya"
    assert [use.amount for use in asked.uses] == [one.amount for one in draft.needs]
    made = last(resolution, escalation, resolution_events_pb2.OfferMade)
    yes = last(resolution, escalation, resolution_events_pb2.OfferApproved)
    assert (yes.approver, yes.approver_subject) == ("dm_helen", "helen")
    assert made.reservation_id == yes.reservation_id
    assert made.maker == resolution.maya
    assert [one.authorised_by for one in made.remedies[0].exceptions] == ["dm_helen"]
    drafted = last(resolution, escalation, resolution_events_pb2.OfferDrafted)
    assert made.expires_by == approved.expires_by == drafted.cut_off
    [offer] = resolution.get(escalation).offers
    assert (offer.explanation, offer.approver) == ("The soles were badly glued.", "dm_helen")
    assert offer.reservation_id == made.reservation_id
    answered = resolution.answer(escalation, draft.offer_id)
    assert answered.state == pb.OFFER_STATE_ACCEPTED


def test_another_holder_says_no_and_the_owner_offers_something_else(
    resolution: Resolution,
) -> None:
    escalation, draft = resolution.drafted()
    resolution.hear(resolution.entered("dm_helen", "DECISION_MAKER_KIND_PERSON", "helen"))
    rejected = resolution.reject(escalation, draft.offer_id, "Ask Mr. Quist for the receipt.")
    assert rejected.state == pb.OFFER_STATE_REJECTED
    [offer] = resolution.get(escalation).offers
    assert offer.reject_reason == resolution_events_pb2.REJECT_REASON_TOO_MUCH
    assert offer.reject_note == "Ask Mr. Quist for the receipt."
    assert offer.approver == "dm_helen"
    no = last(resolution, escalation, resolution_events_pb2.OfferRejected)
    assert no.offer_by.ToDatetime(UTC) - resolution.now() > HOUR
    assert all(b"Quist" not in one.data for one in resolution.events(escalation))
    resolution.routing.refusal = ""
    assert resolution.offer(escalation).state == pb.OFFER_STATE_OPEN


@pytest.mark.parametrize("decide", [approve, reject])
def test_nobody_decides_about_a_draft_of_their_own_even_when_the_case_is_not_theirs_any_more(
    resolution: Resolution, decide: Act
) -> None:
    escalation, draft = resolution.drafted()
    before, asked = resolution.types(escalation), len(resolution.routing.asked)
    acts: dict[Act, Callable[..., object]] = {
        approve: resolution.approve,
        reject: resolution.reject,
    }
    with refused("SELF_APPROVAL"):
        acts[decide](escalation, draft.offer_id, subject="maya")
    resolution.hear(resolution.handed_over(escalation))
    with refused("SELF_APPROVAL"):
        acts[decide](escalation, draft.offer_id, subject="maya")
    assert resolution.types(escalation) == before
    assert len(resolution.routing.asked) == asked


def test_whose_authority_does_not_cover_a_draft_does_not_stand_in_for_it(
    resolution: Resolution,
) -> None:
    escalation, draft = resolution.drafted()
    for reason in ("AUTHORITY_EXCEEDED", "CURRENCY_NOT_GRANTED", "DECISION_MAKER_NOT_FOUND"):
        resolution.routing.helens_refusal = reason
        with refused(reason):
            resolution.approve(escalation, draft.offer_id)
    assert resolution.types(escalation) == ["OfferDrafted"]


def test_who_is_in_no_entry_of_the_directory_rejects_nothing(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    resolution.routing.helens_refusal = "DECISION_MAKER_NOT_FOUND"
    with refused("DECISION_MAKER_NOT_FOUND"):
        resolution.reject(escalation, draft.offer_id, subject="zoe")
    assert resolution.types(escalation) == ["OfferDrafted"]
    resolution.routing.helens_refusal = ""
    resolution.reject(escalation, draft.offer_id, subject="zoe")
    no = last(resolution, escalation, resolution_events_pb2.OfferRejected)
    assert no.approver == "dm_helen"


def test_two_who_approve_in_the_same_instant_make_one_offer(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    people = ("helen", "iris", "helen", "iris")
    with ThreadPoolExecutor(len(people)) as pool:
        found = [
            pool.submit(resolution.approve, escalation, draft.offer_id, subject=who)
            for who in people
        ]
    lost = [one.exception() for one in found if one.exception()]
    assert len(lost) == len(people) - 1
    refusals = [refusal_of(one) for one in lost if isinstance(one, grpc.RpcError)]
    assert {one.reason for one in refusals} == {"DECIDED_ALREADY"}
    assert {one.metadata["state"] for one in refusals} == {"OPEN"}
    assert resolution.types(escalation) == ["OfferDrafted", "OfferApproved", "OfferMade"]


def test_a_yes_and_a_no_in_the_same_instant_are_one_decision(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    with ThreadPoolExecutor(4) as pool:
        found = [
            pool.submit(act, resolution, escalation, draft.offer_id)
            for act in (approve, reject, approve, reject)
        ]
    lost = [one.exception() for one in found if one.exception()]
    assert len(lost) == len(found) - 1
    reasons = {refusal_of(one).reason for one in lost if isinstance(one, grpc.RpcError)}
    assert reasons == {"DECIDED_ALREADY"}


def test_a_customer_never_hears_of_a_draft_whatever_becomes_of_it(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    for _ in range(2):
        with refused("OFFER_NOT_OPEN"):
            resolution.answer(escalation, draft.offer_id)
        assert not resolution.get(escalation, Role.PLATFORM).offers
        assert len(resolution.get(escalation).offers) == 1
        if resolution.get(escalation).offers[0].state == pb.OFFER_STATE_DRAFT:
            resolution.reject(escalation, draft.offer_id)
    assert resolution.offer(escalation).state == pb.OFFER_STATE_DRAFT
    second = resolution.get(escalation).offers[1].offer_id
    resolution.approve(escalation, second)
    assert [one.offer_id for one in resolution.get(escalation, Role.PLATFORM).offers] == [second]


def test_a_draft_whose_shipping_cannot_be_ordered_any_more_is_not_approved(
    resolution: Resolution,
) -> None:
    escalation, draft = resolution.drafted()
    resolution.advance(HOUR)
    asked = len(resolution.routing.asked)
    with refused("OFFER_NOT_OPEN"):
        resolution.approve(escalation, draft.offer_id)
    assert len(resolution.routing.asked) == asked
    assert resolution.withdraw(escalation, draft.offer_id).state == pb.OFFER_STATE_WITHDRAWN


def test_a_repeated_approval_is_the_same_approval(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    request = pb.ApproveOfferRequest(
        request_id=new_id(), escalation_id=escalation, offer_id=draft.offer_id
    )
    answers = [
        resolution.ask("ApproveOffer", request, Role.DECISION_MAKER, subject="helen")
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert resolution.types(escalation).count("OfferMade") == 1


@pytest.mark.parametrize("drafted", [True, False])
def test_the_owner_takes_an_offer_back_and_nobody_else_does(
    resolution: Resolution, *, drafted: bool
) -> None:
    escalation, made = resolution.drafted() if drafted else _offered(resolution)
    with refused("NOT_THE_OWNER"):
        resolution.withdraw(escalation, made.offer_id, subject="helen")
    assert resolution.withdraw(escalation, made.offer_id).state == pb.OFFER_STATE_WITHDRAWN
    with refused("OFFER_NOT_OPEN" if drafted else "DECIDED_ALREADY"):
        resolution.answer(escalation, made.offer_id)
    for act in (approve, reject, withdraw):
        with refused("DECIDED_ALREADY"):
            act(resolution, escalation, made.offer_id)
    event = last(resolution, escalation, resolution_events_pb2.OfferWithdrawn)
    assert event.offer_by.ToDatetime(UTC) > event.withdrawn_at.ToDatetime(UTC)
    resolution.routing.refusal = ""
    assert resolution.offer(escalation).state == pb.OFFER_STATE_OPEN


def test_what_was_answered_is_not_taken_back(resolution: Resolution) -> None:
    escalation, made = _offered(resolution)
    resolution.answer(escalation, made.offer_id)
    with refused("DECIDED_ALREADY"):
        resolution.withdraw(escalation, made.offer_id)


def test_an_offer_that_was_no_draft_is_not_approved_and_an_unknown_one_not_found(
    resolution: Resolution,
) -> None:
    escalation, made = _offered(resolution)
    for act in (approve, reject):
        with refused("DECIDED_ALREADY"):
            act(resolution, escalation, made.offer_id)
        with refused("OFFER_NOT_FOUND"):
            act(resolution, escalation, "off_nothing")
    with refused("OFFER_NOT_FOUND"):
        resolution.withdraw(escalation, "off_nothing")


def test_no_case_is_resolved_while_a_draft_waits(resolution: Resolution) -> None:
    escalation, draft = resolution.drafted()
    resolution.answer_customer(escalation)
    with refused("REMEDY_NOT_FINAL"):
        resolution.resolve(escalation)
    resolution.withdraw(escalation, draft.offer_id)
    resolution.resolve(escalation)
    assert not last(resolution, escalation, resolution_events_pb2.EscalationResolved).made_right


def test_the_share_that_a_customer_counters_with_is_what_is_sought_from_then_on(
    resolution: Resolution,
) -> None:
    escalation, made = _offered(resolution)
    sought = types_pb2.RemedySought(
        kinds=["REMEDY_KIND_REFUND", "REMEDY_KIND_PERCENTAGE_OFF"], percent=50
    )
    answered = resolution.answer(
        escalation, made.offer_id, "COUNTER", remedy_sought=sought, words="half off, please"
    )
    assert answered.state == pb.OFFER_STATE_COUNTERED
    event = last(resolution, escalation, resolution_events_pb2.OfferCountered)
    assert event.remedy_sought == sought
    assert resolution.offer(escalation).state == pb.OFFER_STATE_OPEN


@pytest.mark.parametrize(
    "kind", [routing_events_pb2.OwnershipTaken, routing_events_pb2.EscalationDeescalated]
)
def test_whoever_was_given_the_case_owns_it_at_once(
    resolution: Resolution, kind: type[Message]
) -> None:
    escalation, made = _offered(resolution)
    resolution.given_to_helen(escalation, kind)
    with pytest.raises(grpc.RpcError) as refusal:
        resolution.offer(escalation)
    assert refusal_of(refusal.value).metadata["owner"] == "Helen"
    withdrawn = resolution.withdraw(escalation, made.offer_id, subject="helen")
    assert withdrawn.state == pb.OFFER_STATE_WITHDRAWN


def _offered(resolution: Resolution) -> tuple[str, pb.MakeOfferResponse]:
    escalation = resolution.owned_case()
    return escalation, resolution.offer(escalation)
