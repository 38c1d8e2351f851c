"""The one table from a refusal's reason to its gRPC status, and the details that travel with it.

No text of an unforeseen exception is ever sent: the caller gets an incident id, the log the rest.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

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
from amends.rpc.identity import CALLER
from amends.rpc.refusals import InvalidFields, MessageTooLarge, RemoteRefusal, Violation
from amends.rpc.rpcs import Rpc
from amends.telemetry import metrics
from amends.values.refusal import DependencyUnavailable, Refusal

DOMAIN = "amends"
GrpcError = Any
"""A grpc.RpcError that a stub raised; its type stubs know no error with a status."""
D = TypeVar("D", bound=Message)
RETRY_AFTER = timedelta(milliseconds=200)
"""A refused call may be repeated after this at the soonest; after twice this at the latest."""
PUSHBACK = "grpc-retry-pushback-ms"

_REASONS = {
    StatusCode.INVALID_ARGUMENT: """
        INVALID_FIELD INVALID_MONEY NEED_BY_IN_THE_PAST NEED_BY_WITHOUT_ZONE PROMISE_IN_THE_PAST
        EVIDENCE_REQUIRED TENANT_REQUIRED WORDS_MISSING
    """,
    StatusCode.UNAUTHENTICATED: "TOKEN_MISSING TOKEN_EXPIRED TOKEN_INVALID",
    StatusCode.NOT_FOUND: """
        ESCALATION_NOT_FOUND DECISION_MAKER_NOT_FOUND ASSIGNMENT_NOT_FOUND GRANT_NOT_FOUND
        HAND_OVER_NOT_FOUND ORDER_NOT_FOUND OFFER_NOT_FOUND REMEDY_NOT_FOUND RESPONSE_NOT_FOUND
        PROMISE_NOT_FOUND FOLLOW_UP_NOT_FOUND DEBRIEF_NOT_FOUND CUSTOMER_NOT_FOUND
        SHIPMENT_NOT_FOUND SKU_NOT_FOUND REPLACEMENT_NOT_FOUND CREDIT_NOT_FOUND REFUND_NOT_FOUND
    """,
    StatusCode.ALREADY_EXISTS: "REQUEST_ID_REUSED SUBJECT_TAKEN",
    StatusCode.ABORTED: "VERSION_CONFLICT DECIDED_ALREADY RESTATEMENT_OUTDATED",
    StatusCode.FAILED_PRECONDITION: """
        PROBLEM_NOT_CONFIRMED NOT_THE_OWNER NOT_YOUR_ASSIGNMENT NOT_YOUR_HAND_OVER HAND_OVER_OPEN
        ALREADY_THE_OWNER NOT_LESS_SENIOR
        DECISION_MAKER_NOT_AVAILABLE NOT_DUE AUTHORITY_EXCEEDED CURRENCY_NOT_GRANTED OFFER_NOT_OPEN
        OFFER_ALREADY_OPEN OFFER_NOT_ACCEPTED PROMISE_SETTLED RESHIP_NOT_FEASIBLE
        SHIPPING_NOT_OFFERED OUT_OF_STOCK REPLACEMENT_SHIPPED CREDIT_USED KEY_CLOSED
        REFUND_EXCEEDS_PAYMENT REFUND_METHOD_NOT_OFFERED NOT_COMPENSATED NOT_REPLACED
        ANSWER_NOT_DELIVERED REMEDY_NOT_FINAL NOT_RESOLVED NOT_ASKED FOLLOW_UP_OPEN COOLING_OFF
        REVIEW_REQUIRED ESCALATION_CLOSED KEPT_BY_LAW CUSTOMER_FORGOTTEN
    """,
    StatusCode.PERMISSION_DENIED: """
        SELF_APPROVAL SELF_CONFIRMATION ROLE_REQUIRED NOT_YOURSELF CONFLICT_OF_INTEREST
    """,
    StatusCode.RESOURCE_EXHAUSTED: "OVERLOADED MESSAGE_TOO_LARGE",
    StatusCode.DEADLINE_EXCEEDED: "DEADLINE_PASSED",
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
# What gRPC says of a message above `Limits.request_bytes`.
_TOO_LARGE = "message larger than max"
_CODES = {code.value[0]: code for code in StatusCode}
# Characters and bytes: details travel in a call's trailers, of which gRPC takes 8 KiB.
_LONGEST_MESSAGE = 500
_LONGEST_VALUE = 200
_MOST_BYTES = 3_000
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
            reason=refusal.reason,
            domain=DOMAIN,
            metadata={key: value[:_LONGEST_VALUE] for key, value in refusal.metadata.items()},
        )
    ]
    if violations := _violations(refusal):
        details.append(_bad_request(violations))
    if refusal.reason in _REPEATABLE:
        details.append(_retry_info())
    return _status(code_of(refusal), refusal.message[:_LONGEST_MESSAGE], details)


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
    """What another service's error means to a service: a refusal, or that it cannot be asked now.

    A RemoteRefusal carries the other's reason, message, metadata and violations; raised again it
    maps to the same status. An expired token of the person called for is such a refusal too. Any
    other failure to answer is DependencyUnavailable: the same request may be repeated.
    """
    found = as_sent(error, dependency)
    if not isinstance(found, RemoteRefusal) or found.metadata.get("credential") == CALLER:
        return found
    return DependencyUnavailable(dependency) if found.status in _FAULTS else found


def as_sent(error: grpc.RpcError, dependency: str = "the service") -> Refusal:
    """What a server said to a program of the outside: its refusal as it stands, faults included.

    DependencyUnavailable where the error is none of ours: nothing answered. MessageTooLarge is
    gRPC's own, which refuses it before any server of ours knows.
    """
    sent = _sent_status(error)
    info = _detail(sent, error_details_pb2.ErrorInfo)
    if info is None or info.domain != DOMAIN:
        return MessageTooLarge() if _is_too_large(error) else DependencyUnavailable(dependency)
    kind = RemoteRefusal.of(info.reason, _CODES[sent.code])
    refusal = kind(sent.message, **info.metadata)
    bad = _detail(sent, error_details_pb2.BadRequest) or error_details_pb2.BadRequest()
    refusal.violations = tuple(
        Violation(one.field, one.description, one.reason) for one in bad.field_violations
    )
    return refusal


class StatusStep:
    """Turns whatever a handler raises into a status; the outermost step of every call."""

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """Ends the call with the status of what was raised inside."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a call's process loop: nothing may leak
            status = status_of(error, rpc.name)
            _tell(status)
            # To abort replaces what the other steps tell in the trailers.
            told: Any = context
            context.abort_with_status(ending(status, told.trailing_metadata() or ()))


def ending(status: status_pb2.Status, trailers: Iterable[tuple[str, str | bytes]] = ()) -> Any:  # noqa: ANN401 - a grpc.Status
    """How a call ends with a status: what gRPC takes, with its details and pushback behind."""
    ended: Any = rpc_status.to_status(status)
    return ended._replace(
        trailing_metadata=(*trailers, *ended.trailing_metadata, *_pushback(status))
    )


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


def _tell(status: status_pb2.Status) -> None:
    """One count and one line for each refused call; where too much comes, the count is enough."""
    info = _detail(status, error_details_pb2.ErrorInfo) or error_details_pb2.ErrorInfo()
    known = info.reason in STATUS_OF or info.reason == "INTERNAL"
    reason = info.reason if known else "OTHER"
    metrics.refused(reason)
    if status.code != StatusCode.RESOURCE_EXHAUSTED.value[0]:
        telemetry.log().info("refused", reason=reason, status=_CODES[status.code].name)


def _pushback(status: status_pb2.Status) -> tuple[tuple[str, str], ...]:
    """RetryInfo as a trailer for gRPC's own retries, which read no details."""
    retry = _detail(status, error_details_pb2.RetryInfo)
    return () if retry is None else ((PUSHBACK, str(retry.retry_delay.ToMilliseconds())),)


def _is_too_large(error: GrpcError) -> bool:
    return error.code() is StatusCode.RESOURCE_EXHAUSTED and _TOO_LARGE in (error.details() or "")


def _sent_status(error: GrpcError) -> status_pb2.Status:
    """The google.rpc.Status of an error, sync or asyncio; an empty one where it has none."""
    try:
        return rpc_status.from_call(error) or status_pb2.Status()
    except (AttributeError, ValueError):
        return status_pb2.Status()


def _detail(status: status_pb2.Status, kind: type[D]) -> D | None:
    for packed in status.details:
        detail = kind()
        if packed.Unpack(detail):
            return detail
    return None


def _violations(refusal: Refusal) -> tuple[Violation, ...]:
    if isinstance(refusal, InvalidFields | RemoteRefusal):
        return refusal.violations
    field = refusal.metadata.get("field", "") or refusal.field
    return (Violation(field, refusal.message, refusal.reason),) if field else ()


def _bad_request(violations: tuple[Violation, ...]) -> error_details_pb2.BadRequest:
    """The wrong fields, as many as fit in a call's trailers."""
    found = error_details_pb2.BadRequest()
    for violation in violations:
        one = found.field_violations.add(
            field=violation.field[:_LONGEST_VALUE],
            description=violation.description[:_LONGEST_VALUE],
            reason=violation.rule,
        )
        if found.ByteSize() > _MOST_BYTES:
            one.description = "and more; correct these first"
            break
    return found


def _retry_info() -> error_details_pb2.RetryInfo:
    info = error_details_pb2.RetryInfo()
    info.retry_delay.FromTimedelta(RETRY_AFTER + RETRY_AFTER * (secrets.randbelow(100) / 100))
    return info


def _status(code: StatusCode, message: str, details: list[Message]) -> status_pb2.Status:
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    return status_pb2.Status(code=code.value[0], message=message, details=packed)
