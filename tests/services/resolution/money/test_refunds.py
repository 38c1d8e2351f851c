"""Refunds: never more than was paid, submitted, followed to the end, and told as they stand."""

from datetime import datetime, timedelta

import pytest

from amends.v1 import commerce_service_pb2, resolution_events_pb2, types_pb2
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Role
from tests.services.resolution.conftest import last
from tests.services.resolution.money.shop import (
    AT_ONCE,
    BANKING_DAYS,
    COMES_BACK,
    FAILS_AT_ONCE,
    FAILS_LATER,
    OWED,
    SHOES,
    SHOES_PAID,
    SILENT,
    SLIPPERS,
    UNHEARD_OF,
    Money,
    credit,
    instant,
    refund,
)
from tests.services.resolution.neighbours import HOUR, pounds
from tests.services.resolution.test_resolution import refused

BANK = commerce_service_pb2.REFUND_METHOD_BANK_TRANSFER
SUBMITTED, COMPLETED, FAILED = (
    pb.REMEDY_STATE_SUBMITTED,
    pb.REMEDY_STATE_COMPLETED,
    pb.REMEDY_STATE_FAILED,
)


def test_money_is_refunded_only_once_the_customer_has_it(money: Money) -> None:
    escalation, remedy = money.refund_of(SHOES)
    sent = money.resolution.carry_out(escalation, remedy)
    assert sent.state == SUBMITTED
    on_its_way = money.told(escalation, remedy)
    assert on_its_way.refund.standing == pb.REFUND_STANDING_SUBMITTED
    assert on_its_way.reference.startswith("rfd_")
    assert not on_its_way.refund.HasField("credited_at")
    assert instant(sent.check_by) <= instant(on_its_way.refund.expected_by)
    before = money.resolution.types(escalation)
    assert before[-2:] == ["RemedyStarted", "RefundSubmitted"]
    assert money.resolution.look(escalation, remedy).state == SUBMITTED
    assert money.resolution.types(escalation) == before
    money.resolution.advance(BANKING_DAYS)
    looked = money.resolution.look(escalation, remedy)
    assert (looked.state, looked.HasField("check_by")) == (COMPLETED, False)
    assert money.told(escalation, remedy).refund.standing == pb.REFUND_STANDING_SUCCEEDED
    assert money.resolution.types(escalation)[-2:] == ["RefundSucceeded", "RemedyCompleted"]
    assert money.shop.sent(SHOES) == [(remedy, SHOES_PAID, escalation)]


def test_what_the_merchant_credits_at_once_is_told_at_once(money: Money) -> None:
    escalation, remedy = money.refund_of(AT_ONCE, amount=pounds(1000))
    assert money.resolution.carry_out(escalation, remedy).state == COMPLETED
    assert money.resolution.types(escalation)[-3:] == [
        "RefundSubmitted",
        "RefundSucceeded",
        "RemedyCompleted",
    ]
    assert money.shop.sent(AT_ONCE) == [(remedy, 1000, escalation)]


def test_a_refund_that_fails_at_once_says_why_and_by_when_another_is_due(money: Money) -> None:
    escalation, remedy = money.refund_of(FAILS_AT_ONCE)
    assert money.resolution.carry_out(escalation, remedy).state == FAILED
    told = money.told(escalation, remedy)
    assert (told.refund.standing, told.failure) == (pb.REFUND_STANDING_FAILED, "BANK_REJECTED")
    failed = last(money.resolution, escalation, resolution_events_pb2.RemedyFailed)
    assert instant(failed.offer_by) - money.resolution.now() > HOUR


def test_a_refund_that_fails_later_is_found_failed_and_may_be_sent_anew(money: Money) -> None:
    escalation, remedy = money.refund_of(FAILS_LATER)
    money.resolution.carry_out(escalation, remedy)
    with refused("REFUND_EXCEEDS_PAYMENT"):
        money.make(escalation, refund())
    money.resolution.advance(BANKING_DAYS)
    assert money.resolution.look(escalation, remedy).state == FAILED
    assert (
        last(money.resolution, escalation, resolution_events_pb2.RefundFailed).reason
        == "CARD_EXPIRED"
    )
    [again] = money.make(escalation, refund(in_place_of=remedy)).remedies
    assert (again.amount, again.in_place_of) == (pounds(SLIPPERS), remedy)


def test_a_refund_of_which_nothing_is_heard_is_unknown_and_still_looked_at(money: Money) -> None:
    escalation, remedy = money.refund_of(SILENT)
    money.resolution.carry_out(escalation, remedy)
    before = money.resolution.types(escalation)
    money.resolution.advance(BANKING_DAYS)
    looked = money.resolution.look(escalation, remedy)
    assert looked.state == SUBMITTED
    assert timedelta(0) < instant(looked.check_by) - money.resolution.now() <= 12 * HOUR
    assert money.told(escalation, remedy).refund.standing == pb.REFUND_STANDING_UNKNOWN
    assert money.resolution.types(escalation) == before


def test_money_that_comes_back_weeks_later_fails_the_remedy_that_was_done(money: Money) -> None:
    escalation, remedy = money.refund_of(COMES_BACK)
    money.resolution.carry_out(escalation, remedy)
    money.resolution.advance(BANKING_DAYS)
    assert money.resolution.report(escalation, remedy).state == COMPLETED
    assert money.resolution.report(escalation, remedy).state == COMPLETED
    money.resolution.advance(timedelta(days=40))
    assert money.resolution.report(escalation, remedy).state == FAILED
    assert money.resolution.report(escalation, remedy).state == FAILED
    assert money.resolution.types(escalation)[-4:] == [
        "RefundSucceeded",
        "RemedyCompleted",
        "RefundFailed",
        "RemedyFailed",
    ]
    assert last(money.resolution, escalation, resolution_events_pb2.RefundFailed).after_credit


def test_a_report_about_what_is_no_refund_or_not_begun_changes_nothing(money: Money) -> None:
    escalation = money.case()
    coupon, owed = money.offer(escalation, credit(), refund(amount=pounds(100)))
    before = money.resolution.types(escalation)
    for remedy in (coupon, owed):
        assert money.resolution.report(escalation, remedy).state == pb.REMEDY_STATE_PROMISED
        assert money.resolution.look(escalation, remedy).state == pb.REMEDY_STATE_PROMISED
    assert money.resolution.types(escalation) == before
    with refused("REMEDY_NOT_FOUND"):
        money.resolution.report(escalation, "rem_nothing")


def test_more_than_was_paid_or_by_no_way_that_there_is_cannot_be_offered(money: Money) -> None:
    escalation = money.case(SHOES)
    for reason, wanted in (
        ("REFUND_EXCEEDS_PAYMENT", [refund(amount=pounds(SHOES_PAID + 1))]),
        ("REFUND_EXCEEDS_PAYMENT", [refund(), refund()]),
        ("REFUND_METHOD_NOT_OFFERED", [refund(method=BANK)]),
        ("INVALID_MONEY", [refund(amount=pounds(0))]),
        ("INVALID_FIELD", [refund(percent=50)]),
        ("INVALID_FIELD", [credit(method=BANK)]),
        ("INVALID_FIELD", [credit("PERCENTAGE_OFF")]),
    ):
        with refused(reason):
            money.make(escalation, *wanted)
    assert not money.resolution.routing.asked
    assert money.make(escalation, refund(amount=pounds(100)), refund()).offer_id


def test_what_was_promised_and_not_sent_yet_is_not_promised_again(money: Money) -> None:
    escalation, remedy = money.refund_of(SHOES, amount=pounds(5000))
    with refused("REFUND_EXCEEDS_PAYMENT"):
        money.make(escalation, refund(amount=pounds(1491)))
    [rest] = money.make(escalation, refund()).remedies
    assert rest.amount == pounds(1490)
    assert rest.remedy_id != remedy


def test_the_failed_refund_of_another_is_told_and_another_way_is_suggested_first(
    money: Money,
) -> None:
    escalation = money.case(OWED)
    found = money.suggest(escalation)
    [earlier] = found.earlier_refunds
    assert (earlier.requested_by, earlier.failure) == ("finance desk", "CARD_EXPIRED")
    assert earlier.state == commerce_service_pb2.REFUND_STATE_FAILED
    best = found.suggestions[0]
    assert (best.kind, best.method) == (types_pb2.REMEDY_KIND_REFUND, BANK)
    assert best.amount == pounds(12900)
    assert "failed (CARD_EXPIRED)" in best.why
    [remedy] = money.offer(escalation, refund(method=BANK))
    money.resolution.carry_out(escalation, remedy)
    money.resolution.advance(BANKING_DAYS)
    assert money.resolution.look(escalation, remedy).state == COMPLETED
    assert [key for key, _, _ in money.shop.sent(OWED)] == [f"finance-{OWED}", remedy]


def test_the_pending_refund_of_another_is_told_and_never_paid_again(money: Money) -> None:
    escalation = money.case(UNHEARD_OF)
    found = money.suggest(escalation)
    [earlier] = found.earlier_refunds
    assert earlier.state == commerce_service_pb2.REFUND_STATE_SUBMITTED
    kinds = [one.kind for one in found.suggestions]
    assert types_pb2.REMEDY_KIND_REFUND not in kinds
    with refused("REFUND_EXCEEDS_PAYMENT"):
        money.make(escalation, refund(amount=pounds(100)))


def test_a_credit_of_each_kind_is_given_once(money: Money) -> None:
    escalation = money.case(SHOES)
    half = pb.OfferedRemedy(kind="REMEDY_KIND_PERCENTAGE_OFF", percent=50)
    remedies = money.offer(
        escalation, credit("GIFT_CERTIFICATE", 2000), half, credit("GOODWILL", 500), credit()
    )
    for remedy in (*remedies, *remedies):
        assert money.resolution.carry_out(escalation, remedy).state == COMPLETED
    given = {one.key: (one.kind, one.amount_minor, one.percent) for one in money.shop.credits()}
    assert list(map(given.get, remedies)) == [
        ("GIFT_CERTIFICATE", 2000, 0),
        ("PERCENTAGE_OFF", 3245, 50),
        ("GOODWILL", 500, 0),
        ("COUPON", 1000, 0),
    ]
    kinds = [
        resolution_events_pb2.CreditIssued.FromString(one.data).kind
        for one in money.resolution.events(escalation)
        if one.type == "amends.v1.CreditIssued"
    ]
    assert kinds == [
        types_pb2.REMEDY_KIND_GIFT_CERTIFICATE,
        types_pb2.REMEDY_KIND_PERCENTAGE_OFF,
        types_pb2.REMEDY_KIND_GOODWILL,
        types_pb2.REMEDY_KIND_COUPON,
    ]


def test_what_the_customer_seeks_is_suggested_first_whoever_must_authorise_it(
    money: Money,
) -> None:
    escalation = money.case(SHOES)
    money.resolution.hear(money.resolution.grant(types_pb2.ACTION_GOODWILL, 2500))
    money.resolution.intake.sought = types_pb2.RemedySought(
        kinds=["REMEDY_KIND_PERCENTAGE_OFF"], percent=50
    )
    best = money.suggest(escalation).suggestions[0]
    assert (best.kind, best.percent) == (types_pb2.REMEDY_KIND_PERCENTAGE_OFF, 50)
    assert best.amount == pounds(3245)
    assert not best.within_authority


@pytest.mark.parametrize("order", ["", "SM-00000"])
def test_money_goes_back_for_an_order_alone(money: Money, order: str) -> None:
    escalation = money.case(SHOES)
    money.resolution.intake.order = order
    with refused("ORDER_NOT_FOUND"):
        money.make(escalation, refund())
    assert money.make(escalation, credit()).offer_id


def test_an_offer_of_money_is_planned_again_on_a_case_that_has_moved_meanwhile(
    money: Money, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left to send back was counted before; something may have been promised since."""
    escalation, routing = money.case(), money.resolution.routing
    now = routing.reserved_at
    planned: list[datetime] = []

    def said_once_meanwhile() -> datetime:
        if not planned:
            money.resolution.send(
                escalation, "UPDATE", "We look into it.", Role.HANDLER, subject="hal"
            )
        planned.append(now())
        return planned[-1]

    monkeypatch.setattr(routing, "reserved_at", said_once_meanwhile)
    assert money.make(escalation, refund()).offer_id
    assert len(planned) > 1


def test_an_offer_of_money_is_not_made_on_a_case_that_moves_each_time(
    money: Money, monkeypatch: pytest.MonkeyPatch
) -> None:
    escalation, routing = money.case(), money.resolution.routing
    now = routing.reserved_at

    def said_meanwhile() -> datetime:
        money.resolution.send(escalation, "UPDATE", "We look into it.", Role.HANDLER, subject="hal")
        return now()

    monkeypatch.setattr(routing, "reserved_at", said_meanwhile)
    with refused("VERSION_CONFLICT"):
        money.make(escalation, refund())
    monkeypatch.setattr(routing, "reserved_at", now)
    assert money.make(escalation, refund()).offer_id
