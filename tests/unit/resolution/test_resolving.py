from dataclasses import replace
from datetime import timedelta

from amends.values.case import Channel
from amends.values.identity import OfferId, RemedyId, ResponseId
from amends.values.personal import Personal
from services.resolution.domain.offers import OfferAccepted, OfferMade
from services.resolution.domain.remedies import RemedyCompleted, RemedyFailed
from services.resolution.domain.resolved import EscalationResolved
from services.resolution.domain.resolving import (
    AnswerNotDelivered,
    RemedyNotFinal,
    Resolution,
    ResolveEscalation,
    decide,
    evolve,
)
from services.resolution.domain.responses import ResponseDelivered, ResponseKind, ResponseSent
from tests.unit.resolution.builders import (
    ACCEPTED,
    CASE,
    COUPON,
    COUPON_STARTED,
    ESCALATION,
    MADE,
    MAYA,
    MINUTE,
    NOW,
    OFFER,
    RESERVATION,
    SHOES,
    SHOES_STARTED,
    Given,
)
from tests.unit.resolution.money import done, failed, gift, offered, taken_back

AT = NOW + 10 * MINUTE
RESOLVE = ResolveEscalation(AT)
DONE = tuple(RemedyCompleted(ESCALATION, one, RESERVATION, NOW) for one in (SHOES, COUPON))
SHOES_FAILED = RemedyFailed(ESCALATION, SHOES, RESERVATION, "OUT_OF_STOCK", NOW)
PROMISED = (MADE, ACCEPTED, SHOES_STARTED, COUPON_STARTED)


def given(*events: object) -> Given:
    return Given(Resolution(), evolve, events)


def answer(name: str = "rsp_1", at_minute: int = 5) -> tuple[ResponseSent, ResponseDelivered]:
    response, at = ResponseId(name), NOW + at_minute * MINUTE
    words = Personal("A new pair arrives tonight.")
    kind = ResponseKind.ANSWER
    return (
        ResponseSent(ESCALATION, response, kind, Channel.PHONE, words, MAYA.subject, at, at),
        ResponseDelivered(ESCALATION, response, kind, at),
    )


def test_a_case_is_resolved_once_it_is_answered_and_every_remedy_is_final() -> None:
    resolved = EscalationResolved(ESCALATION, AT, made_right=True)
    assert given(*PROMISED, *DONE, *answer()).when(decide, RESOLVE, CASE) == (resolved,)
    again = given(*PROMISED, *DONE, *answer(), resolved)
    assert again.when(decide, RESOLVE, CASE) == ()
    assert again.state.resolved_at == AT


def test_no_case_is_resolved_without_a_delivered_answer() -> None:
    given(*PROMISED, *DONE).refuses(AnswerNotDelivered, decide, RESOLVE, CASE)
    sent, _ = answer()
    given(*PROMISED, *DONE, sent).refuses(AnswerNotDelivered, decide, RESOLVE, CASE)


def test_no_case_is_resolved_while_something_is_under_way() -> None:
    under_way = given(*PROMISED, DONE[1], *answer())
    refused = under_way.refuses(RemedyNotFinal, decide, RESOLVE, CASE)
    assert refused.metadata["waiting"] == SHOES
    refused = given(MADE, *answer()).refuses(RemedyNotFinal, decide, RESOLVE, CASE)
    assert refused.metadata["waiting"] == OFFER


def test_a_failed_promise_was_not_made_right() -> None:
    [resolved] = given(*PROMISED, SHOES_FAILED, DONE[1], *answer()).when(decide, RESOLVE, CASE)
    assert resolved == EscalationResolved(ESCALATION, AT, made_right=False)


def test_a_failed_remedy_that_was_replaced_by_another_offer_was_made_right() -> None:
    other = RemedyId("rem_2")
    second = _offer_of(other)
    accepted = OfferAccepted(ESCALATION, second.offer, (other,), NOW, NOW, NOW)
    done = RemedyCompleted(ESCALATION, other, RESERVATION, NOW)
    first = (*PROMISED, SHOES_FAILED, DONE[1])
    [resolved] = given(*first, second, accepted, done, *answer()).when(decide, RESOLVE, CASE)
    assert resolved == EscalationResolved(ESCALATION, AT, made_right=True)


def test_what_failed_was_made_right_only_by_what_came_in_its_place() -> None:
    for_shoes, for_coupon = RemedyId("rem_2"), RemedyId("rem_3")
    first = (*PROMISED, SHOES_FAILED, DONE[1])
    unrelated = offered(gift(COUPON, for_coupon))
    [resolved] = given(*first, *unrelated, done(for_coupon), *answer()).when(decide, RESOLVE, CASE)
    assert not resolved.made_right
    named = offered(gift(SHOES, for_shoes))
    [resolved] = given(*first, *named, done(for_shoes), *answer()).when(decide, RESOLVE, CASE)
    assert resolved.made_right


def test_what_came_in_its_place_and_failed_needs_another_in_its_own() -> None:
    second, third = RemedyId("rem_2"), RemedyId("rem_3")
    first = (*PROMISED, SHOES_FAILED, DONE[1], *offered(gift(SHOES, second)), failed(second))
    [resolved] = given(*first, *answer()).when(decide, RESOLVE, CASE)
    assert not resolved.made_right
    again = offered(gift(second, third), offer=OfferId("off_3"))
    [resolved] = given(*first, *again, done(third), *answer()).when(decide, RESOLVE, CASE)
    assert resolved.made_right


def test_what_was_taken_back_is_final_and_made_right_by_what_replaced_it() -> None:
    other = RemedyId("rem_2")
    once = (*PROMISED, DONE[1], *offered(gift(SHOES, other)), taken_back(SHOES))
    refused = given(*once, *answer()).refuses(RemedyNotFinal, decide, RESOLVE, CASE)
    assert refused.metadata["waiting"] == other
    for end, right in ((done(other), True), (failed(other), False)):
        [resolved] = given(*once, end, *answer()).when(decide, RESOLVE, CASE)
        assert resolved.made_right is right


def test_an_answer_without_any_remedy_is_an_end_but_nothing_was_made_right() -> None:
    [resolved] = given(*answer()).when(decide, RESOLVE, CASE)
    assert resolved == EscalationResolved(ESCALATION, AT, made_right=False)


def test_a_reopened_case_is_resolved_anew_with_an_answer_of_its_own() -> None:
    first = EscalationResolved(ESCALATION, AT, made_right=True)
    reopened = replace(CASE, reopened_at=AT + timedelta(days=21))
    before = (*PROMISED, *DONE, *answer(), first)
    given(*before).refuses(AnswerNotDelivered, decide, RESOLVE, reopened)
    second = answer("rsp_2", at_minute=22 * 24 * 60)
    later = ResolveEscalation(AT + timedelta(days=23))
    [resolved] = given(*before, *second).when(decide, later, reopened)
    assert resolved == EscalationResolved(ESCALATION, later.at, made_right=False)
    other = RemedyId("rem_2")
    made = replace(_offer_of(other), made_at=AT + timedelta(days=22))
    accepted = OfferAccepted(ESCALATION, made.offer, (other,), NOW, NOW, NOW)
    done = RemedyCompleted(ESCALATION, other, RESERVATION, NOW)
    [resolved] = given(*before, *second, made, accepted, done).when(decide, later, reopened)
    assert resolved == EscalationResolved(ESCALATION, later.at, made_right=True)


def _offer_of(remedy: RemedyId) -> OfferMade:
    coupon = replace(MADE.remedies[1], remedy=remedy)
    return replace(MADE, offer=OfferId("off_2"), remedies=(coupon,))
