from collections.abc import Mapping

import pytest
from sqlalchemy import delete

from amends.eventstore.engine import make_engine
from amends.settings import Settings
from amends.v1 import routing_service_pb2 as pb
from amends.v1 import types_pb2
from amends.values.identity import Tenant
from services.routing.read_models.tables import subjects
from tests.services.routing.conftest import Routing, gbp, new_id
from tests.services.routing.test_assignments import refused


def entry(routing: Routing, name: str) -> pb.DecisionMaker:
    request = pb.GetDecisionMakerRequest(decision_maker_id=f"dm_{name}")
    found: pb.DecisionMaker = routing.ask("GetDecisionMaker", request, "ops").decision_maker
    return found


def test_the_directory_shows_everybody_least_senior_first(shop: Routing) -> None:
    found = shop.ask("ListDecisionMakers", pb.ListDecisionMakersRequest(), "ops")
    names = [one.public_name for one in found.decision_makers]
    assert names == ["Tom", "Maya", "Ravi", "Helen"]
    assert [one.available for one in found.decision_makers] == [True, True, False, True]
    first = shop.ask("ListDecisionMakers", pb.ListDecisionMakersRequest(page_size=3), "ops")
    rest = pb.ListDecisionMakersRequest(page_token=first.next_page_token)
    [last] = shop.ask("ListDecisionMakers", rest, "ops").decision_makers
    assert last.public_name == "Helen"
    assert not shop.ask("ListDecisionMakers", rest, "ops").next_page_token


def test_an_entry_comes_back_as_it_was_written(shop: Routing) -> None:
    hours = [{"weekday": 1, "from_minute": 540, "until_minute": 1020}]
    calendar = {"zone": "Europe/London", "hours": hours, "holidays": ["2026-12-25"]}
    shop.enter("tom", 1, calendar=calendar, manager="dm_maya", skills=["shoes"], languages=["en"])
    tom = entry(shop, "tom")
    assert tom.calendar.holidays == ["2026-12-25"]
    assert tom.calendar.hours[0].until_minute == 1020
    assert (tom.manager, list(tom.skills), list(tom.languages)) == ("dm_maya", ["shoes"], ["en"])
    assert [(grant.action, grant.per_case) for grant in tom.grants] == [
        (types_pb2.ACTION_RESHIP, gbp("60")),
        (types_pb2.ACTION_GOODWILL, gbp("5")),
    ]
    assert tom.grants[0].grant_id.startswith("grn_")


def test_writing_the_same_again_is_no_new_event(shop: Routing) -> None:
    before = shop.events("dm_tom")
    shop.enter("tom", 1)
    shop.grant("tom", reship="60")
    shop.be_away("tom", away=False)
    assert shop.events("dm_tom") == before
    shop.grant("tom", reship="70")
    assert shop.events("dm_tom")[len(before) :] == ["AuthorityRevoked", "AuthorityGranted"]


def test_a_grant_that_is_taken_back_is_gone(shop: Routing) -> None:
    [reship, goodwill] = entry(shop, "tom").grants
    revoke = pb.RevokeAuthorityRequest(
        request_id=new_id(), decision_maker_id="dm_tom", grant_id=goodwill.grant_id
    )
    shop.ask("RevokeAuthority", revoke, "ops")
    assert entry(shop, "tom").grants == [reship]
    again = pb.RevokeAuthorityRequest(
        request_id=new_id(), decision_maker_id="dm_tom", grant_id=goodwill.grant_id
    )
    with refused("GRANT_NOT_FOUND"):
        shop.ask("RevokeAuthority", again, "ops")


def test_a_decision_maker_speaks_for_himself_only(shop: Routing) -> None:
    shop.be_away("maya", "maya")
    assert not entry(shop, "maya").available
    with refused("NOT_YOURSELF"):
        shop.be_away("maya", "tom")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"manager": "dm_nobody"}, "DECISION_MAKER_NOT_FOUND"),
        ({"subjects": ["a", "b"]}, "INVALID_FIELD"),
        ({"calendar": {"zone": "Nowhere"}}, "INVALID_FIELD"),
        ({"capacity": 0}, "INVALID_FIELD"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(
    shop: Routing, said: dict[str, object], reason: str
) -> None:
    with refused(reason):
        shop.enter("tom", 1, **said)


def test_a_subject_is_one_person_until_that_one_leaves_it(shop: Routing) -> None:
    with refused("SUBJECT_TAKEN"):
        shop.enter("anna", 1, subjects=["maya"])
    shop.enter("desk", 1, subjects=["maya", "anna"], kind="DECISION_MAKER_KIND_TEAM")
    shop.enter("maya", 2, subjects=["maya.two"])
    shop.enter("anna", 1, subjects=["maya"])
    with refused("SUBJECT_TAKEN"):
        shop.enter("maya", 2)


def test_a_subject_may_be_a_person_of_another_shop_too(shop: Routing) -> None:
    here, shop.tenant = shop.tenant, Tenant(f"{shop.tenant}-too")
    shop.enter("anna", 1, subjects=["maya"])
    shop.grant("anna", by="helen", refund="5000")
    shop.tenant = here


def test_nobody_who_holds_authority_grants_more_than_that(shop: Routing) -> None:
    shop.grant("tom", by="maya", reship="200")
    with refused("AUTHORITY_EXCEEDED"):
        shop.grant("tom", by="maya", reship="200.01")
    with refused("AUTHORITY_EXCEEDED"):
        shop.grant("maya", by="maya", refund="1")
    shop.grant("maya", by="maya", goodwill="10")
    with refused("AUTHORITY_EXCEEDED"):
        shop.grant("maya", by="maya", goodwill="25")


def test_a_member_of_a_team_grants_up_to_what_the_team_holds(shop: Routing) -> None:
    shop.enter("desk", 1, subjects=["anna", "tom"], kind="DECISION_MAKER_KIND_TEAM")
    shop.grant("desk", refund="80")
    shop.grant("maya", by="tom", refund="80")
    with refused("AUTHORITY_EXCEEDED"):
        shop.grant("maya", by="tom", refund="81")


def test_a_rebuilt_directory_knows_who_is_who(shop: Routing) -> None:
    shop.enter("maya", 2, subjects=["maya.two"])
    shop.enter("anna", 1, subjects=["maya"])
    assert shop.app.rebuild is not None
    shop.app.rebuild()
    with refused("SUBJECT_TAKEN"):
        shop.enter("tom", 1, subjects=["maya"])
    shop.enter("anna", 1, subjects=["anna"])
    shop.enter("tom", 1, subjects=["maya"])


def test_a_log_from_before_the_rule_is_rebuilt_and_the_later_entry_is_the_person(
    shop: Routing, environment: Mapping[str, str]
) -> None:
    engine = make_engine(Settings.of(environment).database_url_for("routing"))
    with engine.begin() as conn:
        conn.execute(delete(subjects).where(subjects.c.tenant == shop.tenant))
    engine.dispose()
    shop.enter("anna", 1, subjects=["maya"])
    assert shop.app.rebuild is not None
    shop.app.rebuild()
    shop.enter("anna", 2, subjects=["maya"])
    with refused("SUBJECT_TAKEN"):
        shop.enter("maya", 3)


def test_who_is_not_in_the_directory_is_not_found(shop: Routing) -> None:
    with refused("DECISION_MAKER_NOT_FOUND"):
        entry(shop, "nobody")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.grant("nobody", reship="1")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.be_away("nobody")
    with refused("INVALID_MONEY"):
        shop.grant("tom", reship="0")
