import pytest

from amends.v1 import routing_service_pb2 as pb
from amends.v1 import types_pb2
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


def test_who_is_not_in_the_directory_is_not_found(shop: Routing) -> None:
    with refused("DECISION_MAKER_NOT_FOUND"):
        entry(shop, "nobody")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.grant("nobody", reship="1")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.be_away("nobody")
    with refused("INVALID_MONEY"):
        shop.grant("tom", reship="0")
