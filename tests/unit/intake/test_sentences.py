"""What people read of each event: who, what, until when; never more than is known by then."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from amends.values.money import Money
from services.intake import wire
from services.intake.domain.facts import Fact
from services.intake.domain.sentences.people import speech_of, strangers
from services.intake.domain.timeline import SENTENCES
from tests.unit.intake.builders import CALLED_AT, fact
from tests.unit.intake.test_timeline import envelope, events, filled, of

PRICE = Money("GBP", 7450)
LATER = CALLED_AT + timedelta(hours=2)


def remedy(kind: str, **more: object) -> Mapping[str, object]:
    usual = {
        "remedy_id": "rem_1",
        "kind": kind,
        "amount": PRICE,
        "shipping": None,
        "exceptions": (),
        "percent": 0,
        "method": "UNSPECIFIED",
        "in_place_of": "",
    }
    return {**usual, **more}


def offered(*remedies: Mapping[str, object]) -> Fact:
    return fact("resolution", "OfferMade", 1, maker="dm_maya", remedies=remedies)


def said(told: Fact, directory: Mapping[str, str] | None = None) -> str:
    return SENTENCES[told.name](told, speech_of([told], directory))


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        (remedy("REFUND"), "a refund of 74.50 GBP"),
        (
            remedy("REFUND", method="BANK_TRANSFER", in_place_of="rem_0"),
            "a refund of 74.50 GBP by bank transfer in place of the remedy",
        ),
        (remedy("GIFT_CERTIFICATE"), "a gift certificate of 74.50 GBP"),
        (remedy("PERCENTAGE_OFF", percent=50), "50 % off, at most 74.50 GBP"),
        (remedy("PERCENTAGE_OFF", amount=None), "a percentage off"),
        (remedy("GOODWILL"), "goodwill of 74.50 GBP"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_offer_says_what_is_promised(promised: Mapping[str, object], told: str) -> None:
    assert said(offered(promised), {"dm_maya": "Maya"}) == f"Maya offered {told}"


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        (
            "RefundSubmitted",
            {"amount": PRICE, "method": "ORIGINAL_PAYMENT", "expected_by": LATER},
            (
                "The refund of 74.50 GBP was sent to the card or account that paid; "
                "it should be there by 17:10"
            ),
        ),
        (
            "RefundFailed",
            {"amount": PRICE, "after_credit": False, "reason": "CARD_EXPIRED"},
            "The refund of 74.50 GBP did not get there: card expired",
        ),
        (
            "RefundFailed",
            {"amount": PRICE, "after_credit": True, "reason": "ACCOUNT_CLOSED"},
            "The refund of 74.50 GBP came back after it was credited: account closed",
        ),
        (
            "CreditIssued",
            {"kind": "UNSPECIFIED", "amount": PRICE, "percent": 0, "valid_until": None},
            "The customer got a coupon of 74.50 GBP",
        ),
        ("PromiseKept", {"in_time": True}, "The promise was kept"),
        ("PromiseKept", {"in_time": False}, "The promise was kept, after its time"),
        (
            "OfferRejected",
            {"approver": "dm_helen", "approver_subject": "helen", "reason": "OTHER"},
            "Helen did not approve the offer",
        ),
        (
            "EscalationReopened",
            {"reason": "UNSPECIFIED"},
            "It is not solved: the case goes on with the same owner",
        ),
        (
            "FollowUpCancelled",
            {"reason": "CUSTOMER_FORGOTTEN"},
            "The customer is not asked any more: they were forgotten",
        ),
        (
            "FollowUpCancelled",
            {"reason": "REOPENED"},
            "The customer is not asked any more: the case goes on",
        ),
        (
            "DebriefRecorded",
            {"recorded_by": "zoe", "colleague": "a stranger", "process_broken": True},
            (
                "A handler and a colleague told what can be learned from it; "
                "a process of the firm is broken"
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_what_happened_is_said_in_so_many_words(
    name: str, fields: dict[str, Any], told: str
) -> None:
    assert said(fact("resolution", name, 1, **fields), {"dm_helen": "Helen"}) == told


def test_nobody_says_that_the_customer_has_the_money_before_they_have() -> None:
    too_early = re.compile(r"refunded|has the (money|refund)|was credited", re.IGNORECASE)
    for source, event in events():
        if event.name in {"RefundSucceeded", "ContextRecorded", "RefundFailed"}:
            continue
        for message in (filled(of(event)), filled(of(event), depth=0)):
            told = wire.fact(envelope(source, message))
            assert not too_early.search(said(told)), event.name
    assert too_early.search(
        said(fact("resolution", "RefundSucceeded", 1, amount=PRICE, credited_at=LATER))
    )


def test_who_is_named_by_id_alone_is_looked_up_where_the_case_does_not_name_them() -> None:
    accepted = fact(
        "routing",
        "AssignmentAccepted",
        1,
        decision_maker_id="dm_maya",
        public_name="Maya",
        owner_subject="maya",
    )
    approved = fact("resolution", "OfferApproved", 2, approver="dm_helen", approver_subject="helen")
    facts = [accepted, offered(remedy("REFUND")), approved]
    assert strangers(facts) == {"dm_helen"}
    speech = speech_of(facts, {"dm_helen": "Helen", "dm_maya": "An older name"})
    assert (speech.name("dm_helen"), speech.name("dm_maya")) == ("Helen", "Maya")
    assert speech.person("helen", "decision-maker") == "Helen"
    assert speech_of(facts).name("dm_helen") == "a decision-maker"


def test_every_sentence_is_of_an_event_of_the_contract() -> None:
    assert SENTENCES.keys() == {event.name for _source, event in events()}
