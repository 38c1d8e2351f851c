"""The shoe shop's people, its case of the football shoes, and given / when / then over them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from amends.values.authority import Limit
from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import (
    AlarmId,
    AssignmentId,
    DecisionMakerId,
    EscalationId,
    Subject,
)
from amends.values.money import Money
from amends.values.remedy import Action, RemedyKind, RemedySought
from services.routing.domain import answering, assigning, assignments
from services.routing.domain.assigning import RouteEscalation
from services.routing.domain.assignment import NONE, Event
from services.routing.domain.assignments import Assignments, Known
from services.routing.domain.case import Case
from services.routing.domain.matching import Holder, PassedOver

LONDON = ZoneInfo("Europe/London")
CASE = EscalationId("esc_1")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


SATURDAY = london("2026-11-21T15:10")
KICK_OFF = NeedBy(london("2026-11-22T10:00"), "Europe/London")
MONDAY = london("2026-11-23T09:00")
MINUTE = timedelta(minutes=1)


def gbp(pounds: str) -> Money:
    return Money("GBP", round(float(pounds) * 100))


def limits(**pounds: str) -> tuple[Limit, ...]:
    return tuple(Limit(Action[action.upper()], gbp(amount)) for action, amount in pounds.items())


def holder(
    name: str,
    seniority: int,
    held: tuple[Limit, ...],
    **said: Any,  # noqa: ANN401 - any field
) -> Holder:
    return Holder(
        decision_maker=DecisionMakerId(f"dm_{name}"),
        public_name=name.title(),
        subjects=frozenset({Subject(name)}),
        seniority=seniority,
        capacity=3,
        limits=held,
        **said,
    )


_MIDDLE = limits(reship="200", goodwill="25", expedited_shipping="30")
TOM = holder("tom", 1, limits(reship="60", goodwill="5"))
MAYA = holder("maya", 2, _MIDDLE)
RAVI = holder(
    "ravi", 2, _MIDDLE, available=False, away_until=MONDAY, stand_in=DecisionMakerId("dm_maya")
)
HELEN = holder(
    "helen",
    3,
    limits(reship="1000", goodwill="1000", expedited_shipping="1000", refund="1000"),
)
SHOP = (TOM, MAYA, RAVI, HELEN)
SHOES = Case(
    escalation=CASE,
    channel=Channel.PHONE,
    cause=Cause.DAMAGED,
    priority=1,
    need_by=KICK_OFF,
    remedy_sought=RemedySought((RemedyKind.REPLACEMENT,), gbp("64.90")),
)


def away(who: Holder, until: datetime | None = None) -> Holder:
    return replace(who, available=False, away_until=until)


def busy(who: Holder) -> Holder:
    return replace(who, load=who.capacity)


def reasons(passed_over: Sequence[PassedOver]) -> dict[str, str]:
    return {one.public_name: one.reason for one in passed_over}


class Story:
    """One case's stream: what was decided is remembered, as the log does."""

    def __init__(self, *holders: Holder, case: Case | None = SHOES) -> None:
        self.state = Assignments()
        self.events: list[Event] = []
        self.now = SATURDAY
        self.known = Known(case, holders or SHOP)

    def route(self, replaces: AssignmentId = NONE) -> Sequence[Event]:
        n = len(self.events)
        ids = AssignmentId(f"asg_{n}"), AlarmId(f"alm_{n}")
        return self._tell(
            assigning.decide(
                self.state, RouteEscalation(CASE, replaces, *ids, self.now), self.known
            )
        )

    def unblock(self, by: str) -> Sequence[Event]:
        command = assigning.UnblockRouting(CASE, DecisionMakerId(by))
        return self._tell(assigning.decide(self.state, command, self.known))

    def accept(self, by: str, which: AssignmentId | None = None) -> Sequence[Event]:
        command = answering.AcceptAssignment(CASE, which or self.asked, Subject(by), self.now)
        return self._tell(answering.decide(self.state, command, self.known))

    def decline(self, by: str) -> Sequence[Event]:
        command = answering.DeclineAssignment(
            CASE, self.asked, Subject(by), "WORKLOAD", None, self.now
        )
        return self._tell(answering.decide(self.state, command, self.known))

    def expire(self, which: AssignmentId | None = None) -> Sequence[Event]:
        command = answering.ExpireAssignment(CASE, which or self.asked, self.now)
        return self._tell(answering.decide(self.state, command, self.known))

    def lapse(self) -> None:
        """Nobody answers in time."""
        assert self.state.current is not None
        self.now = self.state.current.accept_by
        self.expire()

    @property
    def asked(self) -> AssignmentId:
        assert self.state.current is not None
        return self.state.current.assignment

    def _tell(self, events: Sequence[Event]) -> Sequence[Event]:
        for event in events:
            self.state = assignments.evolve(self.state, event)
            self.events.append(event)
        return events
