"""What resolution said of offers and promises, in sentences."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import (
    Sentence,
    Speech,
    kind,
    listed,
    priced,
    promised,
)


def _drafted(fact: Fact, speech: Speech) -> str:
    until = f" until {speech.when(fact['approve_by'], fact.at)}" if fact["approve_by"] else ""
    drafted = f"{speech.name(fact['maker'])} drafted an offer of {_what(fact, speech)}"
    return f"{drafted}, above their authority: another holder may approve it{until}"


def _offered(fact: Fact, speech: Speech) -> str:
    return f"{speech.name(fact['maker'])} offered {_what(fact, speech)}{_exceptions(fact)}"


def _what(fact: Fact, speech: Speech) -> str:
    return listed([_remedy(remedy, fact, speech) for remedy in fact["remedies"]])


def _remedy(remedy: Mapping[str, Any], fact: Fact, speech: Speech) -> str:
    before = remedy["in_place_of"]
    instead = f" in place of {speech.remedy(before)}" if before else ""
    by_bank = " by bank transfer" if remedy["method"] == "BANK_TRANSFER" else ""
    shipping = remedy["shipping"]
    if shipping is None:
        return f"{promised(remedy)}{by_bank}{instead}"
    service = kind(shipping["service"]).replace("-", " ")
    what = promised(remedy, worth=False)
    return f"{what} by {service}{_arriving(shipping, fact, speech)}{instead}"


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


def _approved(fact: Fact, speech: Speech) -> str:
    return f"{speech.name(fact['approver'])} approved the offer and stands in for it"


def _rejected(fact: Fact, speech: Speech) -> str:
    why = _WHY_NOT.get(fact["reason"], "")
    return f"{speech.name(fact['approver'])} did not approve the offer{why}"


_WHY_NOT: Mapping[str, str] = {
    "TOO_MUCH": ": it is too much",
    "TOO_LITTLE": ": it is too little",
    "ANOTHER_REMEDY": ": another remedy would be better",
    "WORDING": ": it should be worded otherwise",
    "NOT_JUSTIFIED": ": it is not justified",
}


def _withdrawn(fact: Fact, speech: Speech) -> str:
    return f"{speech.person(fact.actor, 'The owner')} took the offer back"


def _countered(fact: Fact, _speech: Speech) -> str:
    sought = fact["remedy_sought"]
    kinds = sought["kinds"] if sought else ()
    instead = [promised({**sought, "kind": one}, worth=False) for one in kinds]
    return f"The customer would rather have {listed(instead) if instead else 'something else'}"


def _promised(fact: Fact, speech: Speech) -> str:
    by = f" by {speech.when(fact['due_by'], fact.at)}" if fact["due_by"] else ""
    return f"{speech.name(fact['maker'])} promised the customer something{by}"


def _kept(fact: Fact, _speech: Speech) -> str:
    return "The promise was kept" if fact["in_time"] else "The promise was kept, after its time"


SENTENCES: Mapping[str, Sentence] = {
    "OfferDrafted": _drafted,
    "OfferMade": _offered,
    "OfferApproved": _approved,
    "OfferRejected": _rejected,
    "OfferWithdrawn": _withdrawn,
    "OfferAccepted": lambda _fact, _speech: "The customer accepted the offer",
    "OfferCountered": _countered,
    "OfferDeclined": lambda _fact, _speech: "The customer declined the offer",
    "OfferExpired": lambda _fact, _speech: "The offer was not answered in time",
    "PromiseMade": _promised,
    "PromiseKept": _kept,
    "PromiseBroken": lambda _fact, _speech: "The promise was not kept in time",
}
