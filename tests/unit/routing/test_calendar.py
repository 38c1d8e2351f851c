from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.values.refusal import InvalidField
from services.routing.domain.calendar import (
    ALWAYS,
    Calendar,
    WorkingHours,
    after_working,
    check,
    is_open,
    next_opening,
)
from tests.unit.routing.people import SATURDAY, london

OFFICE = Calendar(
    "Europe/London",
    tuple(WorkingHours(day, 9 * 60, 17 * 60) for day in range(1, 6)),
    ("2026-11-23",),
)
HOUR = timedelta(hours=1)


def test_without_hours_somebody_always_works() -> None:
    assert is_open(ALWAYS, SATURDAY)
    assert after_working(ALWAYS, SATURDAY, HOUR) == SATURDAY + HOUR


def test_hours_are_local_and_holidays_are_off() -> None:
    assert is_open(OFFICE, london("2026-11-20T09:00"))
    assert not is_open(OFFICE, london("2026-11-20T17:00"))
    assert not is_open(OFFICE, london("2026-11-23T12:00"))
    assert next_opening(OFFICE, SATURDAY) == london("2026-11-24T09:00")
    assert next_opening(OFFICE, london("2026-11-24T10:00")) == london("2026-11-24T10:00")


def test_a_holiday_ends_even_for_who_always_works() -> None:
    off = Calendar("Europe/London", (), ("2026-11-21",))
    assert not is_open(off, SATURDAY)
    assert next_opening(off, SATURDAY) == london("2026-11-22T00:00")


def test_working_time_goes_on_where_it_stopped() -> None:
    friday = london("2026-11-20T16:40")
    assert after_working(OFFICE, friday, timedelta(minutes=30)) == london("2026-11-24T09:10")


def test_a_night_over_the_end_of_summer_time_keeps_its_local_hours() -> None:
    night = Calendar("Europe/London", (WorkingHours(7, 0, 6 * 60),))
    begins = london("2026-10-25T00:30")
    assert is_open(night, begins)
    # 01:00-02:00 comes twice that night.
    assert after_working(night, begins, 6 * HOUR) == london("2026-10-25T05:30")


def test_who_never_works_is_never_open() -> None:
    never = Calendar("Europe/London", (WorkingHours(1, 0, 1),), ())
    off = Calendar("UTC", never.hours, tuple(f"2026-{m:02}-{d:02}" for m, d in ((11, 23),)))
    assert next_opening(off, SATURDAY) == london("2026-11-30T00:00")


@pytest.mark.parametrize(
    ("calendar", "field"),
    [
        (Calendar("Europe/Lundon"), "decision_maker.calendar.zone"),
        (Calendar(""), "decision_maker.calendar.zone"),
        (Calendar("../etc/passwd"), "decision_maker.calendar.zone"),
        (Calendar("UTC", (WorkingHours(8, 0, 60),)), "decision_maker.calendar.hours"),
        (Calendar("UTC", (WorkingHours(1, 60, 60),)), "decision_maker.calendar.hours"),
        (Calendar("UTC", (), ("2026-02-30",)), "decision_maker.calendar.holidays"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(calendar: Calendar, field: str) -> None:
    with pytest.raises(InvalidField, match=field.replace(".", r"\.")):
        check(calendar)


@given(st.integers(0, 60 * 24 * 40), st.integers(1, 60 * 20))
def test_working_time_ends_while_somebody_works(start: int, span: int) -> None:
    at = SATURDAY + timedelta(minutes=start)
    ends = after_working(OFFICE, at, timedelta(minutes=span))
    assert ends - at >= timedelta(minutes=span)
    assert is_open(OFFICE, ends - timedelta(seconds=1))
