"""Requests become commands and values become answers, by field name."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money as MoneyMessage

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.sealing import SealedText
from amends.eventstore.shapes import CodecMismatch
from amends.v1 import (
    event_pb2,
    followup_service_pb2,
    resolution_events_pb2,
    routing_service_pb2,
)
from amends.values.money import InvalidMoney, Money
from amends.values.personal import Personal
from amends.values.refusal import InvalidField

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)


class Staying(Enum):
    YES = auto()
    NO = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class RecordFollowUp:
    escalation: str
    solved: bool
    pleased: bool
    staying: Staying
    words: Personal[str] | None
    at: datetime


class Action(Enum):
    REFUND = auto()
    RESHIP = auto()
    GOODWILL = auto()
    EXPEDITED_SHIPPING = auto()


@dataclass(frozen=True, slots=True)
class GrantAuthority:
    action: Action
    per_case: Money
    note: str = ""


def test_a_request_becomes_a_command_and_what_it_lacks_is_given() -> None:
    request = followup_service_pb2.RecordFollowUpRequest(
        request_id="r",
        escalation_id="esc_1",
        solved=True,
        staying=1,  # type: ignore[arg-type]
        words="thank you",
    )
    command = from_message(request, RecordFollowUp, at=NOON)
    assert command == RecordFollowUp(
        escalation="esc_1",
        solved=True,
        pleased=False,
        staying=Staying.YES,
        words=Personal("thank you"),
        at=NOON,
    )


def test_an_empty_string_is_no_words() -> None:
    request = followup_service_pb2.RecordFollowUpRequest(staying=2)  # type: ignore[arg-type]
    assert from_message(request, RecordFollowUp, at=NOON).words is None


def test_a_command_whose_field_nobody_gives_is_a_programming_fault() -> None:
    with pytest.raises(CodecMismatch, match=r"lacks \['at'\] of RecordFollowUp"):
        from_message(followup_service_pb2.RecordFollowUpRequest(), RecordFollowUp)


def test_an_unspecified_enum_names_its_field() -> None:
    with pytest.raises(InvalidField, match="staying must be one of YES, NO, UNKNOWN"):
        from_message(followup_service_pb2.RecordFollowUpRequest(), RecordFollowUp, at=NOON)


def test_money_is_refused_with_its_field_where_it_is_not_whole_minor_units() -> None:
    request = routing_service_pb2.GrantAuthorityRequest(
        action=1,  # type: ignore[arg-type]
        per_case=MoneyMessage(currency_code="GBP", units=12, nanos=345_000_000),
    )
    with pytest.raises(InvalidMoney) as refused:
        from_message(request, GrantAuthority)
    assert refused.value.metadata["field"] == "per_case"
    request.per_case.nanos = 340_000_000
    assert from_message(request, GrantAuthority).per_case == Money("GBP", 1234)


def test_a_required_message_that_is_not_set_names_its_field() -> None:
    request = routing_service_pb2.GrantAuthorityRequest(action=1)  # type: ignore[arg-type]
    with pytest.raises(InvalidField, match="per_case is required"):
        from_message(request, GrantAuthority)


@dataclass(frozen=True, slots=True)
class Raised:
    alarm_id: str
    kind: str
    since: datetime
    clears_when: str


def test_a_moment_outside_the_calendar_names_its_field() -> None:
    message = event_pb2.AlarmRaised(since=Timestamp(seconds=10**15))
    with pytest.raises(InvalidField, match="since must be a moment"):
        from_message(message, Raised)


def test_a_text_that_no_column_can_hold_names_its_field() -> None:
    message = event_pb2.AlarmRaised(kind="A\0B", since=Timestamp(seconds=1))
    with pytest.raises(InvalidField, match="kind must not hold the character NUL"):
        from_message(message, Raised)


@dataclass(frozen=True, slots=True)
class Shipping:
    service: str
    price: Money
    arrives_from: datetime
    arrives_by: datetime


@dataclass(frozen=True, slots=True)
class Leg:
    shipping: Shipping
    remedy_id: str = "rem_1"
    secret: str = field(default="", kw_only=True)


def test_a_value_becomes_an_answer_and_nothing_of_it_is_lost_by_accident() -> None:
    leg = Leg(Shipping("courier", Money("GBP", 1250), NOON, NOON))
    with pytest.raises(CodecMismatch, match=r"has no \['secret'\]"):
        to_message(leg, resolution_events_pb2.Remedy)
    answer = to_message(leg, resolution_events_pb2.Remedy, without={"secret"})
    assert answer.remedy_id == "rem_1"
    assert (answer.shipping.price.units, answer.shipping.price.nanos) == (12, 500_000_000)
    assert from_message(answer, Leg) == leg


@dataclass(frozen=True, slots=True)
class Said:
    words: Personal[str]


def test_sealed_words_are_opened_only_by_who_is_given() -> None:
    said = Said(SealedText("k", b"n", b"c", b"").as_personal())
    message_class = followup_service_pb2.RecordFollowUpRequest
    with pytest.raises(TypeError, match="words are sealed"):
        to_message(said, message_class)
    assert to_message(said, message_class, words=lambda _said: "open").words == "open"
    assert to_message(Said(Personal("clear")), message_class).words == "clear"
