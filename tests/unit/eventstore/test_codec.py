"""The codec: every kind of value goes there and back; words are never clear in an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, auto
from typing import NewType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from amends.eventstore.codec import Codec, Undecodable, UnknownEvent
from amends.eventstore.records import Origin
from amends.eventstore.sealing import SealedText
from amends.eventstore.shapes import CodecMismatch
from amends.eventstore.streams import case_stream
from amends.v1 import intake_events_pb2, resolution_events_pb2, routing_events_pb2
from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.identity import AlarmId, EscalationId, Tenant
from amends.values.money import Money
from amends.values.personal import Personal
from services.intake.domain.context import ActFound, RefundFound

CASE = case_stream(Tenant("shop"), EscalationId("esc_1"))
ORIGIN = Origin(CASE.tenant, CASE, "7d7a6f0e-0000-7000-8000-000000000001")
NOON = datetime(2026, 5, 2, 12, 0, 0, 123_456, tzinfo=UTC)
OfferId = NewType("OfferId", str)


class CustomerValue(Enum):
    UNKNOWN = auto()
    NEW = auto()
    REGULAR = auto()
    LOYAL = auto()


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    description: str
    quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class ContextRecorded:
    escalation_id: EscalationId
    order_found: bool
    ordered_at: datetime | None
    delivered_at: datetime | None
    order_total: Money | None
    paid: Money | None
    lines: tuple[Line, ...]
    customer_value: CustomerValue
    orders_before: int
    claims_before: int
    found_at: datetime
    history: tuple[ActFound, ...] = ()
    refunds: tuple[RefundFound, ...] = ()
    zone: str = ""


@dataclass(frozen=True, slots=True)
class OfferCountered:
    """`escalation` and `offer` find `escalation_id` and `offer_id`."""

    escalation: EscalationId
    offer: OfferId
    remedy_sought: None
    words: Personal[str] | None
    countered_at: datetime
    offer_by: datetime


@dataclass(frozen=True, slots=True)
class FollowUpMade:
    words: Personal[str]


def sealed(words: Personal[str], field: str) -> SealedText:
    return SealedText("key", b"nonce", f"{field}:{words.value}".encode()[::-1], b"")


money = some.builds(
    Money, some.sampled_from(["GBP", "JPY", "KWD"]), some.integers(-(10**12), 10**12)
)
moments = some.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - Hypothesis wants the zone apart
    datetime(2999, 1, 1),  # noqa: DTZ001
    timezones=some.just(UTC),
)
lines = some.builds(Line, some.text(), some.text(), some.integers(-(2**31), 2**31 - 1), money)
contexts = some.builds(
    ContextRecorded,
    some.text().map(EscalationId),
    some.booleans(),
    some.none() | moments,
    some.none() | moments,
    some.none() | money,
    some.none() | money,
    some.lists(lines, max_size=3).map(tuple),
    some.sampled_from(CustomerValue),
    some.integers(0, 1000),
    some.integers(0, 1000),
    moments,
)


@given(contexts)
def test_an_event_is_read_back_as_it_was_written(event: ContextRecorded) -> None:
    codec = Codec([ContextRecorded])
    event_type, data = codec.encode(event, sealed)
    assert event_type == "amends.v1.ContextRecorded"
    assert codec.decode(event_type, data, ORIGIN) == event
    assert codec.encode(event, sealed) == (event_type, data)
    assert codec.has_words(event)


def test_moments_of_any_zone_are_stored_as_the_same_moment() -> None:
    codec = Codec([AlarmCleared])
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    _, data = codec.encode(AlarmCleared(AlarmId("alm_1"), "STUCK", there), sealed)
    found = codec.decode("amends.v1.AlarmCleared", data, ORIGIN)
    assert isinstance(found, AlarmCleared)
    assert not codec.has_words(found)
    assert found.cleared_at == NOON
    assert found.cleared_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_no_moment() -> None:
    naive = AlarmCleared(AlarmId("alm_1"), "STUCK", NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="cleared_at: a moment needs its zone"):
        Codec([AlarmCleared]).encode(naive, sealed)


def test_a_required_value_must_not_be_none() -> None:
    cleared = AlarmCleared(AlarmId("alm_1"), "STUCK", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"AlarmCleared\.cleared_at must not be None"):
        Codec([AlarmCleared]).encode(cleared, sealed)


@dataclass(frozen=True, slots=True)
class ProblemRestated:
    escalation_id: EscalationId
    restatement: int
    words: Personal[str]
    restated_by: str
    confirm_by: datetime
    restated_at: datetime


def restated(words: Personal[str]) -> ProblemRestated:
    return ProblemRestated(EscalationId("esc_1"), 1, words, "dm", NOON, NOON)


def test_words_are_sealed_on_the_way_in_and_stay_sealed_on_the_way_out() -> None:
    codec = Codec([ProblemRestated])
    event_type, data = codec.encode(restated(Personal("it squeaks")), sealed)
    assert b"squeaks" not in data
    found = codec.decode(event_type, data, ORIGIN)
    assert isinstance(found, ProblemRestated)
    held: object = found.words.value
    assert isinstance(held, SealedText)
    assert held.ciphertext == b"words:it squeaks"[::-1]
    assert held.context == ORIGIN.bind("words")
    assert codec.has_words(found)
    assert "squeaks" not in repr(found)


def test_an_unknown_own_event_is_loud() -> None:
    codec = Codec([AlarmRaised])
    with pytest.raises(UnknownEvent, match=r"amends\.v1\.Later is unknown"):
        codec.decode("amends.v1.Later", b"", ORIGIN)
    with pytest.raises(UnknownEvent, match="AlarmCleared is no event"):
        codec.encode(AlarmCleared(AlarmId("a"), "K", NOON), sealed)


def test_bytes_that_are_no_such_event_are_undecodable() -> None:
    codec = Codec([AlarmCleared])
    for data in (b"\xff\xff\xff", b""):
        with pytest.raises(Undecodable):
            codec.decode("amends.v1.AlarmCleared", data, ORIGIN)


def test_an_enum_value_of_a_newer_writer_is_undecodable() -> None:
    message = intake_events_pb2.ContextRecorded(customer_value=99)  # type: ignore[arg-type]
    message.found_at.FromDatetime(NOON)
    with pytest.raises(Undecodable, match="customer_value must be one of UNKNOWN, NEW"):
        Codec([ContextRecorded]).decode(
            "amends.v1.ContextRecorded", message.SerializeToString(), ORIGIN
        )


def _class(name: str, **fields: object) -> type:
    return dataclass(frozen=True)(type(name, (), {"__annotations__": fields}))


@pytest.mark.parametrize(
    ("event_class", "problem"),
    [
        (_class("NeverHeardOf"), "no message amends.v1.NeverHeardOf"),
        (_class("AuthorityRevoked", decision_maker_id=str), r"differ in \['grant_id'\]"),
        (
            _class("AuthorityRevoked", decision_maker_id=str, grant_id=str, more=str),
            r"differ in \['more'\]",
        ),
        (_class("AuthorityRevoked", decision_maker_id=str, grant_id=int), "does not fit"),
        (_class("AuthorityRevoked", decision_maker_id=str, grant_id=float), "does not fit"),
        (
            _class("AuthorityRevoked", decision_maker_id=str, grant_id=Personal[str]),
            "does not fit",
        ),
        (
            _class("AuthorityRevoked", decision_maker_id=str, grant_id=str | None),
            "None needs a field with presence",
        ),
        (
            _class("RoutingUnblocked", escalation_id=Mapping[str, str], decision_maker_id=str),
            "does not fit",
        ),
        (
            _class(
                "AvailabilityChanged",
                decision_maker_id=str,
                available=bool | None,
                away_until=datetime | None,
                stand_in=str,
            ),
            "needs a field with presence",
        ),
    ],
)
def test_a_class_that_does_not_fit_its_message_is_found_at_the_start(
    event_class: type, problem: str
) -> None:
    assert routing_events_pb2.DESCRIPTOR
    assert resolution_events_pb2.DESCRIPTOR
    with pytest.raises(CodecMismatch, match=problem):
        Codec([event_class])
