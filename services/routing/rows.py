"""Rows of the read models as values of the domain."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Row

from amends.v1 import routing_events_pb2
from amends.values.authority import Limit
from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import DecisionMakerId, EscalationId, GrantId, Subject
from amends.values.money import Money
from amends.values.remedy import Action, RemedyKind, RemedySought
from services.routing.domain.assignment import AssignmentState
from services.routing.domain.calendar import ALWAYS, Calendar, WorkingHours
from services.routing.domain.case import Case
from services.routing.domain.directory import DecisionMakerKind
from services.routing.domain.grants import Grant
from services.routing.domain.matching import Holder


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the directory as operations see it."""

    holder: Holder
    kind: DecisionMakerKind
    calendar: Calendar | None
    manager: DecisionMakerId
    stand_in: DecisionMakerId
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One assignment in somebody's queue; `tx` tells one change of it from the next."""

    assigned: routing_events_pb2.DecisionMakerAssigned
    state: AssignmentState
    case: Case | None
    holder_zone: str
    tx: int


class Place(NamedTuple):
    """A place in the order of urgency; ISO times, "infinity" where nothing is needed by."""

    need_by: str
    accept_by: str
    assignment: str


FIRST = Place("-infinity", "-infinity", "")


def case_of(row: Row[Any]) -> Case:
    """A case; `over` where it is resolved or closed."""
    return Case(
        escalation=EscalationId(row.escalation),
        channel=Channel[row.channel],
        cause=Cause[row.cause],
        priority=row.priority,
        need_by=None if row.need_by is None else NeedBy(row.need_by, row.zone),
        remedy_sought=None if row.kinds is None else _sought(row),
        policy_version=row.policy_version,
        over=row.over,
    )


def _sought(row: Row[Any]) -> RemedySought:
    amount = None if row.currency is None else Money(row.currency, row.minor)
    return RemedySought(tuple(RemedyKind[kind] for kind in row.kinds), amount)


def holder_of(row: Row[Any]) -> Holder:
    """A holder with load and limits, as they stand now."""
    return Holder(
        decision_maker=DecisionMakerId(row.decision_maker),
        public_name=row.public_name,
        subjects=frozenset(map(Subject, row.subjects)),
        seniority=row.seniority,
        capacity=row.capacity,
        load=row.load,
        calendar=_calendar(row.calendar) or ALWAYS,
        available=row.available,
        away_until=row.away_until,
        stand_in=DecisionMakerId(row.away_stand_in or row.stand_in),
        limits=tuple(grant.limit for grant in _grants(row)),
    )


def listed_of(row: Row[Any]) -> Listed:
    """An entry of the directory."""
    return Listed(
        holder=holder_of(row),
        kind=DecisionMakerKind[row.kind],
        calendar=_calendar(row.calendar),
        manager=DecisionMakerId(row.manager),
        stand_in=DecisionMakerId(row.away_stand_in or row.stand_in),
        skills=tuple(row.skills),
        languages=tuple(row.languages),
        grants=_grants(row),
    )


def _grants(row: Row[Any]) -> tuple[Grant, ...]:
    return tuple(
        Grant(GrantId(grant), Limit(Action[action], Money(currency, minor)))
        for grant, action, currency, minor in row.grants or ()
    )


def _calendar(column: dict[str, Any] | None) -> Calendar | None:
    if column is None:
        return None
    hours = tuple(WorkingHours(**span) for span in column["hours"])
    return Calendar(column["zone"], hours, tuple(column["holidays"]))


def item_of(row: Row[Any]) -> Item:
    """An assignment in a queue."""
    return Item(
        assigned=routing_events_pb2.DecisionMakerAssigned.FromString(row.assigned),
        state=AssignmentState[row.state],
        case=None if row.channel is None else case_of(row),
        holder_zone=row.holder_zone or ALWAYS.zone,
        tx=int(row.tx),
    )
