"""Replacements that are kept back: before they shipped, once, and in stock again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from tests.services.commerce.conftest import Merchant, moment, refused

SKU = "FB-PREDATOR-42"


def cancel(merchant: Merchant, key: str) -> pb.Replacement:
    answer = merchant.ask("CancelReplacement", pb.CancelReplacementRequest(key=key))
    assert isinstance(answer, pb.CancelReplacementResponse)
    return answer.replacement


def find(merchant: Merchant, key: str) -> pb.Replacement:
    answer = merchant.ask("GetReplacement", pb.GetReplacementRequest(key=key))
    assert isinstance(answer, pb.GetReplacementResponse)
    return answer.replacement


def test_what_has_not_shipped_is_kept_back_and_never_ships(merchant: Merchant) -> None:
    left = merchant.stock(SKU)
    made = merchant.replace("rem_1")
    kept = cancel(merchant, "rem_1")
    assert kept.state == pb.REPLACEMENT_STATE_CANCELLED
    assert kept.HasField("cancelled_at")
    assert merchant.stock(SKU) == left
    merchant.move_to(moment(made.arrives_by))
    later = find(merchant, "rem_1")
    assert later == kept
    assert not later.HasField("shipped_at")
    assert not later.HasField("delivered_at")


def test_however_many_cancel_at_once_the_goods_come_back_once(merchant: Merchant) -> None:
    left = merchant.stock(SKU)
    merchant.replace("rem_1")
    with ThreadPoolExecutor(8) as callers:
        kept = list(callers.map(lambda _: cancel(merchant, "rem_1"), range(16)))
    assert all(one == kept[0] for one in kept)
    assert merchant.stock(SKU) == left


def test_what_has_shipped_is_not_kept_back(merchant: Merchant) -> None:
    left = merchant.stock(SKU)
    made = merchant.replace("rem_1")
    merchant.move_to(moment(made.ships_by))
    with pytest.raises(grpc.RpcError) as error:
        cancel(merchant, "rem_1")
    refusal = refusal_of(error.value)
    assert refusal.reason == "REPLACEMENT_SHIPPED"
    assert refusal.metadata["state"] == "SHIPPED"
    assert "RequestReturn" in refusal.message
    assert find(merchant, "rem_1").state == pb.REPLACEMENT_STATE_SHIPPED
    assert merchant.stock(SKU) == left - 1


def test_a_repeat_of_a_cancelled_replacement_sends_nothing(merchant: Merchant) -> None:
    left = merchant.stock(SKU)
    merchant.replace("rem_1")
    cancel(merchant, "rem_1")
    merchant.move_to(merchant.saturday + timedelta(minutes=5))
    assert merchant.replace("rem_1").state == pb.REPLACEMENT_STATE_CANCELLED
    assert merchant.stock(SKU) == left


def test_what_was_never_sent_cannot_be_kept_back(merchant: Merchant) -> None:
    with refused("REPLACEMENT_NOT_FOUND"):
        cancel(merchant, "rem_0")
