from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import grpc
from sqlalchemy import Engine, text

from amends.eventstore.engine import make_engine
from amends.rpc.status import refusal_of
from amends.settings import Settings
from amends.v1 import followup_events_pb2, intake_events_pb2, resolution_events_pb2
from amends.v1 import routing_service_pb2 as pb
from tests.services.routing.conftest import Routing, new_id
from tests.services.routing.test_assignments import about, reasons, refused
from tests.services.routing.test_watching import Watcher

OFFERED, ACCEPTED = pb.ASSIGNMENT_STATE_OFFERED, pb.ASSIGNMENT_STATE_ACCEPTED
GONE, RETURNED = pb.ASSIGNMENT_STATE_HANDED_OVER, pb.ASSIGNMENT_STATE_RETURNED
NOTE = "She was told to expect a call at five."


def test_the_receiver_sees_the_offer_and_the_owner_who_is_waited_for(shop: Routing) -> None:
    escalation = shop.owned()
    offered = shop.hand_over(escalation, note=NOTE)
    assert about(offered.return_by.ToDatetime(tzinfo=UTC) - shop.now(), timedelta(minutes=30))
    [helens], [mayas] = shop.queue("helen"), shop.queue("maya")
    assert (helens.assignment_id, helens.state) == (offered.hand_over_id, OFFERED)
    assert (helens.escalation_id, helens.accept_by) == (escalation, offered.return_by)
    assert "to be accepted by" in helens.urgency
    assert mayas.state == ACCEPTED
    for item in (helens, mayas):
        told = item.hand_over
        assert (told.from_public_name, told.to_public_name) == ("Maya", "Helen")
        assert (told.hand_over_id, told.return_by) == (offered.hand_over_id, offered.return_by)
        assert told.note == NOTE
    assert shop.events(escalation)[-1] == "HandOverOffered"


def test_after_it_is_accepted_there_is_one_other_owner_everywhere(shop: Routing) -> None:
    escalation = shop.owned()
    offered = shop.hand_over(escalation)
    assert shop.take_over(offered.hand_over_id).escalation_id == escalation
    [helens] = shop.queue("helen")
    assert (helens.state, helens.hand_over.from_public_name) == (ACCEPTED, "Maya")
    assert shop.queue("maya") == []
    assert [one.state for one in shop.queue("maya", include_decided=True)] == [GONE]
    with refused("NOT_THE_OWNER"):
        shop.reserve(escalation, "maya", goodwill="1")
    assert shop.reserve(escalation, "helen", refund="300").decision_maker_id == "dm_helen"
    assert shop.events(escalation)[-2:] == ["OwnershipHandedOver", "AuthorityReserved"]


def test_a_limit_counts_for_each_owner_apart(shop: Routing) -> None:
    escalation = shop.owned()
    shop.reserve(escalation, goodwill="25")
    shop.take_over(shop.hand_over(escalation).hand_over_id)
    shop.take_over(shop.hand_over(escalation, "maya", "helen").hand_over_id, "maya")
    with refused("AUTHORITY_EXCEEDED"):
        shop.reserve(escalation, goodwill="1")


def test_the_same_request_is_the_same_answer_also_after_the_hand_over(shop: Routing) -> None:
    escalation = shop.opened()
    asked = shop.route(escalation).assignment.assignment_id
    accept = pb.AcceptAssignmentRequest(request_id=new_id(), assignment_id=asked)
    accepted = shop.ask("AcceptAssignment", accept, "maya")
    offer = pb.HandOverRequest(
        request_id=new_id(),
        escalation_id=escalation,
        to_decision_maker_id="dm_helen",
        reason="HAND_OVER_REASON_ABSENCE",
    )
    offered = shop.ask("HandOver", offer, "maya")
    take = pb.AcceptHandOverRequest(request_id=new_id(), hand_over_id=offered.hand_over_id)
    taken = shop.ask("AcceptHandOver", take, "helen")
    said = shop.events(escalation)
    assert shop.ask("AcceptAssignment", accept, "maya") == accepted
    assert shop.ask("HandOver", offer, "maya") == offered
    assert shop.ask("AcceptHandOver", take, "helen") == taken
    assert shop.events(escalation) == said
    with refused("DECIDED_ALREADY"):
        shop.accept(asked)
    with refused("NOT_THE_OWNER"):
        shop.hand_over(escalation)
    offer.to_decision_maker_id = "dm_ravi"
    with refused("REQUEST_ID_REUSED"):
        shop.ask("HandOver", offer, "maya")


def test_what_is_not_accepted_in_time_returns_by_the_clock(shop: Routing) -> None:
    escalation = shop.owned()
    offered = shop.hand_over(escalation)
    with refused("NOT_DUE"):
        shop.give_back(offered.hand_over_id)
    shop.advance(timedelta(minutes=31))
    assert shop.give_back(offered.hand_over_id) == pb.HAND_OVER_STATE_RETURNED
    assert shop.give_back(offered.hand_over_id) == pb.HAND_OVER_STATE_RETURNED
    with refused("DECIDED_ALREADY"):
        shop.take_over(offered.hand_over_id)
    assert shop.queue("helen") == []
    assert [one.state for one in shop.queue("helen", include_decided=True)] == [RETURNED]
    [mayas] = shop.queue("maya")
    assert (mayas.state, mayas.HasField("hand_over")) == (ACCEPTED, False)
    assert shop.events(escalation)[-2:] == ["HandOverOffered", "HandOverReturned"]


def test_the_clock_that_lost_the_race_is_told_what_stands(shop: Routing) -> None:
    offered = shop.hand_over(shop.owned())
    shop.take_over(offered.hand_over_id)
    shop.advance(timedelta(minutes=31))
    assert shop.give_back(offered.hand_over_id) == pb.HAND_OVER_STATE_ACCEPTED


def test_of_ten_who_accept_and_return_at_once_one_outcome_stands(shop: Routing) -> None:
    members = [f"ana{n}" for n in range(5)]
    shop.enter("desk", 4, kind="DECISION_MAKER_KIND_TEAM", subjects=members)
    shop.grant("desk", reship="200", expedited_shipping="30")
    escalation = shop.owned()
    offered = shop.hand_over(escalation, "desk").hand_over_id

    def press(n: int) -> str:
        try:
            if n % 2:
                shop.give_back(offered, "maya" if n == 9 else members[n // 2])
            else:
                shop.take_over(offered, members[n // 2])
        except grpc.RpcError as error:
            return refusal_of(error).reason
        return "RETURNED" if n % 2 else "ACCEPTED"

    with ThreadPoolExecutor(10) as all_of_them:
        told = list(all_of_them.map(press, range(10)))
    [outcome] = shop.events(escalation)[3:]
    if outcome == "OwnershipHandedOver":
        assert sorted(set(told)) == ["ACCEPTED", "DECIDED_ALREADY"]
        assert told.count("ACCEPTED") == 1
    else:
        assert outcome == "HandOverReturned"
        assert set(told) == {"RETURNED", "DECIDED_ALREADY"}
        assert told.count("DECIDED_ALREADY") == len(members)


def test_only_receiver_and_owner_have_a_say(shop: Routing) -> None:
    offered = shop.hand_over(shop.owned()).hand_over_id
    with refused("NOT_YOUR_HAND_OVER"):
        shop.take_over(offered, "tom")
    with refused("NOT_YOUR_HAND_OVER"):
        shop.take_over(offered, "maya")
    with refused("NOT_YOUR_HAND_OVER"):
        shop.give_back(offered, "tom")
    with refused("HAND_OVER_NOT_FOUND"):
        shop.take_over("hov_nobody")
    with refused("HAND_OVER_NOT_FOUND"):
        shop.give_back("hov_nobody")
    assert shop.give_back(offered, "maya") == pb.HAND_OVER_STATE_RETURNED
    shop.tenant = type(shop.tenant)("other-shop")
    with refused("HAND_OVER_NOT_FOUND"):
        shop.take_over(offered)


def test_who_could_not_take_it_is_not_asked(shop: Routing) -> None:
    escalation = shop.owned()
    with refused("AUTHORITY_EXCEEDED"):
        shop.hand_over(escalation, "tom")
    with refused("DECISION_MAKER_NOT_AVAILABLE"):
        shop.hand_over(escalation, "ravi")
    with refused("INVALID_FIELD"):
        shop.hand_over(escalation, "maya")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.hand_over(escalation, "nobody")
    with refused("NOT_THE_OWNER"):
        shop.hand_over(escalation, "maya", "helen")
    with refused("ESCALATION_NOT_FOUND"):
        shop.hand_over("esc_nobody")
    shop.hand_over(escalation)
    with refused("HAND_OVER_OPEN"):
        shop.hand_over(escalation)


def test_an_offer_takes_a_place_and_the_last_one_goes_to_one_of_many(shop: Routing) -> None:
    cases = [shop.owned() for _ in range(3)]
    shop.enter("helen", 3, capacity=1)

    def offer(escalation: str) -> str:
        try:
            return str(shop.hand_over(escalation).hand_over_id)
        except grpc.RpcError as error:
            return refusal_of(error).reason

    with ThreadPoolExecutor(3) as together:
        told = sorted(together.map(offer, cases))
    assert told[:2] == ["DECISION_MAKER_NOT_AVAILABLE"] * 2
    shop.give_back(told[2], "helen")
    assert offer(cases[0]) != "DECISION_MAKER_NOT_AVAILABLE"
    preview = pb.PreviewRouteRequest(escalation_id=cases[1])
    assert reasons(shop.ask("PreviewRoute", preview))["Helen"] == "AT_CAPACITY"


def test_a_full_team_hands_a_case_over_within_itself(routing: Routing) -> None:
    team = {"kind": "DECISION_MAKER_KIND_TEAM", "subjects": ["ana", "ben"]}
    routing.enter("desk", 1, capacity=1, **team)
    routing.grant("desk", reship="200", expedited_shipping="30")
    escalation = routing.opened()
    routing.accept(routing.route(escalation).assignment.assignment_id, "ana")
    offered = routing.hand_over(escalation, "desk", "ana").hand_over_id
    with refused("NOT_YOUR_HAND_OVER"):
        routing.take_over(offered, "ana")
    routing.take_over(offered, "ben")
    with refused("NOT_THE_OWNER"):
        routing.reserve(escalation, "ana", reship="1")
    routing.reserve(escalation, "ben", reship="1")


def test_a_case_that_goes_on_again_is_handed_over_though_it_was_not_heard_of(
    shop: Routing,
) -> None:
    escalation = shop.owned()
    resolved = resolution_events_pb2.EscalationResolved(escalation_id=escalation)
    resolved.resolved_at.FromDatetime(shop.now())
    shop.resolution_says(escalation, resolved)
    with refused("ESCALATION_CLOSED"):
        shop.hand_over(escalation)
    reopened = followup_events_pb2.EscalationReopened(escalation_id=escalation)
    reopened.reopened_at.FromDatetime(shop.now() + timedelta(seconds=1))
    shop.followup.say(escalation, reopened, tenant=shop.tenant)
    shop.hand_over(escalation)


def test_both_watchers_hear_of_every_turn_and_read_no_note(shop: Routing) -> None:
    escalation = shop.owned()
    mayas, helens = Watcher(shop, "maya"), Watcher(shop, "helen")
    assert mayas.next().assignment.state == ACCEPTED
    offered = shop.hand_over(escalation, note=NOTE).hand_over_id
    told = [watcher.next().assignment for watcher in (mayas, helens)]
    assert [one.hand_over.hand_over_id for one in told] == [offered, offered]
    assert [one.hand_over.note for one in told] == ["", ""]
    shop.take_over(offered)
    assert mayas.next().assignment.state == GONE
    assert helens.next().assignment.state == ACCEPTED
    for watcher in (mayas, helens):
        watcher.stop()


def test_queues_are_the_same_after_a_rebuild(shop: Routing, environment: Mapping[str, str]) -> None:
    given, returned, waits = (shop.owned() for _ in range(3))
    shop.take_over(shop.hand_over(given, note=NOTE).hand_over_id)
    shop.give_back(shop.hand_over(returned, note=NOTE).hand_over_id, "helen")
    shop.hand_over(waits, note=NOTE)
    said = intake_events_pb2.ContactRecorded(escalation_id=waits, priority=3)
    shop.hear(shop.intake.say(waits, said, tenant=shop.tenant))
    resolved = resolution_events_pb2.EscalationResolved(escalation_id=returned)
    resolved.resolved_at.FromDatetime(shop.now())
    shop.resolution_says(returned, resolved)
    engine = make_engine(Settings.of(environment).database_url_for("routing"))
    before = queues_of(engine, shop)
    assert len(before) == 6
    assert shop.app.rebuild is not None
    shop.app.rebuild()
    assert queues_of(engine, shop) == before
    engine.dispose()


def queues_of(engine: Engine, shop: Routing) -> list[dict[str, object]]:
    found = text("SELECT * FROM assignments WHERE tenant = :tenant ORDER BY assignment")
    with engine.connect() as conn:
        return [dict(row) for row in conn.execute(found, {"tenant": shop.tenant}).mappings()]
