"""Field rules of the contract, checked for every request before a handler sees it.

A caller gets all wrong fields at once. A wrong text is never repeated: it may be someone's words.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from protovalidate import FieldPathElementPb as FieldPathElement
from protovalidate import Validator
from protovalidate import Violation as Broken

from amends.rpc.refusals import InvalidFields, Violation
from amends.rpc.rpcs import Rpc


class ValidationStep:
    """Refuses a request that breaks a rule of its own message."""

    def __init__(self) -> None:
        self._validator = Validator()

    @contextmanager
    def around(self, _rpc: Rpc, request: Message, _context: grpc.ServicerContext) -> Iterator[None]:
        """Raises InvalidFields with every violation before anything else happens."""
        if violations := self.violations(request):
            raise InvalidFields(violations)
        yield

    def violations(self, request: Message) -> list[Violation]:
        """Every wrong field: rules of the contract, then text that no database can hold."""
        broken = [_violation(one) for one in self._validator.collect_violations(request)]
        return broken + nul_violations(request)


def nul_violations(request: Message) -> list[Violation]:
    """A violation for each text with a NUL character, which PostgreSQL cannot store."""
    if b"\0" not in request.SerializeToString():
        return []
    return [Violation(path, "must not contain NUL", "string.no_nul") for path in _nul(request, "")]


def _nul(message: Message, prefix: str) -> Iterator[str]:
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        for place, item in _items(field, value, path):
            if isinstance(item, Message):
                yield from _nul(item, f"{place}.")
            elif isinstance(item, str) and "\0" in item:
                yield place


def _items(field: FieldDescriptor, value: object, path: str) -> Iterator[tuple[str, object]]:
    """The values of a field with their paths: one, or those of a list or map."""
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        for key, item in value.items():  # type: ignore[attr-defined]
            yield path, key
            yield f"{path}[{key!r}]", item
    elif field.is_repeated:
        for index, item in enumerate(value):  # type: ignore[arg-type]
            yield f"{path}[{index}]", item
    else:
        yield path, value


def _violation(broken: Broken) -> Violation:
    rule = broken.proto
    path = "".join(_step(element) for element in rule.field.elements) if rule.field else ""
    what = f"{rule.message or rule.rule_id}{_shown(broken.field_value)}"
    return Violation(path.removeprefix("."), what, rule.rule_id)


def _step(element: FieldPathElement) -> str:
    """One step of a field's path; a map's text key is not repeated, it may be someone's words."""
    at = element.subscript
    if at is None:
        return f".{element.field_name}"
    return f".{element.field_name}[{'...' if isinstance(at.value, str) else at.value}]"


def _shown(value: object) -> str:
    """The wrong value where it is a number (an enum's too); a text stays untold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f" (is {value})"
