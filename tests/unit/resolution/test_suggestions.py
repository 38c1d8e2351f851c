from dataclasses import replace
from typing import Any

from amends.values.authority import Limit
from amends.values.money import Money
from amends.values.remedy import Action, RefundMethod, RemedyKind, RemedySought
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
    ORDER,
    PAID,
    STANDARD,
    goods,
    pounds,
)
from tests.unit.resolution.money import DESKS, SENT, THREE_DAYS

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


def kinds(found: Suggestions) -> list[RemedyKind]:
    return [one.kind for one in found.ranked if one.in_time]


def situation(**changed: Any) -> Situation:  # noqa: ANN401 - a field of it
    """Everything can be had, and all of the payment sent back."""
    known = Situation(CASE, ORDER, (*LIMITS, Limit(Action.REFUND, pounds(15000))), NOW)
    return replace(known, **changed)


def slow_order(**changed: Any) -> Order:  # noqa: ANN401 - a field of it
    """Nothing arrives before the kick-off."""
    return replace(ORDER, goods=goods(STANDARD, NEXT_DAY), **changed)


def test_where_nothing_arrives_in_time_the_next_rung_is_money_back_and_a_gift() -> None:
    found = suggest(situation(order=slow_order()))
    assert found.not_feasible
    assert kinds(found) == [
        RemedyKind.REFUND,
        RemedyKind.GIFT_CERTIFICATE,
        RemedyKind.PERCENTAGE_OFF,
        RemedyKind.COUPON,
    ]
    back, certificate, share, _ = found.ranked[:4]
    assert (back.amount, back.method) == (PAID, RefundMethod.ORIGINAL_PAYMENT)
    assert back.within_authority
    assert certificate.amount == pounds(1700)
    assert (share.percent, share.amount) == (20, pounds(1298))
    assert not found.ranked[-1].in_time


def test_money_back_stands_beside_what_arrives_in_time() -> None:
    assert kinds(suggest(situation())) == [
        RemedyKind.REPLACEMENT,
        RemedyKind.COUPON,
        RemedyKind.REFUND,
    ]


def test_what_the_customer_seeks_comes_first_in_their_order() -> None:
    sought = RemedySought((RemedyKind.REFUND, RemedyKind.PERCENTAGE_OFF), pounds(2000), 50)
    back, half, *rest = suggest(situation(sought=sought)).ranked
    assert (back.kind, back.amount) == (RemedyKind.REFUND, pounds(2000))
    assert (half.percent, half.amount) == (50, pounds(3245))
    assert not half.within_authority
    assert "as the customer asks" in half.why
    assert [one.kind for one in rest[:2]] == [RemedyKind.REPLACEMENT, RemedyKind.COUPON]


def test_what_is_sought_and_arrives_late_stays_last() -> None:
    sought = RemedySought((RemedyKind.REPLACEMENT,), PAID)
    found = suggest(situation(order=slow_order(), sought=sought))
    assert found.ranked[0].kind is RemedyKind.REFUND
    assert found.ranked[-1].kind is RemedyKind.REPLACEMENT


def test_a_credit_that_is_sought_alone_is_suggested_as_high_as_it_is_sought() -> None:
    sought = RemedySought((RemedyKind.GIFT_CERTIFICATE,), pounds(6000))
    best = suggest(situation(sought=sought)).ranked[0]
    assert (best.kind, best.amount) == (RemedyKind.GIFT_CERTIFICATE, pounds(6000))
    assert not best.within_authority


def test_money_that_failed_to_arrive_comes_first_by_another_way() -> None:
    both = (RefundMethod.ORIGINAL_PAYMENT, RefundMethod.BANK_TRANSFER)
    owed = replace(ORDER, refund_methods=both, refunds=(DESKS,))
    sought = RemedySought((RemedyKind.COUPON,))
    best = suggest(situation(order=owed, sought=sought)).ranked[0]
    assert (best.kind, best.method) == (RemedyKind.REFUND, RefundMethod.BANK_TRANSFER)
    assert best.why == (
        "the refund of 64.90 GBP by finance desk failed (CARD_EXPIRED): 64.90 GBP back to the "
        "customer's bank account instead"
    )
    assert suggest(situation(order=owed)).earlier_refunds == (DESKS,)


def test_where_there_is_no_other_way_that_is_said() -> None:
    best = suggest(situation(order=replace(ORDER, refunds=(DESKS,)))).ranked[0]
    assert best.method is RefundMethod.ORIGINAL_PAYMENT
    assert "no other way is known" in best.why


def test_money_that_is_on_its_way_is_told_and_not_suggested_again() -> None:
    owed = replace(ORDER, refundable=pounds(0), refunds=(SENT,))
    found = suggest(situation(order=owed))
    assert RemedyKind.REFUND not in kinds(found)
    [coupon] = [one for one in found.ranked if one.kind is RemedyKind.COUPON]
    assert coupon.why.endswith(
        "64.90 GBP sent by resolution is on its way and expected by Tuesday 24 November 18:00: "
        "wait until then, it is not sent again"
    )
    late = suggest(situation(order=owed, at=THREE_DAYS)).ranked
    [coupon] = [one for one in late if one.kind is RemedyKind.COUPON]
    assert "ask the payment provider" in coupon.why


def test_the_rest_is_suggested_beside_what_is_on_its_way() -> None:
    owed = replace(ORDER, refundable=pounds(500), refunds=(SENT,))
    [back] = [one for one in suggest(situation(order=owed)).ranked if one.kind is RemedyKind.REFUND]
    assert back.amount == pounds(500)
    assert "wait until then" in back.why
