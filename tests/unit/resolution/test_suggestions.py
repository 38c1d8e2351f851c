from dataclasses import replace

from amends.values.authority import Limit
from amends.values.money import Money
from amends.values.remedy import Action, RemedyKind
from services.resolution.domain.case import Case
from services.resolution.domain.merchant import Goods, Line, Order
from services.resolution.domain.suggestion import Situation
from services.resolution.domain.suggestions import Suggestions, suggest
from tests.unit.resolution.builders import (
    CASE,
    COURIER,
    LIMITS,
    NEXT_DAY,
    NOW,
    STANDARD,
    goods,
    pounds,
)

ALL_WAYS = (STANDARD, NEXT_DAY, COURIER)


def weigh(case: Case, found: tuple[Goods, ...], limits: tuple[Limit, ...]) -> Suggestions:
    """For goods of which nothing can be sent back."""
    return suggest(Situation(case, Order(goods=found), limits, NOW))


def test_the_cheapest_service_that_still_arrives_before_the_need_by_comes_first() -> None:
    found = weigh(CASE, goods(*ALL_WAYS), LIMITS)
    best = found.ranked[0]
    assert best.shipping == COURIER.shipping
    assert best.in_time
    assert best.cost == pounds(6490 + 1490)
    assert best.within_authority
    assert best.why == (
        "same-day-courier arrives by Saturday 21:00, before the need-by of Sunday 10:00"
    )
    assert not found.not_feasible


def test_faster_than_the_customer_paid_for_is_an_exception_with_its_cost() -> None:
    [exception] = weigh(CASE, goods(COURIER), LIMITS).ranked[0].exceptions
    assert exception.action is Action.EXPEDITED_SHIPPING
    assert exception.cost == COURIER.price
    assert not weigh(CASE, goods(STANDARD), LIMITS).ranked[-1].exceptions


def test_what_arrives_late_is_said_to_be_late_and_comes_last() -> None:
    late = weigh(CASE, goods(*ALL_WAYS), LIMITS).ranked[-2:]
    assert [(one.shipping, one.in_time) for one in late] == [
        (STANDARD.shipping, False),
        (NEXT_DAY.shipping, False),
    ]
    assert "too late for the need-by of Sunday 10:00" in late[0].why


def test_after_the_cut_off_no_service_arrives_in_time_and_the_next_rung_comes_first() -> None:
    found = weigh(CASE, goods(STANDARD, NEXT_DAY), LIMITS)
    assert found.not_feasible
    assert found.ranked[0].kind is RemedyKind.GIFT_CERTIFICATE


def test_an_arrival_at_the_very_moment_is_too_late() -> None:
    at_kick_off = replace(COURIER, arrives_by=CASE.need_by.by if CASE.need_by else COURIER.cut_off)
    assert weigh(CASE, goods(at_kick_off), LIMITS).not_feasible


def test_without_a_need_by_the_cheapest_is_best() -> None:
    found = weigh(replace(CASE, need_by=None), goods(*ALL_WAYS), LIMITS)
    assert found.ranked[0].shipping == STANDARD.shipping
    assert not found.not_feasible


def test_a_holder_without_expedited_shipping_cannot_authorise_the_courier_alone() -> None:
    toms = (Limit(Action.RESHIP, pounds(20000)), Limit(Action.GOODWILL, pounds(500)))
    found = weigh(CASE, goods(COURIER), toms)
    assert not found.ranked[0].within_authority


def test_a_coupon_is_a_tenth_of_the_goods_rounded_up_and_within_the_goodwill() -> None:
    def coupons(*limits: Limit) -> list[str]:
        ranked = weigh(CASE, goods(COURIER), limits).ranked
        return [str(one.amount) for one in ranked if one.kind is RemedyKind.COUPON]

    assert coupons(*LIMITS) == ["7.00 GBP"]
    assert coupons(Limit(Action.GOODWILL, pounds(500))) == ["5.00 GBP"]
    assert coupons(Limit(Action.RESHIP, pounds(9000))) == []


def test_shipping_in_another_currency_is_suggested_without_a_sum_after_what_has_one() -> None:
    from_france = replace(COURIER, service="chronopost", price=Money("EUR", 900))
    ranked = weigh(replace(CASE, need_by=None), goods(from_france, COURIER), LIMITS).ranked
    shipped = [one for one in ranked if one.shipping is not None]
    assert [one.cost for one in shipped] == [pounds(6490 + 1490), None]
    assert shipped[-1].shipping == from_france.shipping
    assert not shipped[-1].within_authority


def test_nothing_in_stock_is_not_feasible() -> None:
    assert weigh(CASE, goods(), LIMITS).not_feasible


def test_a_line_of_two_is_worth_two() -> None:
    pair = (Goods(Line("SOCKS", pounds(500), quantity=2), (COURIER,)),)
    assert weigh(CASE, pair, LIMITS).ranked[0].amount == pounds(1000)
