from datetime import UTC, datetime, timedelta

import pytest

from amends.values.refusal import InvalidField
from services.intake.domain.need_by import (
    CivilTime,
    NeedByInThePast,
    NeedByWithoutZone,
    require_ahead,
)
from tests.unit.intake.builders import CALLED_AT, KICK_OFF

SUNDAY, TEN = (2026, 11, 22), (10, 0, 0)


def test_a_time_in_a_zone_is_a_moment() -> None:
    assert CivilTime(SUNDAY, TEN, "Europe/London").need_by() == KICK_OFF
    berlin = CivilTime(SUNDAY, TEN, "Europe/Berlin").need_by()
    assert berlin.by == KICK_OFF.by - timedelta(hours=1)
    assert berlin.local().hour == 10


@pytest.mark.parametrize(
    ("hours", "zone"), [(1, "Etc/GMT-1"), (-5, "Etc/GMT+5"), (0, "UTC"), (5.5, "UTC")]
)
def test_a_time_with_an_offset_is_a_moment(hours: float, zone: str) -> None:
    offset = timedelta(hours=hours)
    found = CivilTime(SUNDAY, TEN, offset=offset).need_by()
    assert (found.by, found.zone) == (KICK_OFF.by - offset, zone)
    expected = 10 if zone != "UTC" else found.by.hour
    assert found.local().hour == expected


def test_a_time_without_a_zone_is_no_moment() -> None:
    with pytest.raises(NeedByWithoutZone, match="time_zone"):
        CivilTime(SUNDAY, TEN).need_by()


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ((2026, 2, 30), TEN),
        ((2026, 13, 1), TEN),
        ((0, 5, 1), TEN),
        (SUNDAY, (24, 0, 0)),
        (SUNDAY, (10, 60, 0)),
        (SUNDAY, (10, 0, 61)),
    ],
)
def test_what_no_calendar_shows_is_refused(
    date: tuple[int, int, int], time: tuple[int, int, int]
) -> None:
    with pytest.raises(InvalidField, match="calendar"):
        CivilTime(date, time, "Europe/London").need_by()


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "/etc/passwd", "../UTC", "local", "Europe"])
def test_a_zone_that_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(InvalidField, match="IANA"):
        CivilTime(SUNDAY, TEN, zone).need_by()


def test_an_offset_beyond_the_earth_is_refused() -> None:
    with pytest.raises(InvalidField, match="18 hours"):
        CivilTime(SUNDAY, TEN, offset=timedelta(hours=19)).need_by()


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(InvalidField, match="skip"):
        CivilTime((2027, 3, 28), (1, 30, 0), "Europe/London").need_by()


def test_a_time_that_comes_twice_is_the_first() -> None:
    found = CivilTime((2026, 10, 25), (1, 30, 0), "Europe/London").need_by()
    assert found.by == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1969, 9001, 9999])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_are_refused(year: int, zone: str) -> None:
    with pytest.raises(InvalidField, match="calendar"):
        CivilTime((year, 1, 1), TEN, zone).need_by()


def test_what_is_over_cannot_be_in_time() -> None:
    require_ahead(KICK_OFF, CALLED_AT)
    require_ahead(None, CALLED_AT)
    with pytest.raises(NeedByInThePast, match="not after now"):
        require_ahead(KICK_OFF, KICK_OFF.by)
