"""C4 as it must not go wrong: paid twice, called refunded and then gone, cut off in the middle."""

import asyncio
from datetime import datetime, timedelta
from typing import ClassVar

import grpc
import pytest
from google.type import money_pb2
from temporalio.client import Client, WorkflowExecutionStatus

from amends.client import new_request_id
from amends.rpc.status import refusal_of
from amends.settings import Settings
from amends.v1 import (
    commerce_service_pb2,
    followup_events_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    types_pb2,
)
from deploy.demo.cast import Cast, wait_for
from deploy.demo.not_credited import NotCredited
from deploy.local.stack import Stack
from tests.scenario import (
    events_of,
    finish_followed_up,
    finish_money_back,
    owners_of,
    play_until_understood,
)

REFUND = types_pb2.REMEDY_KIND_REFUND


class Another(NotCredited):
    """The same call about an order for which the merchant's bank does something else."""

    CUSTOMER: ClassVar[str]
    ORDER: ClassVar[str]
    PRICE: ClassVar[money_pb2.Money]

    def prepare(self) -> datetime:
        began = super().prepare()
        self.order = self.ORDER
        return began

    def opening(self) -> intake_service_pb2.OpenEscalationRequest:
        request = super().opening()
        request.customer = self.CUSTOMER
        request.remedy_sought.amount.CopyFrom(self.PRICE)
        return request

    def offers_money(self) -> resolution_service_pb2.MakeOfferResponse:
        """The money back in the way in which it was paid."""
        return self.makes_offer(
            resolution_service_pb2.OfferedRemedy(kind=REFUND),
            explanation="It should have been sent to you weeks ago.",
            apology="I am sorry that it was not.",
        )


class Pending(Another):
    """The finance desk sent the money, and nothing was heard of it since."""

    CUSTOMER, ORDER = "C-5121", "SM-19655"
    PRICE = money_pb2.Money(currency_code="GBP", units=89)


class ComesBack(Another):
    """Credited within days, and weeks after the case was closed the bank sends it back."""

    CUSTOMER, ORDER = "C-6001", "SM-20106"
    PRICE = money_pb2.Money(currency_code="GBP", units=34, nanos=900_000_000)


def test_money_that_is_under_way_is_not_sent_a_second_time(cast: Cast) -> None:
    story = Pending(cast)
    story.prepare()
    play_until_understood(story)
    [earlier] = story.weighs().earlier_refunds
    assert earlier.state == commerce_service_pb2.REFUND_STATE_SUBMITTED
    assert not [one for one in story.suggestions.suggestions if one.kind == REFUND]
    with pytest.raises(grpc.RpcError) as refused:
        story.offers_money()
    assert refusal_of(refused.value).reason == "REFUND_EXCEEDS_PAYMENT"
    assert len(story.refunds()) == 1


@pytest.mark.parametrize("dies", ["resolution", "commerce", "workflows"])
def test_the_death_of_any_one_process_pays_once(cast: Cast, stack: Stack, dies: str) -> None:
    story = NotCredited(cast)
    story.prepare()
    play_until_understood(story)
    story.offers()
    story.accepts_offer()
    stack.kill(dies)
    finish_money_back(story)
    earlier, ours = story.refunds()
    assert earlier.state == commerce_service_pb2.REFUND_STATE_FAILED
    assert ours.state == commerce_service_pb2.REFUND_STATE_SUCCEEDED


@pytest.fixture(scope="module")
def closed(cast: Cast) -> ComesBack:
    story = ComesBack(cast)
    story.prepare()
    play_until_understood(story)
    story.offers_money()
    story.accepts_offer()
    finish_money_back(story)
    return story


@pytest.fixture(scope="module")
def reopened(closed: ComesBack) -> ComesBack:
    """The bank sends the money back; the merchant says so."""
    [remedy] = closed.resolution().offers[0].remedies
    request = resolution_service_pb2.ReportRefundRequest(
        request_id=new_request_id(),
        escalation_id=closed.escalation,
        remedy_id=remedy.remedy.remedy_id,
    )
    closed.cast.move_to(closed.cast.now() + timedelta(weeks=3))
    closed.cast.merchant.resolution.ReportRefund(request)
    wait_for(
        lambda: closed.case().stage == types_pb2.STAGE_RESOLUTION, "the case goes on", within=30
    )
    return closed


def test_money_that_comes_back_after_the_close_opens_the_case_again(reopened: ComesBack) -> None:
    [failed] = events_of(reopened, resolution_events_pb2.RefundFailed)
    [again] = events_of(reopened, followup_events_pb2.EscalationReopened)
    assert failed.after_credit
    assert again.reason == followup_events_pb2.REOPEN_REASON_REFUND_FAILED
    assert again.remedy_id == failed.remedy_id
    assert "for Maya to make an offer" in reopened.case().waiting_for


def test_it_goes_on_under_the_same_id_with_the_same_owner_and_its_whole_history(
    reopened: ComesBack,
) -> None:
    assert owners_of(reopened) == ["dm_maya"]
    told = [entry.event for entry in reopened.case().timeline]
    assert told[0] == "EscalationOpened"
    assert told.index("EscalationClosed") < told.index("EscalationReopened")


def test_operations_see_another_run_of_the_same_process(reopened: ComesBack) -> None:
    """Maybe one between that found the case closed: news of the follow-up that came late."""
    wait_for(lambda: _runs(reopened)[-1] is WorkflowExecutionStatus.RUNNING, "it runs again")
    *before, _ = _runs(reopened)
    assert {*before} == {WorkflowExecutionStatus.COMPLETED}


def _runs(story: ComesBack) -> list[WorkflowExecutionStatus | None]:
    """Of the case's process, the first run first."""
    return asyncio.run(_listed(story.cast.settings, f"escalation/{story.escalation}"))


async def _listed(settings: Settings, process: str) -> list[WorkflowExecutionStatus | None]:
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    runs = [run async for run in client.list_workflows(f"WorkflowId = '{process}'")]
    return [run.status for run in sorted(runs, key=lambda run: run.start_time)]


def test_another_way_is_offered_and_the_case_is_closed_again(reopened: ComesBack) -> None:
    reopened.makes_offer(
        resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_GIFT_CERTIFICATE,
            amount=money_pb2.Money(currency_code="GBP", units=25),
            in_place_of=reopened.resolution().offers[0].remedies[0].remedy.remedy_id,
        ),
        explanation="Your bank sent the money back, and there is no other account.",
        apology="I am sorry that it is not over yet.",
    )
    reopened.accepts_offer()
    given = resolution_service_pb2.REMEDY_STATE_COMPLETED
    kind = types_pb2.REMEDY_KIND_GIFT_CERTIFICATE
    wait_for(lambda: reopened.remedy(kind, given), "the certificate is given")
    reopened.answers()
    reopened.is_answered()
    finish_followed_up(reopened)
    assert reopened.case().outcome == "happy"
