"""The case file: everything about one case, as its handlers see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, TypeVar

from amends.values.case import Cause, Channel, Stage
from amends.values.deadline import NeedBy
from amends.values.identity import DecisionMakerId, EscalationId, OfferId, RemedyId
from amends.values.money import Money
from amends.values.personal import Personal
from amends.values.remedy import RemedyKind, RemedySought
from services.intake.domain.advance import advance
from services.intake.domain.contact import ContactRecorded
from services.intake.domain.context import ActFound, ContextRecorded
from services.intake.domain.facts import Fact
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.problem import ProblemConfirmed, ProblemRestated
from services.intake.domain.progress import (
    Alarm,
    HandOver,
    Offer,
    Owner,
    Progress,
    Promise,
    Refund,
)
from services.intake.domain.sentences.speech import Speech
from services.intake.domain.timeline import Entry, in_order
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
    approve_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundShown:
    """A refund of the case; "unknown" where it is not credited when it should have been."""

    remedy_id: RemedyId
    amount: Money | None
    state: str
    expected_by: datetime | None
    credited_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseShown:
    """A promise to the customer, without what was promised; `maker` by public name."""

    promise_id: str
    maker: str
    state: str
    promised_at: datetime
    due_by: datetime | None
    warn_by: datetime | None


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
    refunds: tuple[RefundShown, ...]
    promises: tuple[PromiseShown, ...]
    history: tuple[ActFound, ...]
    zone: str
    alarms: tuple[Alarm, ...]
    timeline: tuple[Entry, ...]
    outcome: str
    versions: Mapping[str, int]
    closed_at: datetime | None
    policy_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a case file is told from.

    `own` are all of intake's events in order, since only they hold the customer's words; `facts`
    are those of all services, intake's among them, in order for each service; `timeline` is the
    part that was asked for; `at` is now.
    """

    own: Sequence[object]
    facts: Sequence[Fact]
    timeline: tuple[Entry, ...]
    speech: Speech
    at: datetime


def case_file(told: Told) -> CaseFile:
    """The file of a case that was opened."""
    own, facts = told.own, told.facts
    opened = _all(own, EscalationOpened)[0]
    contacts = _all(own, ContactRecorded)
    wishes = [one for one in contacts if one.need_by is not None]
    context = next(reversed(_all(own, ContextRecorded)), None)
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
        remedy_sought=_sought(facts),
        contacts=_contacts(own, told.timeline),
        restatement=_restatement(own),
        context=replace(context, history=()) if context else None,
        owner=_person(owner) if owner else None,
        hand_over=_hand_over(progress.routed.hand_over),
        hops=progress.routed.hops,
        offers=tuple(_offer(one) for one in progress.made_right.offers),
        refunds=tuple(_refund(one, told.at) for one in progress.made_right.refunds),
        promises=tuple(_promise(one, told.speech) for one in progress.made_right.promises),
        history=context.history if context else (),
        zone=told.speech.zone,
        alarms=progress.alarms,
        timeline=told.timeline,
        outcome=progress.followed.outcome,
        versions=_versions(facts),
        closed_at=progress.followed.closed_at,
        policy_version=opened.policy_version,
    )


def _all(events: Iterable[object], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


_SEEKING = frozenset({"EscalationOpened", "ContactRecorded", "OfferCountered"})


def _sought(facts: Sequence[Fact]) -> RemedySought:
    """What the customer asked for last, to whichever service they said it."""
    said = (fact["remedy_sought"] for fact in in_order(facts) if fact.name in _SEEKING)
    *_, last = [RemedySought(), *(_remedy_sought(one) for one in said if one is not None)]
    return last


def _remedy_sought(said: Mapping[str, Any]) -> RemedySought:
    return RemedySought(kinds=_kinds(said["kinds"]), amount=said["amount"], percent=said["percent"])


def _kinds(names: Iterable[str]) -> tuple[RemedyKind, ...]:
    """Those that this program knows."""
    return tuple(RemedyKind[name] for name in names if name in RemedyKind.__members__)


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
        kinds=_kinds(offer.kinds),
        approve_by=offer.approve_by,
    )


def _refund(refund: Refund, at: datetime) -> RefundShown:
    by = refund.expected_by
    overdue = refund.state == "submitted" and by is not None and by < at
    return RefundShown(
        remedy_id=RemedyId(refund.remedy),
        amount=refund.amount,
        state="unknown" if overdue else refund.state,
        expected_by=refund.expected_by,
        credited_at=refund.credited_at,
    )


def _promise(promise: Promise, speech: Speech) -> PromiseShown:
    return PromiseShown(
        promise_id=promise.promise,
        maker=speech.name(promise.maker),
        state=promise.state,
        promised_at=promise.promised_at,
        due_by=promise.due_by,
        warn_by=promise.warn_by,
    )


def _versions(facts: Iterable[Fact]) -> dict[str, int]:
    versions: dict[str, int] = {}
    for fact in facts:
        versions[fact.source] = max(fact.version, versions.get(fact.source, 0))
    return versions
