from dataclasses import replace

import pytest

from amends.eventstore.codec import Codec
from amends.eventstore.records import Origin
from amends.eventstore.sealing import SealedText
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_events_pb2
from amends.values.identity import PromiseId, ResponseId
from amends.values.money import Money
from amends.values.personal import Personal
from amends.values.remedy import RefundMethod, RemedyKind, RemedySought
from services.resolution.domain.drafts import OfferRejected, RejectReason
from services.resolution.domain.events import EVENTS
from services.resolution.domain.offers import (
    OfferCountered,
    OfferDeclined,
    OfferExpired,
    OfferWithdrawn,
)
from services.resolution.domain.promises import PromiseBroken, PromiseKept, PromiseMade
from services.resolution.domain.refunds import RefundFailed, RefundSubmitted, RefundSucceeded
from services.resolution.domain.remedies import (
    CreditIssued,
    RemedyCompensated,
    RemedyCompleted,
    RemedyFailed,
)
from services.resolution.domain.replacements import (
    ReplacementDelayed,
    ReplacementDelivered,
    ReplacementFailed,
)
from services.resolution.domain.resolved import EscalationResolved
from services.resolution.domain.responses import ResponseDelivered, ResponseKind, ResponseSent
from tests.unit.resolution.builders import (
    ACCEPTED,
    APPROVED,
    CASE,
    COUPON,
    DRAFTED,
    ESCALATION,
    HELEN,
    HELEN_ID,
    MADE,
    MAYA,
    MAYA_ID,
    NOW,
    OFFER,
    RESERVATION,
    SHOES,
    SHOES_STARTED,
    TENANT,
)
from tests.unit.resolution.test_remedies import ORDERED, SHIPPED

STREAM = case_stream(TENANT, ESCALATION)
RESPONSE = ResponseId("rsp_1")
WORDS = Personal("words")
PAID = Money("GBP", 6490)
PROMISE = PromiseId("prm_1")
EVERY = (
    DRAFTED,
    replace(DRAFTED, cut_off=None),
    APPROVED,
    OfferRejected(
        ESCALATION, OFFER, HELEN_ID, HELEN.subject, RejectReason.TOO_MUCH, WORDS, NOW, NOW
    ),
    OfferWithdrawn(ESCALATION, OFFER, NOW, NOW),
    PromiseMade(ESCALATION, PROMISE, WORDS, MAYA_ID, NOW, NOW, NOW),
    PromiseKept(ESCALATION, PROMISE, NOW, in_time=True),
    PromiseBroken(ESCALATION, PROMISE, NOW),
    MADE,
    ACCEPTED,
    OfferCountered(ESCALATION, OFFER, RemedySought((RemedyKind.REFUND,)), WORDS, NOW, NOW),
    OfferDeclined(ESCALATION, OFFER, NOW, NOW),
    OfferExpired(ESCALATION, OFFER, NOW, NOW),
    SHOES_STARTED,
    ORDERED,
    replace(ORDERED, return_id="", return_by=None),
    SHIPPED,
    ReplacementDelivered(ESCALATION, SHOES, NOW, in_time=True),
    ReplacementDelayed(ESCALATION, SHOES, NOW, NOW),
    ReplacementFailed(ESCALATION, SHOES, "LOST"),
    CreditIssued(ESCALATION, COUPON, "crd_1", Money("GBP", 1000), None),
    CreditIssued(
        ESCALATION, COUPON, "crd_1", Money("GBP", 1000), NOW, RemedyKind.PERCENTAGE_OFF, 50
    ),
    RefundSubmitted(ESCALATION, SHOES, "rfd_1", PAID, RefundMethod.ORIGINAL_PAYMENT, NOW, NOW, NOW),
    RefundSucceeded(ESCALATION, SHOES, "rfd_1", PAID, NOW),
    RefundFailed(ESCALATION, SHOES, "rfd_1", PAID, "CARD_EXPIRED", NOW, after_credit=True),
    RemedyCompleted(ESCALATION, COUPON, RESERVATION, NOW),
    RemedyCompensated(ESCALATION, COUPON, RESERVATION, NOW),
    RemedyFailed(ESCALATION, COUPON, RESERVATION, "INVALID_MONEY", NOW),
    ResponseSent(
        ESCALATION, RESPONSE, ResponseKind.ANSWER, CASE.channel, WORDS, MAYA.subject, NOW, NOW
    ),
    ResponseDelivered(ESCALATION, RESPONSE, ResponseKind.ANSWER, NOW),
    EscalationResolved(ESCALATION, NOW, made_right=True),
)


def in_clear(words: Personal[str], field: str) -> SealedText:
    return SealedText("key", b"", words.value.encode(), Origin(TENANT, STREAM, "e1").bind(field))


@pytest.mark.parametrize("event", EVERY, ids=lambda event: type(event).__name__)
def test_every_event_comes_back_as_it_was_written(event: object) -> None:
    codec = Codec(EVENTS)
    kind, data = codec.encode(event, in_clear)
    again = codec.decode(kind, data, Origin(TENANT, STREAM, "e1"))
    assert codec.encode(again, lambda words, _field: _still(words)) == (kind, data)
    if not codec.has_words(event):
        assert again == event


def test_every_event_of_the_contract_is_written_here() -> None:
    messages = resolution_events_pb2.DESCRIPTOR.message_types_by_name
    parts = {"Remedy", "Shipping"}
    assert {event.__name__ for event in EVENTS} == set(messages) - parts
    assert {type(event) for event in EVERY} == set(EVENTS)


def _still(words: Personal[str]) -> SealedText:
    held: object = words.value
    assert isinstance(held, SealedText)
    return held
