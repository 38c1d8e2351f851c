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

class CustomerValue(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CUSTOMER_VALUE_UNSPECIFIED: _ClassVar[CustomerValue]
    CUSTOMER_VALUE_UNKNOWN: _ClassVar[CustomerValue]
    CUSTOMER_VALUE_NEW: _ClassVar[CustomerValue]
    CUSTOMER_VALUE_REGULAR: _ClassVar[CustomerValue]
    CUSTOMER_VALUE_LOYAL: _ClassVar[CustomerValue]
CUSTOMER_VALUE_UNSPECIFIED: CustomerValue
CUSTOMER_VALUE_UNKNOWN: CustomerValue
CUSTOMER_VALUE_NEW: CustomerValue
CUSTOMER_VALUE_REGULAR: CustomerValue
CUSTOMER_VALUE_LOYAL: CustomerValue

class EscalationOpened(_message.Message):
    __slots__ = ("escalation_id", "channel", "cause", "customer_digest", "customer", "order", "words", "stake", "expected_outcome", "need_by", "occasion", "remedy_sought", "priority", "policy_version", "acknowledge_by", "assign_by", "opened_at", "order_digest")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    STAKE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    NEED_BY_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGE_BY_FIELD_NUMBER: _ClassVar[int]
    ASSIGN_BY_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    ORDER_DIGEST_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    channel: _types_pb2.Channel
    cause: _types_pb2.Cause
    customer_digest: str
    customer: _event_pb2.Sealed
    order: _event_pb2.Sealed
    words: _event_pb2.Sealed
    stake: _event_pb2.Sealed
    expected_outcome: _event_pb2.Sealed
    need_by: _types_pb2.NeedByKnown
    occasion: _event_pb2.Sealed
    remedy_sought: _types_pb2.RemedySought
    priority: int
    policy_version: int
    acknowledge_by: _timestamp_pb2.Timestamp
    assign_by: _timestamp_pb2.Timestamp
    opened_at: _timestamp_pb2.Timestamp
    order_digest: str
    def __init__(self, escalation_id: _Optional[str] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., cause: _Optional[_Union[_types_pb2.Cause, str]] = ..., customer_digest: _Optional[str] = ..., customer: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., order: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., words: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., stake: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., expected_outcome: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., need_by: _Optional[_Union[_types_pb2.NeedByKnown, _Mapping]] = ..., occasion: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ..., priority: _Optional[int] = ..., policy_version: _Optional[int] = ..., acknowledge_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., assign_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., opened_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., order_digest: _Optional[str] = ...) -> None: ...

class ContactRecorded(_message.Message):
    __slots__ = ("escalation_id", "channel", "words", "need_by", "occasion", "remedy_sought", "priority", "contacted_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    NEED_BY_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    CONTACTED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    channel: _types_pb2.Channel
    words: _event_pb2.Sealed
    need_by: _types_pb2.NeedByKnown
    occasion: _event_pb2.Sealed
    remedy_sought: _types_pb2.RemedySought
    priority: int
    contacted_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., words: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., need_by: _Optional[_Union[_types_pb2.NeedByKnown, _Mapping]] = ..., occasion: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ..., priority: _Optional[int] = ..., contacted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ContextRecorded(_message.Message):
    __slots__ = ("escalation_id", "order_found", "ordered_at", "delivered_at", "order_total", "paid", "lines", "customer_value", "orders_before", "claims_before", "found_at", "history", "refunds", "zone")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FOUND_FIELD_NUMBER: _ClassVar[int]
    ORDERED_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    ORDER_TOTAL_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_VALUE_FIELD_NUMBER: _ClassVar[int]
    ORDERS_BEFORE_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_BEFORE_FIELD_NUMBER: _ClassVar[int]
    FOUND_AT_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    REFUNDS_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    order_found: bool
    ordered_at: _timestamp_pb2.Timestamp
    delivered_at: _timestamp_pb2.Timestamp
    order_total: _money_pb2.Money
    paid: _money_pb2.Money
    lines: _containers.RepeatedCompositeFieldContainer[OrderLineFound]
    customer_value: CustomerValue
    orders_before: int
    claims_before: int
    found_at: _timestamp_pb2.Timestamp
    history: _containers.RepeatedCompositeFieldContainer[ActFound]
    refunds: _containers.RepeatedCompositeFieldContainer[RefundFound]
    zone: str
    def __init__(self, escalation_id: _Optional[str] = ..., order_found: _Optional[bool] = ..., ordered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., order_total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., paid: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[OrderLineFound, _Mapping]]] = ..., customer_value: _Optional[_Union[CustomerValue, str]] = ..., orders_before: _Optional[int] = ..., claims_before: _Optional[int] = ..., found_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., history: _Optional[_Iterable[_Union[ActFound, _Mapping]]] = ..., refunds: _Optional[_Iterable[_Union[RefundFound, _Mapping]]] = ..., zone: _Optional[str] = ...) -> None: ...

class ActFound(_message.Message):
    __slots__ = ("at", "department", "what", "about_order")
    AT_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    ABOUT_ORDER_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    department: str
    what: _event_pb2.Sealed
    about_order: bool
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., department: _Optional[str] = ..., what: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., about_order: _Optional[bool] = ...) -> None: ...

class RefundFound(_message.Message):
    __slots__ = ("refund_id", "amount", "method", "state", "requested_by", "created_at", "expected_by", "credited_at", "failed_at", "failure")
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREDITED_AT_FIELD_NUMBER: _ClassVar[int]
    FAILED_AT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    refund_id: str
    amount: _money_pb2.Money
    method: _commerce_service_pb2.RefundMethod
    state: _commerce_service_pb2.RefundState
    requested_by: str
    created_at: _timestamp_pb2.Timestamp
    expected_by: _timestamp_pb2.Timestamp
    credited_at: _timestamp_pb2.Timestamp
    failed_at: _timestamp_pb2.Timestamp
    failure: str
    def __init__(self, refund_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., method: _Optional[_Union[_commerce_service_pb2.RefundMethod, str]] = ..., state: _Optional[_Union[_commerce_service_pb2.RefundState, str]] = ..., requested_by: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expected_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., credited_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failure: _Optional[str] = ...) -> None: ...

class OrderLineFound(_message.Message):
    __slots__ = ("sku", "description", "quantity", "price")
    SKU_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    sku: str
    description: str
    quantity: int
    price: _money_pb2.Money
    def __init__(self, sku: _Optional[str] = ..., description: _Optional[str] = ..., quantity: _Optional[int] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class ProblemRestated(_message.Message):
    __slots__ = ("escalation_id", "restatement", "words", "restated_by", "confirm_by", "restated_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESTATEMENT_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    RESTATED_BY_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_BY_FIELD_NUMBER: _ClassVar[int]
    RESTATED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    restatement: int
    words: _event_pb2.Sealed
    restated_by: str
    confirm_by: _timestamp_pb2.Timestamp
    restated_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., restatement: _Optional[int] = ..., words: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., restated_by: _Optional[str] = ..., confirm_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., restated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ProblemConfirmed(_message.Message):
    __slots__ = ("escalation_id", "restatement", "evidence", "offer_by", "confirmed_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESTATEMENT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    restatement: int
    evidence: str
    offer_by: _timestamp_pb2.Timestamp
    confirmed_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., restatement: _Optional[int] = ..., evidence: _Optional[str] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., confirmed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CustomerForgotten(_message.Message):
    __slots__ = ("escalation_id", "forgotten_at", "record_until")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FORGOTTEN_AT_FIELD_NUMBER: _ClassVar[int]
    RECORD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    forgotten_at: _timestamp_pb2.Timestamp
    record_until: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., forgotten_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., record_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
