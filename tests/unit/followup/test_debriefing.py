"""Before a case is closed its owner is asked what can be learned, and tells it with a colleague."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.values.forgetting import CustomerIsForgotten
from amends.values.identity import DebriefId, DecisionMakerId, Subject
from amends.values.personal import Personal
from amends.values.refusal import InvalidField
from services.followup.domain.closing import CloseEscalation, FollowUpOpen
from services.followup.domain.debrief import DebriefRecorded, DebriefRequested
from services.followup.domain.debriefing import (
    DebriefNotFound,
    RecordDebrief,
    RequestDebrief,
    ToldAlready,
)
from services.followup.domain.follow_up import Event, Outcome
from tests.unit.followup.builders import (
    ANSWER_BY,
    ANSWERED,
    ESC,
    MADE_RIGHT,
    Given,
    answered,
    asked,
    closed,
    missed,
    reopened,
    scheduled,
)

DEBRIEF = DebriefId("dbr_1")
OWNED = replace(MADE_RIGHT, owner=DecisionMakerId("dm_maya"))
SOLVED = (scheduled, asked, answered())
TOLD = ANSWERED + timedelta(days=1)

request = RequestDebrief(debrief=DEBRIEF, at=ANSWERED)
requested = DebriefRequested(
    escalation=ESC,
    debrief=DEBRIEF,
    owner=DecisionMakerId("dm_maya"),
    requested_at=ANSWERED,
    due_by=ANSWERED + timedelta(days=7),
)
tell = RecordDebrief(
    how=Personal("The size was wrong in the shop"),
    better=None,
    process_broken=True,
    colleague=Subject("tom"),
    who=Subject("maya"),
    at=TOLD,
)
recorded = DebriefRecorded(
    escalation=ESC,
    debrief=DEBRIEF,
    how=tell.how,
    better=None,
    process_broken=True,
    recorded_by=Subject("maya"),
    colleague=Subject("tom"),
    recorded_at=TOLD,
)


def given(*events: Event) -> Given:
    return Given(events, case=OWNED)


def test_the_owner_is_asked_once_the_customer_has_answered_or_let_the_time_pass() -> None:
    given(*SOLVED).when(request).then(requested)
    silent = replace(requested, requested_at=ANSWER_BY, due_by=ANSWER_BY + timedelta(days=7))
    given(scheduled, asked, missed).when(replace(request, at=ANSWER_BY)).then(silent)


def test_the_owner_is_not_asked_while_the_customer_may_still_answer() -> None:
    no = answered(solved=False, pleased=False)
    pasts: list[list[Event]] = [
        [],
        [scheduled],
        [scheduled, asked],
        [scheduled, asked, no, reopened],
    ]
    for past in pasts:
        given(*past).when(request).then_refused(FollowUpOpen, match="neither answered nor missed")


def test_a_closed_case_that_was_never_asked_about_still_may_be() -> None:
    given(*SOLVED, closed(Outcome.HAPPY)).when(request).then(requested)


def test_what_was_asked_stands_and_is_asked_anew_only_where_the_case_went_on_after_it() -> None:
    second = replace(request, debrief=DebriefId("dbr_2"))
    given(*SOLVED, requested).when(second).then()
    given(*SOLVED, requested, recorded).when(second).then()
    went_on = replace(reopened, reopened_at=TOLD + timedelta(days=1))
    given(*SOLVED, requested, went_on).when(second).then()
    past: list[Event] = [*SOLVED, requested, recorded, went_on, scheduled, asked, answered()]
    given(*past).when(second).then(replace(requested, debrief=second.debrief))


def test_nobody_is_asked_about_a_forgotten_customer_or_can_tell_of_them() -> None:
    forgotten = replace(OWNED, forgotten=True)
    replace(given(*SOLVED), case=forgotten).when(request).then()
    with pytest.raises(CustomerIsForgotten):
        replace(given(*SOLVED, requested), case=forgotten).when(tell).decided()


def test_what_was_learned_is_told_once_also_after_the_case_was_closed() -> None:
    given(*SOLVED, requested).when(tell).then(recorded)
    given(*SOLVED, requested, closed(Outcome.HAPPY)).when(tell).then(recorded)
    given(*SOLVED, requested, recorded).when(tell).then_refused(ToldAlready, match="recorded at")
    given(*SOLVED).when(tell).then_refused(DebriefNotFound, match="no debrief of escalation")


@pytest.mark.parametrize("colleague", ["maya", " maya ", "  "])
def test_nobody_debriefs_alone(colleague: str) -> None:
    alone = replace(tell, colleague=Subject(colleague))
    given(*SOLVED, requested).when(alone).then_refused(InvalidField, match="another person")


def test_a_missing_debrief_keeps_no_case_open() -> None:
    close = CloseEscalation(at=ANSWERED)
    given(*SOLVED, requested).when(close).then(closed(Outcome.HAPPY))
