"""Alarms: one of a kind at a time."""

from datetime import UTC, datetime

from amends.values.alarm import (
    AlarmCleared,
    AlarmRaised,
    Alarms,
    ClearAlarm,
    RaiseAlarm,
    decide,
    evolve,
)
from amends.values.identity import AlarmId

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
RAISED = AlarmRaised(AlarmId("alm_1"), "STUCK", NOON, "somebody comes")
CLEARED = AlarmCleared(AlarmId("alm_1"), "STUCK", NOON)


def given(*events: object) -> Alarms:
    alarms = Alarms()
    for event in events:
        alarms = evolve(alarms, event)
    return alarms


def test_an_alarm_is_raised_and_cleared() -> None:
    command = RaiseAlarm(AlarmId("alm_1"), "STUCK", "somebody comes", NOON)
    assert list(decide(given(), command)) == [RAISED]
    assert list(decide(given(RAISED), ClearAlarm("STUCK", NOON))) == [CLEARED]
    assert list(decide(given(RAISED, CLEARED), command)) == [RAISED]


def test_raising_what_stands_is_no_new_event() -> None:
    again = RaiseAlarm(AlarmId("alm_2"), "STUCK", "other words", NOON)
    assert list(decide(given(RAISED), again)) == []


def test_clearing_what_does_not_stand_is_no_new_event() -> None:
    assert list(decide(given(), ClearAlarm("STUCK", NOON))) == []
    assert list(decide(given(RAISED), ClearAlarm("OTHER", NOON))) == []


def test_other_ideas_events_change_nothing() -> None:
    assert given(RAISED, "something else").standing == {"STUCK": RAISED}
