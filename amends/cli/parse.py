"""What people type, as the contract's messages: money, moments, durations, enum words."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import typer
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import datetime_pb2, money_pb2

_NANOS = 10**9
_SPAN = re.compile(r"(\d+)\s*(d|h|m|s)")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DAYS = {"today": 0, "tomorrow": 1}
WHEN = "Local time: 2026-11-29T10:00, or 'tomorrow 10:00'."


def money(text: str) -> money_pb2.Money:
    """The text "64.90 GBP" as google.type.Money."""
    amount, _, currency = text.strip().partition(" ")
    try:
        value = Decimal(amount)
        units = int(value)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{text!r} is not an amount like '64.90 GBP'") from error
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise typer.BadParameter(f"{text!r} names no currency; write it like '64.90 GBP'")
    return money_pb2.Money(currency_code=currency, units=units, nanos=int((value - units) * _NANOS))


def local_time(text: str, zone: str, now: datetime) -> datetime_pb2.DateTime:
    """A moment as people write it, in an IANA zone, as google.type.DateTime."""
    when = _naive(text, now.astimezone(ZoneInfo(zone)).date())
    return datetime_pb2.DateTime(
        year=when.year,
        month=when.month,
        day=when.day,
        hours=when.hour,
        minutes=when.minute,
        seconds=when.second,
        time_zone=datetime_pb2.TimeZone(id=zone),
    )


def instant(text: str, zone: str, now: datetime) -> datetime:
    """A moment as people write it, in an IANA zone, as an aware one."""
    there = ZoneInfo(zone)
    return _naive(text, now.astimezone(there).date()).replace(tzinfo=there)


def stamp(text: str, zone: str, now: datetime) -> Timestamp:
    """A moment as people write it, in an IANA zone, as a Timestamp."""
    made = Timestamp()
    made.FromDatetime(instant(text, zone, now))
    return made


def span(text: str) -> timedelta:
    """The text "21d", "1h30m" as a timedelta."""
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip():
        raise typer.BadParameter(f"{text!r} is not a time span like '21d' or '1h30m'")
    try:
        return timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})
    except OverflowError as error:
        raise typer.BadParameter(f"{text!r} is longer than a calendar knows") from error


def member(enum: Any, prefix: str, text: str) -> Any:  # noqa: ANN401 - each generated enum is a type of its own
    """The text "late-delivery" as the enum's CAUSE_LATE_DELIVERY."""
    name = prefix + text.strip().upper().replace("-", "_")
    if name not in enum.keys() or not enum.Value(name):  # noqa: SIM118 - a wrapper, not a mapping
        raise typer.BadParameter(f"{text!r} is not one of: {words(enum, prefix)}")
    return enum.Value(name)


def words(enum: Any, prefix: str) -> str:  # noqa: ANN401 - each generated enum is a type of its own
    """All that people may write for an enum: "phone, email, ..."."""
    return ", ".join(word(key, prefix) for key in enum.keys() if enum.Value(key))  # noqa: SIM118


def word(name: str, prefix: str) -> str:
    """CAUSE_LATE_DELIVERY as people write it: "late-delivery"."""
    return name.removeprefix(prefix).lower().replace("_", "-")


def _naive(text: str, today: date) -> datetime:
    day, _, hour = text.strip().partition(" ")
    try:
        if day in _DAYS:
            return datetime.combine(today + timedelta(days=_DAYS[day]), time.fromisoformat(hour))
        when = datetime.fromisoformat(text)
    except ValueError as error:
        hint = "2026-11-29T10:00 or 'tomorrow 10:00'"
        raise typer.BadParameter(f"{text!r} is not a time like {hint}") from error
    if when.tzinfo is not None:
        raise typer.BadParameter(f"{text!r} has an offset; give the local time and --zone")
    return when
