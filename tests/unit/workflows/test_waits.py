"""Where a case stands, what it waits for, and what is overdue when."""

from dataclasses import replace

import pytest

from tests.unit.workflows.case_c1 import (
    ACCEPTED,
    ACKNOWLEDGED,
    AGREED,
    ANSWERED,
    ARRIVED,
    ASKED,
    ASSIGNED,
    CLOSED,
    CONFIRMED,
    CREDITED,
    HEARD,
    OFFERED,
    OFFERED_ON,
    OPENED,
    ORDERED,
    RESOLVED,
    RESTATED,
    SATURDAY,
    SCHEDULED,
    SHIPPED,
    TAKEN_OVER,
    TOLD,
    UNDERSTOOD,
    UNTIL_AGREED,
    UNTIL_OWNED,
    WHOLE,
    after,
    folded,
    news,
)
from workflows import deadlines, waits
from workflows.messages import News
from workflows.state import Due
from workflows.waits import Waiting

STORY = [
    (OPENED, "intake", "for a decision-maker to be asked", 15),
    (ACKNOWLEDGED, "intake", "for a decision-maker to be asked", 15),
    (HEARD, "intake", "for a decision-maker to be asked", 15),
    (ASSIGNED, "routing", "for Maya to accept", 15),
    (ACCEPTED, "resolution", "for Maya to restate the problem", 32),
    (RESTATED, "resolution", "for the customer to confirm the restatement", 40),
    (CONFIRMED, "resolution", "for Maya to make an offer", 130),
    (OFFERED, "resolution", "for the customer to answer the offer", 50),
    (AGREED, "resolution", "for the remedies to be carried out", 50),
    (ORDERED, "resolution", "for the remedies to be carried out", 50),
    (CREDITED, "resolution", "for Maya to send the answer", 80),
    (ANSWERED, "resolution", "for the answer to be delivered", 60),
    (UNDERSTOOD, "resolution", "for the replacement to arrive", 60),
    (SHIPPED, "resolution", "for the replacement to arrive", 240),
    (ARRIVED, "resolution", "to be resolved", None),
    (RESOLVED, "follow_up", "for the follow-up to be scheduled", None),
    (SCHEDULED, "follow_up", "to ask the customer whether it is solved", 30_000),
    (ASKED, "follow_up", "for the customer to say whether it is solved", 40_000),
    (TOLD, "follow_up", "to be closed", None),
    (CLOSED, "closed", "for nothing: the case is closed", None),
]


@pytest.mark.parametrize("step", range(len(STORY)), ids=[each[0].event for each in STORY])
def test_every_step_of_the_story_waits_for_something_until_some_time(step: int) -> None:
    case = folded(*(each[0] for each in STORY[: step + 1]))
    _, stage, words, due = STORY[step]
    waiting = waits.waiting(case)
    assert (waits.stage(case), waiting.words) == (stage, words)
    assert (waiting.due.by if waiting.due else None) == (None if due is None else after(due))


def kinds(*said: News) -> set[str]:
    return {each.kind for each in deadlines.expected(folded(*said))}


def test_a_new_case_must_be_acknowledged_and_assigned_in_time() -> None:
    assert kinds(OPENED) == {"ACKNOWLEDGEMENT_OVERDUE", "ASSIGNMENT_OVERDUE"}


def test_what_was_said_must_be_delivered_in_time() -> None:
    assert kinds(OPENED, ACKNOWLEDGED, ASSIGNED) == {"DELIVERY_OVERDUE"}


def test_nobody_able_is_routings_alarm_alone() -> None:
    nobody = news("routing", 1, "NoDecisionMakerFound", retry_at=15)
    assert kinds(OPENED, ACKNOWLEDGED, HEARD, nobody) == set()


@pytest.mark.parametrize(
    ("said", "kind", "service"),
    [
        ((), "RESTATEMENT_OVERDUE", "intake"),
        ((RESTATED,), "CONFIRMATION_OVERDUE", "intake"),
        ((RESTATED, CONFIRMED), "OFFER_OVERDUE", "resolution"),
        ((RESTATED, CONFIRMED, OFFERED, AGREED, ORDERED, CREDITED), "ANSWER_OVERDUE", "resolution"),
    ],
)
def test_each_wait_for_a_person_has_its_alarm_at_the_service_that_owns_it(
    said: tuple[News, ...], kind: str, service: str
) -> None:
    found = deadlines.expected(folded(*UNTIL_OWNED, *said))
    assert [(each.kind, each.service) for each in found] == [(kind, service)]


def test_an_accepted_offer_must_be_started_and_answered_in_time() -> None:
    assert kinds(*UNTIL_AGREED) == {"REMEDY_OVERDUE", "ANSWER_OVERDUE"}


def test_a_closed_case_owes_nothing() -> None:
    assert kinds(*WHOLE) == set()


def test_an_offer_is_due_by_the_latest_of_what_was_said() -> None:
    expired = news("resolution", 4, "OfferExpired", offer_id="off_1", offer_by=170)
    case = folded(*UNTIL_OWNED, RESTATED, CONFIRMED, OFFERED, expired)
    assert waits.offer_due(case) == Due("resolution", after(170), "resolution-4")


def test_a_look_that_changed_nothing_puts_the_next_one_off() -> None:
    case = folded(*UNTIL_AGREED, ORDERED)
    found = waits.next_check(case, {"rem_1": after(90)})
    assert found is not None
    assert found[1].by == after(90)


def test_a_case_is_resolved_only_with_everything_final_and_the_answer_delivered() -> None:
    said = (*UNTIL_AGREED, ORDERED, CREDITED, ANSWERED, UNDERSTOOD)
    assert not waits.may_be_resolved(folded(*said))
    assert not waits.may_be_resolved(folded(*UNTIL_AGREED, ORDERED, CREDITED, SHIPPED, ARRIVED))
    assert waits.may_be_resolved(folded(*said, SHIPPED, ARRIVED))


def test_a_hand_over_is_waited_for_beside_the_story() -> None:
    case = folded(*UNTIL_OWNED, OFFERED_ON)
    due = Due("routing", after(31), "routing-3")
    words = "for Helen to accept the hand-over from Maya"
    assert waits.beside(case) == (Waiting(words, due),)
    assert waits.waiting(case).words == "for Maya to restate the problem"
    assert waits.due_first(case) == due
    taken = folded(*UNTIL_OWNED, OFFERED_ON, TAKEN_OVER)
    assert waits.beside(taken) == ()
    assert waits.waiting(taken).words == "for Helen to restate the problem"
    assert waits.due_first(taken) == waits.waiting(taken).due


def test_times_are_told_on_the_customers_clock() -> None:
    due = Due("routing", after(90), "")
    assert waits.until_words(due, "Europe/London", SATURDAY) == "16:40 Sat"
    assert waits.until_words(due, "Europe/Berlin", SATURDAY) == "17:40 Sat"
    assert waits.until_words(due, "", SATURDAY) == "16:40 Sat UTC"


def test_a_far_time_is_told_with_its_date() -> None:
    due = Due("followup", after(30_000), "")
    assert waits.until_words(due, "Europe/London", SATURDAY) == "11:10 Sat 19 Dec"


def _by(holder: str, said: News) -> News:
    return replace(said, facts={**said.facts, "decision_maker_id": holder, "partner": True})


BROUGHT = replace(OPENED, facts={**OPENED.facts, "partner": "marketplace"})
WITH_COBBLER = _by("dm_cobbler", ASSIGNED)
ACCEPTED_THERE = replace(ACCEPTED, facts={**ACCEPTED.facts, "decision_maker_id": "dm_cobbler"})


@pytest.mark.parametrize(
    ("said", "partner"),
    [
        ([OPENED, ASSIGNED, ACCEPTED], ""),
        ([BROUGHT, ASSIGNED, ACCEPTED], "marketplace"),
        ([OPENED, WITH_COBBLER], "dm_cobbler"),
        ([OPENED, WITH_COBBLER, ACCEPTED_THERE], "dm_cobbler"),
        ([BROUGHT, WITH_COBBLER, ACCEPTED_THERE], "marketplace"),
        ([OPENED, WITH_COBBLER, ACCEPTED_THERE, replace(TAKEN_OVER, version=3)], ""),
        ([OPENED, ASSIGNED, ACCEPTED, _by("dm_helen", TAKEN_OVER)], "dm_helen"),
    ],
    ids=[
        "nobody's",
        "brought",
        "asked",
        "accepted",
        "brought and accepted",
        "handed over to one of ours",
        "handed over to a partner",
    ],
)
def test_a_case_belongs_to_the_partner_who_brought_it_else_to_the_one_who_has_it(
    said: list[News], partner: str
) -> None:
    assert waits.partner(folded(*said)) == partner
