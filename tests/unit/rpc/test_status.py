"""What becomes of whatever a handler raises."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.any_pb2 import Any as Packed
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from kafka.errors import KafkaTimeoutError
from sqlalchemy.exc import OperationalError

import amends
import services
from amends.rpc.refusals import Overloaded, RemoteRefusal
from amends.rpc.status import STATUS_OF, as_sent, refusal_of, status_of, to_status
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role
from amends.values.money import InvalidMoney
from amends.values.refusal import (
    DependencyUnavailable,
    EscalationNotFound,
    InvalidField,
    NotTheOwner,
    Refusal,
    RequestIdReused,
    VersionConflict,
)
from tests.unit.rpc.serving import Intake, Served, opening

SAID = "my daughter's shoes"


def details(status: Any) -> dict[str, Any]:  # noqa: ANN401 - google.rpc comes without types
    """A status's details by their name."""
    kinds = (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.RetryInfo,
    )
    found: dict[str, Any] = {}
    for packed in status.details:
        assert isinstance(packed, Packed)
        for kind in kinds:
            detail = kind()
            if packed.Unpack(detail):
                found[kind.DESCRIPTOR.name] = detail
    return found


def failed(served: Served) -> grpc.RpcError:
    """The error of a call whose handler fails."""
    with pytest.raises(grpc.RpcError) as caught:
        served.intake.OpenEscalation(opening(), metadata=served.as_(Role.PLATFORM))
    return caught.value


def fail_with(intake: Intake, error: Exception) -> None:
    def open_(_request: object, _context: object) -> object:
        raise error

    intake.answers = {"OpenEscalation": open_}


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (InvalidField("words", "too many"), grpc.StatusCode.INVALID_ARGUMENT),
        (InvalidMoney("5.5 JPY", field="limit"), grpc.StatusCode.INVALID_ARGUMENT),
        (EscalationNotFound("esc_a"), grpc.StatusCode.NOT_FOUND),
        (RequestIdReused("1"), grpc.StatusCode.ALREADY_EXISTS),
        (VersionConflict(2, 3), grpc.StatusCode.ABORTED),
        (NotTheOwner("esc_a", "dm_b"), grpc.StatusCode.FAILED_PRECONDITION),
        (Overloaded(32, "calls"), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (DependencyUnavailable("routing"), grpc.StatusCode.UNAVAILABLE),
    ],
    ids=lambda value: getattr(value, "reason", getattr(value, "name", "")),
)
def test_a_refusal_becomes_its_status_with_reason_and_values(
    served: Served, intake: Intake, refusal: Refusal, code: grpc.StatusCode
) -> None:
    fail_with(intake, refusal)
    error: Any = failed(served)
    assert error.code() is code
    found = as_sent(error)
    assert (found.reason, found.message) == (refusal.reason, refusal.message)
    assert found.metadata == refusal.metadata


def test_a_wrong_field_is_named() -> None:
    bad = details(to_status(InvalidField("need_by.by", "is a Sunday")))["BadRequest"]
    (violation,) = bad.field_violations
    assert (violation.field, violation.description) == ("need_by.by", "is a Sunday")


def test_what_may_be_repeated_says_when() -> None:
    retry = details(to_status(DependencyUnavailable("routing")))["RetryInfo"]
    assert retry.retry_delay.ToMilliseconds() > 0
    assert "RetryInfo" not in details(to_status(VersionConflict(1, 2)))


@pytest.mark.parametrize(
    "fault", [OperationalError(SAID, {}, Exception(SAID)), KafkaTimeoutError(SAID)]
)
def test_a_part_that_is_away_may_be_asked_again(
    served: Served, intake: Intake, fault: Exception
) -> None:
    fail_with(intake, fault)
    error: Any = failed(served)
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert as_sent(error).reason == "DEPENDENCY_UNAVAILABLE"
    assert "RetryInfo" in details(rpc_status.from_call(error))
    assert SAID not in str(error)


@pytest.mark.parametrize("error", [ValueError(SAID), KeyError(SAID), StopIteration(SAID)])
def test_the_text_of_an_unforeseen_exception_is_never_told(
    served: Served, intake: Intake, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(intake, error)
    sent: Any = failed(served)
    assert sent.code() is grpc.StatusCode.INTERNAL
    refusal = as_sent(sent)
    assert refusal.reason == "INTERNAL"
    written = "".join(capsys.readouterr())
    assert refusal.metadata["incident"] in written
    assert "open_" in written
    assert SAID not in str(sent) + written


def test_a_stream_that_breaks_tells_as_little(served: Served, intake: Intake) -> None:
    def watch(_request: object, _context: object) -> Iterator[object]:
        yield pb.WatchEscalationResponse()
        raise ValueError(SAID)

    intake.answers = {"WatchEscalation": watch}
    request = pb.WatchEscalationRequest(escalation_id="esc_a")
    stream = served.intake.WatchEscalation(request, metadata=served.as_(Role.PLATFORM))
    assert next(stream) == pb.WatchEscalationResponse()
    with pytest.raises(grpc.RpcError) as caught:
        next(stream)
    assert as_sent(caught.value).reason == "INTERNAL"
    assert SAID not in str(caught.value)


def test_what_another_service_refuses_is_refused_alike(served: Served, intake: Intake) -> None:
    fail_with(intake, NotTheOwner("esc_a", "dm_b"))
    remote = refusal_of(failed(served), "routing")
    assert isinstance(remote, RemoteRefusal)
    fail_with(intake, remote)
    again: Any = failed(served)
    assert again.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert as_sent(again).metadata == {"escalation_id": "esc_a", "owner": "dm_b"}


def test_a_reason_that_only_the_other_knows_keeps_its_status() -> None:
    kind = RemoteRefusal.of("PARCEL_TOO_HEAVY", grpc.StatusCode.FAILED_PRECONDITION)
    status = status_of(kind("43 kg"), "CarryOutRemedy")
    assert status.code == grpc.StatusCode.FAILED_PRECONDITION.value[0]
    assert details(status)["ErrorInfo"].reason == "PARCEL_TOO_HEAVY"


def test_wrong_fields_of_another_service_are_told_on(served: Served, intake: Intake) -> None:
    fail_with(intake, InvalidField("amount", "is too much"))
    remote = refusal_of(failed(served))
    assert isinstance(remote, RemoteRefusal)
    (violation,) = remote.violations
    assert (violation.field, violation.description) == ("amount", "is too much")


@pytest.mark.parametrize(
    "error", [ValueError(SAID), DependencyUnavailable("x"), Overloaded(1, "calls")]
)
def test_another_service_that_is_broken_or_away_cannot_be_asked_now(
    served: Served, intake: Intake, error: Exception
) -> None:
    fail_with(intake, error)
    assert isinstance(refusal_of(failed(served), "routing"), DependencyUnavailable)


def test_an_own_token_that_is_refused_elsewhere_is_no_refusal_of_the_callers(
    served: Served,
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        served.intake.OpenEscalation(opening(), metadata=(("authorization", "Bearer x"),))
    assert isinstance(refusal_of(caught.value, "intake"), DependencyUnavailable)
    assert as_sent(caught.value).reason == "TOKEN_INVALID"


def test_an_expired_token_of_the_caller_is_the_callers_to_renew(
    served: Served, intake: Intake
) -> None:
    expired = RemoteRefusal.of("TOKEN_EXPIRED", grpc.StatusCode.UNAUTHENTICATED)
    fail_with(intake, expired("expired", credential="amends-caller"))
    assert refusal_of(failed(served)).reason == "TOKEN_EXPIRED"


def test_where_nobody_listens_nobody_can_be_asked(served: Served) -> None:
    served.server.stop()
    assert isinstance(refusal_of(failed(served), "intake"), DependencyUnavailable)


def test_an_error_of_another_service_that_nobody_caught_is_read_the_same(
    served: Served, intake: Intake
) -> None:
    fail_with(intake, EscalationNotFound("esc_a"))
    fail_with(intake, failed(served))
    assert as_sent(failed(served)).reason == "ESCALATION_NOT_FOUND"


def test_long_values_fit_in_an_answer(served: Served, intake: Intake) -> None:
    fail_with(intake, InvalidMoney("x" * 100_000, field="limit", currency="y" * 100_000))
    error: Any = failed(served)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


def every_refusal() -> Iterator[type[Refusal]]:
    """Each refusal class of the product that can be raised."""
    for package in (amends, services):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".migrations." not in found.name:
                importlib.import_module(found.name)
    waiting = [Refusal]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.split(".")[0] in {"amends", "services"} and hasattr(kind, "reason"):
            yield kind


def test_every_refusal_of_the_product_has_a_status() -> None:
    unknown = {
        f"{kind.__module__}.{kind.__qualname__}: {kind.reason}"
        for kind in every_refusal()
        if kind.reason not in STATUS_OF and not issubclass(kind, RemoteRefusal)
    }
    assert not unknown, "give each reason its status in amends/rpc/status.py"


def test_a_refusal_whose_reason_is_in_no_table_is_a_fault_of_ours() -> None:
    class Unheard(Refusal):
        reason = "UNHEARD"

    status = status_of(Unheard("?"), "OpenEscalation")
    assert status.code == grpc.StatusCode.INTERNAL.value[0]
