from dataclasses import replace
from datetime import timedelta

from amends.values.authority import Need
from amends.values.remedy import Action, RemedyKind, RemedySought
from services.routing.domain.calendar import Calendar, WorkingHours
from services.routing.domain.case import needs_of
from services.routing.domain.matching import Asked, match
from tests.unit.routing.people import (
    HELEN,
    MAYA,
    MONDAY,
    RAVI,
    SATURDAY,
    SHOES,
    SHOP,
    TOM,
    away,
    busy,
    gbp,
    limits,
    reasons,
)

NOBODY_ASKED = Asked({})
NEEDS = needs_of(SHOES, SATURDAY)


def test_the_football_shoes_need_a_reship_and_faster_shipping() -> None:
    assert (Need(Action.RESHIP, gbp("64.90")), Need(Action.EXPEDITED_SHIPPING)) == NEEDS


def test_without_haste_a_replacement_needs_no_exception() -> None:
    calm = replace(SHOES, need_by=None)
    assert needs_of(calm, SATURDAY) == (Need(Action.RESHIP, gbp("64.90")),)


def test_where_nothing_was_sought_the_holder_can_refund_and_reship() -> None:
    unsaid = replace(SHOES, remedy_sought=None)
    assert [need.action for need in needs_of(unsaid, SATURDAY)] == [Action.RESHIP, Action.REFUND]


def test_a_coupon_beside_the_goods_is_not_worth_the_goods() -> None:
    both = RemedySought((RemedyKind.REPLACEMENT, RemedyKind.COUPON), gbp("64.90"))
    needs = needs_of(replace(SHOES, remedy_sought=both, need_by=None), SATURDAY)
    assert needs == (Need(Action.RESHIP, gbp("64.90")), Need(Action.GOODWILL))


def test_the_football_shoes_go_straight_to_maya_and_everybody_else_knows_why_not() -> None:
    found = match(NEEDS, SHOP, NOBODY_ASKED, SATURDAY)
    assert found.chosen == MAYA
    assert reasons(found.passed_over) == {
        "Tom": "AUTHORITY_MISSING",
        "Ravi": "AWAY",
        "Helen": "MORE_SENIOR",
    }
    assert [one.detail for one in found.passed_over] == [
        (
            "may authorise reship up to 60.00 GBP, 64.90 GBP is needed; "
            "may not authorise expedited shipping"
        ),
        "away until Mon 23 Nov 09:00; Maya stands in",
        "more senior than Maya, who can decide it",
    ]


def test_the_best_holder_is_away_and_her_stand_in_is_full() -> None:
    shop = (TOM, replace(away(MAYA, MONDAY), stand_in=RAVI.decision_maker), busy(RAVI), HELEN)
    back = replace(shop[2], available=True)
    found = match(NEEDS, (TOM, shop[1], back, HELEN), NOBODY_ASKED, SATURDAY)
    assert found.chosen == HELEN
    assert reasons(found.passed_over) == {
        "Tom": "AUTHORITY_MISSING",
        "Maya": "AWAY",
        "Ravi": "AT_CAPACITY",
    }


def test_a_stand_in_decides_with_his_own_authority_only() -> None:
    shop = (TOM, replace(away(MAYA), stand_in=TOM.decision_maker))
    found = match(NEEDS, shop, NOBODY_ASKED, SATURDAY)
    assert found.chosen is None
    assert reasons(found.passed_over) == {"Tom": "AUTHORITY_MISSING", "Maya": "AWAY"}


def test_of_equals_the_one_with_less_on_the_desk_and_then_the_first_by_id() -> None:
    ravi = replace(RAVI, available=True)
    assert match(NEEDS, (MAYA, ravi), NOBODY_ASKED, SATURDAY).chosen == MAYA
    found = match(NEEDS, (replace(MAYA, load=1), ravi), NOBODY_ASKED, SATURDAY)
    assert found.chosen == ravi
    assert found.passed_over[0].detail == "as senior as Ravi, with 1 open cases against 0"


def test_an_absence_with_an_end_passes_by_itself() -> None:
    assert match(NEEDS, (RAVI,), NOBODY_ASKED, MONDAY).chosen == RAVI
    before = match(NEEDS, (RAVI,), NOBODY_ASKED, SATURDAY)
    assert before.chosen is None
    assert before.may_change_at == MONDAY


def test_who_does_not_work_now_is_passed_over_until_they_open() -> None:
    weekdays = tuple(WorkingHours(day, 9 * 60, 17 * 60) for day in range(1, 6))
    maya = replace(MAYA, calendar=Calendar("Europe/London", weekdays))
    found = match(NEEDS, (maya,), NOBODY_ASKED, SATURDAY)
    assert found.chosen is None
    assert found.passed_over[0].reason == "OUT_OF_HOURS"
    assert found.passed_over[0].detail == "does not work now, again Mon 23 Nov 09:00"
    assert found.may_change_at == MONDAY


def test_another_currency_is_another_authority() -> None:
    dollars = replace(
        SHOES, remedy_sought=RemedySought((RemedyKind.REFUND,), replace(gbp("10"), currency="USD"))
    )
    found = match(needs_of(dollars, SATURDAY), (HELEN,), NOBODY_ASKED, SATURDAY)
    assert reasons(found.passed_over) == {"Helen": "CURRENCY_NOT_GRANTED"}


def test_a_limit_below_what_is_asked_is_too_low() -> None:
    tom = replace(TOM, limits=limits(reship="60", expedited_shipping="10"))
    found = match(NEEDS, (tom,), NOBODY_ASKED, SATURDAY)
    assert reasons(found.passed_over) == {"Tom": "AUTHORITY_TOO_LOW"}


def test_who_was_asked_before_is_passed_over_for_somebody_who_was_not() -> None:
    asked = Asked({MAYA.decision_maker: 1})
    found = match(NEEDS, SHOP, asked, SATURDAY)
    assert found.chosen == HELEN
    assert reasons(found.passed_over)["Maya"] == "ALREADY_ASKED"


def test_once_everybody_was_asked_nobody_is_until_the_case_has_waited() -> None:
    times = {MAYA.decision_maker: 1, HELEN.decision_maker: 1}
    found = match(NEEDS, SHOP, Asked(times), SATURDAY)
    assert found.chosen is None
    again = match(NEEDS, SHOP, Asked(times, round_over=True), SATURDAY + timedelta(minutes=15))
    assert again.chosen == MAYA
