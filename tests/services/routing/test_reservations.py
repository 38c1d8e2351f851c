from datetime import timedelta

from amends.v1 import resolution_events_pb2
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


def test_what_an_offer_that_ended_set_aside_is_free_again(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, goodwill="25")
    offer = shop.offered(escalation, kept.reservation_id)
    ended = resolution_events_pb2.OfferDeclined(escalation_id=escalation, offer_id=offer)
    shop.resolution_says(escalation, ended)
    assert shop.events(escalation)[-1] == "AuthorityReleased"
    shop.reserve(escalation, goodwill="25")


def test_before_a_no_resolution_is_asked_what_ended_meanwhile(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, goodwill="25")
    offer = shop.offered(escalation, kept.reservation_id)
    ended = resolution_events_pb2.OfferExpired(escalation_id=escalation, offer_id=offer)
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


def test_what_was_carried_out_is_settled_once_and_what_failed_is_released(shop: Routing) -> None:
    escalation = shop.owned()
    kept = shop.reserve(escalation, reship="64.90", goodwill="10")
    shop.offered(escalation, kept.reservation_id)
    completed = resolution_events_pb2.RemedyCompleted(
        escalation_id=escalation, remedy_id="rem_goodwill", reservation_id=kept.reservation_id
    )
    said = shop.resolution.say(escalation, completed, tenant=shop.tenant)
    shop.hear(said)
    shop.hear(said)
    failed = resolution_events_pb2.RemedyFailed(
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
