"""A process that stops before its call and wakes when all is over: what was given up is not paid.

It is stopped with SIGSTOP, as a long pause of its machine stops it, having found nothing under the
key. Its call comes as late as it wakes; nothing that it knows says how late.
"""

import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from amends.crash_points import STOP
from amends.v1 import resolution_service_pb2 as pb
from deploy.demo.cast import wait_for
from tests.faults import AnswerLost, Held, Refuses
from tests.services.resolution.money.shop import SHOES, Money, credit, new_pair, refund
from tests.services.resolution.money.test_paid_once import EACH_TIME, a_second_process, carry_out
from tests.services.resolution.neighbours import pounds
from tests.services.resolution.test_resolution import refused

COMPLETED, FAILED, SUBMITTED = (
    pb.REMEDY_STATE_COMPLETED,
    pb.REMEDY_STATE_FAILED,
    pb.REMEDY_STATE_SUBMITTED,
)


def wakes_late(
    money: Money, look_up: str, escalation: str, remedy: str, meanwhile: Callable[[], None]
) -> Any:  # noqa: ANN401 - a generated stub's answer
    """What a second process answers that stopped before its creation while `meanwhile` happened."""
    held = Held()
    money.shop.line.breaks(look_up, held)
    with a_second_process(money.resolution) as (process, stub), ThreadPoolExecutor(1) as pool:
        sleeping: Future[Any] = pool.submit(carry_out, money.resolution, stub, escalation, remedy)
        assert held.came.wait(30)
        process.send_signal(signal.SIGSTOP)
        meanwhile()
        held.go.set()
        process.send_signal(signal.SIGCONT)
        return sleeping.result()


def test_what_was_refused_for_good_is_not_paid_by_who_wakes_when_it_no_longer_would_be(
    money: Money,
) -> None:
    escalation, given_up = money.refund_of(SHOES, amount=pounds(1000))
    paid: list[str] = []

    def another_is_paid_in_its_place() -> None:
        money.shop.line.breaks("CreateRefund", Refuses("REFUND_EXCEEDS_PAYMENT"))
        assert money.resolution.carry_out(escalation, given_up).state == FAILED
        paid.extend(money.offer(escalation, refund(amount=pounds(1000), in_place_of=given_up)))
        assert money.resolution.carry_out(escalation, paid[0]).state == SUBMITTED

    woken = wakes_late(money, "GetRefund", escalation, given_up, another_is_paid_in_its_place)
    assert woken.state == FAILED
    assert len(money.shop.sent(SHOES)) == 1
    assert money.shop.sent(SHOES) == [(paid[0], 1000, escalation)]
    assert money.told(escalation, given_up).failure == "REFUND_EXCEEDS_PAYMENT"


@pytest.mark.parametrize(
    ("offered", "look_up", "creation"),
    [
        (new_pair(), "GetReplacement", "CreateReplacement"),
        (credit(), "GetCredit", "IssueCredit"),
    ],
    ids=["replacement", "credit"],
)
def test_goods_and_credits_that_were_given_up_are_not_given_either(
    money: Money, offered: pb.OfferedRemedy, look_up: str, creation: str
) -> None:
    shelf = money.shop.stock("FB-PREDATOR-42")
    escalation = money.case(SHOES)
    [given_up] = money.offer(escalation, offered)

    def money_is_sent_in_its_place() -> None:
        money.shop.line.breaks(creation, Refuses("OUT_OF_STOCK"))
        assert money.resolution.carry_out(escalation, given_up).state == FAILED
        [back] = money.offer(escalation, refund(in_place_of=given_up))
        assert money.resolution.carry_out(escalation, back).state == SUBMITTED

    woken = wakes_late(money, look_up, escalation, given_up, money_is_sent_in_its_place)
    assert woken.state == FAILED
    assert money.shop.credits() == []
    assert money.shop.stock("FB-PREDATOR-42") == shelf


def test_what_was_paid_meanwhile_is_found_by_who_wakes(money: Money) -> None:
    escalation, remedy = money.refund_of(SHOES)

    def another_pays() -> None:
        assert money.resolution.carry_out(escalation, remedy).state == SUBMITTED

    woken = wakes_late(money, "GetRefund", escalation, remedy, another_pays)
    assert woken.state == SUBMITTED
    assert [key for key, _, _ in money.shop.sent(SHOES)] == [remedy]
    assert money.resolution.types(escalation).count("RefundSubmitted") == 1


def test_who_is_frozen_within_a_transaction_holds_nobody_up_for_long(
    money: Money, tmp_path: Path
) -> None:
    escalation, remedy = money.refund_of(SHOES)
    point = tmp_path / "commit.before"
    point.write_text(STOP)
    armed = {"AMENDS_CRASH_POINTS": str(tmp_path)}
    with (
        a_second_process(money.resolution, **armed) as (process, stub),
        ThreadPoolExecutor(1) as pool,
    ):
        sleeping: Future[Any] = pool.submit(carry_out, money.resolution, stub, escalation, remedy)
        asleep = psutil.Process(process.pid)
        wait_for(lambda: asleep.status() == psutil.STATUS_STOPPED, "it stops before its commit")
        assert money.resolution.carry_out(escalation, remedy).state == SUBMITTED
        process.send_signal(signal.SIGCONT)
        sleeping.exception()
    assert [key for key, _, _ in money.shop.sent(SHOES)] == [remedy]
    assert money.resolution.types(escalation).count("RemedyStarted") == 1


def test_a_refusal_of_what_happened_all_the_same_is_no_failure(money: Money) -> None:
    """The money went out and the answer was lost; the next answer is a no that is not true."""
    escalation, remedy = money.refund_of(SHOES)
    money.shop.line.breaks("CreateRefund", AnswerLost(), Refuses("ORDER_NOT_FOUND"))
    assert money.resolution.carry_out(escalation, remedy).state == SUBMITTED
    assert [key for key, _, _ in money.shop.sent(SHOES)] == [remedy]


def test_nothing_has_failed_before_its_key_is_closed(money: Money) -> None:
    escalation, remedy = money.refund_of(SHOES)
    money.shop.line.breaks("CreateRefund", Refuses("REFUND_EXCEEDS_PAYMENT"))
    money.shop.line.breaks("CloseKey", *[AnswerLost()] * EACH_TIME)
    with refused("DEPENDENCY_UNAVAILABLE"):
        money.resolution.carry_out(escalation, remedy)
    assert money.resolution.types(escalation)[-1] == "RemedyStarted"
    assert money.resolution.carry_out(escalation, remedy).state == FAILED
    assert money.told(escalation, remedy).failure == "KEY_CLOSED"
    assert money.shop.sent(SHOES) == []
