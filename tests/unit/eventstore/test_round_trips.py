"""Every event of every service is read back as it was written, or refused loudly: never changed."""

import dataclasses
import enum
import types
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NewType

import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import given, settings
from hypothesis import strategies as some

from amends.eventstore.codec import Codec
from amends.eventstore.records import Origin
from amends.eventstore.sealing import SealedText
from amends.eventstore.streams import case_stream
from amends.values.alarm import AlarmCleared
from amends.values.identity import EscalationId, Tenant
from amends.values.money import Money
from amends.values.personal import Personal
from services.intake.domain.context import ContextRecorded, OrderLineFound
from tests.guarantees.golden.values import CODECS, EVENTS, Filling

CASE = case_stream(Tenant("shop"), EscalationId("esc_1"))
ORIGIN = Origin(CASE.tenant, CASE, "7d7a6f0e-0000-7000-8000-000000000001")
KINDS = [(source, kind) for source, kinds in EVENTS.items() for kind in kinds]

# The edges, beside whatever Hypothesis thinks of: no text with half a character (not UTF-8).
texts = (
    some.sampled_from(["", " ", "\0", "é", "e\u0301", "👟🏽", "\u202eabc", "ﷺ", "x" * 500])
    | some.text()
)
moments = some.sampled_from(
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ]
) | some.datetimes(timezones=some.just(UTC))
amounts = some.sampled_from([0, 1, -1, 99, -99, 10**18 - 1, -(10**18)]) | some.integers(
    -(10**18), 10**18
)
money = some.builds(Money, some.sampled_from(["GBP", "USD", "JPY", "KRW", "KWD", "BHD"]), amounts)
_RANGES = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
}
_PLAIN: dict[Any, some.SearchStrategy[Any]] = {
    str: texts,
    bool: some.booleans(),
    bytes: some.binary(),
    datetime: moments,
    date: some.dates(),
    timedelta: some.timedeltas(timedelta(days=-3_000_000), timedelta(days=3_000_000)),
    Money: money,
}


def events_of(kind: type) -> some.SearchStrategy[Any]:
    """Events of a class with anything in their fields that the annotations allow."""
    return _values(
        kind, descriptor_pool.Default().FindMessageTypeByName(f"amends.v1.{kind.__name__}")
    )


def _values(kind: type, message: Descriptor) -> some.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    names, by_name = _names(kind), message.fields_by_name
    return some.builds(
        kind,
        **{name: _of(hints[name], by_name.get(name) or by_name[f"{name}_id"]) for name in names},
    )


def _of(  # noqa: PLR0911 - one line per kind of value
    hint: Any,  # noqa: ANN401 - an annotation
    wire: FieldDescriptor,
) -> some.SearchStrategy[Any]:
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        said = _of(next(part for part in parts if part is not type(None)), wire)
        # A field that does not know whether it was set takes None for what is empty.
        return some.none() | (said if wire.has_presence else said.filter(bool))
    if origin is tuple:
        return some.lists(_of(parts[0], wire), max_size=2).map(tuple)
    if origin is Personal:
        return texts.map(Personal)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return some.sampled_from(hint)
    if hint is int:
        low, high = _RANGES[wire.type]
        return some.sampled_from([low, high, 0]) | some.integers(low, high)
    if wire.message_type is not None and hint not in _PLAIN:
        return _values(hint, wire.message_type)
    return _PLAIN[hint]


def sealed(words: Personal[str], field: str) -> SealedText:
    return SealedText("key", field.encode(), words.value.encode(), ORIGIN.bind(field))


def opened(value: Any) -> Any:  # noqa: ANN401 - any value of an event
    """The value with its words as they were said; each must know where that was."""
    if isinstance(value, Personal):
        held: Any = value.value
        assert isinstance(held, SealedText)
        assert held.context == ORIGIN.bind(held.nonce.decode())
        return Personal(held.ciphertext.decode())
    if isinstance(value, tuple):
        return tuple(opened(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Money):
        told = {name: opened(getattr(value, name)) for name in _names(value)}
        return dataclasses.replace(value, **told)
    return value


@pytest.mark.parametrize(
    ("source", "kind"), KINDS, ids=[f"{source}-{kind.__name__}" for source, kind in KINDS]
)
@settings(max_examples=15, deadline=None)
@given(data=some.data())
def test_every_event_is_read_back_as_it_was_written(
    source: str, kind: type, data: some.DataObject
) -> None:
    event = data.draw(events_of(kind))
    event_type, written = CODECS[source].encode(event, sealed)
    assert event_type == f"amends.v1.{kind.__name__}"
    found = CODECS[source].decode(event_type, written, ORIGIN)
    assert opened(found) == event
    assert CODECS[source].encode(event, sealed) == (event_type, written)


@pytest.mark.parametrize("zero", [0, 1])
def test_every_event_is_read_back_where_all_that_may_be_empty_is(zero: int) -> None:
    for source, kind in KINDS:
        event = _emptied(kind, zero)
        event_type, written = CODECS[source].encode(event, sealed)
        assert opened(CODECS[source].decode(event_type, written, ORIGIN)) == event


def _emptied(hint: Any, zero: int) -> Any:  # noqa: ANN401, PLR0911 - one line per kind of value
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        return None
    if origin is tuple:
        return ()
    if origin is Personal:
        return Personal("")
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint))
    if hint is datetime:
        return datetime(1970, 1, 1, tzinfo=UTC)
    if hint is Money:
        return Money(["JPY", "KWD"][zero], 0)
    if dataclasses.is_dataclass(hint):
        hints, make = typing.get_type_hints(hint), typing.cast("Any", hint)
        return make(**{name: _emptied(hints[name], zero) for name in _names(hint)})
    return hint()


def _names(kind: Any) -> list[str]:  # noqa: ANN401 - a dataclass
    return [item.name for item in dataclasses.fields(kind) if item.init]


def test_an_amount_that_no_request_may_name_is_read_from_a_log_that_has_it() -> None:
    codec, much = Codec([ContextRecorded]), Money("GBP", 10**18)
    event_type, written = codec.encode(dataclasses.replace(FOUND, paid=much), sealed)
    found = codec.decode(event_type, written, ORIGIN)
    assert isinstance(found, ContextRecorded)
    assert found.paid == much


WEST, EAST = timezone(timedelta(hours=-12)), timezone(timedelta(hours=14))
CLEARED = Filling().event(AlarmCleared)
FOUND: Any = Filling().event(ContextRecorded)
LINE = Filling().event(OrderLineFound)


@pytest.mark.parametrize(
    ("event", "change", "problem"),
    [
        (CLEARED, {"kind": "half a \ud83d"}, "surrogates not allowed|UTF-8"),
        (CLEARED, {"kind": None}, "must not be None"),
        (CLEARED, {"cleared_at": datetime(2026, 5, 2)}, "needs its zone"),  # noqa: DTZ001 - the point
        (CLEARED, {"cleared_at": datetime.max.replace(tzinfo=WEST)}, "out of range"),
        (CLEARED, {"cleared_at": datetime.min.replace(tzinfo=EAST)}, "out of range"),
        (FOUND, {"orders_before": 2**31}, "out of range"),
        (FOUND, {"orders_before": 1.5}, "integer|int"),
        (FOUND, {"paid": Money("GBP", 2**63 * 100)}, "out of range"),
        (FOUND, {"paid": Money("XTS", 1)}, "XTS"),
        (FOUND, {"lines": (LINE, None)}, "None"),
        (FOUND, {"customer_value": "LOYAL"}, "LOYAL"),
    ],
)
def test_what_no_event_can_carry_is_refused_and_never_changed(
    event: Any,  # noqa: ANN401 - any event
    change: dict[str, Any],
    problem: str,
) -> None:
    codec = Codec([type(event)])
    with pytest.raises(
        (ValueError, TypeError, KeyError, OverflowError, AttributeError), match=problem
    ):
        codec.encode(dataclasses.replace(event, **change), sealed)
