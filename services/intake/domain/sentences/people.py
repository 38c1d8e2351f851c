"""People: what the sentences of a case may look up, from what its own facts say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.intake.domain.facts import Fact
from services.intake.domain.sentences.speech import Speech

_NAMED: Mapping[str, str] = {
    "AuthorityReserved": "decision_maker_id",
    "RoutingUnblocked": "decision_maker_id",
    "OfferDrafted": "maker",
    "OfferMade": "maker",
    "OfferApproved": "approver",
    "OfferRejected": "approver",
    "PromiseMade": "maker",
    "DebriefRequested": "owner",
}
"""Events that name a decision-maker by id alone, and the field in which they do."""
_CALLERS: Mapping[str, tuple[str, str]] = {
    "OfferDrafted": ("maker_subject", "maker"),
    "OfferApproved": ("approver_subject", "approver"),
    "OfferRejected": ("approver_subject", "approver"),
}
"""Events that say which caller a decision-maker is."""


@dataclass(slots=True)
class _Known:
    zone: str = ""
    names: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    remedies: dict[str, str] = field(default_factory=dict)


def strangers(facts: Iterable[Fact]) -> frozenset[str]:
    """Decision-makers of whom a sentence speaks and whom none of the case's facts gives a name."""
    facts = list(facts)
    spoken_of = {fact[_NAMED[fact.name]] for fact in facts if fact.name in _NAMED}
    return frozenset(spoken_of - _known(facts).names.keys() - {""})


def speech_of(facts: Sequence[Fact], directory: Mapping[str, str] | None = None) -> Speech:
    """What the sentences may look up; `directory` names those whom the facts do not."""
    known = _known(facts)
    names = {**(directory or {}), **known.names}
    callers = {
        fact[subject]: names[fact[decision_maker]]
        for fact in facts
        for subject, decision_maker in [_CALLERS.get(fact.name, ("", ""))]
        if subject and fact[decision_maker] in names
    }
    return Speech(
        zone=known.zone or "UTC",
        names=names,
        people={**callers, **known.people},
        remedies=known.remedies,
    )


def _known(facts: Iterable[Fact]) -> _Known:
    known = _Known()
    for fact in facts:
        match fact.name:
            case "EscalationOpened" | "ContactRecorded":
                known.zone = fact["need_by"]["zone"] if fact["need_by"] else known.zone
            case "ContextRecorded":
                known.zone = known.zone or fact["zone"]
            case "DecisionMakerAssigned" | "NoDecisionMakerFound":
                known.names |= dict(_named(fact))
            case (
                "AssignmentAccepted"
                | "OwnershipHandedOver"
                | "OwnershipTaken"
                | "EscalationDeescalated"
            ):
                known.names |= dict(_named(fact))
                known.people[fact["owner_subject"]] = fact["public_name"]
            case "HandOverOffered":
                known.names[fact["to_decision_maker_id"]] = fact["to_public_name"]
            case "OfferMade" | "OfferDrafted":
                known.remedies |= {one["remedy_id"]: one["kind"] for one in fact["remedies"]}
    return known


def _named(fact: Fact) -> Iterator[tuple[str, str]]:
    """Decision-makers with their public names."""
    for one in (fact.fields, *fact.fields.get("passed_over", ())):
        if "public_name" in one:
            yield one["decision_maker_id"], one["public_name"]
