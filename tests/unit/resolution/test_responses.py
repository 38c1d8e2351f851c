from dataclasses import replace
from datetime import timedelta

import pytest

from amends.values.case import Cause, Channel
from amends.values.identity import ResponseId
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, NotTheOwner
from services.resolution.domain import wording
from services.resolution.domain.responses import (
    ConfirmDelivery,
    ResponseDelivered,
    ResponseKind,
    ResponseNotFound,
    Responses,
    ResponseSent,
    SendResponse,
    WordsMissing,
    confirm,
    decide,
    evolve,
)
from tests.unit.resolution.builders import (
    CASE,
    ESCALATION,
    HANNAH,
    MAYA,
    MINUTE,
    NOW,
    TOM,
    WORKFLOW,
    Given,
)

RESPONSE = ResponseId("rsp_1")
WORDS = Personal("A new pair arrives tonight.")
ANSWER = SendResponse(RESPONSE, ResponseKind.ANSWER, WORDS, MAYA, NOW)
ACKNOWLEDGE = SendResponse(RESPONSE, ResponseKind.ACKNOWLEDGEMENT, None, WORKFLOW, NOW)


def given(*events: object) -> Given:
    return Given(Responses(), evolve, events)


def sent(command: SendResponse) -> ResponseSent:
    [event] = given().when(decide, command, CASE)
    assert isinstance(event, ResponseSent)
    return event


def test_the_acknowledgement_is_the_policys_empathy_apology_and_commitment() -> None:
    event = sent(ACKNOWLEDGE)
    words = event.words.value
    assert words.startswith("Opening a parcel and finding it damaged")
    assert words.index("We are sorry") < words.index("with the authority to decide")
    assert event.written_by == "service:workflow"
    assert event.channel is Channel.PHONE


@pytest.mark.parametrize("cause", Cause)
def test_there_is_an_acknowledgement_for_every_cause(cause: Cause) -> None:
    assert wording.acknowledgement(cause)


def test_a_customer_is_acknowledged_once() -> None:
    once = given(sent(ACKNOWLEDGE))
    second = replace(ACKNOWLEDGE, response=ResponseId("rsp_2"))
    assert once.when(decide, second, CASE) == ()
    assert once.state.answered_with(second).sent.response == RESPONSE


def test_whoever_waits_on_the_line_is_told_within_a_quarter_of_an_hour() -> None:
    assert sent(ANSWER).deliver_by == NOW + 15 * MINUTE
    [by_mail] = given().when(decide, ANSWER, replace(CASE, channel=Channel.EMAIL))
    assert isinstance(by_mail, ResponseSent)
    assert by_mail.deliver_by == NOW + timedelta(hours=24)


def test_nobody_waits_on_the_line_for_the_follow_up() -> None:
    follow_up = sent(replace(ACKNOWLEDGE, kind=ResponseKind.FOLLOW_UP))
    assert follow_up.deliver_by == NOW + timedelta(hours=24)
    assert "Is it solved" in follow_up.words.value


def test_a_person_writes_their_own_words() -> None:
    assert sent(ANSWER).words == WORDS
    assert sent(ANSWER).written_by == MAYA.subject
    for kind in ResponseKind:
        silent = replace(ANSWER, kind=kind, words=None)
        given().refuses(WordsMissing, decide, silent, CASE)


def test_a_decision_maker_speaks_only_as_the_owner_a_handler_for_the_case() -> None:
    given().refuses(NotTheOwner, decide, replace(ANSWER, by=TOM), CASE)
    assert sent(replace(ANSWER, by=HANNAH)).written_by == HANNAH.subject


@pytest.mark.parametrize("kind", [ResponseKind.ANSWER, ResponseKind.UPDATE])
def test_a_program_answers_nobody(kind: ResponseKind) -> None:
    given().refuses(NotTheOwner, decide, replace(ANSWER, kind=kind, by=WORKFLOW), CASE)


def test_nothing_is_said_in_a_closed_case() -> None:
    given().refuses(EscalationClosed, decide, ANSWER, replace(CASE, closed=True))


def test_a_delivery_is_confirmed_once() -> None:
    once = given(sent(ANSWER))
    command = ConfirmDelivery(RESPONSE, NOW + MINUTE)
    [delivered] = once.when(confirm, command, CASE)
    assert delivered == ResponseDelivered(ESCALATION, RESPONSE, ResponseKind.ANSWER, NOW + MINUTE)
    assert given(sent(ANSWER), delivered).when(confirm, command, CASE) == ()


def test_what_was_never_sent_cannot_be_delivered() -> None:
    given().refuses(ResponseNotFound, confirm, ConfirmDelivery(RESPONSE, NOW), CASE)
