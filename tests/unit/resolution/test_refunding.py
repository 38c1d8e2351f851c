from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.resolution.domain import carrying_out, refunding
from services.resolution.domain.carrying_out import RecordRefund
from services.resolution.domain.merchant import Refund
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.refunding import FollowRefund, Seen
from services.resolution.domain.refunds import (
    RefundFailed,
    RefundStanding,
    RefundSubmitted,
    RefundSucceeded,
)
from services.resolution.domain.remedies import Remedies, RemedyState, evolve
from tests.unit.resolution.builders import CASE, ESCALATION, MINUTE, NOW, PAID, Given, london
from tests.unit.resolution.money import (
    CAME_BACK,
    FELL_THROUGH,
    MONEY,
    SENT,
    THERE,
    THREE_DAYS,
    begun,
    done,
    failed,
    offered,
    refund_of,
)

AT = NOW + 3 * MINUTE
LATER = london("Tue 12:00")
HOURS = timedelta(hours=1)
SUBMITTED = RefundSubmitted(
    ESCALATION, MONEY, "rfd_1", PAID, SENT.method, SENT.created_at, THREE_DAYS, AT + 12 * HOURS
)
SUCCEEDED = RefundSucceeded(ESCALATION, MONEY, "rfd_1", PAID, london("Tue 11:00"))
STARTED = (*offered(refund_of(6490)), begun(refund_of(6490)))


def given(*events: object) -> Given:
    return Given(Remedies(), evolve, (*STARTED, *events))


def look(once: Given, seen: Refund | None) -> tuple[object, ...]:
    return once.when(refunding.follow, FollowRefund(MONEY, LATER), Seen(CASE, seen))


def test_money_that_was_sent_off_is_submitted_and_looked_at_within_half_a_day() -> None:
    outcome = RecordRefund(MONEY, SENT, AT)
    assert given().when(carrying_out.conclude, outcome, CASE) == (SUBMITTED,)
    assert given(SUBMITTED).when(carrying_out.conclude, outcome, CASE) == ()
    progress = given(SUBMITTED).state.of(MONEY)
    assert (progress.state, progress.reference) == (RemedyState.SUBMITTED, "rfd_1")
    policy = POLICIES[1]
    assert progress.check_by(THREE_DAYS - HOURS, policy) == THREE_DAYS
    assert progress.check_by(THREE_DAYS, policy) == THREE_DAYS + 12 * HOURS


def test_what_came_of_it_at_once_is_told_in_one_breath() -> None:
    there = given().when(carrying_out.conclude, RecordRefund(MONEY, THERE, AT), CASE)
    assert there == (SUBMITTED, SUCCEEDED, replace(done(MONEY), completed_at=AT))
    fell = given().when(carrying_out.conclude, RecordRefund(MONEY, FELL_THROUGH, AT), CASE)
    assert [type(one).__name__ for one in fell] == [
        "RefundSubmitted",
        "RefundFailed",
        "RemedyFailed",
    ]


def test_nothing_new_is_no_event() -> None:
    assert look(given(SUBMITTED), SENT) == ()
    assert look(given(SUBMITTED), None) == ()
    assert look(given(), SENT) == ()


def test_it_is_done_only_once_the_customer_has_it() -> None:
    assert look(given(SUBMITTED), THERE) == (
        SUCCEEDED,
        replace(done(MONEY), completed_at=LATER),
    )
    assert look(given(SUBMITTED, SUCCEEDED, done(MONEY)), THERE) == ()


def test_what_failed_says_why_and_by_when_another_should_be_offered() -> None:
    fell_through, ended = look(given(SUBMITTED), FELL_THROUGH)
    assert fell_through == RefundFailed(
        ESCALATION, MONEY, "rfd_1", PAID, "CARD_EXPIRED", london("Tue 11:00"), after_credit=False
    )
    assert ended == replace(failed(MONEY, "CARD_EXPIRED"), offer_by=LATER + 2 * HOURS)


def test_a_failure_without_a_name_has_one() -> None:
    _, ended = look(given(SUBMITTED), replace(FELL_THROUGH, failure="", failed_at=None))
    assert ended == replace(failed(MONEY, "REFUND_FAILED"), offer_by=LATER + 2 * HOURS)


def test_money_that_comes_back_fails_what_was_done_and_only_once() -> None:
    credited = (SUBMITTED, SUCCEEDED, done(MONEY))
    fell_through, ended = look(given(*credited), CAME_BACK)
    assert isinstance(fell_through, RefundFailed)
    assert fell_through.after_credit
    once = given(*credited, fell_through, ended)
    assert once.state.of(MONEY).state is RemedyState.FAILED
    assert look(once, CAME_BACK) == ()


@pytest.mark.parametrize(
    ("events", "at", "standing"),
    [
        ((), NOW, RefundStanding.UNKNOWN),
        ((SUBMITTED,), NOW, RefundStanding.SUBMITTED),
        ((SUBMITTED,), THREE_DAYS, RefundStanding.UNKNOWN),
        ((SUBMITTED, SUCCEEDED, done(MONEY)), THREE_DAYS, RefundStanding.SUCCEEDED),
        ((failed(MONEY, "ORDER_NOT_FOUND"),), NOW, RefundStanding.FAILED),
    ],
    ids=["asked for", "on its way", "overdue", "credited", "refused"],
)
def test_a_refund_stands_as_it_is_known_to_stand(
    events: tuple[object, ...], at: datetime, standing: RefundStanding
) -> None:
    assert given(*events).state.of(MONEY).refund_standing(at) is standing


def test_what_was_not_begun_or_is_no_refund_stands_nowhere() -> None:
    unbegun = Given(Remedies(), evolve, offered(refund_of(6490)))
    assert unbegun.state.of(MONEY).refund_standing(NOW) is None
