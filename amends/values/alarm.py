"""Alarms: what is stuck, since when, and what would clear it. One of a kind at a time per case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from amends.values.identity import AlarmId


@dataclass(frozen=True, slots=True)
class RaiseAlarm:
    """Something is stuck; `alarm_id` is the id it gets if no alarm of the kind stands."""

    alarm_id: AlarmId
    kind: str
    clears_when: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClearAlarm:
    """What was stuck goes on."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    alarm_id: AlarmId
    kind: str
    since: datetime
    clears_when: str


@dataclass(frozen=True, slots=True)
class AlarmCleared:
    alarm_id: AlarmId
    kind: str
    cleared_at: datetime


@dataclass(frozen=True, slots=True)
class Alarms:
    """The alarms that stand in one case, by kind."""

    standing: Mapping[str, AlarmRaised] = field(default_factory=dict)


def decide(
    alarms: Alarms, command: RaiseAlarm | ClearAlarm, _known: object = None
) -> Sequence[AlarmRaised | AlarmCleared]:
    """Raising what stands, and clearing what does not, is no new event."""
    stands = alarms.standing.get(command.kind)
    match command:
        case RaiseAlarm():
            if stands is not None:
                return ()
            return (AlarmRaised(command.alarm_id, command.kind, command.at, command.clears_when),)
        case ClearAlarm():
            return (
                () if stands is None else (AlarmCleared(stands.alarm_id, stands.kind, command.at),)
            )
        case _:
            assert_never(command)


def evolve(alarms: Alarms, event: object) -> Alarms:
    """Never refuses; other ideas' events change nothing."""
    match event:
        case AlarmRaised():
            return Alarms({**alarms.standing, event.kind: event})
        case AlarmCleared():
            left = {kind: one for kind, one in alarms.standing.items() if kind != event.kind}
            return Alarms(left)
        case _:
            return alarms
