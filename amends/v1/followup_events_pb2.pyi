import datetime

from amends.v1 import event_pb2 as _event_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Staying(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STAYING_UNSPECIFIED: _ClassVar[Staying]
    STAYING_YES: _ClassVar[Staying]
    STAYING_NO: _ClassVar[Staying]
    STAYING_UNKNOWN: _ClassVar[Staying]

class ReopenReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REOPEN_REASON_UNSPECIFIED: _ClassVar[ReopenReason]
    REOPEN_REASON_NOT_SOLVED: _ClassVar[ReopenReason]
    REOPEN_REASON_REFUND_FAILED: _ClassVar[ReopenReason]

class CancelReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CANCEL_REASON_UNSPECIFIED: _ClassVar[CancelReason]
    CANCEL_REASON_CUSTOMER_FORGOTTEN: _ClassVar[CancelReason]
    CANCEL_REASON_REOPENED: _ClassVar[CancelReason]

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_HAPPY: _ClassVar[Outcome]
    OUTCOME_RETAINED: _ClassVar[Outcome]
    OUTCOME_LOST: _ClassVar[Outcome]
    OUTCOME_UNKNOWN: _ClassVar[Outcome]
STAYING_UNSPECIFIED: Staying
STAYING_YES: Staying
STAYING_NO: Staying
STAYING_UNKNOWN: Staying
REOPEN_REASON_UNSPECIFIED: ReopenReason
REOPEN_REASON_NOT_SOLVED: ReopenReason
REOPEN_REASON_REFUND_FAILED: ReopenReason
CANCEL_REASON_UNSPECIFIED: CancelReason
CANCEL_REASON_CUSTOMER_FORGOTTEN: CancelReason
CANCEL_REASON_REOPENED: CancelReason
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_HAPPY: Outcome
OUTCOME_RETAINED: Outcome
OUTCOME_LOST: Outcome
OUTCOME_UNKNOWN: Outcome

class FollowUpScheduled(_message.Message):
    __slots__ = ("escalation_id", "follow_up_id", "scheduled_at", "ask_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_AT_FIELD_NUMBER: _ClassVar[int]
    ASK_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    follow_up_id: str
    scheduled_at: _timestamp_pb2.Timestamp
    ask_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ..., scheduled_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ask_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class FollowUpAsked(_message.Message):
    __slots__ = ("escalation_id", "follow_up_id", "asked_at", "answer_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    ASKED_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWER_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    follow_up_id: str
    asked_at: _timestamp_pb2.Timestamp
    answer_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ..., asked_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class FollowUpAnswered(_message.Message):
    __slots__ = ("escalation_id", "follow_up_id", "solved", "pleased", "staying", "words", "answered_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    SOLVED_FIELD_NUMBER: _ClassVar[int]
    PLEASED_FIELD_NUMBER: _ClassVar[int]
    STAYING_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    follow_up_id: str
    solved: bool
    pleased: bool
    staying: Staying
    words: _event_pb2.Sealed
    answered_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ..., solved: _Optional[bool] = ..., pleased: _Optional[bool] = ..., staying: _Optional[_Union[Staying, str]] = ..., words: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., answered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EscalationReopened(_message.Message):
    __slots__ = ("escalation_id", "follow_up_id", "reopened_at", "offer_by", "reason", "remedy_id")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    REOPENED_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    follow_up_id: str
    reopened_at: _timestamp_pb2.Timestamp
    offer_by: _timestamp_pb2.Timestamp
    reason: ReopenReason
    remedy_id: str
    def __init__(self, escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ..., reopened_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[_Union[ReopenReason, str]] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class FollowUpMissed(_message.Message):
    __slots__ = ("escalation_id", "follow_up_id", "missed_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    MISSED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    follow_up_id: str
    missed_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ..., missed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class FollowUpCancelled(_message.Message):
    __slots__ = ("escalation_id", "follow_up_id", "reason", "cancelled_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    follow_up_id: str
    reason: CancelReason
    cancelled_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ..., reason: _Optional[_Union[CancelReason, str]] = ..., cancelled_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EscalationClosed(_message.Message):
    __slots__ = ("escalation_id", "outcome", "closed_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    outcome: Outcome
    closed_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., closed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DebriefRequested(_message.Message):
    __slots__ = ("escalation_id", "debrief_id", "owner", "requested_at", "due_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    DEBRIEF_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    debrief_id: str
    owner: str
    requested_at: _timestamp_pb2.Timestamp
    due_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., debrief_id: _Optional[str] = ..., owner: _Optional[str] = ..., requested_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DebriefRecorded(_message.Message):
    __slots__ = ("escalation_id", "debrief_id", "how", "better", "process_broken", "recorded_by", "colleague", "recorded_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    DEBRIEF_ID_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    BETTER_FIELD_NUMBER: _ClassVar[int]
    PROCESS_BROKEN_FIELD_NUMBER: _ClassVar[int]
    RECORDED_BY_FIELD_NUMBER: _ClassVar[int]
    COLLEAGUE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    debrief_id: str
    how: _event_pb2.Sealed
    better: _event_pb2.Sealed
    process_broken: bool
    recorded_by: str
    colleague: str
    recorded_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., debrief_id: _Optional[str] = ..., how: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., better: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., process_broken: _Optional[bool] = ..., recorded_by: _Optional[str] = ..., colleague: _Optional[str] = ..., recorded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
