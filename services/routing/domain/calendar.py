"""Calendars: when a holder works, in the holder's own zone.

Days and hours are local; every moment that comes in or goes out is aware UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from amends.values.deadline import iana_zone
from amends.values.refusal import InvalidField

MINUTES_A_DAY = 1440
_FAR = 370  # days: whoever does not work within a year does not work
_FIELD = "decision_maker.calendar"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """One weekly span: 1 = Monday ... 7 = Sunday, minutes after local midnight."""

    weekday: int
    from_minute: int
    until_minute: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works; no hours mean always, holidays ("2026-12-25", local) aside."""

    zone: str
    hours: tuple[WorkingHours, ...] = ()
    holidays: tuple[str, ...] = ()


ALWAYS = Calendar("UTC")


def check(calendar: Calendar) -> None:
    """Refuses a calendar that cannot be read.

    Raises:
        InvalidField: unknown zone, a span that does not fit its day, a holiday that is no date.
    """
    _check_zone(calendar.zone)
    for n, span in enumerate(calendar.hours):
        fits = 0 <= span.from_minute < span.until_minute <= MINUTES_A_DAY
        if not (fits and 1 <= span.weekday <= 7):  # noqa: PLR2004 - Sunday
            field = f"{_FIELD}.hours[{n}]"
            raise InvalidField(field, f"{field} must have a weekday 1-7 and begin before its end")
    for n, day in enumerate(calendar.holidays):
        _check_day(day, f"{_FIELD}.holidays[{n}]")


def is_open(calendar: Calendar, at: datetime) -> bool:
    """True while the holder works."""
    if not (calendar.hours or calendar.holidays):
        return True
    begins, ends = next(_spans(calendar, at), (None, None))
    return begins is not None and ends is not None and begins <= at < ends


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The moment at which the holder works next, `at` itself where they do; None for never."""
    begins, _ = next(_spans(calendar, at), (None, None))
    return None if begins is None else max(begins, at)


def after_working(calendar: Calendar, at: datetime, span: timedelta) -> datetime:
    """The moment at which `span` of working time has passed since `at`.

    Where the holder does not work that long within a year, the working time that is left counts
    for nothing and the span runs on the wall.
    """
    if not (calendar.hours or calendar.holidays):
        return at + span
    left = span
    for begins, ends in _spans(calendar, at):
        start = max(begins, at)
        if ends - start >= left:
            return start + left
        left -= ends - start
    return at + span


def _spans(calendar: Calendar, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working spans that end after `at`, in order, within a year."""
    zone = ZoneInfo(calendar.zone)
    first = at.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(_FAR)):
        if day.isoformat() in calendar.holidays:
            continue
        for from_minute, until_minute in _minutes(calendar, day):
            ends = _moment(day, until_minute, zone)
            if ends > at:
                yield _moment(day, from_minute, zone), ends


def _minutes(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    if not calendar.hours:
        return [(0, MINUTES_A_DAY)]
    return sorted(
        (span.from_minute, span.until_minute)
        for span in calendar.hours
        if span.weekday == day.isoweekday()
    )


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, as UTC: spans keep their local hours across DST."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _check_zone(name: str) -> None:
    if iana_zone(name) is None:
        field = f"{_FIELD}.zone"
        raise InvalidField(field, f"{field} must be an IANA zone, such as Europe/London")


def _check_day(day: str, field: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise InvalidField(field, f"{field} must be a date, such as 2026-12-25") from None
