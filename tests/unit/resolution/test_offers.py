from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.values.authority import Need
from amends.values.identity import OfferId
from amends.values.money import InvalidMoney, Money
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, InvalidField, NotTheOwner
from amends.values.remedy import Action, RemedyKind, RemedySought
from services.resolution.domain import answering, making
from services.resolution.domain.answering import (
    AnswerOffer,
    DecidedAlready,
    ExpireOffer,
    NotDue,
    OfferAnswer,
    OfferNotOpen,
)
from services.resolution.domain.case import Case
from services.resolution.domain.making import (
    MakeOffer,
    OfferAlreadyOpen,
    Prepared,
    ResolvedAlready,
)
from services.resolution.domain.merchant import Goods, Line, Order, Quote
from services.resolution.domain.offering import (
    Plan,
    ReshipNotFeasible,
    ShippingNotOffered,
    Use,
    Wanted,
    plan,
)
from services.resolution.domain.offers import (
    OfferCountered,
    OfferDeclined,
    OfferExpired,
    OfferNotFound,
    Offers,
    evolve,
)
from services.resolution.domain.remedies import Remedies
from services.resolution.domain.resolved import EscalationResolved
from tests.unit.resolution.builders import (
    A_COUPON,
    ACCEPTED,
    CASE,
    COUPON,
    COURIER,
    ESCALATION,
    KICK_OFF,
    LINE,
    MADE,
    MAYA,
    MAYA_ID,
    MINUTE,
    NEXT_DAY,
    NOW,
    OFFER,
    PLAN,
    RESERVATION,
    SHOES,
    SHOES_BY_COURIER,
    STANDARD,
    TOM,
    Given,
    goods,
    london,
    new_id,
    pounds,
)

MAKE = MakeOffer(
    offer=OFFER,
    remedies=(SHOES_BY_COURIER, A_COUPON),
    explanation=MADE.explanation,
    apology=MADE.apology,
    late_is_agreed=False,
    by=MAYA,
)
KNOWN = Prepared(CASE, PLAN, RESERVATION, MAYA_ID, NOW)
RESOLVED = EscalationResolved(ESCALATION, NOW, made_right=True)


def given(*events: object) -> Given:
    return Given(Offers(), evolve, events)


def answer(word: OfferAnswer, at: datetime = NOW + MINUTE) -> AnswerOffer:
    sought = RemedySought((RemedyKind.REFUND,))
    return AnswerOffer(OFFER, word, Personal(""), at, sought)


def a_plan(
    wanted: Wanted,
    found: Sequence[Goods] = (),
    *,
    case: Case = CASE,
    late_is_agreed: bool = False,
) -> Plan:
    """Of one remedy, for these goods."""
    order = Order(goods=tuple(found))
    return plan(case, (wanted,), order, Remedies(), late_is_agreed=late_is_agreed, new_id=new_id)


def planned(
    wanted: Wanted, quotes: Sequence[Quote], *, late_is_agreed: bool = False
) -> tuple[str, ...]:
    found = a_plan(wanted, goods(*quotes), late_is_agreed=late_is_agreed)
    return tuple(remedy.shipping.service for remedy in found.remedies if remedy.shipping)


def by(service: str) -> Wanted:
    return Wanted(RemedyKind.REPLACEMENT, shipping_service=service)


def test_price_and_arrival_are_the_merchants() -> None:
    shoes, coupon = PLAN.remedies
    assert shoes.amount == LINE.price
    assert shoes.sku == LINE.sku
    assert shoes.shipping == COURIER.shipping
    assert (coupon.kind, coupon.amount, coupon.shipping) == (RemedyKind.COUPON, pounds(1000), None)


def test_every_remedy_uses_its_own_authority_and_that_of_its_exceptions() -> None:
    assert PLAN.uses == (
        Use(SHOES, Need(Action.RESHIP, pounds(6490))),
        Use(SHOES, Need(Action.EXPEDITED_SHIPPING, pounds(1490))),
        Use(COUPON, Need(Action.GOODWILL, pounds(1000))),
    )


def test_a_late_arrival_is_refused_unless_the_customer_agreed() -> None:
    with pytest.raises(ReshipNotFeasible, match=r"arrives by 2026-11-22 14:00 UTC"):
        planned(by("next-day"), [NEXT_DAY])
    assert planned(by("next-day"), [NEXT_DAY], late_is_agreed=True) == ("next-day",)


def test_a_service_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(ShippingNotOffered, match="one of next-day, standard"):
        planned(SHOES_BY_COURIER, [NEXT_DAY, STANDARD])
    with pytest.raises(ShippingNotOffered, match="out of stock"):
        planned(SHOES_BY_COURIER, [])


def test_the_line_must_be_named_where_there_are_several() -> None:
    socks = Goods(Line("SOCKS", pounds(500)), (COURIER,))
    two = (*goods(COURIER), socks)
    with pytest.raises(InvalidField, match="FB-PREDATOR-42, SOCKS"):
        a_plan(SHOES_BY_COURIER, two)
    named = replace(SHOES_BY_COURIER, sku="SOCKS")
    found = a_plan(named, two)
    assert found.remedies[0].sku == "SOCKS"


@pytest.mark.parametrize("amount", [None, pounds(0), pounds(-100)])
def test_a_coupon_needs_a_value(amount: Money | None) -> None:
    with pytest.raises(InvalidMoney, match="above zero"):
        planned(replace(A_COUPON, amount=amount), [COURIER])


def test_an_offer_names_its_reservation_and_who_authorised_each_exception() -> None:
    [made] = given().when(making.make, MAKE, KNOWN)
    assert made == MADE
    assert [one.authorised_by for one in MADE.remedies[0].exceptions] == [MAYA_ID]


def test_an_offer_is_open_until_its_shipping_cannot_be_ordered_any_more() -> None:
    coupon_only = a_plan(A_COUPON)
    [made] = given().when(making.make, MAKE, replace(KNOWN, plan=coupon_only))
    assert MADE.expires_by == london("Sat 16:00")
    assert made == replace(
        MADE, remedies=coupon_only.remedies, expires_by=NOW + timedelta(hours=48)
    )


def test_only_the_owner_may_offer() -> None:
    given().refuses(NotTheOwner, making.make, replace(MAKE, by=TOM), KNOWN)
    nobodys = replace(KNOWN, case=replace(CASE, owner=None))
    given().refuses(NotTheOwner, making.make, MAKE, nobodys)


def test_one_offer_is_open_at_a_time() -> None:
    again = replace(MAKE, offer=OfferId("off_2"))
    refused = given(MADE).refuses(OfferAlreadyOpen, making.make, again, KNOWN)
    assert refused.metadata["offer_id"] == OFFER
    declined = OfferDeclined(ESCALATION, OFFER, NOW, NOW)
    assert given(MADE, declined).when(making.make, again, KNOWN)


def test_nothing_is_offered_once_it_is_resolved_until_it_is_reopened() -> None:
    given(RESOLVED).refuses(ResolvedAlready, making.make, MAKE, KNOWN)
    reopened = replace(KNOWN, case=replace(CASE, reopened_at=NOW + MINUTE))
    assert given(RESOLVED).when(making.make, MAKE, reopened)


def test_nothing_is_offered_once_the_case_is_closed() -> None:
    closed = replace(KNOWN, case=replace(CASE, closed=True))
    given().refuses(EscalationClosed, making.make, MAKE, closed)


def test_an_accepted_offer_says_by_when_it_is_carried_out_and_answered() -> None:
    assert given(MADE).when(answering.decide, answer(OfferAnswer.ACCEPT), CASE) == (ACCEPTED,)


def test_a_no_and_a_counter_say_by_when_another_offer_should_be_made() -> None:
    soon = NOW + MINUTE + timedelta(hours=2)
    [declined] = given(MADE).when(answering.decide, answer(OfferAnswer.DECLINE), CASE)
    assert declined == OfferDeclined(ESCALATION, OFFER, NOW + MINUTE, soon)
    [countered] = given(MADE).when(answering.decide, answer(OfferAnswer.COUNTER), CASE)
    assert isinstance(countered, OfferCountered)
    assert countered.remedy_sought.kinds == (RemedyKind.REFUND,)
    assert countered.offer_by == soon


def test_a_counter_says_what_would_be_fair() -> None:
    silent = replace(answer(OfferAnswer.COUNTER), remedy_sought=RemedySought())
    given(MADE).refuses(InvalidField, answering.decide, silent, CASE)


@pytest.mark.parametrize("second", OfferAnswer)
def test_a_second_answer_is_told_what_was_decided(second: OfferAnswer) -> None:
    refused = given(MADE, ACCEPTED).refuses(DecidedAlready, answering.decide, answer(second), CASE)
    assert refused.metadata["state"] == "ACCEPTED"


def test_an_answer_after_the_time_is_refused_whether_it_lapsed_already_or_not() -> None:
    late = answer(OfferAnswer.ACCEPT, at=MADE.expires_by)
    given(MADE).refuses(OfferNotOpen, answering.decide, late, CASE)
    lapsed = OfferExpired(ESCALATION, OFFER, MADE.expires_by, MADE.expires_by)
    given(MADE, lapsed).refuses(OfferNotOpen, answering.decide, late, CASE)


def test_the_clock_lapses_an_open_offer_and_loses_a_race_in_peace() -> None:
    lapse = ExpireOffer(OFFER, MADE.expires_by)
    [expired] = given(MADE).when(answering.decide, lapse, CASE)
    at = MADE.expires_by
    assert expired == OfferExpired(ESCALATION, OFFER, at, at + timedelta(hours=2))
    assert given(MADE, ACCEPTED).when(answering.decide, lapse, CASE) == ()
    assert given(MADE, expired).when(answering.decide, lapse, CASE) == ()


def test_the_clock_cannot_come_before_its_time() -> None:
    early = ExpireOffer(OFFER, MADE.expires_by - MINUTE)
    given(MADE).refuses(NotDue, answering.decide, early, CASE)


def test_an_unknown_offer_is_not_found() -> None:
    given().refuses(OfferNotFound, answering.decide, answer(OfferAnswer.ACCEPT), CASE)
    given().refuses(OfferNotFound, answering.decide, ExpireOffer(OFFER, NOW), CASE)


def test_a_case_without_need_by_takes_any_service() -> None:
    free = replace(CASE, need_by=None)
    found = a_plan(by("next-day"), goods(NEXT_DAY), case=free)
    assert found.remedies[0].shipping == NEXT_DAY.shipping
    assert KICK_OFF.by < NEXT_DAY.arrives_by
