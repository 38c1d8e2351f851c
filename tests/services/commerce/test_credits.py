"""Credits at the merchant: of every kind once per key, taken back once, never once used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from amends.v1 import commerce_service_pb2 as pb
from services.commerce import tables
from tests.services.commerce.conftest import Merchant, moment, pence, pounds, refused

COUPON, CERTIFICATE = pb.CREDIT_KIND_COUPON, pb.CREDIT_KIND_GIFT_CERTIFICATE
PERCENTAGE, GOODWILL = pb.CREDIT_KIND_PERCENTAGE_OFF, pb.CREDIT_KIND_GOODWILL
SHOES = "SM-20418"


def issue(merchant: Merchant, key: str, **said: object) -> pb.Credit:
    """Ten pounds for the customer of the demo, unless said otherwise."""
    request = pb.IssueCreditRequest(key=key, customer="C-1042", amount=pounds(1000))
    request.MergeFrom(pb.IssueCreditRequest(**said))  # type: ignore[arg-type] # one field each
    answer = merchant.ask("IssueCredit", request)
    assert isinstance(answer, pb.IssueCreditResponse)
    return answer.credit


def find(merchant: Merchant, key: str) -> pb.Credit:
    answer = merchant.ask("GetCredit", pb.GetCreditRequest(key=key))
    assert isinstance(answer, pb.GetCreditResponse)
    return answer.credit


def void(merchant: Merchant, key: str) -> pb.Credit:
    answer = merchant.ask("VoidCredit", pb.VoidCreditRequest(key=key))
    assert isinstance(answer, pb.VoidCreditResponse)
    return answer.credit


def spend(merchant: Merchant, key: str) -> None:
    """The customer typed its code at the merchant's own checkout."""
    with merchant.engine.begin() as conn:
        given = tables.issued_credits
        conn.execute(update(given).filter_by(key=key).values(used_at=merchant.saturday))


@pytest.mark.parametrize(
    ("kind", "percent", "code", "years"),
    [
        (COUPON, 0, "SORRY-", 1),
        (CERTIFICATE, 0, "GIFT-", 5),
        (PERCENTAGE, 50, "OFF-", 1),
        (GOODWILL, 0, "THANKS-", 1),
    ],
)
def test_every_kind_is_given_once_and_found_by_its_key(
    merchant: Merchant, kind: int, percent: int, code: str, years: int
) -> None:
    def give(_: object) -> pb.Credit:
        return issue(merchant, "rem_1", kind=kind, percent=percent)

    with ThreadPoolExecutor(8) as callers:
        given = list(callers.map(give, range(8)))
    made = given[0]
    assert all(one == made for one in given)
    assert (made.kind, made.percent, pence(made.amount)) == (kind, percent, 1000)
    assert made.state == pb.CREDIT_STATE_ISSUED
    assert made.code.startswith(code)
    assert moment(made.valid_until) - moment(made.issued_at) == years * timedelta(days=365)
    assert find(merchant, "rem_1") == made


def test_a_credit_of_no_kind_is_a_coupon_and_the_same_body(merchant: Merchant) -> None:
    made = issue(merchant, "rem_1")
    assert made.kind == COUPON
    assert issue(merchant, "rem_1", kind=COUPON) == made


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": CERTIFICATE},
        {"kind": PERCENTAGE, "percent": 10},
        {"amount": pounds(2000)},
        {"order": SHOES},
    ],
)
def test_the_same_key_with_another_credit_is_refused(
    merchant: Merchant, changed: dict[str, object]
) -> None:
    issue(merchant, "rem_1")
    with refused("REQUEST_ID_REUSED"):
        issue(merchant, "rem_1", **changed)


@pytest.mark.parametrize(("cap", "worth"), [(10_000, 3245), (2000, 2000)])
def test_half_off_a_named_order_is_worth_that_and_never_above_its_cap(
    merchant: Merchant, cap: int, worth: int
) -> None:
    half = {"kind": PERCENTAGE, "percent": 50, "order": SHOES}
    made = issue(merchant, "rem_1", amount=pounds(cap), **half)
    assert (pence(made.amount), made.order, made.percent) == (worth, SHOES, 50)


@pytest.mark.parametrize("kind", [PERCENTAGE, COUPON])
def test_a_credit_for_another_customers_order_is_refused(merchant: Merchant, kind: int) -> None:
    percent = 50 if kind == PERCENTAGE else 0
    with refused("ORDER_NOT_FOUND"):
        issue(merchant, "rem_1", kind=kind, percent=percent, order="SM-20391")
    made = issue(merchant, "rem_1", kind=kind, percent=percent, order=SHOES)
    assert made.order == SHOES


@pytest.mark.parametrize(
    "said",
    [
        {"kind": PERCENTAGE},
        {"kind": COUPON, "percent": 10},
        {"kind": PERCENTAGE, "percent": 101},
    ],
)
def test_a_credit_that_is_no_such_kind_is_refused(
    merchant: Merchant, said: dict[str, object]
) -> None:
    with refused("INVALID_FIELD"):
        issue(merchant, "rem_1", **said)


def test_a_credit_is_taken_back_once_and_stays_so(merchant: Merchant) -> None:
    issue(merchant, "rem_1", kind=CERTIFICATE)
    first = void(merchant, "rem_1")
    assert first.state == pb.CREDIT_STATE_VOIDED
    merchant.move_to(merchant.saturday + timedelta(days=1))
    assert void(merchant, "rem_1") == first == find(merchant, "rem_1")
    assert issue(merchant, "rem_1", kind=CERTIFICATE) == first


def test_a_used_credit_stays_with_the_customer(merchant: Merchant) -> None:
    issue(merchant, "rem_1")
    spend(merchant, "rem_1")
    with refused("CREDIT_USED"):
        void(merchant, "rem_1")
    assert find(merchant, "rem_1").state == pb.CREDIT_STATE_USED


def test_what_was_never_given_cannot_be_taken_back(merchant: Merchant) -> None:
    with refused("CREDIT_NOT_FOUND"):
        void(merchant, "rem_0")
