"""Shapes: how one value of each kind crosses between a dataclass and a protobuf message.

Only what is carried without loss has a shape: there is none for a float.
"""

import enum
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from google.protobuf import duration_pb2
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2, money_pb2

from amends.eventstore.records import from_timestamp, to_timestamp
from amends.values.money import Money
from amends.values.personal import Personal

_INTEGERS = frozenset(
    {
        FieldDescriptor.TYPE_INT32,
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_UINT32,
        FieldDescriptor.TYPE_UINT64,
    }
)


class CodecMismatch(TypeError):
    """A dataclass and its protobuf message do not fit; a programming fault, found at the start."""


class Border(Protocol):
    """What crosses differently in events and in requests: words, amounts, and what is wrong."""

    def out(self, words: Personal[str], path: str, *, sealed: bool) -> object:
        """Words as the message carries them: a string, or a Sealed message."""

    def back(self, raw: object, path: str, *, sealed: bool) -> Personal[str]:
        """Words from a string or a Sealed message."""

    def amount(self, said: Money, path: str) -> Money:
        """An amount that may stand there: any in an event, a plausible one in a request."""

    def wrong(self, path: str, problem: str) -> Exception:
        """The error for a field that cannot be read."""


_Write = Callable[[Any, Border, str], Any]
_Read = Callable[[Any, Border, str], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one value crosses: (value, border, path) both ways."""

    write: _Write
    read: _Read
    personal: bool = False


def sequence(item: Shape) -> Shape:
    """A repeated field as a tuple."""

    def write(values: Iterable[object], border: Border, path: str) -> list[Any]:
        return [item.write(value, border, f"{path}[{n}]") for n, value in enumerate(values)]

    def read(raw: Iterable[object], border: Border, path: str) -> tuple[Any, ...]:
        return tuple(item.read(value, border, f"{path}[{n}]") for n, value in enumerate(raw))

    return Shape(write, read, item.personal)


def mapping(key: Shape, value: Shape) -> Shape:
    """A map, read in the order of its keys."""

    def write(values: Mapping[Any, Any], border: Border, path: str) -> dict[Any, Any]:
        return {
            key.write(k, border, path): value.write(v, border, f"{path}[{k}]")
            for k, v in values.items()
        }

    def read(raw: Mapping[Any, Any], border: Border, path: str) -> dict[Any, Any]:
        return {
            key.read(k, border, path): value.read(raw[k], border, f"{path}[{k}]")
            for k in sorted(raw)
        }

    return Shape(write, read, value.personal)


def words(wire: FieldDescriptor, where: str, *, clear: bool) -> Shape:
    """Personal words: sealed in events, where they may never stand in a string."""
    sealed = wire.message_type is not None and wire.message_type.full_name == "amends.v1.Sealed"
    if not sealed and (not clear or wire.type != FieldDescriptor.TYPE_STRING):
        raise unfit(Personal, wire, where)
    return Shape(
        lambda said, border, path: border.out(said, path, sealed=sealed),
        lambda raw, border, path: border.back(raw, path, sealed=sealed),
        personal=True,
    )


def scalar(hint: object, wire: FieldDescriptor, where: str, *, clear: bool) -> Shape:
    """str, int, bool and bytes cross as they are; a request's text must fit a column."""
    fits = (
        (hint is str and wire.type == FieldDescriptor.TYPE_STRING)
        or (hint is int and wire.type in _INTEGERS)
        or (hint is bool and wire.type == FieldDescriptor.TYPE_BOOL)
        or (hint is bytes and wire.type == FieldDescriptor.TYPE_BYTES)
    )
    if not fits:
        raise unfit(hint, wire, where)
    return _TEXT if hint is str and clear else _AS_IT_IS


def enumeration(hint: type[enum.Enum], wire: EnumDescriptor, where: str) -> Shape:
    """PHONE of Channel <-> CHANNEL_PHONE; the zero value stands for what was not said."""
    prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire.name).upper()
    found = {member: wire.values_by_name.get(f"{prefix}_{member.name}") for member in hint}
    lacking = [member.name for member, value in found.items() if value is None]
    if lacking:
        msg = f"{where}: {wire.full_name} has no value for {lacking}"
        raise CodecMismatch(msg)
    number_of = {member: value.number for member, value in found.items() if value is not None}
    member_of = {number: member for member, number in number_of.items()}

    def read(raw: int, border: Border, path: str) -> enum.Enum:
        member = member_of.get(raw)
        if member is None:
            raise border.wrong(path, f"must be one of {', '.join(m.name for m in hint)}")
        return member

    return Shape(lambda value, _border, _path: number_of[value], read)


def unfit(hint: object, wire: FieldDescriptor, where: str) -> CodecMismatch:
    """The error for a type that a field cannot carry."""
    return CodecMismatch(f"{where}: {hint} does not fit {wire.full_name}")


def _text_back(raw: str, border: Border, path: str) -> str:
    if "\0" in raw:
        raise border.wrong(path, "must not hold the character NUL")
    return raw


def _moment(value: datetime, _border: Border, path: str) -> Timestamp:
    if value.tzinfo is None:
        msg = f"{path}: a moment needs its zone"
        raise ValueError(msg)
    return to_timestamp(value.astimezone(UTC))  # which refuses one outside the years 1 to 9999


def _moment_back(raw: Timestamp, border: Border, path: str) -> datetime:
    try:
        return from_timestamp(raw)
    except OverflowError:
        raise border.wrong(path, "must be a moment of the years 1 to 9999") from None


def _span(value: timedelta, _border: Border, _path: str) -> duration_pb2.Duration:
    span = duration_pb2.Duration()
    span.FromTimedelta(value)
    return span


def _span_back(raw: duration_pb2.Duration, border: Border, path: str) -> timedelta:
    try:
        return raw.ToTimedelta()
    except (OverflowError, ValueError):
        raise border.wrong(path, "is too long a time") from None


def _money(value: Money, _border: Border, _path: str) -> money_pb2.Money:
    units, nanos = value.to_units()
    return money_pb2.Money(currency_code=value.currency, units=units, nanos=nanos)


def _money_back(raw: money_pb2.Money, border: Border, path: str) -> Money:
    said = Money.of_units(raw.currency_code, raw.units, raw.nanos, field=path)
    return border.amount(said, path)


def _day_back(raw: date_pb2.Date, border: Border, path: str) -> date:
    try:
        return date(raw.year, raw.month, raw.day)
    except ValueError:
        raise border.wrong(path, "must be a day of the calendar") from None


_AS_IT_IS = Shape(lambda value, _border, _path: value, lambda raw, _border, _path: raw)
_TEXT = Shape(lambda value, _border, _path: value, _text_back)
WELL_KNOWN: dict[tuple[Any, str], Shape] = {
    (datetime, "google.protobuf.Timestamp"): Shape(_moment, _moment_back),
    (timedelta, "google.protobuf.Duration"): Shape(_span, _span_back),
    (Money, "google.type.Money"): Shape(_money, _money_back),
    (date, "google.type.Date"): Shape(
        lambda day, _border, _path: date_pb2.Date(year=day.year, month=day.month, day=day.day),
        _day_back,
    ),
}
