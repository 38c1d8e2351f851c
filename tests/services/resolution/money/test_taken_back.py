"""What another remedy comes in place of is taken back first, or that one fails: never both."""

import pytest

from amends.v1 import resolution_service_pb2 as pb
from tests.faults import AnswerLost, Down
from tests.services.resolution.money.shop import (
    BANKING_DAYS,
    SHOES,
    SHOES_PAID,
    Money,
    credit,
    new_pair,
    refund,
)
from tests.services.resolution.neighbours import HOUR, SKU, pounds
from tests.services.resolution.test_resolution import refused

EACH_TIME = 4
COMPENSATED, FAILED = pb.REMEDY_STATE_COMPENSATED, pb.REMEDY_STATE_FAILED


def replaced_pair(money: Money) -> tuple[str, str, str]:
    """A case whose new pair is ordered and shall give way to a refund: case, pair, refund."""
    escalation = money.case(SHOES)
    [pair] = money.offer(escalation, new_pair())
    money.resolution.carry_out(escalation, pair)
    [back] = money.offer(escalation, refund(in_place_of=pair))
    return escalation, pair, back


def test_a_remedy_begins_only_once_what_it_replaces_is_taken_back(money: Money) -> None:
    shelf = money.shop.stock(SKU)
    escalation, pair, back = replaced_pair(money)
    assert money.shop.stock(SKU) == shelf - 1
    with refused("NOT_COMPENSATED"):
        money.resolution.carry_out(escalation, back)
    assert money.shop.sent(SHOES) == []
    for _ in range(2):
        assert money.resolution.compensate(escalation, pair).state == COMPENSATED
    assert money.shop.stock(SKU) == shelf
    assert money.resolution.carry_out(escalation, back).state == pb.REMEDY_STATE_SUBMITTED
    assert money.resolution.types(escalation).count("RemedyCompensated") == 1
    assert money.resolution.check(escalation, pair).state == COMPENSATED
    money.resolution.advance(BANKING_DAYS)
    money.resolution.look(escalation, back)
    money.resolution.answer_customer(escalation)
    money.resolution.resolve(escalation)
    assert money.resolution.types(escalation)[-1] == "EscalationResolved"


def test_nothing_is_taken_back_that_nothing_comes_in_place_of(money: Money) -> None:
    escalation = money.case(SHOES)
    pair, coupon = money.offer(escalation, new_pair(), credit())
    money.resolution.carry_out(escalation, pair)
    with refused("NOT_REPLACED"):
        money.resolution.compensate(escalation, pair)
    made = money.make(escalation, refund(in_place_of=coupon))
    with refused("NOT_REPLACED"):
        money.resolution.compensate(escalation, coupon)
    assert made.offer_id


def test_a_parcel_that_left_stays_and_what_was_to_replace_it_fails(money: Money) -> None:
    escalation, pair, back = replaced_pair(money)
    money.resolution.advance(48 * HOUR)
    assert money.resolution.compensate(escalation, pair).state == pb.REMEDY_STATE_ORDERED
    assert money.told(escalation, back).failure == "REPLACEMENT_SHIPPED"
    assert money.resolution.carry_out(escalation, back).state == FAILED
    assert money.resolution.compensate(escalation, pair).state == pb.REMEDY_STATE_ORDERED
    assert money.resolution.types(escalation).count("RemedyFailed") == 1
    assert money.shop.sent(SHOES) == []


def test_a_credit_is_voided_unless_it_was_used(money: Money) -> None:
    escalation = money.case(SHOES)
    used, unused = money.offer(escalation, credit(), credit("GIFT_CERTIFICATE", 2000))
    for remedy in (used, unused):
        money.resolution.carry_out(escalation, remedy)
    money.shop.use(used, money.resolution.now())
    instead, other = money.offer(
        escalation,
        credit("GOODWILL", 1500, in_place_of=used),
        credit("GOODWILL", 500, in_place_of=unused),
    )
    assert money.resolution.compensate(escalation, used).state == pb.REMEDY_STATE_COMPLETED
    assert money.resolution.compensate(escalation, unused).state == COMPENSATED
    assert money.told(escalation, instead).failure == "CREDIT_USED"
    assert money.resolution.carry_out(escalation, other).state == pb.REMEDY_STATE_COMPLETED
    voided = {one.key for one in money.shop.credits() if one.voided_at}
    assert voided == {unused}


def test_what_was_not_begun_is_left_without_asking_the_merchant(money: Money) -> None:
    escalation, unsent = money.refund_of(SHOES, amount=pounds(1000))
    [instead] = money.offer(escalation, refund(amount=pounds(2000), in_place_of=unsent))
    assert money.resolution.carry_out(escalation, unsent).state == pb.REMEDY_STATE_PROMISED
    with refused("NOT_COMPENSATED"):
        money.resolution.carry_out(escalation, instead)
    assert money.resolution.compensate(escalation, unsent).state == COMPENSATED
    assert money.shop.line.called("GetRefund") == 0
    assert money.resolution.carry_out(escalation, instead).state == pb.REMEDY_STATE_SUBMITTED
    assert money.shop.sent(SHOES) == [(instead, 2000, escalation)]


def test_money_that_was_sent_meanwhile_is_not_taken_back(money: Money) -> None:
    escalation, sent = money.refund_of(SHOES)
    made = money.make(escalation, credit(in_place_of=sent))
    [instead] = [one.remedy_id for one in made.remedies]
    money.resolution.carry_out(escalation, sent)
    money.resolution.answer(escalation, made.offer_id)
    assert money.resolution.compensate(escalation, sent).state == pb.REMEDY_STATE_SUBMITTED
    assert money.told(escalation, instead).failure == "NOT_REVERSIBLE"
    assert money.shop.credits() == []


def test_money_that_is_on_its_way_cannot_be_replaced(money: Money) -> None:
    escalation, sent = money.refund_of(SHOES, amount=pounds(1000))
    money.resolution.carry_out(escalation, sent)
    with refused("INVALID_FIELD"):
        money.make(escalation, credit(in_place_of=sent))
    with refused("REMEDY_NOT_FOUND"):
        money.make(escalation, credit(in_place_of="rem_nothing"))


def test_what_was_only_begun_is_brought_to_its_end_and_then_taken_back(money: Money) -> None:
    shelf = money.shop.stock(SKU)
    escalation = money.case(SHOES)
    [pair] = money.offer(escalation, new_pair())
    money.shop.line.breaks("CreateReplacement", *[AnswerLost()] * EACH_TIME)
    with refused("DEPENDENCY_UNAVAILABLE"):
        money.resolution.carry_out(escalation, pair)
    [back] = money.offer(escalation, refund(in_place_of=pair))
    assert money.resolution.compensate(escalation, pair).state == COMPENSATED
    assert money.shop.stock(SKU) == shelf
    assert money.resolution.carry_out(escalation, pair).state == COMPENSATED
    assert money.resolution.carry_out(escalation, back).state == pb.REMEDY_STATE_SUBMITTED
    assert money.shop.sent(SHOES) == [(back, SHOES_PAID, escalation)]


@pytest.mark.parametrize("fault", [Down(), AnswerLost()], ids=["down", "answer lost"])
def test_a_broken_line_takes_back_once(money: Money, fault: Down | AnswerLost) -> None:
    escalation, pair, back = replaced_pair(money)
    shelf = money.shop.stock(SKU)
    money.shop.line.breaks("CancelReplacement", *[fault] * EACH_TIME)
    with refused("DEPENDENCY_UNAVAILABLE"):
        money.resolution.compensate(escalation, pair)
    with refused("NOT_COMPENSATED"):
        money.resolution.carry_out(escalation, back)
    assert money.resolution.compensate(escalation, pair).state == COMPENSATED
    assert money.shop.stock(SKU) == shelf + 1
