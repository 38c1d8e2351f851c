import datetime

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

class Channel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_UNSPECIFIED: _ClassVar[Channel]
    CHANNEL_PHONE: _ClassVar[Channel]
    CHANNEL_EMAIL: _ClassVar[Channel]
    CHANNEL_CHAT: _ClassVar[Channel]
    CHANNEL_WEB: _ClassVar[Channel]
    CHANNEL_IN_PERSON: _ClassVar[Channel]
    CHANNEL_SOCIAL: _ClassVar[Channel]
    CHANNEL_PUBLIC_REVIEW: _ClassVar[Channel]
    CHANNEL_PROACTIVE: _ClassVar[Channel]

class Cause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAUSE_UNSPECIFIED: _ClassVar[Cause]
    CAUSE_LATE_DELIVERY: _ClassVar[Cause]
    CAUSE_MISSED_CUT_OFF: _ClassVar[Cause]
    CAUSE_DAMAGED: _ClassVar[Cause]
    CAUSE_DEFECTIVE: _ClassVar[Cause]
    CAUSE_WRONG_ITEM: _ClassVar[Cause]
    CAUSE_MISSING_ITEM: _ClassVar[Cause]
    CAUSE_REFUND_NOT_CREDITED: _ClassVar[Cause]
    CAUSE_ACCOUNT_ACCESS: _ClassVar[Cause]
    CAUSE_SERVICE_MALFUNCTION: _ClassVar[Cause]
    CAUSE_RUDE_SERVICE: _ClassVar[Cause]
    CAUSE_TECHNICAL: _ClassVar[Cause]
    CAUSE_BILLING: _ClassVar[Cause]
    CAUSE_OTHER: _ClassVar[Cause]

class Stage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STAGE_UNSPECIFIED: _ClassVar[Stage]
    STAGE_INTAKE: _ClassVar[Stage]
    STAGE_ROUTING: _ClassVar[Stage]
    STAGE_RESOLUTION: _ClassVar[Stage]
    STAGE_FOLLOW_UP: _ClassVar[Stage]
    STAGE_CLOSED: _ClassVar[Stage]

class RemedyKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REMEDY_KIND_UNSPECIFIED: _ClassVar[RemedyKind]
    REMEDY_KIND_REPLACEMENT: _ClassVar[RemedyKind]
    REMEDY_KIND_REFUND: _ClassVar[RemedyKind]
    REMEDY_KIND_COUPON: _ClassVar[RemedyKind]
    REMEDY_KIND_GIFT_CERTIFICATE: _ClassVar[RemedyKind]
    REMEDY_KIND_PERCENTAGE_OFF: _ClassVar[RemedyKind]
    REMEDY_KIND_GOODWILL: _ClassVar[RemedyKind]

class Action(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTION_UNSPECIFIED: _ClassVar[Action]
    ACTION_REFUND: _ClassVar[Action]
    ACTION_RESHIP: _ClassVar[Action]
    ACTION_GOODWILL: _ClassVar[Action]
    ACTION_EXPEDITED_SHIPPING: _ClassVar[Action]
CHANNEL_UNSPECIFIED: Channel
CHANNEL_PHONE: Channel
CHANNEL_EMAIL: Channel
CHANNEL_CHAT: Channel
CHANNEL_WEB: Channel
CHANNEL_IN_PERSON: Channel
CHANNEL_SOCIAL: Channel
CHANNEL_PUBLIC_REVIEW: Channel
CHANNEL_PROACTIVE: Channel
CAUSE_UNSPECIFIED: Cause
CAUSE_LATE_DELIVERY: Cause
CAUSE_MISSED_CUT_OFF: Cause
CAUSE_DAMAGED: Cause
CAUSE_DEFECTIVE: Cause
CAUSE_WRONG_ITEM: Cause
CAUSE_MISSING_ITEM: Cause
CAUSE_REFUND_NOT_CREDITED: Cause
CAUSE_ACCOUNT_ACCESS: Cause
CAUSE_SERVICE_MALFUNCTION: Cause
CAUSE_RUDE_SERVICE: Cause
CAUSE_TECHNICAL: Cause
CAUSE_BILLING: Cause
CAUSE_OTHER: Cause
STAGE_UNSPECIFIED: Stage
STAGE_INTAKE: Stage
STAGE_ROUTING: Stage
STAGE_RESOLUTION: Stage
STAGE_FOLLOW_UP: Stage
STAGE_CLOSED: Stage
REMEDY_KIND_UNSPECIFIED: RemedyKind
REMEDY_KIND_REPLACEMENT: RemedyKind
REMEDY_KIND_REFUND: RemedyKind
REMEDY_KIND_COUPON: RemedyKind
REMEDY_KIND_GIFT_CERTIFICATE: RemedyKind
REMEDY_KIND_PERCENTAGE_OFF: RemedyKind
REMEDY_KIND_GOODWILL: RemedyKind
ACTION_UNSPECIFIED: Action
ACTION_REFUND: Action
ACTION_RESHIP: Action
ACTION_GOODWILL: Action
ACTION_EXPEDITED_SHIPPING: Action

class RemedySought(_message.Message):
    __slots__ = ("kinds", "amount", "percent")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[RemedyKind]
    amount: _money_pb2.Money
    percent: int
    def __init__(self, kinds: _Optional[_Iterable[_Union[RemedyKind, str]]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., percent: _Optional[int] = ...) -> None: ...

class AuthorityNeed(_message.Message):
    __slots__ = ("action", "amount")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    action: Action
    amount: _money_pb2.Money
    def __init__(self, action: _Optional[_Union[Action, str]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class PolicyException(_message.Message):
    __slots__ = ("action", "reason", "cost", "authorised_by")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    AUTHORISED_BY_FIELD_NUMBER: _ClassVar[int]
    action: Action
    reason: str
    cost: _money_pb2.Money
    authorised_by: str
    def __init__(self, action: _Optional[_Union[Action, str]] = ..., reason: _Optional[str] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., authorised_by: _Optional[str] = ...) -> None: ...

class NeedByKnown(_message.Message):
    __slots__ = ("by", "zone")
    BY_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    by: _timestamp_pb2.Timestamp
    zone: str
    def __init__(self, by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., zone: _Optional[str] = ...) -> None: ...
