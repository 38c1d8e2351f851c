import datetime

from amends.v1 import access_pb2 as _access_pb2
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

class PaymentMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_METHOD_UNSPECIFIED: _ClassVar[PaymentMethod]
    PAYMENT_METHOD_CARD: _ClassVar[PaymentMethod]
    PAYMENT_METHOD_PAYPAL: _ClassVar[PaymentMethod]
    PAYMENT_METHOD_BANK_TRANSFER: _ClassVar[PaymentMethod]

class ReplacementState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPLACEMENT_STATE_UNSPECIFIED: _ClassVar[ReplacementState]
    REPLACEMENT_STATE_ORDERED: _ClassVar[ReplacementState]
    REPLACEMENT_STATE_SHIPPED: _ClassVar[ReplacementState]
    REPLACEMENT_STATE_DELIVERED: _ClassVar[ReplacementState]
    REPLACEMENT_STATE_FAILED: _ClassVar[ReplacementState]
    REPLACEMENT_STATE_CANCELLED: _ClassVar[ReplacementState]

class RefundMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUND_METHOD_UNSPECIFIED: _ClassVar[RefundMethod]
    REFUND_METHOD_ORIGINAL_PAYMENT: _ClassVar[RefundMethod]
    REFUND_METHOD_BANK_TRANSFER: _ClassVar[RefundMethod]

class RefundState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUND_STATE_UNSPECIFIED: _ClassVar[RefundState]
    REFUND_STATE_SUBMITTED: _ClassVar[RefundState]
    REFUND_STATE_SUCCEEDED: _ClassVar[RefundState]
    REFUND_STATE_FAILED: _ClassVar[RefundState]

class CreditKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDIT_KIND_UNSPECIFIED: _ClassVar[CreditKind]
    CREDIT_KIND_COUPON: _ClassVar[CreditKind]
    CREDIT_KIND_GIFT_CERTIFICATE: _ClassVar[CreditKind]
    CREDIT_KIND_PERCENTAGE_OFF: _ClassVar[CreditKind]
    CREDIT_KIND_GOODWILL: _ClassVar[CreditKind]

class CreditState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDIT_STATE_UNSPECIFIED: _ClassVar[CreditState]
    CREDIT_STATE_ISSUED: _ClassVar[CreditState]
    CREDIT_STATE_USED: _ClassVar[CreditState]
    CREDIT_STATE_VOIDED: _ClassVar[CreditState]

class CreationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREATION_KIND_UNSPECIFIED: _ClassVar[CreationKind]
    CREATION_KIND_REPLACEMENT: _ClassVar[CreationKind]
    CREATION_KIND_REFUND: _ClassVar[CreationKind]
    CREATION_KIND_CREDIT: _ClassVar[CreationKind]
PAYMENT_METHOD_UNSPECIFIED: PaymentMethod
PAYMENT_METHOD_CARD: PaymentMethod
PAYMENT_METHOD_PAYPAL: PaymentMethod
PAYMENT_METHOD_BANK_TRANSFER: PaymentMethod
REPLACEMENT_STATE_UNSPECIFIED: ReplacementState
REPLACEMENT_STATE_ORDERED: ReplacementState
REPLACEMENT_STATE_SHIPPED: ReplacementState
REPLACEMENT_STATE_DELIVERED: ReplacementState
REPLACEMENT_STATE_FAILED: ReplacementState
REPLACEMENT_STATE_CANCELLED: ReplacementState
REFUND_METHOD_UNSPECIFIED: RefundMethod
REFUND_METHOD_ORIGINAL_PAYMENT: RefundMethod
REFUND_METHOD_BANK_TRANSFER: RefundMethod
REFUND_STATE_UNSPECIFIED: RefundState
REFUND_STATE_SUBMITTED: RefundState
REFUND_STATE_SUCCEEDED: RefundState
REFUND_STATE_FAILED: RefundState
CREDIT_KIND_UNSPECIFIED: CreditKind
CREDIT_KIND_COUPON: CreditKind
CREDIT_KIND_GIFT_CERTIFICATE: CreditKind
CREDIT_KIND_PERCENTAGE_OFF: CreditKind
CREDIT_KIND_GOODWILL: CreditKind
CREDIT_STATE_UNSPECIFIED: CreditState
CREDIT_STATE_ISSUED: CreditState
CREDIT_STATE_USED: CreditState
CREDIT_STATE_VOIDED: CreditState
CREATION_KIND_UNSPECIFIED: CreationKind
CREATION_KIND_REPLACEMENT: CreationKind
CREATION_KIND_REFUND: CreationKind
CREATION_KIND_CREDIT: CreationKind

class GetCustomerRequest(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    def __init__(self, customer: _Optional[str] = ...) -> None: ...

class GetCustomerResponse(_message.Message):
    __slots__ = ("customer", "name", "since", "orders", "claims", "spent", "zone", "history")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SPENT_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    customer: str
    name: str
    since: _timestamp_pb2.Timestamp
    orders: int
    claims: int
    spent: _money_pb2.Money
    zone: str
    history: _containers.RepeatedCompositeFieldContainer[HistoryEntry]
    def __init__(self, customer: _Optional[str] = ..., name: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., orders: _Optional[int] = ..., claims: _Optional[int] = ..., spent: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., zone: _Optional[str] = ..., history: _Optional[_Iterable[_Union[HistoryEntry, _Mapping]]] = ...) -> None: ...

class HistoryEntry(_message.Message):
    __slots__ = ("at", "department", "what", "order")
    AT_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    department: str
    what: str
    order: str
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., department: _Optional[str] = ..., what: _Optional[str] = ..., order: _Optional[str] = ...) -> None: ...

class GetOrderRequest(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: str
    def __init__(self, order: _Optional[str] = ...) -> None: ...

class GetOrderResponse(_message.Message):
    __slots__ = ("order", "customer", "ordered_at", "lines", "total", "payments", "shipments", "delivered_at", "delivery_zone", "refunds", "refundable", "refund_methods", "history")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ORDERED_AT_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    SHIPMENTS_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ZONE_FIELD_NUMBER: _ClassVar[int]
    REFUNDS_FIELD_NUMBER: _ClassVar[int]
    REFUNDABLE_FIELD_NUMBER: _ClassVar[int]
    REFUND_METHODS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    order: str
    customer: str
    ordered_at: _timestamp_pb2.Timestamp
    lines: _containers.RepeatedCompositeFieldContainer[OrderLine]
    total: _money_pb2.Money
    payments: _containers.RepeatedCompositeFieldContainer[Payment]
    shipments: _containers.RepeatedScalarFieldContainer[str]
    delivered_at: _timestamp_pb2.Timestamp
    delivery_zone: str
    refunds: _containers.RepeatedCompositeFieldContainer[Refund]
    refundable: _money_pb2.Money
    refund_methods: _containers.RepeatedScalarFieldContainer[RefundMethod]
    history: _containers.RepeatedCompositeFieldContainer[HistoryEntry]
    def __init__(self, order: _Optional[str] = ..., customer: _Optional[str] = ..., ordered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ..., total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., payments: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., shipments: _Optional[_Iterable[str]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delivery_zone: _Optional[str] = ..., refunds: _Optional[_Iterable[_Union[Refund, _Mapping]]] = ..., refundable: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., refund_methods: _Optional[_Iterable[_Union[RefundMethod, str]]] = ..., history: _Optional[_Iterable[_Union[HistoryEntry, _Mapping]]] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("sku", "description", "quantity", "price", "in_stock")
    SKU_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    IN_STOCK_FIELD_NUMBER: _ClassVar[int]
    sku: str
    description: str
    quantity: int
    price: _money_pb2.Money
    in_stock: int
    def __init__(self, sku: _Optional[str] = ..., description: _Optional[str] = ..., quantity: _Optional[int] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., in_stock: _Optional[int] = ...) -> None: ...

class Payment(_message.Message):
    __slots__ = ("payment_id", "captured", "refunded", "method", "pending")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    captured: _money_pb2.Money
    refunded: _money_pb2.Money
    method: PaymentMethod
    pending: _money_pb2.Money
    def __init__(self, payment_id: _Optional[str] = ..., captured: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., refunded: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., method: _Optional[_Union[PaymentMethod, str]] = ..., pending: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class GetShipmentRequest(_message.Message):
    __slots__ = ("shipment",)
    SHIPMENT_FIELD_NUMBER: _ClassVar[int]
    shipment: str
    def __init__(self, shipment: _Optional[str] = ...) -> None: ...

class GetShipmentResponse(_message.Message):
    __slots__ = ("shipment", "order", "service", "shipped_at", "delivered_at")
    SHIPMENT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    shipment: str
    order: str
    service: str
    shipped_at: _timestamp_pb2.Timestamp
    delivered_at: _timestamp_pb2.Timestamp
    def __init__(self, shipment: _Optional[str] = ..., order: _Optional[str] = ..., service: _Optional[str] = ..., shipped_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class QuoteShippingRequest(_message.Message):
    __slots__ = ("order", "sku")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    order: str
    sku: str
    def __init__(self, order: _Optional[str] = ..., sku: _Optional[str] = ...) -> None: ...

class ShippingQuote(_message.Message):
    __slots__ = ("service", "price", "cut_off", "ships_by", "arrives_from", "arrives_by", "expedited")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    CUT_OFF_FIELD_NUMBER: _ClassVar[int]
    SHIPS_BY_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_FROM_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_BY_FIELD_NUMBER: _ClassVar[int]
    EXPEDITED_FIELD_NUMBER: _ClassVar[int]
    service: str
    price: _money_pb2.Money
    cut_off: _timestamp_pb2.Timestamp
    ships_by: _timestamp_pb2.Timestamp
    arrives_from: _timestamp_pb2.Timestamp
    arrives_by: _timestamp_pb2.Timestamp
    expedited: bool
    def __init__(self, service: _Optional[str] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., cut_off: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ships_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrives_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrives_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expedited: _Optional[bool] = ...) -> None: ...

class QuoteShippingResponse(_message.Message):
    __slots__ = ("quotes", "in_stock")
    QUOTES_FIELD_NUMBER: _ClassVar[int]
    IN_STOCK_FIELD_NUMBER: _ClassVar[int]
    quotes: _containers.RepeatedCompositeFieldContainer[ShippingQuote]
    in_stock: int
    def __init__(self, quotes: _Optional[_Iterable[_Union[ShippingQuote, _Mapping]]] = ..., in_stock: _Optional[int] = ...) -> None: ...

class CreateReplacementRequest(_message.Message):
    __slots__ = ("key", "order", "sku", "service")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    key: str
    order: str
    sku: str
    service: str
    def __init__(self, key: _Optional[str] = ..., order: _Optional[str] = ..., sku: _Optional[str] = ..., service: _Optional[str] = ...) -> None: ...

class Replacement(_message.Message):
    __slots__ = ("replacement_id", "key", "order", "sku", "service", "state", "ordered_at", "ships_by", "arrives_by", "shipped_at", "delivered_at", "price", "return_received", "failure", "cancelled_at")
    REPLACEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORDERED_AT_FIELD_NUMBER: _ClassVar[int]
    SHIPS_BY_FIELD_NUMBER: _ClassVar[int]
    ARRIVES_BY_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_AT_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    RETURN_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_AT_FIELD_NUMBER: _ClassVar[int]
    replacement_id: str
    key: str
    order: str
    sku: str
    service: str
    state: ReplacementState
    ordered_at: _timestamp_pb2.Timestamp
    ships_by: _timestamp_pb2.Timestamp
    arrives_by: _timestamp_pb2.Timestamp
    shipped_at: _timestamp_pb2.Timestamp
    delivered_at: _timestamp_pb2.Timestamp
    price: _money_pb2.Money
    return_received: bool
    failure: str
    cancelled_at: _timestamp_pb2.Timestamp
    def __init__(self, replacement_id: _Optional[str] = ..., key: _Optional[str] = ..., order: _Optional[str] = ..., sku: _Optional[str] = ..., service: _Optional[str] = ..., state: _Optional[_Union[ReplacementState, str]] = ..., ordered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ships_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., arrives_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., shipped_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delivered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., return_received: _Optional[bool] = ..., failure: _Optional[str] = ..., cancelled_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateReplacementResponse(_message.Message):
    __slots__ = ("replacement",)
    REPLACEMENT_FIELD_NUMBER: _ClassVar[int]
    replacement: Replacement
    def __init__(self, replacement: _Optional[_Union[Replacement, _Mapping]] = ...) -> None: ...

class GetReplacementRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class GetReplacementResponse(_message.Message):
    __slots__ = ("replacement",)
    REPLACEMENT_FIELD_NUMBER: _ClassVar[int]
    replacement: Replacement
    def __init__(self, replacement: _Optional[_Union[Replacement, _Mapping]] = ...) -> None: ...

class CancelReplacementRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class CancelReplacementResponse(_message.Message):
    __slots__ = ("replacement",)
    REPLACEMENT_FIELD_NUMBER: _ClassVar[int]
    replacement: Replacement
    def __init__(self, replacement: _Optional[_Union[Replacement, _Mapping]] = ...) -> None: ...

class CreateRefundRequest(_message.Message):
    __slots__ = ("key", "order", "amount", "method", "reference")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    key: str
    order: str
    amount: _money_pb2.Money
    method: RefundMethod
    reference: str
    def __init__(self, key: _Optional[str] = ..., order: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., method: _Optional[_Union[RefundMethod, str]] = ..., reference: _Optional[str] = ...) -> None: ...

class Refund(_message.Message):
    __slots__ = ("refund_id", "key", "order", "amount", "method", "state", "requested_by", "created_at", "expected_by", "credited_at", "failed_at", "failure", "parts", "reference")
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREDITED_AT_FIELD_NUMBER: _ClassVar[int]
    FAILED_AT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    refund_id: str
    key: str
    order: str
    amount: _money_pb2.Money
    method: RefundMethod
    state: RefundState
    requested_by: str
    created_at: _timestamp_pb2.Timestamp
    expected_by: _timestamp_pb2.Timestamp
    credited_at: _timestamp_pb2.Timestamp
    failed_at: _timestamp_pb2.Timestamp
    failure: str
    parts: _containers.RepeatedCompositeFieldContainer[RefundPart]
    reference: str
    def __init__(self, refund_id: _Optional[str] = ..., key: _Optional[str] = ..., order: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., method: _Optional[_Union[RefundMethod, str]] = ..., state: _Optional[_Union[RefundState, str]] = ..., requested_by: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expected_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., credited_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., failure: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[RefundPart, _Mapping]]] = ..., reference: _Optional[str] = ...) -> None: ...

class RefundPart(_message.Message):
    __slots__ = ("payment_id", "amount")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    amount: _money_pb2.Money
    def __init__(self, payment_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class CreateRefundResponse(_message.Message):
    __slots__ = ("refund",)
    REFUND_FIELD_NUMBER: _ClassVar[int]
    refund: Refund
    def __init__(self, refund: _Optional[_Union[Refund, _Mapping]] = ...) -> None: ...

class GetRefundRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class GetRefundResponse(_message.Message):
    __slots__ = ("refund",)
    REFUND_FIELD_NUMBER: _ClassVar[int]
    refund: Refund
    def __init__(self, refund: _Optional[_Union[Refund, _Mapping]] = ...) -> None: ...

class IssueCreditRequest(_message.Message):
    __slots__ = ("key", "customer", "amount", "kind", "percent", "order")
    KEY_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    key: str
    customer: str
    amount: _money_pb2.Money
    kind: CreditKind
    percent: int
    order: str
    def __init__(self, key: _Optional[str] = ..., customer: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., kind: _Optional[_Union[CreditKind, str]] = ..., percent: _Optional[int] = ..., order: _Optional[str] = ...) -> None: ...

class Credit(_message.Message):
    __slots__ = ("credit_id", "key", "customer", "amount", "issued_at", "valid_until", "code", "kind", "percent", "order", "state", "used_at", "voided_at")
    CREDIT_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    USED_AT_FIELD_NUMBER: _ClassVar[int]
    VOIDED_AT_FIELD_NUMBER: _ClassVar[int]
    credit_id: str
    key: str
    customer: str
    amount: _money_pb2.Money
    issued_at: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    code: str
    kind: CreditKind
    percent: int
    order: str
    state: CreditState
    used_at: _timestamp_pb2.Timestamp
    voided_at: _timestamp_pb2.Timestamp
    def __init__(self, credit_id: _Optional[str] = ..., key: _Optional[str] = ..., customer: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., issued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., code: _Optional[str] = ..., kind: _Optional[_Union[CreditKind, str]] = ..., percent: _Optional[int] = ..., order: _Optional[str] = ..., state: _Optional[_Union[CreditState, str]] = ..., used_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., voided_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class IssueCreditResponse(_message.Message):
    __slots__ = ("credit",)
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    credit: Credit
    def __init__(self, credit: _Optional[_Union[Credit, _Mapping]] = ...) -> None: ...

class GetCreditRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class GetCreditResponse(_message.Message):
    __slots__ = ("credit",)
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    credit: Credit
    def __init__(self, credit: _Optional[_Union[Credit, _Mapping]] = ...) -> None: ...

class VoidCreditRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class VoidCreditResponse(_message.Message):
    __slots__ = ("credit",)
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    credit: Credit
    def __init__(self, credit: _Optional[_Union[Credit, _Mapping]] = ...) -> None: ...

class ListCreationsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCreationsResponse(_message.Message):
    __slots__ = ("replacements", "refunds", "credits", "next_page_token")
    REPLACEMENTS_FIELD_NUMBER: _ClassVar[int]
    REFUNDS_FIELD_NUMBER: _ClassVar[int]
    CREDITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    replacements: _containers.RepeatedCompositeFieldContainer[Replacement]
    refunds: _containers.RepeatedCompositeFieldContainer[Refund]
    credits: _containers.RepeatedCompositeFieldContainer[Credit]
    next_page_token: str
    def __init__(self, replacements: _Optional[_Iterable[_Union[Replacement, _Mapping]]] = ..., refunds: _Optional[_Iterable[_Union[Refund, _Mapping]]] = ..., credits: _Optional[_Iterable[_Union[Credit, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CloseKeyRequest(_message.Message):
    __slots__ = ("key", "kind")
    KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    key: str
    kind: CreationKind
    def __init__(self, key: _Optional[str] = ..., kind: _Optional[_Union[CreationKind, str]] = ...) -> None: ...

class CloseKeyResponse(_message.Message):
    __slots__ = ("replacement", "refund", "credit")
    REPLACEMENT_FIELD_NUMBER: _ClassVar[int]
    REFUND_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    replacement: Replacement
    refund: Refund
    credit: Credit
    def __init__(self, replacement: _Optional[_Union[Replacement, _Mapping]] = ..., refund: _Optional[_Union[Refund, _Mapping]] = ..., credit: _Optional[_Union[Credit, _Mapping]] = ...) -> None: ...

class RequestReturnRequest(_message.Message):
    __slots__ = ("key", "order", "sku")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    key: str
    order: str
    sku: str
    def __init__(self, key: _Optional[str] = ..., order: _Optional[str] = ..., sku: _Optional[str] = ...) -> None: ...

class RequestReturnResponse(_message.Message):
    __slots__ = ("return_id", "return_by")
    RETURN_ID_FIELD_NUMBER: _ClassVar[int]
    RETURN_BY_FIELD_NUMBER: _ClassVar[int]
    return_id: str
    return_by: _timestamp_pb2.Timestamp
    def __init__(self, return_id: _Optional[str] = ..., return_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
