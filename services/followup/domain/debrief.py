"""Debrief: what is, or was, learned from a case (S61); its events and what they add up to."""

from dataclasses import dataclass, replace
from datetime import datetime

from amends.values.identity import DebriefId, DecisionMakerId, EscalationId, Subject
from amends.values.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefRequested:
    """The owner is asked what can be learned; `owner` is empty where routing never told of one."""

    escalation: EscalationId
    debrief: DebriefId
    owner: DecisionMakerId
    requested_at: datetime
    due_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefRecorded:
    """What was learned, by one with a colleague; `better` None where they said no more."""

    escalation: EscalationId
    debrief: DebriefId
    how: Personal[str]
    better: Personal[str] | None
    process_broken: bool
    recorded_by: Subject
    colleague: Subject
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Debrief:
    """One debrief; `recorded` None while it waits to be told."""

    requested: DebriefRequested
    recorded: DebriefRecorded | None = None


def evolve(debrief: Debrief | None, event: DebriefRequested | DebriefRecorded) -> Debrief | None:
    """Never refuses, never reads a clock."""
    if isinstance(event, DebriefRequested):
        return Debrief(event)
    return None if debrief is None else replace(debrief, recorded=event)
