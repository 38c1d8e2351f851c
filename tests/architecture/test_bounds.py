"""Nothing that a caller may send is without a bound: texts, lists, numbers, enums."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from buf.validate import validate_pb2
from tests.contract import rpcs

_INTEGERS = {FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64}


@pytest.mark.parametrize("rpc", rpcs(), ids=lambda rpc: rpc.name)
def test_every_field_of_a_request_has_a_bound(rpc: MethodDescriptor) -> None:
    assert list(unbounded(rpc.input_type, "")) == []


def unbounded(message: Descriptor, prefix: str) -> Iterator[str]:
    """The fields that any value fits; the kinds of google.* are checked as kinds."""
    for one in message.fields:
        rules, place = rules_of(one), f"{prefix}{one.name}"
        if one.is_repeated:
            if not rules.repeated.max_items:
                yield place
            rules = rules.repeated.items
        if one.message_type is None:
            if not is_bound(one, rules):
                yield place
        elif not one.message_type.full_name.startswith("google."):
            yield from unbounded(one.message_type, f"{place}.")


def is_bound(one: FieldDescriptor, rules: Any) -> bool:  # noqa: ANN401 - a field's rules
    if one.type == FieldDescriptor.TYPE_STRING:
        text = rules.string
        return bool(text.pattern or text.uuid or text.max_len)
    if one.enum_type is not None:
        return bool(rules.enum.defined_only)
    if one.type in _INTEGERS:
        return bool(rules.int32.HasField("gte") or rules.int64.HasField("gte"))
    return one.type == FieldDescriptor.TYPE_BOOL


def rules_of(one: FieldDescriptor) -> Any:  # noqa: ANN401 - a field's rules
    """The contract's rules, whichever module read them first."""
    options: Any = descriptor_pb2.FieldOptions.FromString(one.GetOptions().SerializeToString())
    return options.Extensions[validate_pb2.field]
