"""The directory: who may be asked, and whether they are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum, auto
from typing import assert_never

from amends.values.identity import Actor, DecisionMakerId, Role, Subject
from amends.values.refusal import InvalidField, Refusal
from services.routing.domain import calendar as calendars
from services.routing.domain.calendar import Calendar

NOBODY = DecisionMakerId("")


class DecisionMakerKind(Enum):
    """What a holder of authority is."""

    PERSON = auto()
    TEAM = auto()
    PARTNER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDecisionMaker:
    """Enters a holder (`allow_missing`) or changes one; every field is written."""

    decision_maker: DecisionMakerId
    kind: DecisionMakerKind
    public_name: str
    subjects: tuple[Subject, ...]
    seniority: int
    capacity: int
    calendar: Calendar | None
    manager: DecisionMakerId
    stand_in: DecisionMakerId
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    allow_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAvailability:
    """Says that somebody is away (until when, where it is known) or back."""

    decision_maker: DecisionMakerId
    available: bool
    away_until: datetime | None
    stand_in: DecisionMakerId
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMakerUpdated:
    """A holder entered the directory or changed."""

    decision_maker: DecisionMakerId
    kind: DecisionMakerKind
    public_name: str
    subjects: tuple[Subject, ...]
    seniority: int
    capacity: int
    calendar: Calendar | None
    manager: DecisionMakerId
    stand_in: DecisionMakerId
    skills: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityChanged:
    """Somebody is away, or back."""

    decision_maker: DecisionMakerId
    available: bool
    away_until: datetime | None
    stand_in: DecisionMakerId


Command = UpdateDecisionMaker | SetAvailability
EVENTS: tuple[type, ...] = (DecisionMakerUpdated, AvailabilityChanged)
Event = DecisionMakerUpdated | AvailabilityChanged


class DecisionMakerNotFound(Refusal):
    """No such holder in the caller's directory."""

    reason = "DECISION_MAKER_NOT_FOUND"

    def __init__(self, decision_maker: str) -> None:
        super().__init__(
            f"{decision_maker} is not in the directory; look it up with ListDecisionMakers or "
            "enter it with UpdateDecisionMaker and allow_missing",
            decision_maker_id=decision_maker,
        )


class NotYourself(Refusal):
    """A decision-maker speaks for himself only."""

    reason = "NOT_YOURSELF"

    def __init__(self, decision_maker: str) -> None:
        super().__init__(
            f"only {decision_maker} or operations may say whether {decision_maker} is available; "
            "ask operations to say it",
            decision_maker_id=decision_maker,
        )


class SubjectTaken(Refusal):
    """A subject is one person: whoever accepts under it must be one entry's owner."""

    reason = "SUBJECT_TAKEN"
    field = "decision_maker.subjects"

    def __init__(self, decision_maker: str, taken_by: str) -> None:
        super().__init__(
            f"decision_maker.subjects: the subject of {decision_maker} is the person {taken_by} "
            f"already; change {taken_by}, or make {decision_maker} a team of which it is a member",
            decision_maker_id=decision_maker,
            taken_by=taken_by,
        )


@dataclass(frozen=True, slots=True)
class Others:
    """What an entry must fit: all holders of the tenant, and which person a subject is."""

    holders: frozenset[DecisionMakerId]
    persons: Mapping[Subject, DecisionMakerId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One holder as the directory knows them; `holder` is None before the first entry."""

    holder: DecisionMakerUpdated | None = None
    presence: AvailabilityChanged | None = None


def decide(entry: Entry, command: Command, others: Others) -> Sequence[Event]:
    """Events that the command causes; what changes nothing is no event.

    Raises:
        DecisionMakerNotFound, InvalidField, NotYourself, SubjectTaken
    """
    match command:
        case UpdateDecisionMaker():
            return _update(entry, command, others)
        case SetAvailability():
            return _set_availability(entry, command, others.holders)
        case _:
            assert_never(command)


def evolve(entry: Entry, event: object) -> Entry:
    """Never refuses; other ideas' events change nothing."""
    match event:
        case DecisionMakerUpdated():
            return Entry(event, entry.presence)
        case AvailabilityChanged():
            return Entry(entry.holder, event)
        case _:
            return entry


def _update(entry: Entry, command: UpdateDecisionMaker, others: Others) -> Sequence[Event]:
    if entry.holder is None and not command.allow_missing:
        raise DecisionMakerNotFound(command.decision_maker)
    for name in ("manager", "stand_in"):
        other = getattr(command, name)
        _check_relation(f"decision_maker.{name}", other, command.decision_maker, others.holders)
    if command.kind is DecisionMakerKind.PERSON:
        _check_person(command, others)
    if command.calendar is not None:
        calendars.check(command.calendar)
    written = {item.name: getattr(command, item.name) for item in fields(DecisionMakerUpdated)}
    updated = DecisionMakerUpdated(**written)
    return () if updated == entry.holder else (updated,)


def _check_person(command: UpdateDecisionMaker, others: Others) -> None:
    """A person has one subject, and that subject is no other person."""
    if len(command.subjects) != 1:
        name = "decision_maker.subjects"
        raise InvalidField(name, f"{name} must be one for a person; a team has its members'")
    taken_by = others.persons.get(command.subjects[0], command.decision_maker)
    if taken_by != command.decision_maker:
        raise SubjectTaken(command.decision_maker, taken_by)


def _set_availability(
    entry: Entry, command: SetAvailability, known: frozenset[DecisionMakerId]
) -> Sequence[Event]:
    if entry.holder is None:
        raise DecisionMakerNotFound(command.decision_maker)
    himself = command.by.subject in entry.holder.subjects
    if command.by.role is Role.DECISION_MAKER and not himself:
        raise NotYourself(command.decision_maker)
    _check_relation("stand_in", command.stand_in, command.decision_maker, known)
    away_until = None if command.available else command.away_until
    if away_until is not None and away_until <= command.at:
        raise InvalidField("away_until", "away_until must lie ahead")
    changed = AvailabilityChanged(
        decision_maker=command.decision_maker,
        available=command.available,
        away_until=away_until,
        stand_in=NOBODY if command.available else command.stand_in,
    )
    before = entry.presence or AvailabilityChanged(
        decision_maker=command.decision_maker, available=True, away_until=None, stand_in=NOBODY
    )
    return () if changed == before else (changed,)


def _check_relation(
    name: str,
    other: DecisionMakerId,
    decision_maker: DecisionMakerId,
    known: frozenset[DecisionMakerId],
) -> None:
    if other == decision_maker:
        raise InvalidField(name, f"{name} must be somebody else")
    if other != NOBODY and other not in known:
        raise DecisionMakerNotFound(other)
