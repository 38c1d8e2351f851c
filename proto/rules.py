"""Field rules in words: what `buf.validate` asks of a field, for people who read docs/api.md."""

from typing import Any

from google.protobuf import text_format
from google.protobuf.descriptor import FieldDescriptor

from buf.validate import validate_pb2

Rules = Any
"""buf.validate's FieldRules, or the rules of one kind of field; they come without types."""


def rules_of(field: FieldDescriptor) -> Rules:
    """The field's rules; empty where it has none."""
    options: Any = field.GetOptions()
    return options.Extensions[validate_pb2.field]


def in_words(rules: Rules, field: FieldDescriptor) -> str:
    """The rules, one after another; what has no words here stands as it is written."""
    said = ["required"] if rules.required else []
    kind = rules.WhichOneof("type")
    if kind is not None:
        said += _KINDS.get(kind, _number)(getattr(rules, kind), field)
    return "; ".join(part for part in said if part)


def _string(rules: Rules, _field: FieldDescriptor) -> list[str]:
    said = ["a UUID"] if rules.uuid else []
    if rules.HasField("pattern"):
        said.append(f"`{rules.pattern}`")
    return [*said, _range(rules, "min_len", "max_len", "characters"), _rest(rules, _STRING)]


def _number(rules: Rules, _field: FieldDescriptor) -> list[str]:
    return [_range(rules, "gte", "lte", ""), _rest(rules, {"gte", "lte"})]


def _enum(rules: Rules, field: FieldDescriptor) -> list[str]:
    names = field.enum_type.values_by_number
    barred = ", ".join(f"`{names[number].name}`" for number in rules.not_in if number)
    said = ["must be set" if 0 in rules.not_in else "may be left out"]
    return [*said, f"not {barred}" if barred else "", _rest(rules, _ENUM)]


def _repeated(rules: Rules, field: FieldDescriptor) -> list[str]:
    said = [_range(rules, "min_items", "max_items", "items"), "each once" if rules.unique else ""]
    if rules.HasField("items") and (each := in_words(rules.items, field)):
        said.append(f"each: {each}")
    return [*said, _rest(rules, _REPEATED)]


def _range(rules: Rules, low: str, high: str, what: str) -> str:
    least = getattr(rules, low) if rules.HasField(low) else 0
    if not rules.HasField(high):
        return f"at least {least:,} {what}".strip() if rules.HasField(low) else ""
    most = f"{getattr(rules, high):,} {what}".strip()
    return f"{least:,} to {most}" if rules.HasField(low) else f"at most {most}"


def _rest(rules: Rules, told: set[str]) -> str:
    """Rules that have no words here, as the contract writes them."""
    left = type(rules)()
    left.CopyFrom(rules)
    for name in told:
        left.ClearField(name)
    written = text_format.MessageToString(left, as_one_line=True).strip()
    return f"`{written}`" if written else ""


_STRING = {"uuid", "pattern", "min_len", "max_len"}
_ENUM = {"defined_only", "not_in"}
_REPEATED = {"min_items", "max_items", "unique", "items"}
_KINDS = {"string": _string, "enum": _enum, "repeated": _repeated}
