"""The one table from a refusal's reason to its gRPC status, and the details that travel with it.

No text of an unforeseen exception is ever sent: the caller gets an incident id, the log the rest.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc import StatusCode
from grpc_status import rpc_status
from kafka.errors import KafkaError
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from amends import telemetry
from amends.rpc.refusals import InvalidFields, RemoteRefusal, Violation
from amends.rpc.rpcs import Rpc
from amends.values.refusal import DependencyUnavailable, Refusal

DOMAIN = "amends"
RETRY_AFTER = timedelta(milliseconds=200)

_REASONS = {
    StatusCode.INVALID_ARGUMENT: (
        "INVALID_FIELD INVALID_MONEY NEED_BY_IN_THE_PAST NEED_BY_WITHOUT_ZONE "
        "PROMISE_IN_THE_PAST TENANT_REQUIRED EVIDENCE_REQUIRED WORDS_MISSING"
    ),
    StatusCode.UNAUTHENTICATED: "TOKEN_MISSING TOKEN_EXPIRED TOKEN_INVALID",
    StatusCode.NOT_FOUND: (
        "ESCALATION_NOT_FOUND DECISION_MAKER_NOT_FOUND ASSIGNMENT_NOT_FOUND ORDER_NOT_FOUND "
        "OFFER_NOT_FOUND REMEDY_NOT_FOUND RESPONSE_NOT_FOUND GRANT_NOT_FOUND FOLLOW_UP_NOT_FOUND "
        "CUSTOMER_NOT_FOUND SKU_NOT_FOUND SHIPMENT_NOT_FOUND REPLACEMENT_NOT_FOUND CREDIT_NOT_FOUND"
    ),
    StatusCode.ALREADY_EXISTS: "REQUEST_ID_REUSED",
    StatusCode.ABORTED: "VERSION_CONFLICT DECIDED_ALREADY RESTATEMENT_OUTDATED",
    StatusCode.FAILED_PRECONDITION: (
        "PROBLEM_NOT_CONFIRMED NOT_THE_OWNER AUTHORITY_EXCEEDED CURRENCY_NOT_GRANTED "
        "OFFER_NOT_OPEN PROMISE_SETTLED RESHIP_NOT_FEASIBLE REFUND_EXCEEDS_PAYMENT "
        "ANSWER_NOT_DELIVERED COOLING_OFF REVIEW_REQUIRED ESCALATION_CLOSED OFFER_ALREADY_OPEN "
        "OFFER_NOT_ACCEPTED REMEDY_NOT_FINAL SHIPPING_NOT_OFFERED OUT_OF_STOCK NOT_DUE NOT_ASKED "
        "NOT_RESOLVED FOLLOW_UP_OPEN"
    ),
    StatusCode.PERMISSION_DENIED: (
        "SELF_APPROVAL SELF_CONFIRMATION ROLE_REQUIRED CONFLICT_OF_INTEREST NOT_YOURSELF "
        "NOT_YOUR_ASSIGNMENT"
    ),
    StatusCode.RESOURCE_EXHAUSTED: "OVERLOADED",
    StatusCode.UNAVAILABLE: "DEPENDENCY_UNAVAILABLE SERVER_STOPPING",
}
STATUS_OF: dict[str, StatusCode] = {
    reason: code for code, reasons in _REASONS.items() for reason in reasons.split()
}
"""Every reason that a refusal may have; a test finds a refusal whose reason is missing here."""

_REPEATABLE = {"OVERLOADED", "DEPENDENCY_UNAVAILABLE", "SERVER_STOPPING"}
# Codes by which another server says that it is broken or away, not that a rule says no.
_FAULTS = {
    StatusCode.UNAVAILABLE,
    StatusCode.DEADLINE_EXCEEDED,
    StatusCode.UNAUTHENTICATED,
    StatusCode.RESOURCE_EXHAUSTED,
    StatusCode.INTERNAL,
    StatusCode.UNKNOWN,
    StatusCode.CANCELLED,
    StatusCode.UNIMPLEMENTED,
}
_STORE_AWAY = (OperationalError, InterfaceError, DisconnectionError, PoolTimeout)


def code_of(refusal: Refusal) -> StatusCode:
    """The status of a refusal; one whose reason is in no table is a fault: INTERNAL."""
    if refusal.reason in STATUS_OF:
        return STATUS_OF[refusal.reason]
    return refusal.status if isinstance(refusal, RemoteRefusal) else StatusCode.INTERNAL


def to_status(refusal: Refusal) -> status_pb2.Status:
    """The refusal as google.rpc.Status: ErrorInfo, wrong fields, and when to try again."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(
            reason=refusal.reason, domain=DOMAIN, metadata=dict(refusal.metadata)
        )
    ]
    if violations := _violations(refusal):
        details.append(_bad_request(violations))
    if refusal.reason in _REPEATABLE:
        details.append(_retry_info())
    return _status(code_of(refusal), refusal.message, details)


def incident(error: BaseException, rpc: str) -> status_pb2.Status:
    """INTERNAL with an id under which the log tells the rest; the error's text stays here."""
    incident_id = secrets.token_hex(8)
    telemetry.log().error(
        "incident", incident=incident_id, rpc=rpc, trace=telemetry.trace_of(error)
    )
    info = error_details_pb2.ErrorInfo(
        reason="INTERNAL", domain=DOMAIN, metadata={"incident": incident_id}
    )
    message = f"something broke here; operations find it under incident {incident_id}"
    return _status(StatusCode.INTERNAL, message, [info])


def refusal_of(error: grpc.RpcError, dependency: str = "another service") -> Refusal:
    """What another server's error means here: its refusal, or that it cannot be asked now.

    A RemoteRefusal carries the other's reason, message and metadata, and raised again maps to the
    same status. An expired token of the person called for is such a refusal too; any other failure
    to answer is DependencyUnavailable: the caller may repeat the same request.
    """
    code = error.code() if isinstance(error, grpc.Call) else StatusCode.UNKNOWN
    info = error_info_of(error)
    if info is None or (code in _FAULTS and not _concerns_the_caller(info)):
        return DependencyUnavailable(dependency)
    message = (error.details() if isinstance(error, grpc.Call) else "") or info.reason
    return RemoteRefusal.of(info.reason, code, message, dict(info.metadata))


def error_info_of(error: grpc.RpcError) -> error_details_pb2.ErrorInfo | None:
    """The ErrorInfo that an error carries, if it is one of ours."""
    status = rpc_status.from_call(error) if isinstance(error, grpc.Call) else None
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info) and info.domain == DOMAIN:
            return info
    return None


class StatusStep:
    """Turns whatever a handler raises into a status; the outermost step of every call."""

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """Ends the call with the status of what was raised inside."""
        try:
            yield
        except Exception as error:  # the process loop of a call: nothing may leak from here
            status = status_of(error, rpc.name)
            context.abort_with_status(rpc_status.to_status(status))


def status_of(error: Exception, rpc: str) -> status_pb2.Status:
    """The status of anything that a handler may raise."""
    if isinstance(error, Refusal):
        if code_of(error) is StatusCode.INTERNAL:
            return incident(error, rpc)
        return to_status(error)
    if isinstance(error, grpc.RpcError):
        return to_status(refusal_of(error))
    if isinstance(error, _STORE_AWAY):
        telemetry.log().warning("store_away", rpc=rpc, error=type(error).__name__)
        return to_status(DependencyUnavailable("the store"))
    if isinstance(error, KafkaError):
        telemetry.log().warning("kafka_away", rpc=rpc, error=type(error).__name__)
        return to_status(DependencyUnavailable("kafka"))
    return incident(error, rpc)


def _concerns_the_caller(info: error_details_pb2.ErrorInfo) -> bool:
    return info.metadata.get("credential") == "amends-caller"


def _violations(refusal: Refusal) -> tuple[Violation, ...]:
    if isinstance(refusal, InvalidFields):
        return refusal.violations
    field = refusal.metadata.get("field", "") or refusal.field
    return (Violation(field, refusal.message, refusal.reason),) if field else ()


def _bad_request(violations: tuple[Violation, ...]) -> error_details_pb2.BadRequest:
    found = [
        error_details_pb2.BadRequest.FieldViolation(
            field=violation.field, description=violation.what, reason=violation.rule
        )
        for violation in violations
    ]
    return error_details_pb2.BadRequest(field_violations=found)


def _retry_info() -> error_details_pb2.RetryInfo:
    info = error_details_pb2.RetryInfo()
    info.retry_delay.FromTimedelta(RETRY_AFTER)
    return info


def _status(code: StatusCode, message: str, details: list[Message]) -> status_pb2.Status:
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    return status_pb2.Status(code=code.value[0], message=message, details=packed)
