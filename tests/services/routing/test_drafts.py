import uuid
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import text

from amends.eventstore.engine import make_engine
from amends.eventstore.records import to_timestamp
from amends.settings import Settings
from amends.v1 import resolution_events_pb2 as rp
from amends.v1 import routing_service_pb2 as pb
from amends.v1 import types_pb2
from tests.services.routing.conftest import Routing, gbp
from tests.services.routing.test_watching import Watcher

OFFERED, RETURNED = pb.ASSIGNMENT_STATE_OFFERED, pb.ASSIGNMENT_STATE_RETURNED
ENDS = [rp.OfferApproved, rp.OfferRejected, rp.OfferWithdrawn]


def drafted(shop: Routing, escalation: str, action: str = "REFUND", amount: str = "300") -> str:
    """Maya drafts an offer above her authority."""
    offer = f"off_{uuid.uuid4().hex}"
    event = rp.OfferDrafted(
        escalation_id=escalation,
        offer_id=offer,
        maker="dm_maya",
        maker_subject="maya",
        needs=[types_pb2.AuthorityNeed(action=f"ACTION_{action}", amount=gbp(amount))],
        drafted_at=to_timestamp(shop.now()),
        approve_by=to_timestamp(shop.now() + timedelta(minutes=30)),
    )
    shop.resolution_says(escalation, event)
    return offer


def test_a_draft_stands_in_the_queue_of_whoever_may_decide_about_it(shop: Routing) -> None:
    shop.enter("ines", 4)
    shop.grant("ines", refund="500")
    escalation = shop.owned()
    offer = drafted(shop, escalation)
    for who in ("helen", "ines"):
        [waits] = shop.queue(who)
        assert (waits.draft_offer_id, waits.escalation_id) == (offer, escalation)
        assert (waits.state, waits.decision_maker_id) == (OFFERED, f"dm_{who}")
        assert "to be approved or rejected by" in waits.urgency
        assert [need.amount.units for need in waits.needs] == [300]
    assert shop.queue("tom") == []
    assert [one.draft_offer_id for one in shop.queue("maya")] == [""]
    assert [one.draft_offer_id for one in shop.queue("ops")].count(offer) == 1
    helen = pb.GetDecisionMakerRequest(decision_maker_id="dm_helen")
    assert shop.ask("GetDecisionMaker", helen, "ops").decision_maker.load == 0


@pytest.mark.parametrize("ends", ENDS)
def test_a_draft_that_was_decided_stands_in_no_queue(
    shop: Routing, ends: type[rp.OfferApproved | rp.OfferRejected | rp.OfferWithdrawn]
) -> None:
    escalation = shop.owned()
    offer = drafted(shop, escalation)
    shop.resolution_says(escalation, ends(escalation_id=escalation, offer_id=offer))
    assert shop.queue("helen") == []


def test_it_waits_for_who_comes_back_or_is_granted_it_and_for_nobody_else(shop: Routing) -> None:
    shop.be_away("helen")
    drafted(shop, shop.owned())
    assert shop.queue("helen") == []
    shop.be_away("helen", away=False)
    assert len(shop.queue("helen")) == 1
    assert shop.queue("ravi") == []
    shop.be_away("ravi", away=False)
    shop.grant("ravi", refund="300")
    assert len(shop.queue("ravi")) == 1
    shop.grant("ravi", refund="299")
    assert shop.queue("ravi") == []


def test_drafts_and_assignments_come_in_pages_in_one_order(shop: Routing) -> None:
    offers = [drafted(shop, shop.owned()) for _ in range(2)]
    handed = shop.hand_over(shop.owned()).hand_over_id
    everything = [one.assignment_id for one in shop.queue("helen")]
    assert sorted(everything) == sorted([*offers, handed])
    found: list[str] = []
    request = pb.ListAssignmentsRequest(page_size=1)
    while not found or request.page_token:
        page = shop.ask("ListAssignments", request, "helen")
        found += [one.assignment_id for one in page.assignments]
        request.page_token = page.next_page_token
    assert found == everything


def test_a_watcher_hears_of_a_draft_and_that_it_waits_no_more(shop: Routing) -> None:
    first = shop.owned()
    helens = Watcher(shop, "helen")
    offer = drafted(shop, first)
    told = helens.next().assignment
    assert (told.draft_offer_id, told.state) == (offer, OFFERED)
    shop.resolution_says(first, rp.OfferRejected(escalation_id=first, offer_id=offer))
    told = helens.next().assignment
    assert (told.assignment_id, told.draft_offer_id, told.state) == (offer, "", RETURNED)
    helens.stop()


def test_a_watcher_hears_of_a_draft_once_the_authority_for_it_is_granted(shop: Routing) -> None:
    small = drafted(shop, shop.owned(), "GOODWILL", "5")
    toms = Watcher(shop, "tom")
    assert toms.next().assignment.draft_offer_id == small
    large = drafted(shop, shop.owned())
    shop.grant("tom", refund="400")
    told = {toms.next().assignment.draft_offer_id for _ in range(2)}
    assert told == {small, large}
    toms.stop()


def test_who_watches_from_a_token_hears_only_what_came_since(shop: Routing) -> None:
    helens = Watcher(shop, "helen")
    drafted(shop, shop.owned())
    token = helens.next().watch_token
    helens.stop()
    second = drafted(shop, shop.owned())
    resumed = Watcher(shop, "helen", token)
    assert resumed.next().assignment.draft_offer_id == second
    resumed.stop()


def test_the_draft_of_a_case_that_is_over_waits_for_nobody(shop: Routing) -> None:
    escalation = shop.owned()
    drafted(shop, escalation)
    helens = Watcher(shop, "helen")
    helens.next()
    resolved = rp.EscalationResolved(escalation_id=escalation)
    resolved.resolved_at.FromDatetime(shop.now())
    shop.resolution_says(escalation, resolved)
    assert helens.next().assignment.over
    assert shop.queue("helen") == []
    helens.stop()


def test_drafts_are_the_same_after_a_rebuild(shop: Routing, environment: Mapping[str, str]) -> None:
    first, second = shop.owned(), shop.owned()
    decided = drafted(shop, first)
    drafted(shop, second)
    shop.resolution_says(first, rp.OfferRejected(escalation_id=first, offer_id=decided))
    engine = make_engine(Settings.of(environment).database_url_for("routing"))

    def tables() -> list[list[dict[str, object]]]:
        with engine.connect() as conn:
            return [
                [dict(row) for row in conn.execute(text(asked), {"tenant": shop.tenant}).mappings()]
                for asked in (
                    "SELECT * FROM drafts WHERE tenant = :tenant ORDER BY offer",
                    "SELECT * FROM holders WHERE tenant = :tenant ORDER BY decision_maker",
                )
            ]

    before = tables()
    assert shop.app.rebuild is not None
    shop.app.rebuild()
    assert tables() == before
    engine.dispose()


def test_a_member_of_the_makers_team_decides_and_the_maker_does_not(shop: Routing) -> None:
    shop.enter("desk", 2, kind="DECISION_MAKER_KIND_TEAM", subjects=["maya", "ben"])
    shop.grant("desk", refund="500")
    offer = drafted(shop, shop.owned())
    assert [one.draft_offer_id for one in shop.queue("ben")] == [offer]
    assert offer not in [one.draft_offer_id for one in shop.queue("maya")]
