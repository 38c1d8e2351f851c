import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonalData(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERSONAL_DATA_UNSPECIFIED: _ClassVar[PersonalData]
    PERSONAL_DATA_WORDS: _ClassVar[PersonalData]
    PERSONAL_DATA_RECORD: _ClassVar[PersonalData]
PERSONAL_DATA_UNSPECIFIED: PersonalData
PERSONAL_DATA_WORDS: PersonalData
PERSONAL_DATA_RECORD: PersonalData
PERSONAL_DATA_FIELD_NUMBER: _ClassVar[int]
personal_data: _descriptor.FieldDescriptor

class Sealed(_message.Message):
    __slots__ = ("key_id", "nonce", "ciphertext")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    CIPHERTEXT_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    nonce: bytes
    ciphertext: bytes
    def __init__(self, key_id: _Optional[str] = ..., nonce: _Optional[bytes] = ..., ciphertext: _Optional[bytes] = ...) -> None: ...

class EventMeta(_message.Message):
    __slots__ = ("tenant", "actor", "role", "request_id", "correlation_id", "causation_id", "occurred_at")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSATION_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    actor: str
    role: str
    request_id: str
    correlation_id: str
    causation_id: str
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, tenant: _Optional[str] = ..., actor: _Optional[str] = ..., role: _Optional[str] = ..., request_id: _Optional[str] = ..., correlation_id: _Optional[str] = ..., causation_id: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EventEnvelope(_message.Message):
    __slots__ = ("source", "event_id", "stream_id", "version", "type", "data", "meta", "recorded_at", "hash", "prev_hash")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    PREV_HASH_FIELD_NUMBER: _ClassVar[int]
    source: str
    event_id: str
    stream_id: str
    version: int
    type: str
    data: bytes
    meta: bytes
    recorded_at: _timestamp_pb2.Timestamp
    hash: bytes
    prev_hash: bytes
    def __init__(self, source: _Optional[str] = ..., event_id: _Optional[str] = ..., stream_id: _Optional[str] = ..., version: _Optional[int] = ..., type: _Optional[str] = ..., data: _Optional[bytes] = ..., meta: _Optional[bytes] = ..., recorded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., hash: _Optional[bytes] = ..., prev_hash: _Optional[bytes] = ...) -> None: ...

class ReadEventsRequest(_message.Message):
    __slots__ = ("subject", "after_version", "page_size")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    AFTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    subject: str
    after_version: int
    page_size: int
    def __init__(self, subject: _Optional[str] = ..., after_version: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...

class ReadEventsResponse(_message.Message):
    __slots__ = ("events", "next_after_version")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_AFTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[EventEnvelope]
    next_after_version: int
    def __init__(self, events: _Optional[_Iterable[_Union[EventEnvelope, _Mapping]]] = ..., next_after_version: _Optional[int] = ...) -> None: ...

class AlarmRaised(_message.Message):
    __slots__ = ("alarm_id", "kind", "since", "clears_when")
    ALARM_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    CLEARS_WHEN_FIELD_NUMBER: _ClassVar[int]
    alarm_id: str
    kind: str
    since: _timestamp_pb2.Timestamp
    clears_when: str
    def __init__(self, alarm_id: _Optional[str] = ..., kind: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., clears_when: _Optional[str] = ...) -> None: ...

class AlarmCleared(_message.Message):
    __slots__ = ("alarm_id", "kind", "cleared_at")
    ALARM_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLEARED_AT_FIELD_NUMBER: _ClassVar[int]
    alarm_id: str
    kind: str
    cleared_at: _timestamp_pb2.Timestamp
    def __init__(self, alarm_id: _Optional[str] = ..., kind: _Optional[str] = ..., cleared_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RaiseAlarmRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "kind", "clears_when")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLEARS_WHEN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    kind: str
    clears_when: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., kind: _Optional[str] = ..., clears_when: _Optional[str] = ...) -> None: ...

class RaiseAlarmResponse(_message.Message):
    __slots__ = ("alarm_id", "version")
    ALARM_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    alarm_id: str
    version: int
    def __init__(self, alarm_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class ClearAlarmRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "kind")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    kind: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., kind: _Optional[str] = ...) -> None: ...

class ClearAlarmResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...
