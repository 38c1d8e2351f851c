"""What resolution said, in sentences."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import Sentence, Speech, kind, listed, priced

_RESPONSE = {
    "ACKNOWLEDGEMENT": "acknowledgement",
    "UPDATE": "update",
    "ANSWER": "answer",
    "FOLLOW_UP": "question whether it is solved",
}


def _offered(fact: Fact, speech: Speech) -> str:
    what = listed([_remedy(remedy, fact, speech) for remedy in fact["remedies"]])
    return f"{speech.name(fact['maker'])} offered {what}{_exceptions(fact)}"


def _remedy(remedy: Mapping[str, Any], fact: Fact, speech: Speech) -> str:
    what = f"a {kind(remedy['kind'])}"
    shipping = remedy["shipping"]
    if shipping is None:
        return priced(what, remedy["amount"])
    service = kind(shipping["service"]).replace("-", " ")
    return f"{what} by {service}{_arriving(shipping, fact, speech)}"


def _arriving(shipping: Mapping[str, Any], fact: Fact, speech: Speech) -> str:
    first, last = shipping["arrives_from"], shipping["arrives_by"]
    if last is None:
        return ""
    by = speech.when(last, fact.at)
    return f", there {speech.when(first, fact.at)}-{by}" if first else f", there by {by}"


def _exceptions(fact: Fact) -> str:
    """The rules that were set aside, by what they were."""
    told = [
        priced(kind(exception["action"]), exception["cost"])
        for remedy in fact["remedies"]
        for exception in remedy["exceptions"]
    ]
    return f"; as an exception: {listed(told)}" if told else ""


def _countered(fact: Fact, _speech: Speech) -> str:
    sought = fact["remedy_sought"]
    kinds = sought["kinds"] if sought else ()
    instead = listed([f"a {kind(one)}" for one in kinds]) if kinds else "something else"
    return f"The customer would rather have {instead}"


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


def _credited(fact: Fact, speech: Speech) -> str:
    until = fact["valid_until"]
    good = f", good until {speech.when(until, fact.at)}" if until else ""
    return f"The customer got {priced('a coupon', fact['amount'])}{good}"


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
    "OfferMade": _offered,
    "OfferAccepted": lambda _fact, _speech: "The customer accepted the offer",
    "OfferCountered": _countered,
    "OfferDeclined": lambda _fact, _speech: "The customer declined the offer",
    "OfferExpired": lambda _fact, _speech: "The offer was not answered in time",
    "RemedyStarted": _started,
    "ReplacementOrdered": _ordered,
    "ReplacementShipped": _shipped,
    "ReplacementDelivered": _arrived,
    "ReplacementDelayed": _delayed,
    "ReplacementFailed": _undeliverable,
    "CreditIssued": _credited,
    "RemedyCompleted": _completed,
    "RemedyFailed": _failed,
    "ResponseSent": _sent,
    "ResponseDelivered": _delivered,
    "EscalationResolved": _resolved,
}
