"""What intake said, in sentences."""

from collections.abc import Mapping

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import Sentence, Speech, kind, listed

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
    fair = f"; fair would be {listed([f'a {kind(one)}' for one in kinds])}" if kinds else ""
    return needed + fair


def _context(fact: Fact, speech: Speech) -> str:
    value = _VALUE.get(fact["customer_value"], "a customer without known history")
    if not fact["order_found"]:
        return f"The merchant does not know the order; {value}"
    goods = listed([f"{line['quantity']} x {line['description']}" for line in fact["lines"]])
    total = f" for {fact['order_total']}" if fact["order_total"] else ""
    came = fact["delivered_at"]
    delivered = f", delivered {speech.when(came, fact.at)}" if came else ", not delivered"
    return f"The order was found: {goods}{total}{delivered}; {value}"


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
