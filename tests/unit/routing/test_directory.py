from datetime import timedelta
from typing import Any

import pytest

from amends.v1 import routing_events_pb2
from amends.values.authority import Limit
from amends.values.identity import Actor, DecisionMakerId, GrantId, Role, Subject, Tenant
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import InvalidField
from amends.values.remedy import Action
from services.routing.domain import directory, grants
from services.routing.domain.calendar import Calendar
from services.routing.domain.directory import (
    NOBODY,
    DecisionMakerKind,
    DecisionMakerNotFound,
    Entry,
    NotYourself,
    Others,
    SetAvailability,
    SubjectTaken,
    UpdateDecisionMaker,
)
from services.routing.domain.grants import (
    AuthorityGranted,
    AuthorityRevoked,
    GrantAuthority,
    GrantNotFound,
    Grantor,
    Grants,
    MoreThanYouHold,
    RevokeAuthority,
)
from services.routing.wire.directory import listed
from tests.unit.routing.people import MONDAY, SATURDAY, gbp

MAYA = DecisionMakerId("dm_maya")
RAVI = DecisionMakerId("dm_ravi")
KNOWN = Others(frozenset({MAYA, RAVI}), {Subject("ravi"): RAVI})


OPERATIONS = Grantor()


def entering(**said: Any) -> UpdateDecisionMaker:  # noqa: ANN401 - any field
    usual: dict[str, Any] = {
        "decision_maker": MAYA,
        "kind": DecisionMakerKind.PERSON,
        "public_name": "Maya",
        "subjects": (Subject("maya"),),
        "seniority": 2,
        "capacity": 3,
        "calendar": None,
        "manager": NOBODY,
        "stand_in": NOBODY,
        "skills": (),
        "languages": ("en",),
        "allow_missing": True,
    }
    return UpdateDecisionMaker(**{**usual, **said})


def entered() -> Entry:
    [event] = directory.decide(Entry(), entering(), KNOWN)
    return directory.evolve(Entry(), event)


def absence(
    by: str,
    role: Role = Role.DECISION_MAKER,
    **said: Any,  # noqa: ANN401 - any field
) -> SetAvailability:
    usual: dict[str, Any] = {
        "decision_maker": MAYA,
        "available": False,
        "away_until": MONDAY,
        "stand_in": RAVI,
        "by": Actor(Subject(by), Tenant("sole-mates"), role),
        "at": SATURDAY,
    }
    return SetAvailability(**{**usual, **said})


def test_nobody_is_entered_by_mistake() -> None:
    with pytest.raises(DecisionMakerNotFound, match="allow_missing"):
        directory.decide(Entry(), entering(allow_missing=False), KNOWN)


def test_writing_the_same_entry_again_is_no_new_event() -> None:
    assert directory.decide(entered(), entering(), KNOWN) == ()
    [changed] = directory.decide(entered(), entering(capacity=5, allow_missing=False), KNOWN)
    assert isinstance(changed, directory.DecisionMakerUpdated)
    assert changed.capacity == 5


@pytest.mark.parametrize("relation", ["manager", "stand_in"])
def test_a_manager_and_a_stand_in_are_in_the_directory_and_somebody_else(relation: str) -> None:
    with pytest.raises(DecisionMakerNotFound, match="dm_nobody"):
        directory.decide(Entry(), entering(**{relation: DecisionMakerId("dm_nobody")}), KNOWN)
    with pytest.raises(InvalidField, match="somebody else"):
        directory.decide(Entry(), entering(**{relation: MAYA}), KNOWN)


def test_a_person_has_one_subject_and_a_team_its_members() -> None:
    two = (Subject("ana"), Subject("ben"))
    with pytest.raises(InvalidField, match="one for a person"):
        directory.decide(Entry(), entering(subjects=two), KNOWN)
    team = entering(subjects=two, kind=DecisionMakerKind.TEAM)
    assert len(directory.decide(Entry(), team, KNOWN)) == 1


def test_a_subject_is_one_person_and_may_be_in_any_team() -> None:
    ravis = (Subject("ravi"),)
    with pytest.raises(
        SubjectTaken, match="is the person dm_ravi already; change dm_ravi"
    ) as taken:
        directory.decide(Entry(), entering(subjects=ravis), KNOWN)
    assert taken.value.metadata == {"decision_maker_id": "dm_maya", "taken_by": "dm_ravi"}
    for shared in (DecisionMakerKind.TEAM, DecisionMakerKind.PARTNER):
        assert len(directory.decide(Entry(), entering(subjects=ravis, kind=shared), KNOWN)) == 1
    his_own = entering(subjects=ravis, decision_maker=RAVI)
    assert len(directory.decide(Entry(), his_own, KNOWN)) == 1


def test_an_entry_with_a_calendar_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidField, match="IANA"):
        directory.decide(Entry(), entering(calendar=Calendar("Nowhere/Town")), KNOWN)


def test_a_decision_maker_speaks_for_himself_only_and_operations_for_everybody() -> None:
    assert len(directory.decide(entered(), absence("maya"), KNOWN)) == 1
    assert len(directory.decide(entered(), absence("ops", Role.OPERATIONS), KNOWN)) == 1
    with pytest.raises(NotYourself, match="dm_maya"):
        directory.decide(entered(), absence("ravi"), KNOWN)


def test_being_away_as_before_is_no_new_event() -> None:
    entry = entered()
    back = absence("maya", available=True)
    assert directory.decide(entry, back, KNOWN) == ()
    [away] = directory.decide(entry, absence("maya"), KNOWN)
    entry = directory.evolve(entry, away)
    assert directory.decide(entry, absence("maya"), KNOWN) == ()
    [returned] = directory.decide(entry, back, KNOWN)
    assert isinstance(returned, directory.AvailabilityChanged)
    assert (returned.available, returned.away_until, returned.stand_in) == (True, None, NOBODY)


def test_an_absence_ends_ahead() -> None:
    with pytest.raises(InvalidField, match="ahead"):
        directory.decide(entered(), absence("maya", away_until=SATURDAY - timedelta(days=1)), KNOWN)


def granting(amount: Money, grant: str = "grn_1") -> GrantAuthority:
    return GrantAuthority(MAYA, GrantId(grant), Action.RESHIP, amount)


def holding(*events: object) -> Grants:
    state = Grants(entered=True)
    for event in events:
        state = grants.evolve(state, event)
    return state


def test_only_who_is_in_the_directory_is_granted_something() -> None:
    with pytest.raises(DecisionMakerNotFound):
        grants.decide(Grants(), granting(gbp("60")), OPERATIONS)


def test_a_grant_replaces_the_one_of_the_same_action_and_currency() -> None:
    [first] = grants.decide(holding(), granting(gbp("60")), OPERATIONS)
    state = holding(first)
    assert grants.decide(state, granting(gbp("60"), "grn_2"), OPERATIONS) == ()
    assert grants.decide(state, granting(gbp("90"), "grn_2"), OPERATIONS) == (
        AuthorityRevoked(MAYA, GrantId("grn_1")),
        AuthorityGranted(MAYA, GrantId("grn_2"), Action.RESHIP, gbp("90")),
    )
    assert len(grants.decide(state, granting(Money("EUR", 9000), "grn_2"), OPERATIONS)) == 1


def test_a_grant_is_more_than_nothing() -> None:
    with pytest.raises(InvalidMoney, match="above zero"):
        grants.decide(holding(), granting(gbp("0")), OPERATIONS)


def test_what_was_never_granted_is_not_taken_back() -> None:
    with pytest.raises(GrantNotFound, match="grn_9"):
        grants.decide(holding(), RevokeAuthority(MAYA, GrantId("grn_9")), OPERATIONS)


def reship(*amounts: Money) -> tuple[Limit, ...]:
    return tuple(Limit(Action.RESHIP, amount) for amount in amounts)


def test_who_holds_authority_grants_up_to_the_most_of_it() -> None:
    helen = Grantor((RAVI, DecisionMakerId("dm_desk")), reship(gbp("60"), gbp("200")))
    assert len(grants.decide(holding(), granting(gbp("200")), helen)) == 1
    with pytest.raises(MoreThanYouHold, match=r"dm_ravi and dm_desk \(60.00 GBP or 200.00 GBP\)"):
        grants.decide(holding(), granting(gbp("200.01")), helen)


@pytest.mark.parametrize("held", [(), (Limit(Action.REFUND, gbp("900")),), reship(Money("EUR", 9))])
def test_who_holds_other_authority_grants_nothing_of_this(held: tuple[Limit, ...]) -> None:
    with pytest.raises(MoreThanYouHold, match="let operations grant it who have no entry"):
        grants.decide(holding(), granting(gbp("0.01")), Grantor((RAVI,), held))


def test_who_is_a_partner_in_the_directory_is_one_where_holders_are_matched() -> None:
    for kind in ("PERSON", "TEAM", "PARTNER"):
        said = routing_events_pb2.DecisionMakerUpdated(kind=f"DECISION_MAKER_KIND_{kind}")
        held = listed(said.SerializeToString(), None, [], load=0).holder
        assert held.partner is (kind == "PARTNER")
