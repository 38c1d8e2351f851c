"""Whatever breaks between resolution and the merchant: the money goes out once (S44)."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest

from amends.rpc.channel import as_tenant
from amends.rpc.status import refusal_of
from amends.v1 import resolution_service_pb2 as pb
from amends.v1.resolution_service_pb2_grpc import ResolutionServiceStub
from amends.values.identity import Role
from deploy.demo.cast import wait_for
from deploy.local.ports import Ports
from tests.faults import AnswerLost, Down, Fault, Refuses, Slow, Twice
from tests.services.resolution.conftest import Resolution, new_id
from tests.services.resolution.money.shop import SHOES, SHOES_PAID, Money
from tests.services.resolution.neighbours import SHOP, pounds
from tests.services.resolution.test_resolution import refused

# As often as a caller of ours repeats by itself what is UNAVAILABLE.
EACH_TIME = 4
SUBMITTED = pb.REMEDY_STATE_SUBMITTED


def until_it_is_sent(resolution: Resolution, escalation: str, remedy: str) -> int:
    """How often it was carried out, as the workflow repeats while the merchant cannot be asked."""
    for tries in range(1, 5):
        if (reason := attempt(resolution, escalation, remedy)) == "SUBMITTED":
            return tries
        assert reason == "DEPENDENCY_UNAVAILABLE"
    raise AssertionError(tries)


def attempt(resolution: Resolution, escalation: str, remedy: str) -> str:
    """The state that it came to, or the reason why not."""
    try:
        answered = resolution.carry_out(escalation, remedy)
    except grpc.RpcError as error:
        return refusal_of(error).reason
    return pb.RemedyState.Name(answered.state).removeprefix("REMEDY_STATE_")


@pytest.mark.parametrize(
    ("rpc", "faults", "tries"),
    [
        ("CreateRefund", [Slow(0.2)], 1),
        ("CreateRefund", [Down()], 1),
        ("CreateRefund", [Down()] * EACH_TIME, 2),
        ("CreateRefund", [AnswerLost()], 1),
        ("CreateRefund", [AnswerLost()] * EACH_TIME, 2),
        ("CreateRefund", [Twice()], 1),
        ("CreateRefund", [Refuses("OVERLOADED")] * EACH_TIME, 2),
        ("GetRefund", [Down()] * EACH_TIME, 2),
        ("GetRefund", [AnswerLost()], 1),
    ],
)
def test_the_money_goes_out_once_whatever_breaks(
    money: Money, rpc: str, faults: Sequence[Fault], tries: int
) -> None:
    escalation, remedy = money.refund_of(SHOES)
    money.shop.line.breaks(rpc, *faults)
    assert until_it_is_sent(money.resolution, escalation, remedy) == tries
    assert money.shop.sent(SHOES) == [(remedy, SHOES_PAID, escalation)]
    assert money.resolution.types(escalation)[-2:] == ["RemedyStarted", "RefundSubmitted"]


def test_what_is_less_by_the_refund_itself_is_no_failure_of_it(money: Money) -> None:
    """The merchant took it, its answers were lost, and there is not enough left for it again."""
    escalation, remedy = money.refund_of(SHOES)
    money.shop.line.breaks("CreateRefund", *[AnswerLost()] * EACH_TIME)
    with refused("DEPENDENCY_UNAVAILABLE"):
        money.resolution.carry_out(escalation, remedy)
    money.shop.line.breaks("GetRefund", Refuses("REFUND_NOT_FOUND"))
    money.shop.line.breaks("CreateRefund", Refuses("REFUND_EXCEEDS_PAYMENT"))
    assert money.resolution.carry_out(escalation, remedy).state == SUBMITTED
    assert [key for key, _, _ in money.shop.sent(SHOES)] == [remedy]


def test_what_another_took_meanwhile_fails_the_remedy(money: Money) -> None:
    escalation, remedy = money.refund_of(SHOES)
    other, sooner = money.refund_of(SHOES, amount=pounds(100))
    money.resolution.carry_out(other, sooner)
    assert money.resolution.carry_out(escalation, remedy).state == pb.REMEDY_STATE_FAILED
    assert money.told(escalation, remedy).failure == "REFUND_EXCEEDS_PAYMENT"
    assert [key for key, _, _ in money.shop.sent(SHOES)] == [sooner]


def test_twenty_who_carry_out_one_refund_at_once_send_the_money_once(money: Money) -> None:
    escalation, remedy = money.refund_of(SHOES)
    with ThreadPoolExecutor(20) as pool:
        found = [pool.submit(money.resolution.carry_out, escalation, remedy) for _ in range(20)]
    assert {one.result().state for one in found} == {SUBMITTED}
    assert money.shop.sent(SHOES) == [(remedy, SHOES_PAID, escalation)]
    said = money.resolution.types(escalation)
    assert (said.count("RemedyStarted"), said.count("RefundSubmitted")) == (1, 1)


def test_a_process_killed_between_intent_and_outcome_leaves_nothing_that_is_paid_again(
    money: Money,
) -> None:
    escalation, remedy = money.refund_of(SHOES)
    money.shop.line.breaks("CreateRefund", AnswerLost(hangs=True))
    with a_second_process(money.resolution) as (process, stub), ThreadPoolExecutor(1) as pool:
        dying = pool.submit(carry_out, money.resolution, stub, escalation, remedy)
        wait_for(lambda: money.shop.sent(SHOES), "the merchant has sent the money")
        process.kill()
        assert isinstance(dying.exception(), grpc.RpcError)
    assert money.resolution.types(escalation)[-1] == "RemedyStarted"
    assert money.told(escalation, remedy).refund.standing == pb.REFUND_STANDING_UNKNOWN
    assert money.resolution.carry_out(escalation, remedy).state == SUBMITTED
    assert money.shop.sent(SHOES) == [(remedy, SHOES_PAID, escalation)]
    assert money.shop.line.reached("CreateRefund") == 1


def carry_out(
    resolution: Resolution, stub: ResolutionServiceStub, escalation: str, remedy: str
) -> Any:  # noqa: ANN401 - a generated stub's answer
    request = pb.CarryOutRemedyRequest(
        request_id=new_id(), escalation_id=escalation, remedy_id=remedy
    )
    token = resolution.token("service", Role.SERVICE, SHOP)
    metadata = (("authorization", f"Bearer {token}"), *as_tenant(SHOP))
    return stub.CarryOutRemedy(request, metadata=metadata, timeout=60, wait_for_ready=True)


@contextmanager
def a_second_process(
    resolution: Resolution, **told: str
) -> Iterator[tuple["subprocess.Popen[bytes]", ResolutionServiceStub]]:
    """Another process of the service on the same store, which serves and nothing else."""
    address = f"127.0.0.1:{Ports.free().base}"
    env = {**os.environ, **resolution.env, "AMENDS_RESOLUTION_ADDRESS": address, **told}
    process = subprocess.Popen([sys.executable, "-m", "services.resolution", "serve"], env=env)
    try:
        with grpc.insecure_channel(address) as channel:
            yield process, ResolutionServiceStub(channel)
    finally:
        process.kill()
        process.wait()
