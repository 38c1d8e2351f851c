"""Refunds at the merchant: once per key, never more than was captured, followed to the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import grpc
import pytest
from google.type import money_pb2
from sqlalchemy import insert, update

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.values.identity import Tenant
from services.commerce import seed, shop, tables
from tests.services.commerce.conftest import SHOP, Merchant, moment, pence, pounds, refused

SHOES, PAID = "SM-20418", 6490
AT_ONCE, FAILS_AT_ONCE, FAILS_LATER = "SM-20102", "SM-20103", "SM-20104"
SILENT, COMES_BACK = "SM-20105", "SM-20106"
SLIPPERS = 3490
OWED, UNHEARD_OF = "SM-19640", "SM-19655"
SUBMITTED, SUCCEEDED, FAILED = (
    pb.REFUND_STATE_SUBMITTED,
    pb.REFUND_STATE_SUCCEEDED,
    pb.REFUND_STATE_FAILED,
)


def books(merchant: Merchant, order: str) -> tuple[int, int, int, int]:
    """(captured, refunded, pending, what may still go) in pence."""
    found = merchant.order(order)
    sums = [
        sum(pence(getattr(one, name)) for one in found.payments)
        for name in ("captured", "refunded", "pending")
    ]
    return (sums[0], sums[1], sums[2], pence(found.refundable))


def entries(merchant: Merchant) -> set[tuple[object, ...]]:
    with merchant.engine.connect() as conn:
        return {tuple(row) for row in conn.execute(tables.ledger.select())}


def pay_again(merchant: Merchant, order: str, minor: int) -> None:
    """A second payment for an order: a part of it was paid by PayPal."""
    row = {"captured_minor": minor, "refunded_minor": 0, "method": "PAYPAL"}
    with merchant.engine.begin() as conn:
        conn.execute(
            insert(tables.payments).values(
                tenant=SHOP, payment_id=f"PAY-{order}-2", order_ref=order, **row
            )
        )


def twenty_at_once(merchant: Merchant, minor: int) -> list[str]:
    """The key of each refund of the football shoes that was taken, the reason of each other."""

    def attempt(number: int) -> str:
        try:
            return merchant.refund(f"rem_{number}", minor).key
        except grpc.RpcError as error:
            return refusal_of(error).reason

    with ThreadPoolExecutor(20) as callers:
        return list(callers.map(attempt, range(20)))


def test_a_refund_is_pending_until_the_bank_has_credited_it(merchant: Merchant) -> None:
    made = merchant.refund("rem_1", PAID)
    assert made.state == SUBMITTED
    assert (made.order, made.requested_by, pence(made.amount)) == (SHOES, "resolution", PAID)
    assert not made.HasField("credited_at")
    assert books(merchant, SHOES) == (PAID, 0, PAID, 0)
    assert moment(made.expected_by) > merchant.saturday + timedelta(days=3)
    merchant.move_to(moment(made.expected_by))
    credited = merchant.find_refund("rem_1")
    assert credited.state == SUCCEEDED
    assert moment(credited.credited_at) < moment(made.expected_by)
    assert books(merchant, SHOES) == (PAID, PAID, 0, 0)


def test_a_refund_by_paypal_is_credited_at_once(merchant: Merchant) -> None:
    made = merchant.refund("rem_1", SLIPPERS, AT_ONCE)
    assert made.state == SUCCEEDED
    assert made.credited_at == made.created_at
    assert merchant.order(AT_ONCE).payments[0].method == pb.PAYMENT_METHOD_PAYPAL


@pytest.mark.parametrize(
    ("order", "failure", "state_at_first"),
    [(FAILS_AT_ONCE, "BANK_REJECTED", FAILED), (FAILS_LATER, "CARD_EXPIRED", SUBMITTED)],
)
def test_a_failed_refund_says_why_and_gives_its_amount_back(
    merchant: Merchant, order: str, failure: str, state_at_first: int
) -> None:
    made = merchant.refund("rem_1", SLIPPERS, order)
    assert made.state == state_at_first
    assert made.failure == (failure if state_at_first == FAILED else "")
    merchant.move_to(moment(made.expected_by))
    failed = merchant.find_refund("rem_1")
    assert (failed.state, failed.failure) == (FAILED, failure)
    assert failed.HasField("failed_at")
    assert not failed.HasField("credited_at")
    assert books(merchant, order) == (SLIPPERS, 0, 0, SLIPPERS)
    assert pence(merchant.refund("rem_2", SLIPPERS, order).amount) == SLIPPERS


def test_a_refund_of_which_nothing_is_heard_stays_pending_and_is_not_paid_twice(
    merchant: Merchant,
) -> None:
    made = merchant.refund("rem_1", SLIPPERS, SILENT)
    merchant.move_to(moment(made.expected_by) + timedelta(days=200))
    assert merchant.find_refund("rem_1").state == SUBMITTED
    with refused("REFUND_EXCEEDS_PAYMENT"):
        merchant.refund("rem_2", SLIPPERS, SILENT)


def test_money_that_comes_back_after_weeks_may_be_refunded_again(merchant: Merchant) -> None:
    made = merchant.refund("rem_1", SLIPPERS, COMES_BACK)
    merchant.move_to(moment(made.expected_by) + timedelta(days=21))
    assert merchant.find_refund("rem_1").state == SUCCEEDED
    merchant.move_to(merchant.saturday + timedelta(days=60))
    back = merchant.find_refund("rem_1")
    assert back.state == FAILED
    assert moment(back.credited_at) < moment(back.failed_at)
    assert books(merchant, COMES_BACK) == (SLIPPERS, 0, 0, SLIPPERS)


def test_what_happens_to_a_refund_is_only_ever_added_to_the_ledger(merchant: Merchant) -> None:
    merchant.refund("rem_1", SLIPPERS, COMES_BACK)
    before = entries(merchant)
    merchant.move_to(merchant.saturday + timedelta(days=60))
    merchant.refund("rem_2", SLIPPERS, COMES_BACK)
    assert merchant.order(COMES_BACK).refunds[0].state == FAILED
    assert before < entries(merchant)


def test_twenty_refunds_at_once_never_come_to_more_than_was_captured(merchant: Merchant) -> None:
    answers = twenty_at_once(merchant, 1000)
    assert answers.count("REFUND_EXCEEDS_PAYMENT") == 14
    assert books(merchant, SHOES) == (PAID, 0, 6000, 490)


def test_twenty_refunds_at_once_share_two_payments(merchant: Merchant) -> None:
    pay_again(merchant, SHOES, 2510)
    assert twenty_at_once(merchant, 700).count("REFUND_EXCEEDS_PAYMENT") == 8
    found = merchant.order(SHOES)
    for paid in found.payments:
        assert pence(paid.refunded) + pence(paid.pending) <= pence(paid.captured)
    assert sum(pence(one.pending) for one in found.payments) == 8400


def test_a_refund_of_two_payments_names_both(merchant: Merchant) -> None:
    pay_again(merchant, SHOES, 2510)
    made = merchant.refund("rem_1", 9000)
    assert [(part.payment_id, pence(part.amount)) for part in made.parts] == [
        ("PAY-SM-20418", PAID),
        ("PAY-SM-20418-2", 2510),
    ]


def test_one_key_refunds_once_however_many_ask_at_once(merchant: Merchant) -> None:
    with ThreadPoolExecutor(8) as callers:
        made = list(callers.map(lambda _: merchant.refund("rem_one", 1000), range(24)))
    assert len({one.refund_id for one in made}) == 1
    assert books(merchant, SHOES) == (PAID, 0, 1000, 5490)


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": pounds(1001)},
        {"order": AT_ONCE},
        {"method": pb.REFUND_METHOD_BANK_TRANSFER},
        {"reference": "esc_another"},
    ],
)
def test_the_same_key_with_another_body_is_refused(
    merchant: Merchant, changed: dict[str, object]
) -> None:
    merchant.refund("rem_1", 1000)
    request = pb.CreateRefundRequest(
        key="rem_1",
        order=SHOES,
        amount=pounds(1000),
        method=pb.REFUND_METHOD_ORIGINAL_PAYMENT,
    )
    assert isinstance(merchant.ask("CreateRefund", request), pb.CreateRefundResponse)
    request.MergeFrom(pb.CreateRefundRequest(**changed))  # type: ignore[arg-type] # one field each
    with refused("REQUEST_ID_REUSED"):
        merchant.ask("CreateRefund", request)
    assert books(merchant, SHOES) == (PAID, 0, 1000, 5490)


def test_a_refund_tells_what_its_caller_calls_it(merchant: Merchant) -> None:
    request = pb.CreateRefundRequest(
        key="rem_1",
        order=SHOES,
        amount=pounds(1000),
        method=pb.REFUND_METHOD_ORIGINAL_PAYMENT,
        reference="esc_birthday",
    )
    merchant.ask("CreateRefund", request)
    assert merchant.find_refund("rem_1").reference == "esc_birthday"
    merchant.refund("rem_2", 1000)
    assert [one.reference for one in merchant.order().refunds] == ["esc_birthday", ""]


def test_a_repeat_after_it_failed_answers_the_failed_refund_and_sends_nothing(
    merchant: Merchant,
) -> None:
    made = merchant.refund("rem_1", SLIPPERS, FAILS_LATER)
    merchant.move_to(moment(made.expected_by))
    again = merchant.refund("rem_1", SLIPPERS, FAILS_LATER)
    assert (again.refund_id, again.state) == (made.refund_id, FAILED)
    assert books(merchant, FAILS_LATER) == (SLIPPERS, 0, 0, SLIPPERS)


def test_a_refused_key_is_free_for_a_smaller_refund(merchant: Merchant) -> None:
    with refused("REFUND_EXCEEDS_PAYMENT"):
        merchant.refund("rem_1", PAID + 1)
    with refused("REFUND_NOT_FOUND"):
        merchant.find_refund("rem_1")
    assert merchant.refund("rem_1", PAID).state == SUBMITTED


def test_money_goes_by_bank_only_to_a_customer_whose_account_is_known(merchant: Merchant) -> None:
    with refused("REFUND_METHOD_NOT_OFFERED"):
        merchant.refund("rem_1", 1000, method="BANK_TRANSFER")
    assert merchant.order(SHOES).refund_methods == [pb.REFUND_METHOD_ORIGINAL_PAYMENT]
    both = [pb.REFUND_METHOD_ORIGINAL_PAYMENT, pb.REFUND_METHOD_BANK_TRANSFER]
    assert merchant.order(OWED).refund_methods == both


@pytest.mark.parametrize(
    "amount",
    [pounds(0), pounds(-100), money_pb2.Money(currency_code="EUR", units=1)],
)
def test_a_refund_of_no_money_that_was_paid_is_refused(
    merchant: Merchant, amount: money_pb2.Money
) -> None:
    request = pb.CreateRefundRequest(key="rem_1", order=SHOES, amount=amount)
    request.method = pb.REFUND_METHOD_ORIGINAL_PAYMENT
    with refused("INVALID_MONEY"):
        merchant.ask("CreateRefund", request)


def test_another_tenant_finds_no_refund_and_shares_no_keys(merchant: Merchant) -> None:
    other = Tenant("other-shop")
    merchant.refund("rem_1", 1000)
    with refused("REFUND_NOT_FOUND"):
        merchant.ask("GetRefund", pb.GetRefundRequest(key="rem_1"), other)
    request = pb.CreateRefundRequest(key="rem_1", order=SHOES, amount=pounds(1000))
    request.method = pb.REFUND_METHOD_ORIGINAL_PAYMENT
    with refused("ORDER_NOT_FOUND"):
        merchant.ask("CreateRefund", request, other)
    seed.sow(merchant.engine, merchant.saturday, tenant=other)
    answer = merchant.ask("CreateRefund", request, other)
    assert isinstance(answer, pb.CreateRefundResponse)
    assert answer.refund.refund_id != merchant.find_refund("rem_1").refund_id


def test_what_went_back_before_there_was_a_ledger_is_not_paid_again(merchant: Merchant) -> None:
    with merchant.engine.begin() as conn:
        paid = tables.payments
        conn.execute(update(paid).filter_by(order_ref=SHOES).values(refunded_minor=PAID))
    with refused("REFUND_EXCEEDS_PAYMENT"):
        merchant.refund("rem_1", 1)


# -- what the shop's own desks sent back (C4) ----------------------------------------------------


def days_before(merchant: Merchant, at: datetime) -> int:
    return (merchant.saturday.date() - at.date()).days


def test_an_order_tells_the_refund_of_twelve_days_ago_that_never_reached_the_card(
    merchant: Merchant,
) -> None:
    found = merchant.order(OWED)
    assert [(one.key, one.state, one.failure) for one in found.refunds] == [
        ("finance-SM-19640", FAILED, "CARD_EXPIRED")
    ]
    earlier = found.refunds[0]
    assert earlier.requested_by == "finance desk"
    assert earlier.amount == found.payments[0].captured
    assert days_before(merchant, moment(earlier.created_at)) == 12
    assert merchant.find_refund("finance-SM-19640") == earlier
    assert books(merchant, OWED) == (12900, 0, 0, 12900)


def test_what_failed_by_card_is_credited_by_bank(merchant: Merchant) -> None:
    made = merchant.refund("rem_1", 12900, OWED, "BANK_TRANSFER")
    assert made.state == SUBMITTED
    merchant.move_to(moment(made.expected_by))
    assert merchant.find_refund("rem_1").state == SUCCEEDED
    assert [one.state for one in merchant.order(OWED).refunds] == [FAILED, SUCCEEDED]
    with refused("REFUND_EXCEEDS_PAYMENT"):
        merchant.refund("rem_2", 1, OWED)


def test_a_refund_of_twelve_days_ago_that_nobody_hears_of_is_not_paid_again(
    merchant: Merchant,
) -> None:
    earlier = merchant.order(UNHEARD_OF).refunds[0]
    assert earlier.state == SUBMITTED
    assert moment(earlier.expected_by) < merchant.saturday
    for method in ("ORIGINAL_PAYMENT", "BANK_TRANSFER"):
        with refused("REFUND_EXCEEDS_PAYMENT"):
            merchant.refund("rem_1", 8900, UNHEARD_OF, method)


def test_a_desks_own_key_is_taken(merchant: Merchant) -> None:
    with refused("REQUEST_ID_REUSED"):
        merchant.refund("finance-SM-19640", 100, OWED)
    assert merchant.refund("finance-SM-19640", 12900, OWED).requested_by == "finance desk"


def test_what_each_department_did_is_told_with_the_order_and_with_the_customer(
    merchant: Merchant,
) -> None:
    found = merchant.order(OWED).history
    told = [(days_before(merchant, moment(one.at)), one.department) for one in found]
    assert told == [
        (16, "returns desk"),
        (12, "finance desk"),
        (7, "phone support"),
        (2, "phone support"),
    ]
    assert all(one.what and one.order == OWED for one in found)
    customer = merchant.ask("GetCustomer", pb.GetCustomerRequest(customer="C-5120"))
    assert isinstance(customer, pb.GetCustomerResponse)
    assert customer.history == found
    assert not merchant.order(SHOES).history


def test_sowing_for_another_moment_moves_what_the_desks_did(merchant: Merchant) -> None:
    merchant.refund("rem_1", 12900, OWED, "BANK_TRANSFER")
    before = merchant.order(OWED)
    week = timedelta(days=7)
    seed.sow(merchant.engine, merchant.saturday + week)
    merchant.move_to(merchant.saturday + week)
    after = merchant.order(OWED)
    assert [moment(one.at) for one in after.history] == [
        moment(one.at) + week for one in before.history
    ]
    earlier, ours = after.refunds
    assert moment(earlier.created_at) == moment(before.refunds[0].created_at) + week
    assert earlier.refund_id == before.refunds[0].refund_id
    assert ours.created_at == before.refunds[1].created_at


def test_a_story_told_again_has_an_order_and_a_history_of_its_own(merchant: Merchant) -> None:
    seed.sow(merchant.engine, merchant.saturday, shop.Stories(owed="SM-261128", present="SM-P2"))
    first, again = merchant.order(OWED), merchant.order("SM-261128")
    assert [one.key for one in first.refunds] == ["finance-SM-19640"]
    assert [one.key for one in again.refunds] == ["finance-SM-261128"]
    assert len(first.history) == len(again.history) == 4
    assert pence(merchant.order("SM-P2").refundable) == 7450


def test_no_service_reaches_the_birthday_before_one_oclock(merchant: Merchant) -> None:
    order = merchant.order("SM-20426")
    assert not order.HasField("delivered_at")
    assert order.payments[0].method == pb.PAYMENT_METHOD_CARD
    request = pb.QuoteShippingRequest(order="SM-20426", sku=order.lines[0].sku)
    found = merchant.ask("QuoteShipping", request)
    assert isinstance(found, pb.QuoteShippingResponse)
    tomorrow = (merchant.saturday + timedelta(days=1)).replace(hour=0, minute=0)
    assert found.quotes
    assert min(moment(one.arrives_from) for one in found.quotes) >= tomorrow + timedelta(hours=12)
    assert merchant.refund("rem_1", 7450, "SM-20426").state == SUBMITTED
