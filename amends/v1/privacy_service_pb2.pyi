import datetime

from amends.v1 import access_pb2 as _access_pb2
from amends.v1 import event_pb2 as _event_pb2
from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KeptReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KEPT_REASON_UNSPECIFIED: _ClassVar[KeptReason]
    KEPT_REASON_PAYMENT_RECORD: _ClassVar[KeptReason]
KEPT_REASON_UNSPECIFIED: KeptReason
KEPT_REASON_PAYMENT_RECORD: KeptReason

class ForgetCustomerRequest(_message.Message):
    __slots__ = ("request_id", "customer")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    customer: str
    def __init__(self, request_id: _Optional[str] = ..., customer: _Optional[str] = ...) -> None: ...

class ForgetCustomerResponse(_message.Message):
    __slots__ = ("forgotten", "kept", "cases")
    FORGOTTEN_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    forgotten: _containers.RepeatedScalarFieldContainer[_event_pb2.PersonalData]
    kept: _containers.RepeatedCompositeFieldContainer[KeptData]
    cases: int
    def __init__(self, forgotten: _Optional[_Iterable[_Union[_event_pb2.PersonalData, str]]] = ..., kept: _Optional[_Iterable[_Union[KeptData, _Mapping]]] = ..., cases: _Optional[int] = ...) -> None: ...

class KeptData(_message.Message):
    __slots__ = ("data", "reason", "until")
    DATA_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    data: _event_pb2.PersonalData
    reason: KeptReason
    until: _timestamp_pb2.Timestamp
    def __init__(self, data: _Optional[_Union[_event_pb2.PersonalData, str]] = ..., reason: _Optional[_Union[KeptReason, str]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
