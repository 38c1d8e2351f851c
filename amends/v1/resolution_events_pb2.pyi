import datetime

from amends.v1 import commerce_service_pb2 as _commerce_service_pb2
from amends.v1 import event_pb2 as _event_pb2
from amends.v1 import types_pb2 as _types_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RejectReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REJECT_REASON_UNSPECIFIED: _ClassVar[RejectReason]
    REJECT_REASON_TOO_MUCH: _ClassVar[RejectReason]
    REJECT_REASON_TOO_LITTLE: _ClassVar[RejectReason]
    REJECT_REASON_ANOTHER_REMEDY: _ClassVar[RejectReason]
    REJECT_REASON_WORDING: _ClassVar[RejectReason]
    REJECT_REASON_NOT_JUSTIFIED: _ClassVar[RejectReason]
    REJECT_REASON_OTHER: _ClassVar[RejectReason]

class ResponseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESPONSE_KIND_UNSPECIFIED: _ClassVar[ResponseKind]
    RESPONSE_KIND_ACKNOWLEDGEMENT: _ClassVar[ResponseKind]
    RESPONSE_KIND_UPDATE: _ClassVar[ResponseKind]
    RESPONSE_KIND_ANSWER: _ClassVar[ResponseKind]
    RESPONSE_KIND_FOLLOW_UP: _ClassVar[ResponseKind]
REJECT_REASON_UNSPECIFIED: RejectReason
REJECT_REASON_TOO_MUCH: RejectReason
REJECT_REASON_TOO_LITTLE: RejectReason
REJECT_REASON_ANOTHER_REMEDY: RejectReason
REJECT_REASON_WORDING: RejectReason
REJECT_REASON_NOT_JUSTIFIED: RejectReason
REJECT_REASON_OTHER: RejectReason
RESPONSE_KIND_UNSPECIFIED: ResponseKind
RESPONSE_KIND_ACKNOWLEDGEMENT: ResponseKind
RESPONSE_KIND_UPDATE: ResponseKind
RESPONSE_KIND_ANSWER: ResponseKind
RESPONSE_KIND_FOLLOW_UP: ResponseKind

class Remedy(_message.Message):
    __slots__ = ("remedy_id", "kind", "amount", "sku", "shipping", "exceptions", "percent", "method", "in_place_of")
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    SHIPPING_FIELD_NUMBER: _ClassVar[int]
    EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    IN_PLACE_OF_FIELD_NUMBER: _ClassVar[int]
    remedy_id: str
    kind: _types_pb2.RemedyKind
    amount: _money_pb2.Money
    sku: str
    shipping: Shipping
    exceptions: _containers.RepeatedCompositeFieldContainer[_types_pb2.PolicyException]
    percent: int
    method: _commerce_service_pb2.RefundMethod
    in_place_of: str
    def __init__(self, remedy_id: _Optional[str] = ..., kind: _Optional[_Union[_types_pb2.RemedyKind, str]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., sku: _Optional[str] = ..., shipping: _Optional[_Union[Shipping, _Mapping]] = ..., exceptions: _Optional[_Iterable[_Union[_types_pb2.PolicyException, _Mapping]]] = ..., percent: _Optional[int] = ..., method: _Optional[_Union[_commerce_service_pb2.RefundMethod, str]] = ..., in_place_of: _Optional[str] = ...) -> None: ...

class Shipping(_message.Message):
    __slots__ = ("service", "price", "arrives_from", "arrives_by")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_FROM_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_BY_FIELD_NUMBER: _ClassVar[int]
    service: str
    price: _money_pb2.Money
    arrives_from: _timestamp_pb2.Timestamp
    arrives_by: _timestamp_pb2.Timestamp
    def __init__(self, service: _Optional[str] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., arrives_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrives_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferMade(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "remedies", "explanation", "apology", "reservation_id", "maker", "made_at", "expires_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    APOLOGY_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    MAKER_FIELD_NUMBER: _ClassVar[int]
    MADE_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    remedies: _containers.RepeatedCompositeFieldContainer[Remedy]
    explanation: _event_pb2.Sealed
    apology: _event_pb2.Sealed
    reservation_id: str
    maker: str
    made_at: _timestamp_pb2.Timestamp
    expires_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., remedies: _Optional[_Iterable[_Union[Remedy, _Mapping]]] = ..., explanation: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., apology: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., reservation_id: _Optional[str] = ..., maker: _Optional[str] = ..., made_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferDrafted(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "remedies", "explanation", "apology", "maker", "maker_subject", "needs", "drafted_at", "approve_by", "cut_off")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    APOLOGY_FIELD_NUMBER: _ClassVar[int]
    MAKER_FIELD_NUMBER: _ClassVar[int]
    MAKER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    DRAFTED_AT_FIELD_NUMBER: _ClassVar[int]
    APPROVE_BY_FIELD_NUMBER: _ClassVar[int]
    CUT_OFF_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    remedies: _containers.RepeatedCompositeFieldContainer[Remedy]
    explanation: _event_pb2.Sealed
    apology: _event_pb2.Sealed
    maker: str
    maker_subject: str
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    drafted_at: _timestamp_pb2.Timestamp
    approve_by: _timestamp_pb2.Timestamp
    cut_off: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., remedies: _Optional[_Iterable[_Union[Remedy, _Mapping]]] = ..., explanation: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., apology: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., maker: _Optional[str] = ..., maker_subject: _Optional[str] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., drafted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., approve_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cut_off: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferApproved(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "approver", "approver_subject", "reservation_id", "approved_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVER_FIELD_NUMBER: _ClassVar[int]
    APPROVER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    approver: str
    approver_subject: str
    reservation_id: str
    approved_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., approver: _Optional[str] = ..., approver_subject: _Optional[str] = ..., reservation_id: _Optional[str] = ..., approved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferRejected(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "approver", "approver_subject", "reason", "note", "rejected_at", "offer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVER_FIELD_NUMBER: _ClassVar[int]
    APPROVER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REJECTED_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    approver: str
    approver_subject: str
    reason: RejectReason
    note: _event_pb2.Sealed
    rejected_at: _timestamp_pb2.Timestamp
    offer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., approver: _Optional[str] = ..., approver_subject: _Optional[str] = ..., reason: _Optional[_Union[RejectReason, str]] = ..., note: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., rejected_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferWithdrawn(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "withdrawn_at", "offer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    withdrawn_at: _timestamp_pb2.Timestamp
    offer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., withdrawn_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferAccepted(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "remedy_ids", "accepted_at", "carry_out_by", "answer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_IDS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_AT_FIELD_NUMBER: _ClassVar[int]
    CARRY_OUT_BY_FIELD_NUMBER: _ClassVar[int]
    ANSWER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    remedy_ids: _containers.RepeatedScalarFieldContainer[str]
    accepted_at: _timestamp_pb2.Timestamp
    carry_out_by: _timestamp_pb2.Timestamp
    answer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., remedy_ids: _Optional[_Iterable[str]] = ..., accepted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., carry_out_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferCountered(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "remedy_sought", "words", "countered_at", "offer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    COUNTERED_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    remedy_sought: _types_pb2.RemedySought
    words: _event_pb2.Sealed
    countered_at: _timestamp_pb2.Timestamp
    offer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ..., words: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., countered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferDeclined(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "declined_at", "offer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    DECLINED_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    declined_at: _timestamp_pb2.Timestamp
    offer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., declined_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferExpired(_message.Message):
    __slots__ = ("escalation_id", "offer_id", "expired_at", "offer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    offer_id: str
    expired_at: _timestamp_pb2.Timestamp
    offer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., expired_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RemedyStarted(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "offer_id", "kind", "key", "started_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    offer_id: str
    kind: _types_pb2.RemedyKind
    key: str
    started_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., kind: _Optional[_Union[_types_pb2.RemedyKind, str]] = ..., key: _Optional[str] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReplacementOrdered(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "replacement_id", "service", "ships_by", "arrives_by", "return_id", "return_by", "check_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    REPLACEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    SHIPS_BY_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_BY_FIELD_NUMBER: _ClassVar[int]
    RETURN_ID_FIELD_NUMBER: _ClassVar[int]
    RETURN_BY_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    replacement_id: str
    service: str
    ships_by: _timestamp_pb2.Timestamp
    arrives_by: _timestamp_pb2.Timestamp
    return_id: str
    return_by: _timestamp_pb2.Timestamp
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., replacement_id: _Optional[str] = ..., service: _Optional[str] = ..., ships_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrives_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., return_id: _Optional[str] = ..., return_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReplacementShipped(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "shipped_at", "arrives_by", "before_return", "check_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_AT_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_BY_FIELD_NUMBER: _ClassVar[int]
    BEFORE_RETURN_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    shipped_at: _timestamp_pb2.Timestamp
    arrives_by: _timestamp_pb2.Timestamp
    before_return: bool
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., shipped_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrives_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., before_return: _Optional[bool] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReplacementDelivered(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "delivered_at", "in_time")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    delivered_at: _timestamp_pb2.Timestamp
    in_time: bool
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., in_time: _Optional[bool] = ...) -> None: ...

class ReplacementDelayed(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "arrives_by", "check_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_BY_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    arrives_by: _timestamp_pb2.Timestamp
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., arrives_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReplacementFailed(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "reason")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    reason: str
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RefundSubmitted(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "refund_id", "amount", "method", "submitted_at", "expected_by", "check_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_BY_FIELD_NUMBER: _ClassVar[int]
    CHECK_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    refund_id: str
    amount: _money_pb2.Money
    method: _commerce_service_pb2.RefundMethod
    submitted_at: _timestamp_pb2.Timestamp
    expected_by: _timestamp_pb2.Timestamp
    check_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., refund_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., method: _Optional[_Union[_commerce_service_pb2.RefundMethod, str]] = ..., submitted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expected_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., check_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RefundSucceeded(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "refund_id", "amount", "credited_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CREDITED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    refund_id: str
    amount: _money_pb2.Money
    credited_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., refund_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., credited_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RefundFailed(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "refund_id", "amount", "reason", "failed_at", "after_credit")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FAILED_AT_FIELD_NUMBER: _ClassVar[int]
    AFTER_CREDIT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    refund_id: str
    amount: _money_pb2.Money
    reason: str
    failed_at: _timestamp_pb2.Timestamp
    after_credit: bool
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., refund_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., reason: _Optional[str] = ..., failed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., after_credit: _Optional[bool] = ...) -> None: ...

class CreditIssued(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "credit_id", "amount", "valid_until", "kind", "percent")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    CREDIT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    credit_id: str
    amount: _money_pb2.Money
    valid_until: _timestamp_pb2.Timestamp
    kind: _types_pb2.RemedyKind
    percent: int
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., credit_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[_types_pb2.RemedyKind, str]] = ..., percent: _Optional[int] = ...) -> None: ...

class RemedyCompleted(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "reservation_id", "completed_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    reservation_id: str
    completed_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RemedyFailed(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "reservation_id", "reason", "offer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    reservation_id: str
    reason: str
    offer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., reason: _Optional[str] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RemedyCompensated(_message.Message):
    __slots__ = ("escalation_id", "remedy_id", "reservation_id", "compensated_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    COMPENSATED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    remedy_id: str
    reservation_id: str
    compensated_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., compensated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PromiseMade(_message.Message):
    __slots__ = ("escalation_id", "promise_id", "what", "maker", "promised_at", "due_by", "warn_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    MAKER_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    WARN_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    promise_id: str
    what: _event_pb2.Sealed
    maker: str
    promised_at: _timestamp_pb2.Timestamp
    due_by: _timestamp_pb2.Timestamp
    warn_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., what: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., maker: _Optional[str] = ..., promised_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., warn_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PromiseKept(_message.Message):
    __slots__ = ("escalation_id", "promise_id", "kept_at", "in_time")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    KEPT_AT_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    promise_id: str
    kept_at: _timestamp_pb2.Timestamp
    in_time: bool
    def __init__(self, escalation_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., kept_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., in_time: _Optional[bool] = ...) -> None: ...

class PromiseBroken(_message.Message):
    __slots__ = ("escalation_id", "promise_id", "broken_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    BROKEN_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    promise_id: str
    broken_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., broken_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ResponseSent(_message.Message):
    __slots__ = ("escalation_id", "response_id", "kind", "channel", "words", "written_by", "sent_at", "deliver_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_BY_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    response_id: str
    kind: ResponseKind
    channel: _types_pb2.Channel
    words: _event_pb2.Sealed
    written_by: str
    sent_at: _timestamp_pb2.Timestamp
    deliver_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., response_id: _Optional[str] = ..., kind: _Optional[_Union[ResponseKind, str]] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., words: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., written_by: _Optional[str] = ..., sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., deliver_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ResponseDelivered(_message.Message):
    __slots__ = ("escalation_id", "response_id", "kind", "delivered_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    response_id: str
    kind: ResponseKind
    delivered_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., response_id: _Optional[str] = ..., kind: _Optional[_Union[ResponseKind, str]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EscalationResolved(_message.Message):
    __slots__ = ("escalation_id", "resolved_at", "made_right")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_AT_FIELD_NUMBER: _ClassVar[int]
    MADE_RIGHT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    resolved_at: _timestamp_pb2.Timestamp
    made_right: bool
    def __init__(self, escalation_id: _Optional[str] = ..., resolved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., made_right: _Optional[bool] = ...) -> None: ...
