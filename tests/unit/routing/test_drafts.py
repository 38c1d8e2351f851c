from dataclasses import replace

from amends.values.authority import Need
from amends.values.identity import DecisionMakerId, Subject
from amends.values.remedy import Action
from services.routing.domain.directory import DecisionMakerKind
from services.routing.domain.drafts import Draft, who_decides
from tests.unit.routing.people import HELEN, MAYA, MONDAY, SATURDAY, SHOP, TOM, away, busy, gbp

REFUND = Draft(Subject("maya"), (Need(Action.REFUND, gbp("300")),), open=True)
TEAM = replace(
    HELEN,
    decision_maker=DecisionMakerId("dm_desk"),
    kind=DecisionMakerKind.TEAM,
    seniority=2,
    subjects=frozenset({Subject("maya"), Subject("ben")}),
)


def test_a_draft_waits_for_the_least_senior_whose_authority_covers_it() -> None:
    assert who_decides(REFUND, SHOP, SATURDAY) == HELEN
    assert who_decides(REFUND, (HELEN, TEAM), SATURDAY) == TEAM
    assert who_decides(REFUND, (TOM, MAYA), SATURDAY) is None


def test_its_maker_is_asked_neither_as_a_person_nor_as_all_of_a_team() -> None:
    mayas = replace(HELEN, subjects=frozenset({Subject("maya")}))
    assert who_decides(REFUND, (mayas,), SATURDAY) is None
    alone = replace(TEAM, subjects=frozenset({Subject("maya")}))
    assert who_decides(REFUND, (alone,), SATURDAY) is None


def test_no_partner_is_asked() -> None:
    partner = replace(HELEN, kind=DecisionMakerKind.PARTNER)
    assert who_decides(REFUND, (partner,), SATURDAY) is None


def test_who_is_away_is_not_asked_until_they_are_back_but_told_that_it_waits_no_more() -> None:
    helen = away(HELEN, MONDAY)
    assert who_decides(REFUND, (helen,), SATURDAY) is None
    assert who_decides(REFUND, (helen,), MONDAY) == helen
    assert who_decides(replace(REFUND, open=False), (helen,), SATURDAY) == helen


def test_a_draft_takes_no_place_so_that_who_is_full_may_decide_too() -> None:
    assert who_decides(REFUND, (busy(HELEN),), SATURDAY) == busy(HELEN)
