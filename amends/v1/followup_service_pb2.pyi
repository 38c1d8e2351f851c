import datetime

from amends.v1 import access_pb2 as _access_pb2
from amends.v1 import followup_events_pb2 as _followup_events_pb2
from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FollowUpState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FOLLOW_UP_STATE_UNSPECIFIED: _ClassVar[FollowUpState]
    FOLLOW_UP_STATE_SCHEDULED: _ClassVar[FollowUpState]
    FOLLOW_UP_STATE_ASKED: _ClassVar[FollowUpState]
    FOLLOW_UP_STATE_ANSWERED: _ClassVar[FollowUpState]
    FOLLOW_UP_STATE_MISSED: _ClassVar[FollowUpState]
    FOLLOW_UP_STATE_CANCELLED: _ClassVar[FollowUpState]
FOLLOW_UP_STATE_UNSPECIFIED: FollowUpState
FOLLOW_UP_STATE_SCHEDULED: FollowUpState
FOLLOW_UP_STATE_ASKED: FollowUpState
FOLLOW_UP_STATE_ANSWERED: FollowUpState
FOLLOW_UP_STATE_MISSED: FollowUpState
FOLLOW_UP_STATE_CANCELLED: FollowUpState

class ScheduleFollowUpRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ...) -> None: ...

class ScheduleFollowUpResponse(_message.Message):
    __slots__ = ("follow_up_id", "ask_by", "version")
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    ASK_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    follow_up_id: str
    ask_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, follow_up_id: _Optional[str] = ..., ask_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class AskFollowUpRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "follow_up_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    follow_up_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ...) -> None: ...

class AskFollowUpResponse(_message.Message):
    __slots__ = ("answer_by", "version")
    ANSWER_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    answer_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, answer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class RecordFollowUpRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "solved", "pleased", "staying", "words")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    SOLVED_FIELD_NUMBER: _ClassVar[int]
    PLEASED_FIELD_NUMBER: _ClassVar[int]
    STAYING_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    solved: bool
    pleased: bool
    staying: _followup_events_pb2.Staying
    words: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., solved: _Optional[bool] = ..., pleased: _Optional[bool] = ..., staying: _Optional[_Union[_followup_events_pb2.Staying, str]] = ..., words: _Optional[str] = ...) -> None: ...

class RecordFollowUpResponse(_message.Message):
    __slots__ = ("reopened", "version")
    REOPENED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    reopened: bool
    version: int
    def __init__(self, reopened: _Optional[bool] = ..., version: _Optional[int] = ...) -> None: ...

class MissFollowUpRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "follow_up_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    follow_up_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., follow_up_id: _Optional[str] = ...) -> None: ...

class MissFollowUpResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: FollowUpState
    version: int
    def __init__(self, state: _Optional[_Union[FollowUpState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class RequestDebriefRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ...) -> None: ...

class RequestDebriefResponse(_message.Message):
    __slots__ = ("debrief_id", "due_by", "version")
    DEBRIEF_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    debrief_id: str
    due_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, debrief_id: _Optional[str] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class RecordDebriefRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "how", "better", "process_broken", "colleague")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    BETTER_FIELD_NUMBER: _ClassVar[int]
    PROCESS_BROKEN_FIELD_NUMBER: _ClassVar[int]
    COLLEAGUE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    how: str
    better: str
    process_broken: bool
    colleague: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., how: _Optional[str] = ..., better: _Optional[str] = ..., process_broken: _Optional[bool] = ..., colleague: _Optional[str] = ...) -> None: ...

class RecordDebriefResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class CloseEscalationRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ...) -> None: ...

class CloseEscalationResponse(_message.Message):
    __slots__ = ("outcome", "version")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    outcome: _followup_events_pb2.Outcome
    version: int
    def __init__(self, outcome: _Optional[_Union[_followup_events_pb2.Outcome, str]] = ..., version: _Optional[int] = ...) -> None: ...

class GetFollowUpRequest(_message.Message):
    __slots__ = ("escalation_id",)
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    def __init__(self, escalation_id: _Optional[str] = ...) -> None: ...

class GetFollowUpResponse(_message.Message):
    __slots__ = ("follow_up_id", "state", "ask_by", "answer_by", "solved", "pleased", "staying", "words", "outcome", "closed_at", "version", "debrief")
    FOLLOW_UP_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ASK_BY_FIELD_NUMBER: _ClassVar[int]
    ANSWER_BY_FIELD_NUMBER: _ClassVar[int]
    SOLVED_FIELD_NUMBER: _ClassVar[int]
    PLEASED_FIELD_NUMBER: _ClassVar[int]
    STAYING_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DEBRIEF_FIELD_NUMBER: _ClassVar[int]
    follow_up_id: str
    state: FollowUpState
    ask_by: _timestamp_pb2.Timestamp
    answer_by: _timestamp_pb2.Timestamp
    solved: bool
    pleased: bool
    staying: _followup_events_pb2.Staying
    words: str
    outcome: _followup_events_pb2.Outcome
    closed_at: _timestamp_pb2.Timestamp
    version: int
    debrief: Debrief
    def __init__(self, follow_up_id: _Optional[str] = ..., state: _Optional[_Union[FollowUpState, str]] = ..., ask_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answer_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., solved: _Optional[bool] = ..., pleased: _Optional[bool] = ..., staying: _Optional[_Union[_followup_events_pb2.Staying, str]] = ..., words: _Optional[str] = ..., outcome: _Optional[_Union[_followup_events_pb2.Outcome, str]] = ..., closed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ..., debrief: _Optional[_Union[Debrief, _Mapping]] = ...) -> None: ...

class Debrief(_message.Message):
    __slots__ = ("debrief_id", "requested_at", "due_by", "recorded_at", "how", "better", "process_broken")
    DEBRIEF_ID_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    BETTER_FIELD_NUMBER: _ClassVar[int]
    PROCESS_BROKEN_FIELD_NUMBER: _ClassVar[int]
    debrief_id: str
    requested_at: _timestamp_pb2.Timestamp
    due_by: _timestamp_pb2.Timestamp
    recorded_at: _timestamp_pb2.Timestamp
    how: str
    better: str
    process_broken: bool
    def __init__(self, debrief_id: _Optional[str] = ..., requested_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., recorded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., how: _Optional[str] = ..., better: _Optional[str] = ..., process_broken: _Optional[bool] = ...) -> None: ...
