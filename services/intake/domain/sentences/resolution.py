"""What resolution said of remedies and responses, in sentences; of offers and promises beside.

Of a refund nobody says that the customer has the money before RefundSucceeded (S44).
"""

from collections.abc import Mapping

from services.intake.domain.facts import Fact
from services.intake.domain.sentences import offers
from services.intake.domain.sentences.speech import Sentence, Speech, kind, priced, promised

_RESPONSE = {
    "ACKNOWLEDGEMENT": "acknowledgement",
    "UPDATE": "update",
    "ANSWER": "answer",
    "FOLLOW_UP": "question whether it is solved",
}


def _started(fact: Fact, _speech: Speech) -> str:
    return f"Carrying out the {kind(fact['kind'])} began"


def _ordered(fact: Fact, speech: Speech) -> str:
    service = fact["service"].replace("-", " ")
    return f"The replacement was ordered by {service}{_there_by(fact, speech)}"


def _shipped(fact: Fact, speech: Speech) -> str:
    before = ", before the return came back" if fact["before_return"] else ""
    return f"The replacement left{before}{_there_by(fact, speech)}"


def _there_by(fact: Fact, speech: Speech) -> str:
    arrives = fact["arrives_by"]
    return f"; there by {speech.when(arrives, fact.at)}" if arrives else ""


def _arrived(fact: Fact, _speech: Speech) -> str:
    return f"The replacement arrived{' in time' if fact['in_time'] else ', too late'}"


def _delayed(fact: Fact, speech: Speech) -> str:
    return f"The replacement is late{_there_by(fact, speech)}"


def _undeliverable(fact: Fact, _speech: Speech) -> str:
    return f"The merchant cannot deliver the replacement: {kind(fact['reason'])}"


_BACK = {
    "ORIGINAL_PAYMENT": " to the card or account that paid",
    "BANK_TRANSFER": " by bank transfer",
}


def _submitted(fact: Fact, speech: Speech) -> str:
    by = fact["expected_by"]
    there = f"; it should be there by {speech.when(by, fact.at)}" if by else ""
    return f"{_refund(fact)} was sent{_BACK.get(fact['method'], '')}{there}"


def _succeeded(fact: Fact, _speech: Speech) -> str:
    return f"The customer has the money: {_refund(fact, 'the')} was credited"


def _bounced(fact: Fact, _speech: Speech) -> str:
    went = "came back after it was credited" if fact["after_credit"] else "did not get there"
    return f"{_refund(fact)} {went}: {kind(fact['reason'])}"


def _refund(fact: Fact, the: str = "The") -> str:
    return priced(f"{the} refund", fact["amount"])


def _given(fact: Fact, speech: Speech) -> str:
    """Older logs say no kind: it was a coupon."""
    credit = {**fact.fields, "kind": "COUPON"} if fact["kind"] == "UNSPECIFIED" else fact.fields
    until = fact["valid_until"]
    good = f", good until {speech.when(until, fact.at)}" if until else ""
    return f"The customer got {promised(credit)}{good}"


def _compensated(fact: Fact, speech: Speech) -> str:
    taken_back = speech.remedy(fact["remedy_id"])
    return f"Something else comes in its place: {taken_back} was taken back"


def _completed(fact: Fact, speech: Speech) -> str:
    return f"Everything about {speech.remedy(fact['remedy_id'])} is done"


def _failed(fact: Fact, speech: Speech) -> str:
    return f"It cannot be done: {speech.remedy(fact['remedy_id'])}, {kind(fact['reason'])}"


def _sent(fact: Fact, speech: Speech) -> str:
    until = f" until {speech.when(fact['deliver_by'], fact.at)}" if fact["deliver_by"] else ""
    response = _RESPONSE.get(fact["kind"], "response")
    return f"The {response} is to be delivered by {kind(fact['channel'])}{until}"


def _delivered(fact: Fact, _speech: Speech) -> str:
    return f"The customer has the {_RESPONSE.get(fact['kind'], 'response')}"


def _resolved(fact: Fact, _speech: Speech) -> str:
    made_right = "Made right: the customer has the answer and everything that was promised"
    return made_right if fact["made_right"] else "The customer has the answer"


SENTENCES: Mapping[str, Sentence] = {
    **offers.SENTENCES,
    "RemedyStarted": _started,
    "ReplacementOrdered": _ordered,
    "ReplacementShipped": _shipped,
    "ReplacementDelivered": _arrived,
    "ReplacementDelayed": _delayed,
    "ReplacementFailed": _undeliverable,
    "RefundSubmitted": _submitted,
    "RefundSucceeded": _succeeded,
    "RefundFailed": _bounced,
    "CreditIssued": _given,
    "RemedyCompleted": _completed,
    "RemedyFailed": _failed,
    "RemedyCompensated": _compensated,
    "ResponseSent": _sent,
    "ResponseDelivered": _delivered,
    "EscalationResolved": _resolved,
}
