"""Field rules of the contract, checked for every request before a handler sees it.

A caller gets all wrong fields at once. A wrong text is never repeated: it may be someone's words.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from protovalidate import FieldPathElementPb as FieldPathElement
from protovalidate import Validator
from protovalidate import Violation as Broken

from amends.rpc.refusals import InvalidAmounts, InvalidFields, Violation
from amends.rpc.rpcs import Rpc
from amends.values.money import InvalidMoney, Money

# Seconds since 1970 of the first and the last moment that a timestamp may name.
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
_LONGEST = 315_576_000_000  # seconds of a duration, either way
_NANOS = 1_000_000_000


class ValidationStep:
    """Refuses a request that breaks a rule of its own message."""

    def __init__(self) -> None:
        self._validator = Validator()

    @contextmanager
    def around(self, _rpc: Rpc, request: Message, _context: grpc.ServicerContext) -> Iterator[None]:
        """Raises InvalidFields with every violation before anything else happens."""
        if violations := self.violations(request):
            only_money = all(one.rule == InvalidMoney.reason for one in violations)
            raise (InvalidAmounts if only_money else InvalidFields)(violations)
        yield

    def violations(self, request: Message) -> list[Violation]:
        """Every wrong field: rules of the contract, then what breaks a rule of its kind."""
        broken = [_violation(one) for one in self._validator.collect_violations(request)]
        return broken + list(_of_kind(request, ""))


def _of_kind(message: Message, prefix: str) -> Iterator[Violation]:
    """What no field rule says: text that no database holds, no amount, no moment."""
    for field, value in message.ListFields():
        for place, item in _items(field, value, f"{prefix}{field.name}"):
            if isinstance(item, Message):
                check = _CHECKS.get(item.DESCRIPTOR.full_name)
                yield from check(item, place) if check else _of_kind(item, f"{place}.")
            elif isinstance(item, str) and "\0" in item:
                yield Violation(place, "must not contain NUL", "string.no_nul")


def _amount(money: Any, place: str) -> Iterator[Violation]:  # noqa: ANN401 - comes without types
    """An amount in a request is never below zero; whether it may be zero is the domain's to say."""
    try:
        said = Money.of_units(money.currency_code, money.units, money.nanos, field=place)
        amount = said.plausible(field=place)
    except InvalidMoney as wrong:
        yield Violation(place, wrong.message, InvalidMoney.reason)
        return
    if amount.minor < 0:
        yield Violation(place, "the amount must not be negative", InvalidMoney.reason)


def _moment(stamp: Any, place: str) -> Iterator[Violation]:  # noqa: ANN401 - any message
    within = _FIRST_SECOND <= stamp.seconds <= _LAST_SECOND and 0 <= stamp.nanos < _NANOS
    if not within:
        yield Violation(place, "must be a moment of the years 1 to 9999", "timestamp.valid")


def _span(duration: Any, place: str) -> Iterator[Violation]:  # noqa: ANN401 - any message
    within = abs(duration.seconds) <= _LONGEST and abs(duration.nanos) < _NANOS
    if not within or duration.seconds * duration.nanos < 0:
        yield Violation(place, "must be a time of at most 10,000 years", "duration.valid")


_CHECKS: Mapping[str, Callable[[Message, str], Iterator[Violation]]] = {
    "google.type.Money": _amount,
    "google.protobuf.Timestamp": _moment,
    "google.protobuf.Duration": _span,
}


def _items(field: FieldDescriptor, value: object, path: str) -> Iterator[tuple[str, object]]:
    """The values of a field with their paths: one, or those of a list or map."""
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        for key, item in value.items():  # type: ignore[attr-defined]
            yield path, key
            yield f"{path}[...]", item
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
