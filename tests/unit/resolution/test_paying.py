from collections.abc import Sequence
from dataclasses import replace

import pytest

from amends.values.identity import RemedyId
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import InvalidField
from amends.values.remedy import RefundMethod, RemedyKind
from services.resolution.domain.merchant import Order
from services.resolution.domain.offering import Plan, Wanted, plan
from services.resolution.domain.paying import RefundExceedsPayment, RefundMethodNotOffered
from services.resolution.domain.remedies import Remedies, evolve
from tests.unit.resolution.builders import CASE, ORDER, PAID, new_id, pounds
from tests.unit.resolution.money import MONEY, SENT, begun, failed, offered, refund_of

ALL_OF_IT = Wanted(RemedyKind.REFUND)
HALF_OFF = Wanted(RemedyKind.PERCENTAGE_OFF, percent=50)
EITHER_WAY = replace(
    ORDER, refund_methods=(RefundMethod.ORIGINAL_PAYMENT, RefundMethod.BANK_TRANSFER)
)


def planned(*wanted: Wanted, order: Order = ORDER, events: Sequence[object] = ()) -> Plan:
    standing = Remedies()
    for event in events:
        standing = evolve(standing, event)
    return plan(CASE, wanted, order, standing, late_is_agreed=False, new_id=new_id)


def test_all_that_is_left_goes_back_the_way_it_was_paid_unless_it_is_said_otherwise() -> None:
    [whole] = planned(ALL_OF_IT).remedies
    assert (whole.amount, whole.method) == (PAID, RefundMethod.ORIGINAL_PAYMENT)
    part = replace(ALL_OF_IT, amount=pounds(1000), method=RefundMethod.BANK_TRANSFER)
    [some] = planned(part, order=EITHER_WAY).remedies
    assert (some.amount, some.method) == (pounds(1000), RefundMethod.BANK_TRANSFER)


def test_two_refunds_of_one_offer_share_what_is_left() -> None:
    part = replace(ALL_OF_IT, amount=pounds(490))
    assert [one.amount for one in planned(part, ALL_OF_IT).remedies] == [pounds(490), pounds(6000)]
    with pytest.raises(RefundExceedsPayment) as refusal:
        planned(ALL_OF_IT, part)
    assert refusal.value.metadata["field"] == "remedies[1].amount"
    assert refusal.value.metadata["left"] == "0.00 GBP"


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    with pytest.raises(RefundExceedsPayment, match=r"64\.91 GBP is more than is left .* 64\.90"):
        planned(replace(ALL_OF_IT, amount=pounds(6491)))
    with pytest.raises(RefundExceedsPayment, match=r"left to send back for this order: 0\.00"):
        planned(ALL_OF_IT, order=replace(ORDER, refundable=pounds(0)))


def test_a_way_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    by_bank = replace(ALL_OF_IT, method=RefundMethod.BANK_TRANSFER)
    with pytest.raises(RefundMethodNotOffered, match="ORIGINAL_PAYMENT"):
        planned(by_bank)
    with pytest.raises(RefundMethodNotOffered, match="no way"):
        planned(by_bank, order=Order())


@pytest.mark.parametrize("amount", [pounds(0), pounds(-1), Money("USD", 100)])
def test_what_goes_back_is_something_in_the_money_that_was_paid(amount: Money) -> None:
    with pytest.raises(InvalidMoney):
        planned(replace(ALL_OF_IT, amount=amount))


def test_what_this_case_promised_counts_as_gone_until_it_failed_or_is_replaced() -> None:
    promised = offered(refund_of(5000))
    assert planned(ALL_OF_IT, events=promised).remedies[0].amount == pounds(1490)
    asked = (*promised, begun(refund_of(5000)))
    assert planned(ALL_OF_IT, events=asked).remedies[0].amount == pounds(1490)
    in_the_ledger = replace(ORDER, refundable=pounds(1490), refunds=(SENT,))
    assert planned(ALL_OF_IT, order=in_the_ledger, events=asked).remedies[0].amount == pounds(1490)
    assert planned(ALL_OF_IT, events=(*asked, failed(MONEY))).remedies[0].amount == PAID
    instead = replace(ALL_OF_IT, in_place_of=MONEY)
    assert planned(instead, events=promised).remedies[0].amount == PAID


def test_what_was_offered_and_not_accepted_is_not_gone() -> None:
    made, _ = offered(refund_of(5000))
    assert planned(ALL_OF_IT, events=(made,)).remedies[0].amount == PAID


def test_a_percentage_off_is_at_most_the_share_of_the_order() -> None:
    [half] = planned(HALF_OFF).remedies
    assert (half.amount, half.percent) == (pounds(3245), 50)
    [capped] = planned(replace(HALF_OFF, amount=pounds(2000))).remedies
    assert (capped.amount, capped.percent) == (pounds(2000), 50)
    with pytest.raises(InvalidMoney):
        planned(HALF_OFF, order=Order())


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (replace(HALF_OFF, percent=0), "percent"),
        (replace(ALL_OF_IT, percent=50), "percent"),
        (replace(HALF_OFF, method=RefundMethod.BANK_TRANSFER), "method"),
    ],
)
def test_a_field_that_its_kind_does_not_have_is_refused(wanted: Wanted, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        planned(wanted)
    assert refusal.value.metadata["field"] == f"remedies[0].{field}"


def test_a_remedy_carries_what_it_comes_in_place_of() -> None:
    events = (*offered(refund_of(5000)), failed(MONEY))
    wanted = [
        replace(one, in_place_of=MONEY)
        for one in (ALL_OF_IT, HALF_OFF, Wanted(RemedyKind.GOODWILL, amount=pounds(500)))
    ]
    for one in wanted:
        assert planned(one, events=events).remedies[0].in_place_of == MONEY
    assert planned(ALL_OF_IT).remedies[0].in_place_of == RemedyId("")
