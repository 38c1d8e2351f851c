"""Mapping: one plan per pair of dataclass and protobuf message, made once, by field name.

A plan is made when a class is first met and refuses what cannot be carried without loss; after
that nothing is looked up or guessed per call. A field `offer` also finds `offer_id`.
"""

import dataclasses
import enum
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from google.protobuf import duration_pb2, message_factory
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
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
_ABSENT = object()


class CodecMismatch(TypeError):
    """A dataclass and its protobuf message do not fit; a programming fault, found at the start."""


class Border(Protocol):
    """What crosses differently in events and in requests: words, and what is wrong."""

    def out(self, words: Personal[str], path: str, sealed: bool) -> Any:  # noqa: FBT001 - a flag of the field
        """Words as the message carries them: a string, or a Sealed message."""

    def back(self, raw: Any, path: str, sealed: bool) -> Personal[str]:  # noqa: FBT001
        """Words from a string or a Sealed message."""

    def wrong(self, path: str, problem: str) -> Exception:
        """The error for a field that cannot be read."""


_Write = Callable[[Any, Border, str], Any]
_Read = Callable[[Any, Border, str], Any]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one value crosses; `optional` reads what is not set (or `empty`) as None."""

    write: _Write
    read: _Read
    personal: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    wire_name: str
    shape: _Shape
    presence: bool
    """The message knows whether the field was set."""
    optional: bool
    """None in the dataclass stands for what is not set."""
    has_default: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How one dataclass becomes one message and back."""

    value_class: type
    message_class: type[Message]
    fields: tuple[_Field, ...]
    unmatched: frozenset[str]
    """Dataclass fields that the message does not have."""
    missing: frozenset[str]
    """Dataclass fields without default that the message does not have."""
    unfed: frozenset[str]
    """Message fields that no dataclass field fills."""
    personal: bool
    """Some field, here or further in, holds personal words."""

    def write(self, value: Any, border: Border, path: str = "") -> Message:
        """The value as a message."""
        filled = {}
        for field in self.fields:
            found = getattr(value, field.name)
            if found is not None:
                filled[field.wire_name] = field.shape.write(found, border, path + field.wire_name)
            elif not field.optional:
                msg = f"{self.value_class.__name__}.{field.name} must not be None"
                raise TypeError(msg)
        return self.message_class(**filled)

    def read(self, message: Any, border: Border, path: str = "", **given: Any) -> Any:
        """The value of a message; `given` overrides or adds dataclass fields."""
        for field in self.fields:
            if field.name not in given:
                found = self._one(message, field, border, path)
                if found is not _ABSENT:
                    given[field.name] = found
        return self.value_class(**given)

    def _one(self, message: Any, field: _Field, border: Border, path: str) -> Any:
        at = path + field.wire_name
        if field.presence and not message.HasField(field.wire_name):
            if field.optional:
                return None
            if field.has_default:
                return _ABSENT
            raise border.wrong(at, "is required")
        raw = getattr(message, field.wire_name)
        if field.optional and not field.presence and not raw:
            return None
        return field.shape.read(raw, border, at)


@lru_cache(maxsize=None)
def plan(value_class: type, descriptor: Descriptor, *, clear: bool) -> Plan:
    """The plan for a dataclass and a message.

    Raises:
        CodecMismatch: a field's type cannot be carried by the field of the same name.
    """
    if not dataclasses.is_dataclass(value_class):
        msg = f"{value_class.__name__} is no dataclass"
        raise CodecMismatch(msg)
    hints = typing.get_type_hints(value_class)
    fields, unmatched, missing = [], set(), set()
    for item in dataclasses.fields(value_class):
        if not item.init:
            continue
        wire = _wire_field(item.name, descriptor)
        has_default = (
            item.default is not dataclasses.MISSING
            or item.default_factory is not dataclasses.MISSING
        )
        if wire is None:
            unmatched.add(item.name)
            if not has_default:
                missing.add(item.name)
            continue
        where = f"{value_class.__name__}.{item.name}"
        fields.append(_field(item.name, hints[item.name], wire, where, clear, has_default))
    fed = {field.wire_name for field in fields}
    return Plan(
        value_class=value_class,
        message_class=message_factory.GetMessageClass(descriptor),
        fields=tuple(fields),
        unmatched=frozenset(unmatched),
        missing=frozenset(missing),
        unfed=frozenset(wire.name for wire in descriptor.fields if wire.name not in fed),
        personal=any(field.shape.personal for field in fields),
    )


def _wire_field(name: str, descriptor: Descriptor) -> FieldDescriptor | None:
    by_name = descriptor.fields_by_name
    return by_name.get(name) or by_name.get(f"{name}_id")


def _field(  # noqa: PLR0913, PLR0917 - one call, everything about one field
    name: str, hint: Any, wire: FieldDescriptor, where: str, clear: bool, has_default: bool
) -> _Field:
    hint, optional = _without_none(hint)
    shape = _many(hint, wire, where, clear) or _single(hint, wire, where, clear)
    if optional and not wire.has_presence and (hint in {int, bool} or wire.is_repeated):
        msg = f"{where}: None needs a field with presence (proto `optional`) in {wire.full_name}"
        raise CodecMismatch(msg)
    return _Field(name, wire.name, shape, wire.has_presence, optional, has_default)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) not in {typing.Union, types.UnionType}:
        return _bare(hint), False
    rest = [part for part in typing.get_args(hint) if part is not type(None)]
    if len(rest) != 1:
        return hint, False
    return _bare(rest[0]), True


def _bare(hint: Any) -> Any:
    while isinstance(hint, typing.NewType):
        hint = hint.__supertype__
    return hint


def _many(hint: Any, wire: FieldDescriptor, where: str, clear: bool) -> _Shape | None:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if _is_map(wire):
        if origin is None or not issubclass(origin, Mapping):
            raise _unfit(hint, wire, where)
        key_field, value_field = (wire.message_type.fields_by_name[n] for n in ("key", "value"))
        key = _single(_bare(args[0]), key_field, where, clear)
        value = _single(_bare(args[1]), value_field, where, clear)
        return _mapping(key, value)
    if wire.is_repeated:
        if origin is not tuple or len(args) != 2 or args[1] is not Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
            raise _unfit(hint, wire, where)
        return _sequence(_single(_bare(args[0]), wire, where, clear))
    return None


def _is_map(wire: FieldDescriptor) -> bool:
    return wire.message_type is not None and wire.message_type.GetOptions().map_entry


def _sequence(item: _Shape) -> _Shape:
    def write(values: Any, border: Border, path: str) -> list[Any]:
        return [item.write(value, border, f"{path}[{n}]") for n, value in enumerate(values)]

    def read(raw: Any, border: Border, path: str) -> tuple[Any, ...]:
        return tuple(item.read(value, border, f"{path}[{n}]") for n, value in enumerate(raw))

    return _Shape(write, read, item.personal)


def _mapping(key: _Shape, value: _Shape) -> _Shape:
    def write(values: Any, border: Border, path: str) -> dict[Any, Any]:
        return {
            key.write(k, border, path): value.write(v, border, f"{path}[{k}]")
            for k, v in values.items()
        }

    def read(raw: Any, border: Border, path: str) -> dict[Any, Any]:
        return {
            key.read(k, border, path): value.read(raw[k], border, f"{path}[{k}]")
            for k in sorted(raw)
        }

    return _Shape(write, read, value.personal)


def _single(hint: Any, wire: FieldDescriptor, where: str, clear: bool) -> _Shape:
    if typing.get_origin(hint) is Personal or hint is Personal:
        return _words(wire, where, clear)
    if wire.message_type is not None:
        return _message(hint, wire, where, clear)
    if isinstance(hint, type) and issubclass(hint, enum.Enum) and wire.enum_type is not None:
        return _enum(hint, wire.enum_type, where)
    fits = (
        (hint is str and wire.type == FieldDescriptor.TYPE_STRING)
        or (hint is int and wire.type in _INTEGERS)
        or (hint is bool and wire.type == FieldDescriptor.TYPE_BOOL)
        or (hint is bytes and wire.type == FieldDescriptor.TYPE_BYTES)
    )
    if not fits:
        raise _unfit(hint, wire, where)
    return _AS_IT_IS


def _words(wire: FieldDescriptor, where: str, clear: bool) -> _Shape:
    sealed = wire.message_type is not None and wire.message_type.full_name == "amends.v1.Sealed"
    if not sealed and (not clear or wire.type != FieldDescriptor.TYPE_STRING):
        raise _unfit(Personal, wire, where)
    return _Shape(
        lambda words, border, path: border.out(words, path, sealed),
        lambda raw, border, path: border.back(raw, path, sealed),
        personal=True,
    )


def _message(hint: Any, wire: FieldDescriptor, where: str, clear: bool) -> _Shape:
    known = _WELL_KNOWN.get((hint, wire.message_type.full_name))
    if known is not None:
        return known
    if not (isinstance(hint, type) and dataclasses.is_dataclass(hint)) or hint is Money:
        raise _unfit(hint, wire, where)
    inner = plan(hint, wire.message_type, clear=clear)
    if inner.missing:
        msg = f"{wire.message_type.full_name} lacks {sorted(inner.missing)} of {hint.__name__}"
        raise CodecMismatch(msg)
    return _Shape(
        lambda value, border, path: inner.write(value, border, f"{path}."),
        lambda raw, border, path: inner.read(raw, border, f"{path}."),
        inner.personal,
    )


def _enum(hint: type[enum.Enum], wire: EnumDescriptor, where: str) -> _Shape:
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

    return _Shape(lambda value, _border, _path: number_of[value], read)


def _unfit(hint: Any, wire: FieldDescriptor, where: str) -> CodecMismatch:
    return CodecMismatch(f"{where}: {hint} does not fit {wire.full_name}")


def _moment(value: datetime, _border: Border, path: str) -> Any:
    if value.tzinfo is None:
        msg = f"{path}: a moment needs its zone"
        raise ValueError(msg)
    return to_timestamp(value)


def _span(value: timedelta, _border: Border, _path: str) -> duration_pb2.Duration:
    span = duration_pb2.Duration()
    span.FromTimedelta(value)
    return span


def _money(value: Money, _border: Border, _path: str) -> money_pb2.Money:
    units, nanos = value.to_units()
    return money_pb2.Money(currency_code=value.currency, units=units, nanos=nanos)


def _money_back(raw: money_pb2.Money, _border: Border, path: str) -> Money:
    return Money.of_units(raw.currency_code, raw.units, raw.nanos, field=path)


def _day_back(raw: date_pb2.Date, border: Border, path: str) -> date:
    try:
        return date(raw.year, raw.month, raw.day)
    except ValueError:
        raise border.wrong(path, "must be a day of the calendar") from None


_AS_IT_IS = _Shape(lambda value, _border, _path: value, lambda raw, _border, _path: raw)
_WELL_KNOWN: dict[tuple[Any, str], _Shape] = {
    (datetime, "google.protobuf.Timestamp"): _Shape(
        _moment, lambda raw, _border, _path: from_timestamp(raw)
    ),
    (timedelta, "google.protobuf.Duration"): _Shape(
        _span, lambda raw, _border, _path: raw.ToTimedelta()
    ),
    (Money, "google.type.Money"): _Shape(_money, _money_back),
    (date, "google.type.Date"): _Shape(
        lambda day, _border, _path: date_pb2.Date(year=day.year, month=day.month, day=day.day),
        _day_back,
    ),
}
