"""Places: every single value in a request, with the contract's rules about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from buf.validate import validate_pb2

AMOUNT, MOMENT, CIVIL_TIME = (
    "google.type.Money",
    "google.protobuf.Timestamp",
    "google.type.DateTime",
)
_WHOLE = {AMOUNT, MOMENT, CIVIL_TIME}
# The prefix of the ids that a pattern takes; of several the first.
_ID = re.compile(r"^\^\(?(?P<prefix>[a-z]{2,4})(\|[a-z]+\))?_")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one value stands: field names and indices on the way to it."""

    path: tuple[str | int, ...]
    field: FieldDescriptor
    rules: Any

    @property
    def name(self) -> str:
        """As a violation names it: `remedies[0].amount`."""
        text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return text.removeprefix(".")

    @property
    def is_text(self) -> bool:
        return self.field.type == FieldDescriptor.TYPE_STRING

    @property
    def is_free_text(self) -> bool:
        """Whether people may write in it what they like."""
        return self.is_text and not self.rules.string.pattern and not self.rules.string.uuid

    @property
    def is_number(self) -> bool:
        integers = {FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64}
        return self.field.type in integers

    @property
    def whole(self) -> str:
        """The kind of google.* that is one value; empty for any other."""
        kind = self.field.message_type
        return kind.full_name if kind is not None else ""

    @property
    def id_prefix(self) -> str:
        """`esc_` where the value is such an id; empty where it is none."""
        found = _ID.match(self.rules.string.pattern) if self.is_text else None
        return f"{found['prefix']}_" if found else ""

    def takes(self, text: str) -> bool:
        """Whether the contract's rules allow the text here."""
        rules = self.rules.string
        if rules.uuid:
            return False
        fits = rules.pattern == "" or re.search(rules.pattern, text) is not None
        return fits and rules.min_len <= len(text) and len(text) <= (rules.max_len or len(text))

    def read(self, message: Message) -> Any:  # noqa: ANN401 - any value
        """What stands there."""
        value: Any = message
        for step in self.path:
            value = value[step] if isinstance(step, int) else getattr(value, step)
        return value

    def put(self, message: Message, value: object) -> None:
        """Writes a value there."""
        *way, last = self.path
        parent = Place(tuple(way), self.field, self.rules).read(message)
        if isinstance(value, Message):
            (parent[last] if isinstance(last, int) else getattr(parent, last)).CopyFrom(value)
        elif isinstance(last, int):
            parent[last] = value
        else:
            setattr(parent, last, value)


def places(message: Message, before: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Every value of a request that has all of its fields; of a list the first."""
    fields: Any = message.DESCRIPTOR.fields
    for one in fields:
        rules, path = rules_of(one), (*before, one.name)
        value = getattr(message, one.name)
        if one.is_repeated:
            if not value:
                continue
            rules, path, value = rules.repeated.items, (*path, 0), value[0]
        if one.message_type is None or one.message_type.full_name in _WHOLE:
            yield Place(path, one, rules)
        elif one.is_repeated or message.HasField(one.name):
            yield from places(value, path)


def rules_of(one: FieldDescriptor) -> Any:  # noqa: ANN401 - the rules of any kind of field
    """The contract's rules, whichever module read them first."""
    options: Any = descriptor_pb2.FieldOptions.FromString(one.GetOptions().SerializeToString())
    return options.Extensions[validate_pb2.field]
