from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.values.identity import Actor, PromiseId
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, InvalidField, NotTheOwner
from services.resolution.domain import promises
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.promises import (
    BreakPromise,
    KeepPromise,
    MakePromise,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromiseNotDue,
    PromiseNotFound,
    Promises,
    PromiseSettled,
    PromiseState,
)
from tests.unit.resolution.builders import CASE, ESCALATION, MAYA, MAYA_ID, MINUTE, NOW, TOM, Given

PROMISE = PromiseId("prm_1")
DUE = NOW + timedelta(hours=4)
MADE = PromiseMade(
    escalation=ESCALATION,
    promise=PROMISE,
    what=Personal("a call about the courier"),
    maker=MAYA_ID,
    promised_at=NOW,
    due_by=DUE,
    warn_by=NOW + timedelta(hours=3),
)
KEPT = PromiseKept(ESCALATION, PROMISE, NOW + MINUTE, in_time=True)
LATE = PromiseKept(ESCALATION, PROMISE, DUE + MINUTE, in_time=False)
BROKEN = PromiseBroken(ESCALATION, PROMISE, DUE)


def given(*events: object) -> Given:
    return Given(Promises(), promises.evolve, events)


def make(due_by: datetime = DUE, by: Actor = MAYA) -> MakePromise:
    return MakePromise(PROMISE, MADE.what, due_by, by, NOW)


def keep(at: datetime, by: Actor = MAYA) -> KeepPromise:
    return KeepPromise(PROMISE, by, at)


def lapse(at: datetime) -> BreakPromise:
    return BreakPromise(PROMISE, at)


def test_the_owner_promises_something_by_a_time_that_is_still_to_come() -> None:
    assert given().when(promises.decide, make(), CASE) == (MADE,)
    given().refuses(NotTheOwner, promises.decide, make(by=TOM), CASE)
    given().refuses(EscalationClosed, promises.decide, make(), replace(CASE, closed=True))
    for past in (NOW, NOW - MINUTE):
        refusal = given().refuses(InvalidField, promises.decide, make(past), CASE)
        assert refusal.metadata["field"] == "due_by"
        assert "must be in the future" in refusal.message


@pytest.mark.parametrize(
    ("minutes", "before"), [(240, 60), (60, 15), (40, 15), (30, 15), (20, 10), (2, 1)]
)
def test_a_promise_is_at_risk_a_quarter_before_and_no_later_than_there_is_room(
    minutes: int, before: int
) -> None:
    due = NOW + minutes * MINUTE
    assert due - POLICIES[1].warn_by(NOW, due) == before * MINUTE


def test_a_promise_is_kept_in_time_or_late() -> None:
    assert given(MADE).when(promises.decide, keep(NOW + MINUTE), CASE) == (KEPT,)
    assert given(MADE).when(promises.decide, keep(DUE + MINUTE), CASE) == (LATE,)
    assert given(MADE, BROKEN).when(promises.decide, keep(DUE + MINUTE), CASE) == (LATE,)
    for event, state in ((KEPT, PromiseState.KEPT), (LATE, PromiseState.KEPT_LATE)):
        assert given(MADE, event).state.of(PROMISE).state is state
        refusal = given(MADE, event).refuses(PromiseSettled, promises.decide, keep(DUE), CASE)
        assert refusal.metadata["state"] == state.name
    given(MADE).refuses(NotTheOwner, promises.decide, keep(DUE, TOM), CASE)
    given().refuses(PromiseNotFound, promises.decide, keep(DUE), CASE)


def test_a_promise_breaks_when_its_time_has_come_and_once() -> None:
    assert given(MADE).when(promises.decide, lapse(DUE), CASE) == (BROKEN,)
    assert given(MADE, BROKEN).state.of(PROMISE).state is PromiseState.BROKEN
    refusal = given(MADE).refuses(PromiseNotDue, promises.decide, lapse(DUE - MINUTE), CASE)
    assert refusal.reason == "NOT_DUE"
    for event in (BROKEN, KEPT, LATE):
        assert given(MADE, event).when(promises.decide, lapse(DUE + MINUTE), CASE) == ()
    given().refuses(PromiseNotFound, promises.decide, lapse(DUE), CASE)
