"""Mapping: one plan per pair of dataclass and protobuf message, made once, by field name.

A plan is made when a class is first met and refuses what cannot be carried without loss; after
that nothing is looked up or guessed per call. A field `offer` also finds `offer_id`.
"""

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from amends.eventstore import shapes
from amends.eventstore.shapes import Border, CodecMismatch, Shape
from amends.values.money import Money
from amends.values.personal import Personal

_ABSENT = object()
_NONE: Mapping[str, object] = types.MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    wire_name: str
    shape: Shape
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

    def write(self, value: object, border: Border, path: str = "") -> Message:
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

    def read(
        self, message: Message, border: Border, path: str = "", given: Mapping[str, object] = _NONE
    ) -> object:
        """The value of a message; `given` overrides or adds dataclass fields."""
        values = dict(given)
        for field in self.fields:
            if field.name not in given:
                found = _one(message, field, border, path)
                if found is not _ABSENT:
                    values[field.name] = found
        return self.value_class(**values)


def _one(message: Message, field: _Field, border: Border, path: str) -> object:
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


@cache
def plan(
    value_class: type, descriptor: Descriptor, *, clear: bool, without: frozenset[str] = frozenset()
) -> Plan:
    """The plan for a dataclass and a message; fields in `without` are left to the caller.

    Raises:
        CodecMismatch: a field's type cannot be carried by the field of the same name.
    """
    if not dataclasses.is_dataclass(value_class):
        msg = f"{value_class.__name__} is no dataclass"
        raise CodecMismatch(msg)
    hints = typing.get_type_hints(value_class)
    fields, unmatched, missing = [], set(), set()
    for item in dataclasses.fields(value_class):
        if not item.init or item.name in without:
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
        fields.append(
            _field(item.name, hints[item.name], wire, where, clear=clear, has_default=has_default)
        )
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


def _field(  # noqa: PLR0913 - one call, everything about one field
    name: str, hint: object, wire: FieldDescriptor, where: str, *, clear: bool, has_default: bool
) -> _Field:
    hint, optional = _without_none(hint)
    shape = _many(hint, wire, where, clear=clear) or _single(hint, wire, where, clear=clear)
    empty_is_said = hint in ({int, bool} if clear else {int, bool, str, bytes}) or wire.is_repeated
    if optional and not wire.has_presence and empty_is_said:
        msg = f"{where}: None needs a field with presence (proto `optional`) in {wire.full_name}"
        raise CodecMismatch(msg)
    return _Field(name, wire.name, shape, wire.has_presence, optional, has_default)


def _without_none(hint: object) -> tuple[object, bool]:
    if typing.get_origin(hint) not in {typing.Union, types.UnionType}:
        return _bare(hint), False
    rest = [part for part in typing.get_args(hint) if part is not type(None)]
    if len(rest) != 1:
        return hint, False
    return _bare(rest[0]), True


def _bare(hint: object) -> object:
    while isinstance(hint, typing.NewType):
        hint = hint.__supertype__
    return hint


def _many(hint: object, wire: FieldDescriptor, where: str, *, clear: bool) -> Shape | None:
    """A repeated field is a tuple, a map a Mapping; None for anything else."""
    if not wire.is_repeated:
        return None
    origin, args = typing.get_origin(hint), [_bare(part) for part in typing.get_args(hint)]
    entry = wire.message_type
    if entry is not None and entry.GetOptions().map_entry:
        if origin is None or not issubclass(origin, Mapping):
            raise shapes.unfit(hint, wire, where)
        key_field, value_field = (entry.fields_by_name[name] for name in ("key", "value"))
        key = _single(args[0], key_field, where, clear=clear)
        return shapes.mapping(key, _single(args[1], value_field, where, clear=clear))
    if origin is not tuple or args[1:] != [Ellipsis]:
        raise shapes.unfit(hint, wire, where)
    return shapes.sequence(_single(args[0], wire, where, clear=clear))


def _single(hint: object, wire: FieldDescriptor, where: str, *, clear: bool) -> Shape:
    if typing.get_origin(hint) is Personal:
        return shapes.words(wire, where, clear=clear)
    if wire.message_type is not None:
        return _message(hint, wire.message_type, wire, where, clear=clear)
    if isinstance(hint, type) and issubclass(hint, enum.Enum) and wire.enum_type is not None:
        return shapes.enumeration(hint, wire.enum_type, where)
    return shapes.scalar(hint, wire, where, clear=clear)


def _message(
    hint: object, descriptor: Descriptor, wire: FieldDescriptor, where: str, *, clear: bool
) -> Shape:
    known = shapes.WELL_KNOWN.get((hint, descriptor.full_name))
    if known is not None:
        return known
    if not isinstance(hint, type) or not dataclasses.is_dataclass(hint) or hint is Money:
        raise shapes.unfit(hint, wire, where)
    inner = plan(hint, descriptor, clear=clear)
    differ = inner.unmatched if clear else inner.unmatched | inner.unfed
    if differ:
        msg = f"{where}: {descriptor.full_name} and {hint.__name__} differ in {sorted(differ)}"
        raise CodecMismatch(msg)
    return Shape(
        lambda value, border, path: inner.write(value, border, f"{path}."),
        lambda raw, border, path: inner.read(raw, border, f"{path}."),
        inner.personal,
    )
