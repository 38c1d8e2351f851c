"""What the platform has delivered last resolves the case, where nothing else is left."""

from dataclasses import replace

import pytest

from amends.values.identity import ResponseId
from services.resolution.domain.delivering import decide
from services.resolution.domain.resolved import EscalationResolved
from services.resolution.domain.responses import (
    ConfirmDelivery,
    ResponseDelivered,
    ResponseKind,
    ResponseNotFound,
)
from tests.unit.resolution.builders import CASE, ESCALATION, MINUTE
from tests.unit.resolution.test_resolving import AT, DONE, PROMISED, SHOES_FAILED, answer, given

SENT, DELIVERED = answer()
CONFIRM = ConfirmDelivery(SENT.response, AT)
TOLD = ResponseDelivered(ESCALATION, SENT.response, ResponseKind.ANSWER, AT)
RESOLVED = EscalationResolved(ESCALATION, AT, made_right=True)


def test_the_answer_that_is_delivered_last_resolves_the_case() -> None:
    assert given(*PROMISED, *DONE, SENT).when(decide, CONFIRM, CASE) == (TOLD, RESOLVED)


def test_what_is_delivered_twice_resolves_nothing_twice() -> None:
    assert given(*PROMISED, *DONE, SENT, TOLD, RESOLVED).when(decide, CONFIRM, CASE) == ()
    assert given(*PROMISED, *DONE, SENT, DELIVERED).when(decide, CONFIRM, CASE) == ()


@pytest.mark.parametrize(
    "before",
    [
        (*PROMISED, DONE[0], SENT),
        (*PROMISED, DONE[1], SHOES_FAILED, SENT),
        (SENT,),
        (*PROMISED, *DONE, replace(SENT, kind=ResponseKind.UPDATE)),
    ],
    ids=["something is under way", "something failed", "nothing was agreed", "it is no answer"],
)
def test_where_something_is_left_it_is_delivered_and_no_more(before: tuple[object, ...]) -> None:
    [told] = given(*before).when(decide, CONFIRM, CASE)
    assert isinstance(told, ResponseDelivered)


def test_a_reopened_case_is_not_resolved_by_the_answer_of_before() -> None:
    reopened = replace(CASE, reopened_at=AT + MINUTE)
    before = (*PROMISED, *DONE, SENT)
    assert given(*before).when(decide, CONFIRM, reopened) == (TOLD,)
    assert given(*before, RESOLVED).when(decide, CONFIRM, reopened) == (TOLD,)


def test_a_closed_case_is_not_resolved() -> None:
    closed = replace(CASE, closed=True)
    assert given(*PROMISED, *DONE, SENT).when(decide, CONFIRM, closed) == (TOLD,)


def test_what_was_never_sent_is_not_delivered() -> None:
    unknown = ConfirmDelivery(ResponseId("rsp_9"), AT)
    given(*PROMISED, *DONE, SENT).refuses(ResponseNotFound, decide, unknown, CASE)
