from collections.abc import Mapping

from amends.eventstore.engine import make_engine
from amends.settings import Settings
from amends.v1 import routing_service_pb2 as pb
from tests.services.routing.conftest import Routing, new_id
from tests.services.routing.test_assignments import refused
from tests.services.routing.test_hand_over import queues_of
from tests.services.routing.test_watching import Watcher

ACCEPTED, GONE = pb.ASSIGNMENT_STATE_ACCEPTED, pb.ASSIGNMENT_STATE_TAKEN_OVER
NONE_OF_OURS = ("e30", "e30=", "bm9uc2Vuc2U=")
NOTE = "She was told to expect a call at five."


def take(
    shop: Routing, escalation: str, to: str = "helen", who: str = "ops"
) -> pb.TakeOverResponse:
    request = pb.TakeOverRequest(
        request_id=new_id(),
        escalation_id=escalation,
        to_decision_maker_id=f"dm_{to}",
        reason="TAKE_OVER_REASON_OVERDUE",
        note=NOTE,
    )
    answer: pb.TakeOverResponse = shop.ask("TakeOver", request, who)
    return answer


def deescalate(
    shop: Routing, escalation: str, to: str = "maya", who: str = "helen"
) -> pb.DeescalateResponse:
    request = pb.DeescalateRequest(
        request_id=new_id(),
        escalation_id=escalation,
        to_decision_maker_id=f"dm_{to}",
        reason="TAKE_OVER_REASON_NO_LONGER_NEEDED",
        note=NOTE,
    )
    answer: pb.DeescalateResponse = shop.ask("Deescalate", request, who)
    return answer


def test_after_it_is_taken_over_there_is_one_other_owner_everywhere(shop: Routing) -> None:
    escalation = shop.owned()
    shop.hand_over(escalation, "helen")
    taken = take(shop, escalation)
    assert (taken.decision_maker_id, taken.public_name) == ("dm_helen", "Helen")
    [helens] = shop.queue("helen")
    assert (helens.state, helens.note, helens.HasField("hand_over")) == (ACCEPTED, NOTE, False)
    assert len(helens.needs) == 2
    assert shop.queue("maya") == []
    assert [one.state for one in shop.queue("maya", include_decided=True)] == [GONE]
    with refused("NOT_THE_OWNER"):
        shop.reserve(escalation, "maya", goodwill="1")
    assert shop.reserve(escalation, "helen", refund="300").decision_maker_id == "dm_helen"
    with refused("ALREADY_THE_OWNER"):
        take(shop, escalation)
    assert shop.events(escalation)[-2:] == ["OwnershipTaken", "AuthorityReserved"]


def test_a_case_that_waits_for_nobody_found_is_given_and_its_alarm_clears(shop: Routing) -> None:
    for name in ("maya", "helen"):
        shop.be_away(name)
    escalation = shop.opened()
    assert shop.route(escalation).HasField("retry_at")
    take(shop, escalation, "maya")
    assert shop.events(escalation)[-2:] == ["OwnershipTaken", "AlarmCleared"]
    [mayas] = shop.queue("maya")
    assert shop.route(escalation).assignment.assignment_id == mayas.assignment_id
    shop.be_away("helen", away=False)
    assert shop.events(escalation)[-1] == "AlarmCleared"


def test_whoever_was_asked_is_told_that_it_was_given_to_somebody_else(shop: Routing) -> None:
    escalation = shop.opened()
    asked = shop.route(escalation).assignment.assignment_id
    take(shop, escalation)
    with refused("DECIDED_ALREADY"):
        shop.accept(asked)
    assert shop.expire(escalation, asked) == GONE
    assert shop.route(escalation, asked).assignment.decision_maker_id == "dm_helen"


def test_both_people_hear_of_it_and_read_no_note(shop: Routing) -> None:
    escalation = shop.owned()
    mayas, helens = Watcher(shop, "maya"), Watcher(shop, "helen")
    mayas.next()
    take(shop, escalation)
    assert mayas.next().assignment.state == GONE
    told = helens.next().assignment
    assert (told.escalation_id, told.state, told.note) == (escalation, ACCEPTED, "")
    deescalate(shop, escalation)
    assert helens.next().assignment.state == GONE
    assert mayas.next().assignment.state == ACCEPTED
    mayas.stop()
    helens.stop()


def test_the_owner_gives_it_to_somebody_less_senior(shop: Routing) -> None:
    escalation = shop.owned()
    with refused("NOT_LESS_SENIOR"):
        deescalate(shop, escalation, "helen", "maya")
    take(shop, escalation)
    with refused("NOT_THE_OWNER"):
        deescalate(shop, escalation, who="maya")
    with refused("AUTHORITY_EXCEEDED"):
        deescalate(shop, escalation, "tom")
    assert deescalate(shop, escalation).public_name == "Maya"
    assert [one.note for one in shop.queue("maya")] == [NOTE]
    take(shop, escalation)
    assert deescalate(shop, escalation, who="ops").decision_maker_id == "dm_maya"
    assert shop.events(escalation)[-1] == "EscalationDeescalated"


def test_a_case_that_is_unknown_or_a_receiver_who_is_is_refused(shop: Routing) -> None:
    with refused("ESCALATION_NOT_FOUND"):
        take(shop, "esc_nobody")
    with refused("DECISION_MAKER_NOT_FOUND"):
        take(shop, shop.owned(), "nobody")
    shop.enter("desk", 4, kind="DECISION_MAKER_KIND_TEAM", subjects=["ana"])
    with refused("INVALID_FIELD"):
        take(shop, shop.owned(), "desk")
    take(shop, shop.opened(heard=False))


def test_an_assignment_is_shown_to_whom_it_asks_and_to_operations(shop: Routing) -> None:
    escalation = shop.opened()
    asked = shop.route(escalation).assignment.assignment_id
    take(shop, escalation)
    request = pb.GetAssignmentRequest(assignment_id=asked)
    for who in ("maya", "ops"):
        found = shop.ask("GetAssignment", request, who).assignment
        assert (found.escalation_id, found.state) == (escalation, GONE)
    with refused("ASSIGNMENT_NOT_FOUND"):
        shop.ask("GetAssignment", request, "helen")
    [helens] = shop.queue("helen")
    given = pb.GetAssignmentRequest(assignment_id=helens.assignment_id)
    assert shop.ask("GetAssignment", given, "helen").assignment == helens


def test_grants_are_listed_with_those_that_were_taken_back(shop: Routing) -> None:
    before = shop.ask("ListGrants", pb.ListGrantsRequest(decision_maker_id="dm_maya"), "maya")
    assert [one.revoked for one in before.grants] == [False] * 3
    shop.grant("maya", goodwill="30")
    found: list[pb.GrantedAuthority] = []
    request = pb.ListGrantsRequest(decision_maker_id="dm_maya", page_size=3)
    while not found or request.page_token:
        page = shop.ask("ListGrants", request, "ops")
        found += page.grants
        request.page_token = page.next_page_token
    assert sorted(one.per_case.units for one in found if not one.revoked) == [30, 30, 200]
    assert [one.per_case.units for one in found if one.revoked] == [25]
    for token in NONE_OF_OURS:
        request.page_token = token
        with refused("INVALID_FIELD"):
            shop.ask("ListGrants", request, "ops")
    with refused("DECISION_MAKER_NOT_FOUND"):
        shop.ask("ListGrants", pb.ListGrantsRequest(decision_maker_id="dm_nobody"), "ops")


def test_queues_with_take_overs_are_the_same_after_a_rebuild(
    shop: Routing, environment: Mapping[str, str]
) -> None:
    taken, waits = shop.owned(), shop.owned()
    shop.hand_over(taken)
    take(shop, taken)
    deescalate(shop, taken)
    shop.hand_over(waits)
    engine = make_engine(Settings.of(environment).database_url_for("routing"))
    before = queues_of(engine, shop)
    assert len(before) == 6
    assert shop.app.rebuild is not None
    shop.app.rebuild()
    assert queues_of(engine, shop) == before
    engine.dispose()
