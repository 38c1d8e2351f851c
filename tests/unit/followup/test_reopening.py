"""A refund that failed after all makes a case go on that was made right, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.values.identity import FollowUpId, RemedyId
from services.followup.domain.answering import NotAskedAnyMore
from services.followup.domain.asking import AskFollowUp, ScheduleFollowUp
from services.followup.domain.case import AnswerNotDelivered
from services.followup.domain.closing import CloseEscalation, FollowUpOpen
from services.followup.domain.follow_up import (
    CancelReason,
    EscalationReopened,
    Event,
    FollowUpCancelled,
    FollowUpScheduled,
    Outcome,
    ReopenReason,
)
from services.followup.domain.reopening import ReopenForRefund
from tests.unit.followup.builders import (
    ANSWER_BY,
    ANSWERED,
    ASKED,
    ESC,
    FIRST,
    MADE_RIGHT,
    RESOLVED,
    SECOND,
    answered,
    asked,
    closed,
    given,
    missed,
    record,
    reopened,
    scheduled,
)

REFUND = RemedyId("rem_refund")
CAME_BACK = ANSWER_BY + timedelta(days=2)

came_back = ReopenForRefund(remedy=REFUND, resolved_at=RESOLVED, at=CAME_BACK)
cancelled = FollowUpCancelled(
    escalation=ESC, follow_up=FIRST, reason=CancelReason.REOPENED, cancelled_at=CAME_BACK
)


def goes_on(follow_up: FollowUpId = FIRST) -> EscalationReopened:
    return EscalationReopened(
        escalation=ESC,
        follow_up=follow_up,
        reopened_at=CAME_BACK,
        offer_by=CAME_BACK + timedelta(hours=2),
        reason=ReopenReason.REFUND_FAILED,
        remedy=REFUND,
    )


def test_money_that_came_back_reopens_a_case_that_nobody_has_asked_about_yet() -> None:
    given().when(came_back).then(goes_on(FollowUpId("")))


@pytest.mark.parametrize("past", [[scheduled], [scheduled, asked]], ids=["scheduled", "asked"])
def test_the_question_that_stands_is_withdrawn(past: list[Event]) -> None:
    given(*past).when(came_back).then(cancelled, goes_on())


@pytest.mark.parametrize(
    "past",
    [
        [scheduled, asked, missed],
        [scheduled, asked, answered()],
        [scheduled, asked, answered(), closed(Outcome.HAPPY)],
    ],
    ids=["missed", "answered", "closed"],
)
def test_what_was_answered_or_missed_stays_so_and_the_case_goes_on(past: list[Event]) -> None:
    given(*past).when(came_back).then(goes_on())
    given(*past, goes_on()).when(CloseEscalation(at=CAME_BACK)).then_refused(
        FollowUpOpen, match="neither answered nor missed"
    )


def test_a_refund_reopens_a_case_once_whatever_follows() -> None:
    past: list[Event] = [scheduled, asked, answered(), closed(Outcome.HAPPY), goes_on()]
    given(*past).when(came_back).then()
    later = replace(came_back, resolved_at=CAME_BACK + timedelta(days=1))
    given(*past).when(later).then()
    another = replace(later, remedy=RemedyId("rem_another"), at=CAME_BACK + timedelta(days=2))
    assert given(*past).when(another).decided()


def test_a_case_that_goes_on_already_is_not_reopened_by_what_failed_before() -> None:
    no = answered(solved=False, pleased=False)
    not_solved: list[Event] = [scheduled, asked, no, reopened]
    given(*not_solved).when(came_back).then()
    again = FollowUpScheduled(
        escalation=ESC, follow_up=SECOND, scheduled_at=CAME_BACK, ask_by=CAME_BACK
    )
    given(*not_solved, again).when(came_back).then()
    since = replace(came_back, resolved_at=ANSWERED + timedelta(hours=1))
    withdrawn = replace(cancelled, follow_up=SECOND)
    given(*not_solved, again).when(since).then(withdrawn, goes_on(SECOND))


def test_the_case_of_a_forgotten_customer_stays_as_it_ended() -> None:
    forgotten = replace(MADE_RIGHT, forgotten=True)
    replace(given(scheduled, asked), case=forgotten).when(came_back).then()


def test_a_customer_whose_question_was_withdrawn_is_heard_elsewhere() -> None:
    for ended in (cancelled, missed):
        past: list[Event] = [scheduled, asked, ended, goes_on()]
        given(*past).when(record()).then_refused(NotAskedAnyMore, match="belongs into RecordCont")


def test_the_next_question_waits_until_it_is_made_right_again() -> None:
    past = given(scheduled, asked, cancelled, goes_on())
    past.when(AskFollowUp(follow_up=FIRST, at=ASKED)).then()
    again = ScheduleFollowUp(follow_up=SECOND, at=CAME_BACK + timedelta(days=1))
    past.when(again).then_refused(AnswerNotDelivered, match="has no answer yet")
    made_right = CAME_BACK + timedelta(hours=3)
    past.when(again).known(made_right, made_right).then(
        FollowUpScheduled(
            escalation=ESC,
            follow_up=SECOND,
            scheduled_at=again.at,
            ask_by=made_right + timedelta(days=21),
        )
    )
