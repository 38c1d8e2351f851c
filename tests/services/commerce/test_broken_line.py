"""A broken line to the merchant: whatever breaks, a look-up by key tells what was done, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.values.refusal import DependencyUnavailable
from tests.faults import AnswerLost, Down, Line, Refuses, Slow, Twice
from tests.services.commerce.conftest import Merchant, pence, pounds, refused

ORDER, SKU, PAID = "SM-20418", "FB-PREDATOR-42", 6490
PATIENCE = 2.0  # seconds: many times what the work takes
REFUND = pb.CreateRefundRequest(
    key="rem_1", order=ORDER, amount=pounds(PAID), method=pb.REFUND_METHOD_ORIGINAL_PAYMENT
)
CREDIT = pb.IssueCreditRequest(
    key="rem_1", customer="C-1042", amount=pounds(1000), kind=pb.CREDIT_KIND_GIFT_CERTIFICATE
)
REPLACEMENT = pb.CreateReplacementRequest(
    key="rem_1", order=ORDER, sku=SKU, service="same-day-courier"
)


@dataclass(frozen=True)
class Creation:
    """Something that is made for a key, and how it is looked up."""

    rpc: str
    request: object
    look_up: str
    by_key: object

    def make(self, merchant: Merchant) -> str:
        """What it answers, to be compared."""
        return str(merchant.ask(self.rpc, self.request))

    def find(self, merchant: Merchant) -> str:
        """The same, looked up."""
        return str(merchant.ask(self.look_up, self.by_key))


CREATIONS = [
    Creation("CreateRefund", REFUND, "GetRefund", pb.GetRefundRequest(key="rem_1")),
    Creation("IssueCredit", CREDIT, "GetCredit", pb.GetCreditRequest(key="rem_1")),
    Creation(
        "CreateReplacement", REPLACEMENT, "GetReplacement", pb.GetReplacementRequest(key="rem_1")
    ),
]
each_creation = pytest.mark.parametrize("creation", CREATIONS, ids=lambda one: one.rpc)


@pytest.fixture
def line(merchant: Merchant) -> Iterator[Line]:
    with Line(merchant.address) as between:
        yield between


@pytest.fixture
def far(merchant: Merchant, line: Line) -> Iterator[Merchant]:
    """The merchant at the far end of the line."""
    with merchant.through(line.address) as there:
        yield there


def is_away(error: grpc.RpcError) -> bool:
    return isinstance(refusal_of(error), DependencyUnavailable)


def away() -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=is_away)


def created(merchant: Merchant) -> tuple[int, int, int]:
    """What stands at the merchant: pence of refunds, credits, pairs sent again."""
    pending = sum(pence(one.pending) for one in merchant.order(ORDER).payments)
    with merchant.engine.connect() as conn:
        count = "SELECT count(*) FROM issued_credits"
        credits_: int = conn.exec_driver_sql(count).scalar_one()
    return pending, credits_, 24 - merchant.stock(SKU)


@each_creation
def test_what_was_done_is_found_by_its_key_although_its_answer_was_lost(
    merchant: Merchant, line: Line, far: Merchant, creation: Creation
) -> None:
    line.breaks(creation.rpc, AnswerLost())
    with away():
        creation.make(far)
    before = created(merchant)
    assert sum(map(bool, before)) == 1
    found = creation.find(far)
    assert creation.make(far) == found
    assert created(merchant) == before


def test_what_was_done_is_found_although_its_caller_waited_in_vain(
    line: Line, far: Merchant
) -> None:
    line.breaks("CreateRefund", AnswerLost(hangs=True))
    with away():
        far.ask("CreateRefund", REFUND, timeout=PATIENCE)
    assert far.find_refund("rem_1").state == pb.REFUND_STATE_SUBMITTED
    assert pence(far.order(ORDER).payments[0].pending) == PAID


@each_creation
def test_what_never_reached_the_merchant_is_not_found_and_done_by_a_repeat(
    merchant: Merchant, line: Line, far: Merchant, creation: Creation
) -> None:
    line.breaks(creation.rpc, Down())
    with away():
        creation.make(far)
    assert created(merchant) == (0, 0, 0)
    with pytest.raises(grpc.RpcError) as error:
        creation.find(far)
    assert refusal_of(error.value).reason.endswith("_NOT_FOUND")
    assert creation.make(far) == creation.find(far)
    assert line.reached(creation.rpc) == 1


@each_creation
def test_what_reaches_the_merchant_twice_is_done_once(
    merchant: Merchant, line: Line, far: Merchant, creation: Creation
) -> None:
    line.breaks(creation.rpc, Twice())
    answer = creation.make(far)
    assert (line.called(creation.rpc), line.reached(creation.rpc)) == (1, 2)
    assert answer == creation.find(far) == creation.make(far)
    assert created(merchant) in {(PAID, 0, 0), (0, 1, 0), (0, 0, 1)}


def test_a_slow_line_passes_whatever_its_caller_waits_for(line: Line, far: Merchant) -> None:
    line.breaks("CreateRefund", Slow(0.2))
    far.ask("CreateRefund", REFUND)
    assert far.find_refund("rem_1").state == pb.REFUND_STATE_SUBMITTED


def test_who_gives_up_on_a_slow_line_finds_nothing_done(
    merchant: Merchant, line: Line, far: Merchant
) -> None:
    line.breaks("CreateRefund", Slow(60))
    with away():
        far.ask("CreateRefund", REFUND, timeout=0.3)
    with refused("REFUND_NOT_FOUND"):
        far.find_refund("rem_1")
    assert line.reached("CreateRefund") == 0
    assert created(merchant) == (0, 0, 0)


def test_a_refusal_comes_through_whole(line: Line, far: Merchant) -> None:
    with pytest.raises(grpc.RpcError) as error:
        far.refund("rem_1", PAID + 1)
    refusal = refusal_of(error.value)
    assert refusal.reason == "REFUND_EXCEEDS_PAYMENT"
    assert refusal.metadata["left"] == "64.90 GBP"
    line.breaks("CreateRefund", Refuses("OUT_OF_STOCK"))
    with refused("OUT_OF_STOCK"):
        far.refund("rem_1", PAID)
    assert far.refund("rem_1", PAID).state == pb.REFUND_STATE_SUBMITTED


def test_a_line_stays_down_until_it_heals_and_takes_its_script_in_order(
    line: Line, far: Merchant
) -> None:
    tried: list[Callable[[], object]] = [lambda: far.refund("rem_1", 100)] * 3
    line.stays("CreateRefund", Down())
    line.breaks("CreateRefund", Refuses("OUT_OF_STOCK"))
    with refused("OUT_OF_STOCK"):
        tried[0]()
    for attempt in tried[1:]:
        with away():
            attempt()
    assert not far.order(ORDER).refunds
    line.heals()
    assert far.refund("rem_1", 100).key == "rem_1"
    assert (line.called("CreateRefund"), line.reached("CreateRefund")) == (4, 1)
