"""What routing said, in sentences."""

from collections.abc import Mapping

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import Sentence, Speech, kind, listed, priced


def _assigned(fact: Fact, speech: Speech) -> str:
    until = speech.when(fact["accept_by"], fact.at)
    return f"{fact['public_name']} was asked to accept until {until}{_passed_over(fact)}"


def _passed_over(fact: Fact) -> str:
    """Why not others; that somebody is more senior than needed goes without saying."""
    told = [
        f"{other['public_name']}: {other['detail'] or kind(other['reason'])}"
        for other in fact["passed_over"]
        if other["reason"] != "MORE_SENIOR"
    ]
    return f" ({'; '.join(told)})" if told else ""


def _accepted(fact: Fact, _speech: Speech) -> str:
    return f"{fact['public_name']} accepted and owns the case now"


def _declined(fact: Fact, speech: Speech) -> str:
    return f"{speech.name(fact['decision_maker_id'])} declined"


def _expired(fact: Fact, speech: Speech) -> str:
    return f"{speech.name(fact['decision_maker_id'])} did not accept in time"


def _nobody(fact: Fact, speech: Speech) -> str:
    again = f"; looked for again by {speech.when(fact['retry_at'], fact.at)}"
    told = again if fact["retry_at"] else ""
    return f"Nobody who may decide this is available{told}{_passed_over(fact)}"


def _unblocked(fact: Fact, speech: Speech) -> str:
    return f"{speech.name(fact['decision_maker_id'])} may be able to decide it now"


def _reserved(fact: Fact, speech: Speech) -> str:
    uses = listed([priced(kind(use["action"]), use["amount"]) for use in fact["uses"]])
    return f"Authority of {speech.name(fact['decision_maker_id'])} was set aside: {uses}"


def _settled(fact: Fact, speech: Speech) -> str:
    return f"The authority set aside for {speech.remedy(fact['remedy_id'])} was used"


SENTENCES: Mapping[str, Sentence] = {
    "DecisionMakerAssigned": _assigned,
    "AssignmentAccepted": _accepted,
    "AssignmentDeclined": _declined,
    "AssignmentExpired": _expired,
    "NoDecisionMakerFound": _nobody,
    "RoutingUnblocked": _unblocked,
    "AuthorityReserved": _reserved,
    "AuthoritySettled": _settled,
    "AuthorityReleased": lambda _fact, _speech: "The authority set aside is free again",
}
