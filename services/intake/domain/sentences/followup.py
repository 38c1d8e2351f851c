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


_NOT_ASKED = "The customer is not asked any more: they were forgotten"
_REOPENED = "It is not solved: the case goes on with the same owner"

SENTENCES: Mapping[str, Sentence] = {
    "FollowUpScheduled": _scheduled,
    "FollowUpAsked": lambda _fact, _speech: "The customer was asked whether it is solved",
    "FollowUpAnswered": _answered,
    "FollowUpMissed": lambda _fact, _speech: "The customer did not answer whether it is solved",
    "FollowUpCancelled": lambda _fact, _speech: _NOT_ASKED,
    "EscalationReopened": lambda _fact, _speech: _REOPENED,
    "EscalationClosed": lambda fact, _speech: f"The case is closed: {kind(fact['outcome'])}",
}
