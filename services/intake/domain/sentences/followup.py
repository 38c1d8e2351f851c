"""What follow-up said, in sentences."""

from collections.abc import Mapping

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import Sentence, Speech, kind, listed

_STAYING = {"YES": "is staying", "NO": "is leaving", "UNKNOWN": "does not say whether they stay"}


def _scheduled(fact: Fact, speech: Speech) -> str:
    on = speech.when(fact["ask_by"], fact.at)
    return f"The customer will be asked on {on} whether it is solved"


def _answered(fact: Fact, _speech: Speech) -> str:
    said = [
        "it is solved" if fact["solved"] else "it is not solved",
        "they are pleased" if fact["pleased"] else "they are not pleased",
    ]
    staying = f"; the customer {_STAYING.get(fact['staying'], _STAYING['UNKNOWN'])}"
    return f"The customer says that {listed(said)}{staying}"


def _cancelled(fact: Fact, _speech: Speech) -> str:
    why = "the case goes on" if fact["reason"] == "REOPENED" else "they were forgotten"
    return f"The customer is not asked any more: {why}"


def _reopened(fact: Fact, _speech: Speech) -> str:
    """Older logs say no reason: it was not solved."""
    money = fact["reason"] == "REFUND_FAILED"
    why = "The refund did not stay with the customer" if money else "It is not solved"
    return f"{why}: the case goes on with the same owner"


def _debrief_requested(fact: Fact, speech: Speech) -> str:
    until = speech.when(fact["due_by"], fact.at)
    return f"{speech.name(fact['owner'])} was asked what can be learned from it, until {until}"


def _debrief_recorded(fact: Fact, speech: Speech) -> str:
    who = speech.person(fact["recorded_by"], "A handler")
    colleague = speech.person(fact["colleague"], "a colleague")
    broken = "; a process of the firm is broken" if fact["process_broken"] else ""
    return f"{who} and {colleague} told what can be learned from it{broken}"


SENTENCES: Mapping[str, Sentence] = {
    "FollowUpScheduled": _scheduled,
    "FollowUpAsked": lambda _fact, _speech: "The customer was asked whether it is solved",
    "FollowUpAnswered": _answered,
    "FollowUpMissed": lambda _fact, _speech: "The customer did not answer whether it is solved",
    "FollowUpCancelled": _cancelled,
    "EscalationReopened": _reopened,
    "DebriefRequested": _debrief_requested,
    "DebriefRecorded": _debrief_recorded,
    "EscalationClosed": lambda fact, _speech: f"The case is closed: {kind(fact['outcome'])}",
}
