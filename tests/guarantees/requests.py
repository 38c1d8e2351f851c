"""Requests made from the contract's own field rules: just what an RPC cannot do without.

`Ids` says which id or reference a field gets; by default every one is invented.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import hypothesis
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies

from buf.validate import validate_pb2

# The prefix of the ids that a pattern takes; of several the first.
_ID = re.compile(r"^\^\(?(?P<prefix>[a-z]{2,4})(\|[a-z]+\))?_")
# Fields that name something by the tenant's or the caller's own reference.
_REFERENCES = frozenset({"customer", "order", "shipment", "sku", "key"})
_QUIETLY = hypothesis.settings(database=None, derandomize=True)
_GBP = {"currency_code": "GBP", "units": 1}


@dataclass(frozen=True, slots=True)
class Ids:
    """What a request names: ids by their prefix ("esc_"), references by their field's name.

    `optional` fills in also those ids that may be left out.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False

    def of(self, kind: str) -> str:
        """The known one, else one that nobody has."""
        return self.known.get(kind) or invented(kind)


def invented(kind: str) -> str:
    """An id or a reference that nobody has."""
    return f"{kind if kind.endswith('_') else ''}{uuid.uuid4().hex[:21]}"


def minimal(request: Descriptor, ids: Ids) -> Message:
    """The smallest request that breaks no rule, naming those ids."""
    message = GetMessageClass(request)()
    for one in request.fields:
        _fill(message, one, _rules(one), ids)
    return message


def kinds_named(request: Descriptor) -> frozenset[str]:
    """What kinds of ids and references a request names: "esc_", "order"."""
    own = {_kind(one, _rules(one)) for one in request.fields} - {""}
    parts = (kinds_named(part) for one in request.fields for part in _needed(one))
    return frozenset(own).union(*parts)


def _fill(message: Any, one: FieldDescriptor, rules: Any, ids: Ids) -> None:  # noqa: ANN401
    if one.is_repeated:
        for _ in range(rules.repeated.min_items):
            _add(getattr(message, one.name), one, rules.repeated.items, ids)
    elif one.message_type is not None:
        if rules.required:
            getattr(message, one.name).MergeFrom(_part(one.message_type, ids))
    elif (value := _value(one, rules, ids)) is not None:
        setattr(message, one.name, value)


def _add(items: Any, one: FieldDescriptor, rules: Any, ids: Ids) -> None:  # noqa: ANN401
    if one.message_type is not None:
        items.append(_part(one.message_type, ids))
    else:
        items.append(_value(one, rules, ids))


def _part(kind: Descriptor, ids: Ids) -> Message:
    return GetMessageClass(kind)(**_GBP) if kind.name == "Money" else minimal(kind, ids)


def _value(one: FieldDescriptor, rules: Any, ids: Ids) -> Any:  # noqa: ANN401
    """A value where empty breaks a rule; None where empty will do."""
    kind = _kind(one, rules)
    if one.type == FieldDescriptor.TYPE_STRING:
        if kind and (ids.optional or not _may_be_empty(rules)):
            return ids.of(kind)
        return None if _may_be_empty(rules) else _text(rules)
    if one.enum_type is not None:
        wrong = set(rules.enum.not_in)
        right = (value.number for value in one.enum_type.values if value.number not in wrong)
        return next(right) if wrong else None
    return max(rules.int32.gte, rules.int64.gte) or None


def _kind(one: FieldDescriptor, rules: Any) -> str:  # noqa: ANN401
    """The prefix of the ids that a field takes, or the name of the reference; else nothing."""
    if one.type != FieldDescriptor.TYPE_STRING:
        return ""
    found = _ID.match(rules.string.pattern)
    if found:
        return f"{found['prefix']}_"
    return one.name if one.name in _REFERENCES else ""


def _may_be_empty(rules: Any) -> bool:  # noqa: ANN401
    text = rules.string
    fits = not text.pattern or re.search(text.pattern, "") is not None
    return fits and not text.min_len and not text.uuid


def _text(rules: Any) -> str:  # noqa: ANN401
    if rules.string.uuid:
        return str(uuid.uuid4())
    return _shortest(rules.string.pattern) if rules.string.pattern else "a" * rules.string.min_len


@lru_cache
def _shortest(pattern: str) -> str:
    """The simplest text that a pattern lets pass."""
    fitting = strategies.from_regex(pattern, fullmatch=True)
    return hypothesis.find(fitting, lambda _text: True, settings=_QUIETLY)


def _needed(one: FieldDescriptor) -> list[Descriptor]:
    """The message of a field that must be set."""
    kind, rules = one.message_type, _rules(one)
    return [kind] if kind is not None and (rules.required or rules.repeated.min_items) else []


def _rules(one: FieldDescriptor) -> Any:  # noqa: ANN401 - the rules of any kind of field
    options = descriptor_pb2.FieldOptions.FromString(one.GetOptions().SerializeToString())
    extensions: Any = options.Extensions
    return extensions[validate_pb2.field]
