from dataclasses import replace
from datetime import timedelta

import pytest

from amends.values import refusal
from services.followup.domain.answering import DecidedAlready, MissFollowUp, NotAsked
from services.followup.domain.asking import AskFollowUp, NotDue, ScheduleFollowUp
from services.followup.domain.case import AnswerNotDelivered, NotResolved
from services.followup.domain.closing import CloseEscalation, FollowUpOpen
from services.followup.domain.follow_up import (
    FollowUpAnswered,
    FollowUpNotFound,
    FollowUpScheduled,
    Outcome,
    Staying,
)
from tests.unit.followup.builders import (
    ANSWER_BY,
    ANSWERED,
    ASK_BY,
    ASKED,
    ESC,
    FIRST,
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


def test_the_customer_will_be_asked_three_weeks_after_the_resolution() -> None:
    late = RESOLVED + timedelta(hours=9)
    given().when(ScheduleFollowUp(follow_up=FIRST, at=late)).then(
        replace(scheduled, scheduled_at=late)
    )


def test_what_is_scheduled_stands() -> None:
    for before in ([scheduled], [scheduled, asked], [scheduled, asked, missed]):
        given(*before).when(ScheduleFollowUp(follow_up=SECOND, at=ASKED)).then()


def test_nothing_is_scheduled_before_an_answer_was_delivered() -> None:
    asks = given().when(ScheduleFollowUp(follow_up=FIRST, at=RESOLVED))
    asks.known(None, None).then_refused(AnswerNotDelivered, match="has no answer yet")


def test_nothing_is_scheduled_before_the_case_is_resolved() -> None:
    asks = given().when(ScheduleFollowUp(follow_up=FIRST, at=RESOLVED))
    asks.known(RESOLVED, None).then_refused(NotResolved, match="is not resolved")


def test_nothing_is_scheduled_in_a_closed_case() -> None:
    past = given(scheduled, asked, missed, closed(Outcome.UNKNOWN))
    asks = past.when(ScheduleFollowUp(follow_up=SECOND, at=ASKED))
    asks.then_refused(refusal.EscalationClosed, match="is closed")


def test_the_customer_is_asked_when_it_is_due_and_has_a_week_to_answer() -> None:
    given(scheduled).when(AskFollowUp(follow_up=FIRST, at=ASKED)).then(asked)


def test_asking_too_early_is_refused_but_for_what_clocks_differ() -> None:
    early = AskFollowUp(follow_up=FIRST, at=ASK_BY - timedelta(seconds=2))
    given(scheduled).when(early).then_refused(NotDue, match="not due before 2026-12-12T20:00")
    almost = ASK_BY - timedelta(milliseconds=900)
    given(scheduled).when(AskFollowUp(follow_up=FIRST, at=almost)).then(
        replace(asked, asked_at=almost, answer_by=almost + timedelta(days=7))
    )


def test_who_was_asked_is_not_asked_again() -> None:
    for before in ([asked], [asked, answered()], [asked, missed]):
        given(scheduled, *before).when(AskFollowUp(follow_up=FIRST, at=ANSWER_BY)).then()


def test_only_a_follow_up_of_the_case_can_be_asked_or_missed() -> None:
    for command in (
        AskFollowUp(follow_up=SECOND, at=ASKED),
        MissFollowUp(follow_up=SECOND, at=ANSWER_BY),
    ):
        given(scheduled).when(command).then_refused(FollowUpNotFound, match="fup_second was never")


def test_a_pleased_customer_is_recorded() -> None:
    given(scheduled, asked).when(record()).then(answered())


def test_not_solved_reopens_the_case_with_a_time_for_the_next_offer() -> None:
    asks = given(scheduled, asked).when(record(solved=False, pleased=False))
    asks.then(answered(solved=False, pleased=False), reopened)


def test_nobody_answers_what_was_not_asked() -> None:
    given().when(record()).then_refused(FollowUpNotFound, match="no follow-up was scheduled")
    given(scheduled).when(record()).then_refused(NotAsked, match="will be asked by 2026-12-12")


def test_an_answer_is_given_once() -> None:
    past = given(scheduled, asked, answered())
    past.when(record(solved=False)).then_refused(DecidedAlready, match="answered at 2026-12-13")


def test_a_late_answer_is_heard() -> None:
    given(scheduled, asked, missed).when(record()).then(answered())


def test_a_late_answer_gives_a_closed_case_its_outcome() -> None:
    silent = given(scheduled, asked, missed, closed(Outcome.UNKNOWN))
    silent.when(record()).then(answered(), closed(Outcome.HAPPY))


def test_a_late_not_solved_reopens_a_closed_case() -> None:
    silent = given(scheduled, asked, missed, closed(Outcome.UNKNOWN))
    asks = silent.when(record(solved=False, pleased=False))
    asks.then(answered(solved=False, pleased=False), reopened)


def test_silence_is_missed_once_the_time_is_over() -> None:
    given(scheduled, asked).when(MissFollowUp(follow_up=FIRST, at=ANSWER_BY)).then(missed)


def test_silence_is_not_missed_before() -> None:
    early = MissFollowUp(follow_up=FIRST, at=ANSWER_BY - timedelta(minutes=1))
    given(scheduled, asked).when(early).then_refused(NotDue, match="not due before 2026-12-19")
    unasked = MissFollowUp(follow_up=FIRST, at=ASK_BY)
    given(scheduled).when(unasked).then_refused(NotDue, match="not due before 2026-12-19")


def test_the_clock_that_lost_the_race_changes_nothing() -> None:
    miss = MissFollowUp(follow_up=FIRST, at=ANSWER_BY)
    given(scheduled, asked, answered()).when(miss).then()
    given(scheduled, asked, missed).when(miss).then()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (answered(), Outcome.HAPPY),
        (answered(staying=Staying.UNKNOWN), Outcome.HAPPY),
        (answered(pleased=False), Outcome.RETAINED),
        (answered(pleased=False, staying=Staying.UNKNOWN), Outcome.RETAINED),
        (answered(pleased=False, staying=Staying.NO), Outcome.LOST),
    ],
)
def test_the_outcome_is_what_the_customer_said(answer: FollowUpAnswered, outcome: Outcome) -> None:
    past = given(scheduled, asked, answer)
    past.when(CloseEscalation(at=ANSWERED)).then(closed(outcome))


def test_a_silent_customers_outcome_is_unknown() -> None:
    past = given(scheduled, asked, missed)
    past.when(CloseEscalation(at=ANSWER_BY)).then(closed(Outcome.UNKNOWN, ANSWER_BY))


def test_a_case_is_not_closed_while_its_follow_up_is_open() -> None:
    not_solved = [asked, answered(solved=False, pleased=False), reopened]
    for past in ([], [scheduled], [scheduled, asked], [scheduled, *not_solved]):
        asks = given(*past).when(CloseEscalation(at=ANSWERED))
        asks.then_refused(FollowUpOpen, match="neither answered nor missed")


def test_a_closed_case_is_not_closed_again() -> None:
    past = given(scheduled, asked, answered(), closed(Outcome.HAPPY))
    past.when(CloseEscalation(at=ANSWER_BY)).then()


def test_a_reopened_case_is_asked_again_once_it_is_made_right_again() -> None:
    past = given(scheduled, asked, answered(solved=False, pleased=False), reopened)
    asks = past.when(ScheduleFollowUp(follow_up=SECOND, at=ANSWERED + timedelta(days=1)))
    asks.then_refused(AnswerNotDelivered, match="has no answer yet")
    told_at = ANSWERED + timedelta(hours=3)
    asks.known(told_at, RESOLVED).then_refused(NotResolved, match="is not resolved")
    again = ANSWERED + timedelta(hours=4)
    asks.known(told_at, again).then(
        FollowUpScheduled(
            escalation=ESC,
            follow_up=SECOND,
            scheduled_at=ANSWERED + timedelta(days=1),
            ask_by=again + timedelta(days=21),
        )
    )
