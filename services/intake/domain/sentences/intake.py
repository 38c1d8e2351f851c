"""What intake said, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import Sentence, Speech, kind, listed, priced, promised

_HEARD = {
    "PHONE": "The customer called",
    "EMAIL": "The customer wrote an email",
    "CHAT": "The customer wrote in the chat",
    "WEB": "The customer wrote through the website",
    "IN_PERSON": "The customer came in person",
    "SOCIAL": "The customer wrote on a social network",
    "PUBLIC_REVIEW": "The customer wrote a public review",
    "PROACTIVE": "Nobody had complained yet: opened ahead of the customer",
}
_ABOUT = {
    "LATE_DELIVERY": "a late delivery",
    "MISSED_CUT_OFF": "a missed cut-off",
    "DAMAGED": "damaged goods",
    "DEFECTIVE": "defective goods",
    "WRONG_ITEM": "a wrong item",
    "MISSING_ITEM": "a missing item",
    "REFUND_NOT_CREDITED": "a refund that was not credited",
    "ACCOUNT_ACCESS": "access to an account",
    "SERVICE_MALFUNCTION": "a service that does not work",
    "RUDE_SERVICE": "rude service",
    "TECHNICAL": "a technical problem",
    "BILLING": "a bill",
    "OTHER": "something else",
}
_VALUE = {"NEW": "a new customer", "REGULAR": "a regular customer", "LOYAL": "a loyal customer"}


def _opened(fact: Fact, speech: Speech) -> str:
    about = _ABOUT.get(fact["cause"], "something")
    return f"{_HEARD.get(fact['channel'], 'The customer came')} about {about}{_wish(fact, speech)}"


def _contacted(fact: Fact, speech: Speech) -> str:
    return f"{_HEARD.get(fact['channel'], 'The customer came')} again{_wish(fact, speech)}"


def _wish(fact: Fact, speech: Speech) -> str:
    """By when it is needed and what would be fair, where either was said."""
    need_by, sought = fact["need_by"], fact["remedy_sought"]
    needed = f", needed by {speech.when(need_by['by'], fact.at)}" if need_by else ""
    kinds = sought["kinds"] if sought else ()
    fair = [promised({**sought, "kind": one}, worth=False) for one in kinds]
    return needed + (f"; fair would be {listed(fair)}" if fair else "")


def _context(fact: Fact, speech: Speech) -> str:
    value = _VALUE.get(fact["customer_value"], "a customer without known history")
    before = f"{value}{_acted(fact)}"
    if not fact["order_found"]:
        return f"The merchant does not know the order; {before}"
    goods = listed([f"{line['quantity']} x {line['description']}" for line in fact["lines"]])
    total = f" for {fact['order_total']}" if fact["order_total"] else ""
    came = fact["delivered_at"]
    delivered = f", delivered {speech.when(came, fact.at)}" if came else ", not delivered"
    return f"The order was found: {goods}{total}{delivered}{_refunds(fact, speech)}; {before}"


def _refunds(fact: Fact, speech: Speech) -> str:
    """The refunds that were tried before, and what the merchant knows of each."""
    return "".join(f"; {_refund(one, fact, speech)}" for one in fact["refunds"])


def _refund(refund: Mapping[str, Any], fact: Fact, speech: Speech) -> str:
    by = f", asked for by {refund['requested_by']}," if refund["requested_by"] else ""
    tried = f"{priced('a refund', refund['amount'])}{by}"
    match refund["state"]:
        case "SUCCEEDED":
            return f"{tried} was credited{_on(refund['credited_at'], fact, speech)}"
        case "FAILED":
            why = f": {kind(refund['failure'])}" if refund["failure"] else ""
            return f"{tried} failed{_on(refund['failed_at'], fact, speech)}{why}"
        case _:
            return f"{tried} is under way{_expected(refund['expected_by'], fact, speech)}"


def _expected(moment: datetime | None, fact: Fact, speech: Speech) -> str:
    if moment is None:
        return ""
    should = "should have been there" if moment < fact.at else "should be there"
    return f" and {should} by {speech.when(moment, fact.at)}"


def _on(moment: datetime | None, fact: Fact, speech: Speech) -> str:
    return f" {speech.when(moment, fact.at)}" if moment else ""


def _acted(fact: Fact) -> str:
    """Who had to do with it before, each once; what they did stands in the case file."""
    departments = list(dict.fromkeys(one["department"] for one in fact["history"]))
    return f"; {listed(departments)} had to do with it before" if departments else ""


def _restated(fact: Fact, speech: Speech) -> str:
    who = speech.person(fact["restated_by"], "A handler")
    again = "" if fact["restatement"] == 1 else " anew"
    return f"{who} said the problem back{again} in their own words"


def _forgotten(fact: Fact, speech: Speech) -> str:
    until = fact["record_until"]
    forgotten = "The customer was forgotten: nobody can read their words any more"
    if until is None:
        return forgotten
    return f"{forgotten}; the record of the payment is kept until {speech.when(until, fact.at)}"


_CONFIRMED = "The customer confirmed that the problem was understood"

SENTENCES: Mapping[str, Sentence] = {
    "EscalationOpened": _opened,
    "ContactRecorded": _contacted,
    "ContextRecorded": _context,
    "ProblemRestated": _restated,
    "ProblemConfirmed": lambda _fact, _speech: _CONFIRMED,
    "CustomerForgotten": _forgotten,
}


def alarm_raised(fact: Fact, _speech: Speech) -> str:
    """The same in every service."""
    return f"Alarm: {kind(fact['kind'])}; it clears when {fact['clears_when']}"


def alarm_cleared(fact: Fact, _speech: Speech) -> str:
    """The same in every service."""
    return f"The alarm is over: {kind(fact['kind'])}"
