"""The case file: everything about one case, as its handlers see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import TypeVar

from amends.values.case import Cause, Channel, Stage
from amends.values.deadline import NeedBy
from amends.values.identity import DecisionMakerId, EscalationId, OfferId
from amends.values.personal import Personal
from amends.values.remedy import RemedyKind, RemedySought
from services.intake.domain.advance import advance
from services.intake.domain.contact import ContactRecorded
from services.intake.domain.context import ContextRecorded
from services.intake.domain.facts import Fact
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.problem import ProblemConfirmed, ProblemRestated
from services.intake.domain.progress import Alarm, HandOver, Offer, Owner, Progress
from services.intake.domain.timeline import Entry
from services.intake.domain.waiting import stage, waiting

E = TypeVar("E")

_OWN = "intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Something the customer said after the opening."""

    contacted_at: datetime
    channel: Channel
    words: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """The problem in the handler's words, and whether the customer said yes to them."""

    number: int
    words: Personal[str]
    confirmed: bool
    restated_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the directory."""

    decision_maker_id: DecisionMakerId
    public_name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverShown:
    """The owner offers the case to somebody else."""

    from_public_name: str
    to_public_name: str
    return_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferShown:
    """An offer in the ledger of the case."""

    offer_id: OfferId
    state: str
    made_at: datetime
    expires_by: datetime | None
    kinds: tuple[RemedyKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case, with a part of its timeline and what the customer said in that part.

    `versions` says how far each service's stream has been read.
    """

    escalation_id: EscalationId
    stage: Stage
    waiting_for: str
    waiting_until: datetime | None
    channel: Channel
    cause: Cause
    priority: int
    opened_at: datetime
    customer: Personal[str]
    order: Personal[str]
    words: Personal[str]
    stake: Personal[str]
    expected_outcome: Personal[str]
    need_by: NeedBy | None
    occasion: Personal[str]
    remedy_sought: RemedySought
    contacts: tuple[Contact, ...]
    restatement: Restatement | None
    context: ContextRecorded | None
    owner: Person | None
    hand_over: HandOverShown | None
    hops: int
    offers: tuple[OfferShown, ...]
    alarms: tuple[Alarm, ...]
    timeline: tuple[Entry, ...]
    outcome: str
    versions: Mapping[str, int]
    closed_at: datetime | None
    policy_version: int


def case_file(
    own: Sequence[object], facts: Sequence[Fact], timeline: tuple[Entry, ...]
) -> CaseFile:
    """The file of a case that was opened, with a part of its timeline.

    `own` are all of intake's events in order, since only they hold the customer's words; `facts`
    are those of all services, intake's among them, in order for each service.
    """
    opened = _all(own, EscalationOpened)[0]
    contacts = _all(own, ContactRecorded)
    wishes = [one for one in contacts if one.need_by is not None]
    progress = reduce(advance, facts, Progress())
    waits = waiting(progress)
    owner = progress.routed.owner
    return CaseFile(
        escalation_id=opened.escalation,
        stage=stage(progress),
        waiting_for=waits.what,
        waiting_until=waits.until,
        channel=opened.channel,
        cause=opened.cause,
        priority=contacts[-1].priority if contacts else opened.priority,
        opened_at=opened.opened_at,
        customer=opened.customer,
        order=opened.order,
        words=opened.words,
        stake=opened.stake,
        expected_outcome=opened.expected_outcome,
        need_by=wishes[-1].need_by if wishes else opened.need_by,
        occasion=wishes[-1].occasion if wishes else opened.occasion,
        remedy_sought=_sought(opened, contacts),
        contacts=_contacts(own, timeline),
        restatement=_restatement(own),
        context=next(reversed(_all(own, ContextRecorded)), None),
        owner=_person(owner) if owner else None,
        hand_over=_hand_over(progress.routed.hand_over),
        hops=progress.routed.hops,
        offers=tuple(_offer(one) for one in progress.made_right.offers),
        alarms=progress.alarms,
        timeline=timeline,
        outcome=progress.followed.outcome,
        versions=_versions(facts),
        closed_at=progress.followed.closed_at,
        policy_version=opened.policy_version,
    )


def _all(events: Iterable[object], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _sought(opened: EscalationOpened, contacts: Sequence[ContactRecorded]) -> RemedySought:
    changed = [one.remedy_sought for one in contacts if one.remedy_sought is not None]
    return changed[-1] if changed else opened.remedy_sought


def _contacts(own: Sequence[object], timeline: Iterable[Entry]) -> tuple[Contact, ...]:
    """What the customer said in that part of the timeline."""
    told = (own[entry.version - 1] for entry in timeline if entry.source == _OWN)
    return tuple(
        Contact(contacted_at=event.contacted_at, channel=event.channel, words=event.words)
        for event in told
        if isinstance(event, ContactRecorded)
    )


def _restatement(own: Sequence[object]) -> Restatement | None:
    restated = _all(own, ProblemRestated)
    if not restated:
        return None
    last = restated[-1]
    yeses = [one for one in _all(own, ProblemConfirmed) if one.restatement == last.restatement]
    return Restatement(
        number=last.restatement,
        words=last.words,
        confirmed=bool(yeses),
        restated_at=last.restated_at,
        confirmed_at=yeses[0].confirmed_at if yeses else None,
    )


def _person(owner: Owner) -> Person:
    return Person(
        decision_maker_id=DecisionMakerId(owner.decision_maker),
        public_name=owner.name,
        since=owner.since,
    )


def _hand_over(offered: HandOver | None) -> HandOverShown | None:
    if offered is None:
        return None
    return HandOverShown(
        from_public_name=offered.from_name,
        to_public_name=offered.to_name,
        return_by=offered.return_by,
    )


def _offer(offer: Offer) -> OfferShown:
    return OfferShown(
        offer_id=OfferId(offer.offer),
        state=offer.state,
        made_at=offer.made_at,
        expires_by=offer.expires_by,
        kinds=tuple(RemedyKind[name] for name in offer.kinds if name in RemedyKind.__members__),
    )


def _versions(facts: Iterable[Fact]) -> dict[str, int]:
    versions: dict[str, int] = {}
    for fact in facts:
        versions[fact.source] = max(fact.version, versions.get(fact.source, 0))
    return versions
