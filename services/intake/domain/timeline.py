"""The timeline: everything that happened in a case, one sentence each, in one order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from services.intake.domain.facts import Fact
from services.intake.domain.sentences import followup, intake, resolution, routing
from services.intake.domain.sentences.speech import Sentence, Speech

SENTENCES: Mapping[str, Sentence] = {
    "AlarmRaised": intake.alarm_raised,
    "AlarmCleared": intake.alarm_cleared,
    **intake.SENTENCES,
    **routing.SENTENCES,
    **resolution.SENTENCES,
    **followup.SENTENCES,
}
"""How each event reads, by its name."""

DEADLINES: Mapping[str, tuple[str, ...]] = {
    "EscalationOpened": ("acknowledge_by", "assign_by"),
    "ProblemRestated": ("confirm_by",),
    "ProblemConfirmed": ("offer_by",),
    "DecisionMakerAssigned": ("accept_by",),
    "AssignmentAccepted": ("restate_by",),
    "NoDecisionMakerFound": ("retry_at",),
    "HandOverOffered": ("return_by",),
    "OwnershipTaken": ("restate_by",),
    "OfferDrafted": ("approve_by",),
    "OfferMade": ("expires_by",),
    "OfferAccepted": ("carry_out_by", "answer_by"),
    "OfferCountered": ("offer_by",),
    "OfferDeclined": ("offer_by",),
    "OfferExpired": ("offer_by",),
    "OfferRejected": ("offer_by",),
    "OfferWithdrawn": ("offer_by",),
    "ReplacementOrdered": ("check_by",),
    "ReplacementShipped": ("check_by",),
    "ReplacementDelayed": ("check_by",),
    "RefundSubmitted": ("expected_by",),
    "RemedyFailed": ("offer_by",),
    "PromiseMade": ("due_by",),
    "ResponseSent": ("deliver_by",),
    "FollowUpScheduled": ("ask_by",),
    "FollowUpAsked": ("answer_by",),
    "EscalationReopened": ("offer_by",),
    "DebriefRequested": ("due_by",),
}
"""The fields in which an event sets deadlines; of several the first to come is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened, in words without personal ones."""

    at: datetime
    source: str
    version: int
    event: str
    summary: str
    actor: str
    due_by: datetime | None


def tell(fact: Fact, speech: Speech) -> Entry:
    """One event as the timeline shows it; an event of a newer program by its name alone."""
    sentence = SENTENCES.get(fact.name)
    summary = sentence(fact, speech) if sentence else _spelled(fact.name)
    return Entry(
        at=fact.at,
        source=fact.source,
        version=fact.version,
        event=fact.name,
        summary=summary[:1].upper() + summary[1:],
        actor=speech.person(fact.actor, fact.role),
        due_by=_due_by(fact),
    )


def told(facts: Sequence[Fact], speech: Speech) -> tuple[Entry, ...]:
    """Everything that happened, in order."""
    return tuple(tell(fact, speech) for fact in in_order(facts))


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """By time, then service, then version: the same order for everyone who tells it.

    A service whose clock was set back still tells in the order of its versions.
    """
    reached: dict[str, datetime] = {}
    placed = []
    for fact in sorted(facts, key=lambda one: (one.source, one.version)):
        at = max(fact.at, reached.get(fact.source, fact.at))
        reached[fact.source] = at
        placed.append(((at, fact.source, fact.version), fact))
    return [fact for _place, fact in sorted(placed, key=itemgetter(0))]


def _due_by(fact: Fact) -> datetime | None:
    found = (fact[name] for name in DEADLINES.get(fact.name, ()))
    return min((moment for moment in found if moment is not None), default=None)


def _spelled(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
