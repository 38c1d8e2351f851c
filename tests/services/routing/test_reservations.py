from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from amends.v1 import resolution_events_pb2 as rp
from amends.v1 import routing_service_pb2 as pb
from tests.services.routing.conftest import Routing
from tests.services.routing.test_assignments import refused


def test_the_owners_authority_is_set_aside_with_the_grants_that_cover_it(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, reship="64.90", expedited_shipping="14.90", goodwill="10")
    assert (kept.decision_maker_id, kept.public_name) == ("dm_maya", "Maya")
    assert all(use.grant_id.startswith("grn_") for use in kept.uses)
    assert kept.reservation_id.startswith("rsv_")
    assert shop.events(escalation)[-1] == "AuthorityReserved"


def test_only_the_owner_reserves(shop: Routing) -> None:
    escalation = shop.owned()
    with refused("NOT_THE_OWNER"):
        shop.reserve(escalation, "helen", goodwill="1")
    with refused("NOT_THE_OWNER"):
        shop.reserve(escalation, "", goodwill="1")
    with refused("ESCALATION_NOT_FOUND"):
        shop.reserve("esc_nobody", goodwill="1")
    with refused("NOT_THE_OWNER"):
        shop.reserve(shop.opened(), goodwill="1")


def test_a_limit_counts_per_case(shop: Routing) -> None:
    escalation = shop.owned()
    shop.reserve(escalation, goodwill="20")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="6")
    shop.reserve(shop.owned(), goodwill="25")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, refund="1")


@pytest.mark.parametrize("ended", [rp.OfferDeclined, rp.OfferWithdrawn, rp.OfferRejected])
def test_what_an_offer_that_ended_set_aside_is_free_again(
    shop: Routing, ended: type[rp.OfferDeclined | rp.OfferWithdrawn | rp.OfferRejected]
) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, goodwill="25")
    offer = shop.offered(escalation, kept.reservation_id)
    shop.resolution_says(escalation, ended(escalation_id=escalation, offer_id=offer))
    assert shop.events(escalation)[-1] == "AuthorityReleased"
    shop.reserve(escalation, goodwill="25")


@pytest.mark.parametrize("back", [rp.RemedyFailed, rp.RemedyCompensated])
def test_what_was_settled_is_free_again_once_its_money_came_back(
    shop: Routing, back: type[rp.RemedyFailed | rp.RemedyCompensated]
) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, reship="200", goodwill="25")
    shop.offered(escalation, kept.reservation_id)
    done: dict[str, Any] = {
        "escalation_id": escalation,
        "remedy_id": "rem_goodwill",
        "reservation_id": kept.reservation_id,
    }
    shop.resolution_says(escalation, rp.RemedyCompleted(**done))
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")
    shop.resolution_says(escalation, back(**done))
    assert shop.events(escalation)[-2:] == ["AuthoritySettled", "AuthorityReleased"]
    shop.reserve(escalation, goodwill="25")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, reship="1")


def test_another_holder_stands_in_for_a_draft(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, "helen", "maya", refund="300")
    assert (kept.decision_maker_id, kept.public_name) == ("dm_helen", "Helen")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, "helen", "maya", refund="701")
    with refused("SELF_APPROVAL"):
        shop.reserve(escalation, "maya", "maya", goodwill="1")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.reserve(escalation, "zoe", "maya", goodwill="1")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.reserve(escalation, "", "maya", goodwill="1")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, "tom", "maya", refund="1")
    with refused("ESCALATION_NOT_FOUND"):
        shop.reserve("esc_nobody", "helen", "maya", refund="1")


def test_a_member_stands_in_with_the_authority_of_their_team(shop: Routing) -> None:
    shop.enter("ana", 1)
    shop.enter("desk", 4, kind="DECISION_MAKER_KIND_TEAM", subjects=["ana", "ben"])
    shop.grant("desk", refund="500")
    kept = shop.reserve(shop.owned(), "ana", "maya", refund="300")
    assert (kept.decision_maker_id, kept.public_name) == ("dm_desk", "Desk")


def test_a_caller_is_told_who_they_are_in_the_directory(shop: Routing) -> None:
    shop.enter("ana", 2)
    shop.enter("desk", 1, kind="DECISION_MAKER_KIND_TEAM", subjects=["ana", "ben"])
    shop.enter("courier", 1, kind="DECISION_MAKER_KIND_PARTNER", subjects=["cleo"])
    own = {
        who: shop.ask("GetOwnEntry", pb.GetOwnEntryRequest(), person=who).decision_maker_id
        for who in ("helen", "ana", "ben")
    }
    assert own == {"helen": "dm_helen", "ana": "dm_desk", "ben": "dm_desk"}
    for nobody in ("zoe", "cleo", ""):
        with refused("DECISION_MAKER_NOT_FOUND"):
            shop.ask("GetOwnEntry", pb.GetOwnEntryRequest(), person=nobody)


def test_before_a_no_resolution_is_asked_what_ended_meanwhile(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, goodwill="25")
    offer = shop.offered(escalation, kept.reservation_id)
    ended = rp.OfferExpired(escalation_id=escalation, offer_id=offer)
    shop.resolution.say(escalation, ended, tenant=shop.tenant)
    shop.reserve(escalation, goodwill="25")
    assert shop.events(escalation)[-2:] == ["AuthorityReleased", "AuthorityReserved"]


def test_what_no_offer_named_within_a_minute_is_free_again(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, goodwill="5")
    shop.offered(escalation, kept.reservation_id)
    shop.reserve(escalation, goodwill="20")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="20")
    shop.advance(timedelta(seconds=61))
    shop.reserve(escalation, goodwill="20")
    assert shop.events(escalation)[-2:] == ["AuthorityReleased", "AuthorityReserved"]
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")


def test_what_cannot_be_known_to_be_unnamed_is_not_freed(shop: Routing) -> None:
    """Resolution's offer may stand behind what routing cannot read: its stream is parked."""
    escalation = shop.owned()
    kept = shop.reserve(escalation, goodwill="25")
    torn = shop.resolution.say(escalation, rp.OfferDrafted(), tenant=shop.tenant)
    log = shop.resolution.said[shop.tenant, escalation]
    log[-1] = replace(torn, data=b"\xff")
    shop.hear(log[-1])
    shop.offered(escalation, kept.reservation_id)
    shop.advance(timedelta(seconds=61))
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")
    log[-2] = replace(torn, type="amends.v1.OfferExplained", data=b"")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")
    assert "AuthorityReleased" not in shop.events(escalation)


def test_what_was_carried_out_is_settled_once_and_what_failed_is_released(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, reship="64.90", goodwill="10")
    shop.offered(escalation, kept.reservation_id)
    completed = rp.RemedyCompleted(
        escalation_id=escalation, remedy_id="rem_goodwill", reservation_id=kept.reservation_id
    )
    said = shop.resolution.say(escalation, completed, tenant=shop.tenant)
    shop.hear(said)
    shop.hear(said)
    failed = rp.RemedyFailed(
        escalation_id=escalation, remedy_id="rem_reship", reservation_id=kept.reservation_id
    )
    shop.resolution_says(escalation, failed)
    assert shop.events(escalation)[-2:] == ["AuthoritySettled", "AuthorityReleased"]
    shop.reserve(escalation, reship="200", goodwill="15")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")


def test_a_grant_that_was_taken_back_covers_nothing(shop: Routing) -> None:
    escalation = shop.owned()
    shop.grant("maya", goodwill="5")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="6")


def test_read_models_are_the_same_after_a_rebuild(shop: Routing) -> None:
    escalation = shop.owned()
    shop.reserve(escalation, goodwill="25")
    before = shop.queue("ops", include_decided=True)
    assert shop.app.rebuild is not None
    shop.app.rebuild()
    assert [one.assignment_id for one in shop.queue("ops", include_decided=True)] == [
        one.assignment_id for one in before
    ]
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")
