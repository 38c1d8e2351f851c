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


def _offered(fact: Fact, speech: Speech) -> str:
    until = speech.when(fact["return_by"], fact.at)
    why = _WHY.get(fact["reason"], "")
    offer = f"{fact['from_public_name']} offers the case to {fact['to_public_name']}{why}"
    return f"{offer}, who may accept it until {until}"


def _returned(fact: Fact, speech: Speech) -> str:
    owner = speech.name(fact["from_decision_maker_id"])
    receiver = speech.name(fact["to_decision_maker_id"])
    stays = f"{owner} stays the owner"
    match fact["returned_by"]:
        case "OWNER":
            return f"{owner} took the hand-over to {receiver} back and stays the owner"
        case "RECEIVER":
            return f"{receiver} did not take the case over: {stays}"
        case _:
            return f"{receiver} did not take the case over in time: {stays}"


def _handed_over(fact: Fact, _speech: Speech) -> str:
    return f"{fact['public_name']} took the case over from {fact['from_public_name']} and owns it"


def _taken(fact: Fact, _speech: Speech) -> str:
    before = f" from {fact['from_public_name']}" if fact["from_public_name"] else ""
    why = _WHY_TAKEN.get(fact["reason"], "")
    return f"Operations gave the case{before} to {fact['public_name']}{why}, who owns it now"


def _deescalated(fact: Fact, _speech: Speech) -> str:
    enough = f"{fact['public_name']}, whose authority covers what is left"
    why = _WHY_TAKEN.get(fact["reason"], "")
    return f"The case went from {fact['from_public_name']} to {enough}{why}"


_WHY_TAKEN: Mapping[str, str] = {
    "OVERDUE": " because it waited longer than it should",
    "ABSENCE": " because of an absence",
    "CONFLICT_OF_INTEREST": " because of a conflict of interest",
    "SENIORITY": " because somebody more senior was asked for",
    "NO_LONGER_NEEDED": " because it needs less authority than was thought",
}
_WHY: Mapping[str, str] = {
    "END_OF_SHIFT": " at the end of a shift",
    "ABSENCE": " because of an absence",
    "WORKLOAD": " because of too much work",
    "EXPERTISE": " as the one who knows more of it",
    "CONFLICT_OF_INTEREST": " because of a conflict of interest",
}


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
    "HandOverOffered": _offered,
    "HandOverReturned": _returned,
    "OwnershipHandedOver": _handed_over,
    "OwnershipTaken": _taken,
    "EscalationDeescalated": _deescalated,
    "AuthorityReserved": _reserved,
    "AuthoritySettled": _settled,
    "AuthorityReleased": lambda _fact, _speech: "The authority set aside is free again",
}
