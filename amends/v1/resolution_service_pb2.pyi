import datetime

from amends.v1 import access_pb2 as _access_pb2
from amends.v1 import commerce_service_pb2 as _commerce_service_pb2
from amends.v1 import resolution_events_pb2 as _resolution_events_pb2
from amends.v1 import types_pb2 as _types_pb2
from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OfferState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFER_STATE_UNSPECIFIED: _ClassVar[OfferState]
    OFFER_STATE_OPEN: _ClassVar[OfferState]
    OFFER_STATE_ACCEPTED: _ClassVar[OfferState]
    OFFER_STATE_DECLINED: _ClassVar[OfferState]
    OFFER_STATE_COUNTERED: _ClassVar[OfferState]
    OFFER_STATE_EXPIRED: _ClassVar[OfferState]
    OFFER_STATE_DRAFT: _ClassVar[OfferState]
    OFFER_STATE_REJECTED: _ClassVar[OfferState]
    OFFER_STATE_WITHDRAWN: _ClassVar[OfferState]

class OfferAnswer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFER_ANSWER_UNSPECIFIED: _ClassVar[OfferAnswer]
    OFFER_ANSWER_ACCEPT: _ClassVar[OfferAnswer]
    OFFER_ANSWER_DECLINE: _ClassVar[OfferAnswer]
    OFFER_ANSWER_COUNTER: _ClassVar[OfferAnswer]

class RemedyState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REMEDY_STATE_UNSPECIFIED: _ClassVar[RemedyState]
    REMEDY_STATE_PROMISED: _ClassVar[RemedyState]
    REMEDY_STATE_STARTED: _ClassVar[RemedyState]
    REMEDY_STATE_ORDERED: _ClassVar[RemedyState]
    REMEDY_STATE_SHIPPED: _ClassVar[RemedyState]
    REMEDY_STATE_COMPLETED: _ClassVar[RemedyState]
    REMEDY_STATE_FAILED: _ClassVar[RemedyState]
    REMEDY_STATE_SUBMITTED: _ClassVar[RemedyState]
    REMEDY_STATE_COMPENSATED: _ClassVar[RemedyState]

class PromiseState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROMISE_STATE_UNSPECIFIED: _ClassVar[PromiseState]
    PROMISE_STATE_OPEN: _ClassVar[PromiseState]
    PROMISE_STATE_KEPT: _ClassVar[PromiseState]
    PROMISE_STATE_BROKEN: _ClassVar[PromiseState]
    PROMISE_STATE_KEPT_LATE: _ClassVar[PromiseState]

class RefundStanding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUND_STANDING_UNSPECIFIED: _ClassVar[RefundStanding]
    REFUND_STANDING_SUBMITTED: _ClassVar[RefundStanding]
    REFUND_STANDING_SUCCEEDED: _ClassVar[RefundStanding]
    REFUND_STANDING_FAILED: _ClassVar[RefundStanding]
    REFUND_STANDING_UNKNOWN: _ClassVar[RefundStanding]
OFFER_STATE_UNSPECIFIED: OfferState
OFFER_STATE_OPEN: OfferState
OFFER_STATE_ACCEPTED: OfferState
OFFER_STATE_DECLINED: OfferState
OFFER_STATE_COUNTERED: OfferState
OFFER_STATE_EXPIRED: OfferState
OFFER_STATE_DRAFT: OfferState
OFFER_STATE_REJECTED: OfferState
OFFER_STATE_WITHDRAWN: OfferState
OFFER_ANSWER_UNSPECIFIED: OfferAnswer
OFFER_ANSWER_ACCEPT: OfferAnswer
OFFER_ANSWER_DECLINE: OfferAnswer
OFFER_ANSWER_COUNTER: OfferAnswer
REMEDY_STATE_UNSPECIFIED: RemedyState
REMEDY_STATE_PROMISED: RemedyState
REMEDY_STATE_STARTED: RemedyState
REMEDY_STATE_ORDERED: RemedyState
REMEDY_STATE_SHIPPED: RemedyState
REMEDY_STATE_COMPLETED: RemedyState
REMEDY_STATE_FAILED: RemedyState
REMEDY_STATE_SUBMITTED: RemedyState
REMEDY_STATE_COMPENSATED: RemedyState
PROMISE_STATE_UNSPECIFIED: PromiseState
PROMISE_STATE_OPEN: PromiseState
PROMISE_STATE_KEPT: PromiseState
PROMISE_STATE_BROKEN: PromiseState
PROMISE_STATE_KEPT_LATE: PromiseState
REFUND_STANDING_UNSPECIFIED: RefundStanding
REFUND_STANDING_SUBMITTED: RefundStanding
REFUND_STANDING_SUCCEEDED: RefundStanding
REFUND_STANDING_FAILED: RefundStanding
REFUND_STANDING_UNKNOWN: RefundStanding

class SuggestRemediesRequest(_message.Message):
    __slots__ = ("escalation_id",)
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    def __init__(self, escalation_id: _Optional[str] = ...) -> None: ...

class Suggestion(_message.Message):
    __slots__ = ("kind", "amount", "sku", "shipping", "cost", "in_time", "exceptions", "within_authority", "why", "percent", "method")
    KIND_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    SHIPPING_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    WITHIN_AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    kind: _types_pb2.RemedyKind
    amount: _money_pb2.Money
    sku: str
    shipping: _resolution_events_pb2.Shipping
    cost: _money_pb2.Money
    in_time: bool
    exceptions: _containers.RepeatedCompositeFieldContainer[_types_pb2.PolicyException]
    within_authority: bool
    why: str
    percent: int
    method: _commerce_service_pb2.RefundMethod
    def __init__(self, kind: _Optional[_Union[_types_pb2.RemedyKind, str]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., sku: _Optional[str] = ..., shipping: _Optional[_Union[_resolution_events_pb2.Shipping, _Mapping]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., in_time: _Optional[bool] = ..., exceptions: _Optional[_Iterable[_Union[_types_pb2.PolicyException, _Mapping]]] = ..., within_authority: _Optional[bool] = ..., why: _Optional[str] = ..., percent: _Optional[int] = ..., method: _Optional[_Union[_commerce_service_pb2.RefundMethod, str]] = ...) -> None: ...

class EarlierRefund(_message.Message):
    __slots__ = ("refund_id", "amount", "method", "state", "requested_by", "created_at", "expected_by", "credited_at", "failure")
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREDITED_AT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    refund_id: str
    amount: _money_pb2.Money
    method: _commerce_service_pb2.RefundMethod
    state: _commerce_service_pb2.RefundState
    requested_by: str
    created_at: _timestamp_pb2.Timestamp
    expected_by: _timestamp_pb2.Timestamp
    credited_at: _timestamp_pb2.Timestamp
    failure: str
    def __init__(self, refund_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., method: _Optional[_Union[_commerce_service_pb2.RefundMethod, str]] = ..., state: _Optional[_Union[_commerce_service_pb2.RefundState, str]] = ..., requested_by: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expected_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., credited_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failure: _Optional[str] = ...) -> None: ...

class SuggestRemediesResponse(_message.Message):
    __slots__ = ("suggestions", "not_feasible", "reason", "limits", "earlier_refunds")
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    NOT_FEASIBLE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    EARLIER_REFUNDS_FIELD_NUMBER: _ClassVar[int]
    suggestions: _containers.RepeatedCompositeFieldContainer[Suggestion]
    not_feasible: bool
    reason: str
    limits: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    earlier_refunds: _containers.RepeatedCompositeFieldContainer[EarlierRefund]
    def __init__(self, suggestions: _Optional[_Iterable[_Union[Suggestion, _Mapping]]] = ..., not_feasible: _Optional[bool] = ..., reason: _Optional[str] = ..., limits: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., earlier_refunds: _Optional[_Iterable[_Union[EarlierRefund, _Mapping]]] = ...) -> None: ...

class OfferedRemedy(_message.Message):
    __slots__ = ("kind", "sku", "shipping_service", "amount", "percent", "method", "in_place_of")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    SHIPPING_SERVICE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    IN_PLACE_OF_FIELD_NUMBER: _ClassVar[int]
    kind: _types_pb2.RemedyKind
    sku: str
    shipping_service: str
    amount: _money_pb2.Money
    percent: int
    method: _commerce_service_pb2.RefundMethod
    in_place_of: str
    def __init__(self, kind: _Optional[_Union[_types_pb2.RemedyKind, str]] = ..., sku: _Optional[str] = ..., shipping_service: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., percent: _Optional[int] = ..., method: _Optional[_Union[_commerce_service_pb2.RefundMethod, str]] = ..., in_place_of: _Optional[str] = ...) -> None: ...

class MakeOfferRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "expected_version", "remedies", "explanation", "apology", "late_is_agreed")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    APOLOGY_FIELD_NUMBER: _ClassVar[int]
    LATE_IS_AGREED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    expected_version: int
    remedies: _containers.RepeatedCompositeFieldContainer[OfferedRemedy]
    explanation: str
    apology: str
    late_is_agreed: bool
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., remedies: _Optional[_Iterable[_Union[OfferedRemedy, _Mapping]]] = ..., explanation: _Optional[str] = ..., apology: _Optional[str] = ..., late_is_agreed: _Optional[bool] = ...) -> None: ...

class MakeOfferResponse(_message.Message):
    __slots__ = ("offer_id", "remedies", "expires_by", "version", "state", "approve_by", "needs")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    APPROVE_BY_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    remedies: _containers.RepeatedCompositeFieldContainer[_resolution_events_pb2.Remedy]
    expires_by: _timestamp_pb2.Timestamp
    version: int
    state: OfferState
    approve_by: _timestamp_pb2.Timestamp
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    def __init__(self, offer_id: _Optional[str] = ..., remedies: _Optional[_Iterable[_Union[_resolution_events_pb2.Remedy, _Mapping]]] = ..., expires_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ..., state: _Optional[_Union[OfferState, str]] = ..., approve_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ...) -> None: ...

class ApproveOfferRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "offer_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    offer_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ...) -> None: ...

class ApproveOfferResponse(_message.Message):
    __slots__ = ("state", "expires_by", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: OfferState
    expires_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, state: _Optional[_Union[OfferState, str]] = ..., expires_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class RejectOfferRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "offer_id", "reason", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    offer_id: str
    reason: _resolution_events_pb2.RejectReason
    note: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., reason: _Optional[_Union[_resolution_events_pb2.RejectReason, str]] = ..., note: _Optional[str] = ...) -> None: ...

class RejectOfferResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: OfferState
    version: int
    def __init__(self, state: _Optional[_Union[OfferState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class WithdrawOfferRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "offer_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    offer_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ...) -> None: ...

class WithdrawOfferResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: OfferState
    version: int
    def __init__(self, state: _Optional[_Union[OfferState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class ExpireOfferRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "offer_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    offer_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ...) -> None: ...

class ExpireOfferResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: OfferState
    version: int
    def __init__(self, state: _Optional[_Union[OfferState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class AnswerOfferRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "offer_id", "answer", "remedy_sought", "words")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    offer_id: str
    answer: OfferAnswer
    remedy_sought: _types_pb2.RemedySought
    words: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., answer: _Optional[_Union[OfferAnswer, str]] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ..., words: _Optional[str] = ...) -> None: ...

class AnswerOfferResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: OfferState
    version: int
    def __init__(self, state: _Optional[_Union[OfferState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class CarryOutRemedyRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "remedy_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    remedy_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class CarryOutRemedyResponse(_message.Message):
    __slots__ = ("state", "version", "check_by")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    state: RemedyState
    version: int
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, state: _Optional[_Union[RemedyState, str]] = ..., version: _Optional[int] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CompensateRemedyRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "remedy_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    remedy_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class CompensateRemedyResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: RemedyState
    version: int
    def __init__(self, state: _Optional[_Union[RemedyState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class CheckRefundRequest(_message.Message):
    __slots__ = ("escalation_id", "remedy_id")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class CheckRefundResponse(_message.Message):
    __slots__ = ("state", "version", "check_by")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    state: RemedyState
    version: int
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, state: _Optional[_Union[RemedyState, str]] = ..., version: _Optional[int] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReportRefundRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "remedy_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    remedy_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class ReportRefundResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: RemedyState
    version: int
    def __init__(self, state: _Optional[_Union[RemedyState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class CheckReplacementRequest(_message.Message):
    __slots__ = ("escalation_id", "remedy_id")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class CheckReplacementResponse(_message.Message):
    __slots__ = ("state", "version", "check_by")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    state: RemedyState
    version: int
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, state: _Optional[_Union[RemedyState, str]] = ..., version: _Optional[int] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MakePromiseRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "what", "due_by")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    what: str
    due_by: _timestamp_pb2.Timestamp
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., what: _Optional[str] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MakePromiseResponse(_message.Message):
    __slots__ = ("promise_id", "warn_by", "version")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    WARN_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    warn_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, promise_id: _Optional[str] = ..., warn_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class KeepPromiseRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "promise_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    promise_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., promise_id: _Optional[str] = ...) -> None: ...

class KeepPromiseResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: PromiseState
    version: int
    def __init__(self, state: _Optional[_Union[PromiseState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class BreakPromiseRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "promise_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    promise_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., promise_id: _Optional[str] = ...) -> None: ...

class BreakPromiseResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: PromiseState
    version: int
    def __init__(self, state: _Optional[_Union[PromiseState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class SendResponseRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "kind", "words")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    kind: _resolution_events_pb2.ResponseKind
    words: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., kind: _Optional[_Union[_resolution_events_pb2.ResponseKind, str]] = ..., words: _Optional[str] = ...) -> None: ...

class SendResponseResponse(_message.Message):
    __slots__ = ("response_id", "deliver_by", "version")
    RESPONSE_ID_FIELD_NUMBER: _ClassVar[int]
    DELIVER_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    response_id: str
    deliver_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, response_id: _Optional[str] = ..., deliver_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class ConfirmDeliveryRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "response_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    response_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., response_id: _Optional[str] = ...) -> None: ...

class ConfirmDeliveryResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class ResolveEscalationRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ...) -> None: ...

class ResolveEscalationResponse(_message.Message):
    __slots__ = ("resolved_at", "version")
    RESOLVED_AT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    resolved_at: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, resolved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class GetResolutionRequest(_message.Message):
    __slots__ = ("escalation_id",)
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    def __init__(self, escalation_id: _Optional[str] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("offer_id", "state", "remedies", "explanation", "apology", "maker", "made_at", "expires_by", "reservation_id", "approve_by", "approver", "reject_reason", "reject_note")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    APOLOGY_FIELD_NUMBER: _ClassVar[int]
    MAKER_FIELD_NUMBER: _ClassVar[int]
    MADE_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_BY_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVE_BY_FIELD_NUMBER: _ClassVar[int]
    APPROVER_FIELD_NUMBER: _ClassVar[int]
    REJECT_REASON_FIELD_NUMBER: _ClassVar[int]
    REJECT_NOTE_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    state: OfferState
    remedies: _containers.RepeatedCompositeFieldContainer[OfferedRemedyState]
    explanation: str
    apology: str
    maker: str
    made_at: _timestamp_pb2.Timestamp
    expires_by: _timestamp_pb2.Timestamp
    reservation_id: str
    approve_by: _timestamp_pb2.Timestamp
    approver: str
    reject_reason: _resolution_events_pb2.RejectReason
    reject_note: str
    def __init__(self, offer_id: _Optional[str] = ..., state: _Optional[_Union[OfferState, str]] = ..., remedies: _Optional[_Iterable[_Union[OfferedRemedyState, _Mapping]]] = ..., explanation: _Optional[str] = ..., apology: _Optional[str] = ..., maker: _Optional[str] = ..., made_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reservation_id: _Optional[str] = ..., approve_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., approver: _Optional[str] = ..., reject_reason: _Optional[_Union[_resolution_events_pb2.RejectReason, str]] = ..., reject_note: _Optional[str] = ...) -> None: ...

class OfferedRemedyState(_message.Message):
    __slots__ = ("remedy", "state", "reference", "shipped_at", "delivered_at", "refund", "failure")
    REMEDY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    REFUND_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    remedy: _resolution_events_pb2.Remedy
    state: RemedyState
    reference: str
    shipped_at: _timestamp_pb2.Timestamp
    delivered_at: _timestamp_pb2.Timestamp
    refund: RefundProgress
    failure: str
    def __init__(self, remedy: _Optional[_Union[_resolution_events_pb2.Remedy, _Mapping]] = ..., state: _Optional[_Union[RemedyState, str]] = ..., reference: _Optional[str] = ..., shipped_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., refund: _Optional[_Union[RefundProgress, _Mapping]] = ..., failure: _Optional[str] = ...) -> None: ...

class RefundProgress(_message.Message):
    __slots__ = ("standing", "submitted_at", "expected_by", "credited_at", "failed_at")
    STANDING_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREDITED_AT_FIELD_NUMBER: _ClassVar[int]
    FAILED_AT_FIELD_NUMBER: _ClassVar[int]
    standing: RefundStanding
    submitted_at: _timestamp_pb2.Timestamp
    expected_by: _timestamp_pb2.Timestamp
    credited_at: _timestamp_pb2.Timestamp
    failed_at: _timestamp_pb2.Timestamp
    def __init__(self, standing: _Optional[_Union[RefundStanding, str]] = ..., submitted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expected_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., credited_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Promise(_message.Message):
    __slots__ = ("promise_id", "what", "maker", "state", "promised_at", "due_by", "warn_by")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    MAKER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    WARN_BY_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    what: str
    maker: str
    state: PromiseState
    promised_at: _timestamp_pb2.Timestamp
    due_by: _timestamp_pb2.Timestamp
    warn_by: _timestamp_pb2.Timestamp
    def __init__(self, promise_id: _Optional[str] = ..., what: _Optional[str] = ..., maker: _Optional[str] = ..., state: _Optional[_Union[PromiseState, str]] = ..., promised_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., warn_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Response(_message.Message):
    __slots__ = ("response_id", "kind", "channel", "words", "sent_at", "deliver_by", "delivered_at")
    RESPONSE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVER_BY_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    response_id: str
    kind: _resolution_events_pb2.ResponseKind
    channel: _types_pb2.Channel
    words: str
    sent_at: _timestamp_pb2.Timestamp
    deliver_by: _timestamp_pb2.Timestamp
    delivered_at: _timestamp_pb2.Timestamp
    def __init__(self, response_id: _Optional[str] = ..., kind: _Optional[_Union[_resolution_events_pb2.ResponseKind, str]] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., words: _Optional[str] = ..., sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., deliver_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetResolutionResponse(_message.Message):
    __slots__ = ("offers", "responses", "resolved_at", "version", "promises")
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_AT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedCompositeFieldContainer[Offer]
    responses: _containers.RepeatedCompositeFieldContainer[Response]
    resolved_at: _timestamp_pb2.Timestamp
    version: int
    promises: _containers.RepeatedCompositeFieldContainer[Promise]
    def __init__(self, offers: _Optional[_Iterable[_Union[Offer, _Mapping]]] = ..., responses: _Optional[_Iterable[_Union[Response, _Mapping]]] = ..., resolved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ..., promises: _Optional[_Iterable[_Union[Promise, _Mapping]]] = ...) -> None: ...
