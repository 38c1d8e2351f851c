"""Keys that are closed: nothing is ever created under them, however late it is asked for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.values.identity import Tenant
from tests.services.commerce.conftest import SHOP, Merchant, pounds, refused

ORDER, SKU, PAID = "SM-20418", "FB-PREDATOR-42", 6490


@dataclass(frozen=True)
class Creation:
    """Something that is made for a key."""

    kind: str
    create: str
    request: Callable[[str], object]


CREATIONS = (
    Creation(
        "refund",
        "CreateRefund",
        lambda key: pb.CreateRefundRequest(
            key=key, order=ORDER, amount=pounds(PAID), method=pb.REFUND_METHOD_ORIGINAL_PAYMENT
        ),
    ),
    Creation(
        "replacement",
        "CreateReplacement",
        lambda key: pb.CreateReplacementRequest(
            key=key, order=ORDER, sku=SKU, service="same-day-courier"
        ),
    ),
    Creation(
        "credit",
        "IssueCredit",
        lambda key: pb.IssueCreditRequest(key=key, customer="C-1042", amount=pounds(1000)),
    ),
)
each = pytest.mark.parametrize("creation", CREATIONS, ids=lambda one: one.kind)


def close(merchant: Merchant, kind: str, key: str, tenant: Tenant = SHOP) -> pb.CloseKeyResponse:
    request = pb.CloseKeyRequest(key=key, kind=f"CREATION_KIND_{kind.upper()}")
    answer = merchant.ask("CloseKey", request, tenant)
    assert isinstance(answer, pb.CloseKeyResponse)
    return answer


@each
def test_nothing_is_ever_created_under_a_closed_key(merchant: Merchant, creation: Creation) -> None:
    for _ in range(2):
        assert close(merchant, creation.kind, "rem_1") == pb.CloseKeyResponse()
    assert merchant.ask(creation.create, creation.request("rem_2"))
    merchant.move_to(merchant.saturday + timedelta(days=400))
    with refused("KEY_CLOSED"):
        merchant.ask(creation.create, creation.request("rem_1"))


@each
def test_what_stands_under_a_key_is_told_and_stays(merchant: Merchant, creation: Creation) -> None:
    made = merchant.ask(creation.create, creation.request("rem_1"))
    told = close(merchant, creation.kind, "rem_1")
    assert getattr(told, creation.kind) == getattr(made, creation.kind)
    assert merchant.ask(creation.create, creation.request("rem_1")) == made


def test_a_refused_key_is_free_until_it_is_closed(merchant: Merchant) -> None:
    with refused("REFUND_EXCEEDS_PAYMENT"):
        merchant.refund("rem_1", PAID + 1)
    assert merchant.refund("rem_1", PAID).key == "rem_1"
    with refused("REFUND_EXCEEDS_PAYMENT"):
        merchant.refund("rem_2", PAID)
    close(merchant, "refund", "rem_2")
    with refused("KEY_CLOSED"):
        merchant.refund("rem_2", 1)


def test_of_a_creation_and_a_close_at_once_both_are_told_the_same(merchant: Merchant) -> None:
    def refund(key: str) -> str:
        try:
            return merchant.refund(key, 100).refund_id
        except grpc.RpcError as error:
            return refusal_of(error).reason

    keys = [f"rem_{number}" for number in range(12)]
    with ThreadPoolExecutor(24) as callers:
        paid = [callers.submit(refund, key) for key in keys]
        closed = [callers.submit(close, merchant, "refund", key) for key in keys]
    told = [one.result().refund.refund_id or "KEY_CLOSED" for one in closed]
    assert told == [one.result() for one in paid]
    sent = {one.refund_id for one in merchant.order().refunds}
    assert sent == set(told) - {"KEY_CLOSED"}


def test_a_key_is_closed_for_one_tenant_and_one_kind(merchant: Merchant) -> None:
    close(merchant, "refund", "rem_1", Tenant("other-shop"))
    close(merchant, "credit", "rem_1")
    assert merchant.refund("rem_1", PAID).key == "rem_1"
