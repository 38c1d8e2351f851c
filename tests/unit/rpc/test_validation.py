"""Field rules: all wrong fields at once, and never the words in them."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.message_factory import GetMessageClass

import amends.v1
from amends.rpc.refusals import InvalidFields, RemoteRefusal, Violation
from amends.rpc.status import as_sent, to_status
from amends.rpc.validation import ValidationStep
from amends.v1 import intake_service_pb2 as pb
from amends.v1.routing_service_pb2 import SetAvailabilityRequest
from amends.values.identity import Role
from tests.unit.rpc.serving import REQUEST_ID, Intake, Served, opening


def wrong_fields(served: Served, request: object) -> dict[str, str]:
    """What a server says about each field of a request that it refuses."""
    with pytest.raises(grpc.RpcError) as caught:
        served.intake.OpenEscalation(request, metadata=served.as_(Role.PLATFORM))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    refusal = as_sent(caught.value)
    assert isinstance(refusal, RemoteRefusal)
    assert refusal.reason == "INVALID_FIELD"
    return {one.field: one.description for one in refusal.violations}


def test_a_caller_gets_all_wrong_fields_at_once(served: Served, intake: Intake) -> None:
    wrong = wrong_fields(
        served, pb.OpenEscalationRequest(request_id="1", need_by={"occasion": "x" * 201})
    )
    assert {"request_id", "channel", "cause", "customer", "words", "need_by.by"} <= wrong.keys()
    assert "need_by.occasion" in wrong
    assert intake.calls == []


def test_a_wrong_number_is_shown_and_a_wrong_text_is_not(served: Served) -> None:
    wrong = wrong_fields(served, opening(channel=99, request_id="my phone is 555-0100"))
    assert "(is 99)" in wrong["channel"]
    assert "555" not in wrong["request_id"]


def test_a_text_with_nul_is_refused_wherever_it_stands(served: Served) -> None:
    request = opening(words="a\0b", need_by={"by": {"year": 2026}, "occasion": "\0"})
    wrong = wrong_fields(served, request)
    assert wrong["words"] == wrong["need_by.occasion"] == "must not contain NUL"


def test_emoji_and_right_to_left_text_pass(served: Served, intake: Intake) -> None:
    words = "\U0001f45f הנעליים קטנות مقاس خاطئ"
    served.intake.OpenEscalation(opening(words=words), metadata=served.as_(Role.PLATFORM))
    assert len(intake.calls) == 1


def test_text_that_is_not_utf_8_is_refused(served: Served) -> None:
    path = "/amends.v1.IntakeService/OpenEscalation"
    call: Any = served.channel.unary_unary(path)
    lone_surrogate = b"\x32\x03\xed\xa0\x80"  # field 6, three bytes
    with pytest.raises(grpc.RpcError) as caught:
        call(lone_surrogate, metadata=served.as_(Role.PLATFORM))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert as_sent(caught.value).reason == "INVALID_FIELD"


def test_a_request_of_more_than_a_mebibyte_is_refused(served: Served) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        served.intake.OpenEscalation(
            opening(words="x" * (1 << 20)), metadata=served.as_(Role.PLATFORM)
        )
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_so_many_wrong_fields_are_told_as_fit_in_an_answer() -> None:
    many = [Violation(f"lines[{n}].sku", "is wrong " * 30) for n in range(1000)]
    status = to_status(InvalidFields(many))
    assert status.ByteSize() < 7_000
    assert "lines[0].sku" in status.message
    assert "and 980 more" in status.message


@pytest.mark.parametrize(
    ("currency", "units", "nanos"),
    [
        ("GBP", 1, -500_000_000),
        ("USD", 12, 345_000_000),
        ("JPY", 5, 500_000_000),
        ("my shoes", 5, 0),
        ("", 0, 0),
        ("GBP", -5, 0),
        ("GBP", (1 << 63) - 1, 0),
        ("GBP", 1, 2_000_000_000),
    ],
)
def test_what_is_no_amount_is_refused_with_its_field(currency: str, units: int, nanos: int) -> None:
    amount = {"currency_code": currency, "units": units, "nanos": nanos}
    wrong = ValidationStep().violations(opening(remedy_sought={"amount": amount}))
    assert [(one.field, one.rule) for one in wrong] == [("remedy_sought.amount", "INVALID_MONEY")]
    assert "shoes" not in wrong[0].description


def test_where_only_amounts_are_wrong_that_is_the_reason(served: Served) -> None:
    nothing = {"amount": {"currency_code": "ABC"}}
    for request, reason in (
        (opening(remedy_sought=nothing), "INVALID_MONEY"),
        (opening(remedy_sought=nothing, channel=99), "INVALID_FIELD"),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            served.intake.OpenEscalation(request, metadata=served.as_(Role.PLATFORM))
        refusal = as_sent(caught.value)
        assert isinstance(refusal, RemoteRefusal)
        assert refusal.reason == reason
        assert "remedy_sought.amount" in {one.field for one in refusal.violations}


@pytest.mark.parametrize(("seconds", "nanos"), [(1 << 62, 0), (-(1 << 62), 0), (0, -1), (0, 10**9)])
def test_what_is_no_moment_is_refused_with_its_field(seconds: int, nanos: int) -> None:
    request = SetAvailabilityRequest(
        request_id=REQUEST_ID,
        decision_maker_id="dm_a",
        away_until={"seconds": seconds, "nanos": nanos},
    )
    (wrong,) = ValidationStep().violations(request)
    assert (wrong.field, wrong.rule) == ("away_until", "timestamp.valid")


@pytest.mark.parametrize(("seconds", "nanos"), [(1 << 62, 0), (1, -1), (0, 10**9)])
def test_what_is_no_duration_is_refused_with_its_field(seconds: int, nanos: int) -> None:
    offset = {"year": 2026, "utc_offset": {"seconds": seconds, "nanos": nanos}}
    (wrong,) = ValidationStep().violations(opening(need_by={"by": offset}))
    assert (wrong.field, wrong.rule) == ("need_by.by.utc_offset", "duration.valid")


def requests() -> Iterator[Descriptor]:
    for found in pkgutil.iter_modules(amends.v1.__path__):
        if found.name.endswith("_service_pb2"):
            module = importlib.import_module(f"amends.v1.{found.name}")
            for service in module.DESCRIPTOR.services_by_name.values():
                yield from (method.input_type for method in service.methods)


@pytest.mark.parametrize("message", list(requests()), ids=lambda message: message.name)
def test_the_rules_of_every_request_can_be_checked(message: Descriptor) -> None:
    ValidationStep().violations(GetMessageClass(message)())
