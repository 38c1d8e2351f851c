import datetime

from amends.v1 import access_pb2 as _access_pb2
from amends.v1 import routing_events_pb2 as _routing_events_pb2
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

class AssignmentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSIGNMENT_STATE_UNSPECIFIED: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_OFFERED: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_ACCEPTED: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_DECLINED: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_EXPIRED: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_HANDED_OVER: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_RETURNED: _ClassVar[AssignmentState]
    ASSIGNMENT_STATE_TAKEN_OVER: _ClassVar[AssignmentState]

class HandOverState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HAND_OVER_STATE_UNSPECIFIED: _ClassVar[HandOverState]
    HAND_OVER_STATE_OFFERED: _ClassVar[HandOverState]
    HAND_OVER_STATE_ACCEPTED: _ClassVar[HandOverState]
    HAND_OVER_STATE_RETURNED: _ClassVar[HandOverState]
ASSIGNMENT_STATE_UNSPECIFIED: AssignmentState
ASSIGNMENT_STATE_OFFERED: AssignmentState
ASSIGNMENT_STATE_ACCEPTED: AssignmentState
ASSIGNMENT_STATE_DECLINED: AssignmentState
ASSIGNMENT_STATE_EXPIRED: AssignmentState
ASSIGNMENT_STATE_HANDED_OVER: AssignmentState
ASSIGNMENT_STATE_RETURNED: AssignmentState
ASSIGNMENT_STATE_TAKEN_OVER: AssignmentState
HAND_OVER_STATE_UNSPECIFIED: HandOverState
HAND_OVER_STATE_OFFERED: HandOverState
HAND_OVER_STATE_ACCEPTED: HandOverState
HAND_OVER_STATE_RETURNED: HandOverState

class DecisionMaker(_message.Message):
    __slots__ = ("decision_maker_id", "kind", "public_name", "subjects", "seniority", "capacity", "calendar", "manager", "stand_in", "skills", "languages", "available", "away_until", "grants", "load")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    SENIORITY_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_FIELD_NUMBER: _ClassVar[int]
    MANAGER_FIELD_NUMBER: _ClassVar[int]
    STAND_IN_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    AWAY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    LOAD_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    kind: _routing_events_pb2.DecisionMakerKind
    public_name: str
    subjects: _containers.RepeatedScalarFieldContainer[str]
    seniority: int
    capacity: int
    calendar: _routing_events_pb2.Calendar
    manager: str
    stand_in: str
    skills: _containers.RepeatedScalarFieldContainer[str]
    languages: _containers.RepeatedScalarFieldContainer[str]
    available: bool
    away_until: _timestamp_pb2.Timestamp
    grants: _containers.RepeatedCompositeFieldContainer[Grant]
    load: int
    def __init__(self, decision_maker_id: _Optional[str] = ..., kind: _Optional[_Union[_routing_events_pb2.DecisionMakerKind, str]] = ..., public_name: _Optional[str] = ..., subjects: _Optional[_Iterable[str]] = ..., seniority: _Optional[int] = ..., capacity: _Optional[int] = ..., calendar: _Optional[_Union[_routing_events_pb2.Calendar, _Mapping]] = ..., manager: _Optional[str] = ..., stand_in: _Optional[str] = ..., skills: _Optional[_Iterable[str]] = ..., languages: _Optional[_Iterable[str]] = ..., available: _Optional[bool] = ..., away_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., grants: _Optional[_Iterable[_Union[Grant, _Mapping]]] = ..., load: _Optional[int] = ...) -> None: ...

class Grant(_message.Message):
    __slots__ = ("grant_id", "action", "per_case")
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    PER_CASE_FIELD_NUMBER: _ClassVar[int]
    grant_id: str
    action: _types_pb2.Action
    per_case: _money_pb2.Money
    def __init__(self, grant_id: _Optional[str] = ..., action: _Optional[_Union[_types_pb2.Action, str]] = ..., per_case: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class UpdateDecisionMakerRequest(_message.Message):
    __slots__ = ("request_id", "decision_maker", "allow_missing")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_FIELD_NUMBER: _ClassVar[int]
    ALLOW_MISSING_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    decision_maker: DecisionMaker
    allow_missing: bool
    def __init__(self, request_id: _Optional[str] = ..., decision_maker: _Optional[_Union[DecisionMaker, _Mapping]] = ..., allow_missing: _Optional[bool] = ...) -> None: ...

class UpdateDecisionMakerResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class GetDecisionMakerRequest(_message.Message):
    __slots__ = ("decision_maker_id",)
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    def __init__(self, decision_maker_id: _Optional[str] = ...) -> None: ...

class GetDecisionMakerResponse(_message.Message):
    __slots__ = ("decision_maker",)
    DECISION_MAKER_FIELD_NUMBER: _ClassVar[int]
    decision_maker: DecisionMaker
    def __init__(self, decision_maker: _Optional[_Union[DecisionMaker, _Mapping]] = ...) -> None: ...

class ListDecisionMakersRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDecisionMakersResponse(_message.Message):
    __slots__ = ("decision_makers", "next_page_token")
    DECISION_MAKERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    decision_makers: _containers.RepeatedCompositeFieldContainer[DecisionMaker]
    next_page_token: str
    def __init__(self, decision_makers: _Optional[_Iterable[_Union[DecisionMaker, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GrantAuthorityRequest(_message.Message):
    __slots__ = ("request_id", "decision_maker_id", "action", "per_case")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    PER_CASE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    decision_maker_id: str
    action: _types_pb2.Action
    per_case: _money_pb2.Money
    def __init__(self, request_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., action: _Optional[_Union[_types_pb2.Action, str]] = ..., per_case: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class GrantAuthorityResponse(_message.Message):
    __slots__ = ("grant_id", "version")
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    grant_id: str
    version: int
    def __init__(self, grant_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class RevokeAuthorityRequest(_message.Message):
    __slots__ = ("request_id", "decision_maker_id", "grant_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    decision_maker_id: str
    grant_id: str
    def __init__(self, request_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., grant_id: _Optional[str] = ...) -> None: ...

class RevokeAuthorityResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class SetAvailabilityRequest(_message.Message):
    __slots__ = ("request_id", "decision_maker_id", "available", "away_until", "stand_in")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    AWAY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    STAND_IN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    decision_maker_id: str
    available: bool
    away_until: _timestamp_pb2.Timestamp
    stand_in: str
    def __init__(self, request_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., available: _Optional[bool] = ..., away_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stand_in: _Optional[str] = ...) -> None: ...

class SetAvailabilityResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class PreviewRouteRequest(_message.Message):
    __slots__ = ("escalation_id",)
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    def __init__(self, escalation_id: _Optional[str] = ...) -> None: ...

class PreviewRouteResponse(_message.Message):
    __slots__ = ("decision_maker_id", "public_name", "needs", "passed_over", "retry_at")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    PASSED_OVER_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    public_name: str
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    passed_over: _containers.RepeatedCompositeFieldContainer[_routing_events_pb2.PassedOver]
    retry_at: _timestamp_pb2.Timestamp
    def __init__(self, decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., passed_over: _Optional[_Iterable[_Union[_routing_events_pb2.PassedOver, _Mapping]]] = ..., retry_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RouteEscalationRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "replaces_assignment_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    REPLACES_ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    replaces_assignment_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., replaces_assignment_id: _Optional[str] = ...) -> None: ...

class RouteEscalationResponse(_message.Message):
    __slots__ = ("assignment", "retry_at", "version")
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    assignment: Assignment
    retry_at: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, assignment: _Optional[_Union[Assignment, _Mapping]] = ..., retry_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class Assignment(_message.Message):
    __slots__ = ("assignment_id", "escalation_id", "decision_maker_id", "public_name", "state", "hop", "needs", "cause", "channel", "priority", "need_by", "assigned_at", "accept_by", "urgency", "passed_over", "hand_over", "note", "over", "draft_offer_id")
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    HOP_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    NEED_BY_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_AT_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_BY_FIELD_NUMBER: _ClassVar[int]
    URGENCY_FIELD_NUMBER: _ClassVar[int]
    PASSED_OVER_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OVER_FIELD_NUMBER: _ClassVar[int]
    DRAFT_OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    assignment_id: str
    escalation_id: str
    decision_maker_id: str
    public_name: str
    state: AssignmentState
    hop: int
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    cause: _types_pb2.Cause
    channel: _types_pb2.Channel
    priority: int
    need_by: _types_pb2.NeedByKnown
    assigned_at: _timestamp_pb2.Timestamp
    accept_by: _timestamp_pb2.Timestamp
    urgency: str
    passed_over: _containers.RepeatedCompositeFieldContainer[_routing_events_pb2.PassedOver]
    hand_over: HandOver
    note: str
    over: bool
    draft_offer_id: str
    def __init__(self, assignment_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., state: _Optional[_Union[AssignmentState, str]] = ..., hop: _Optional[int] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., cause: _Optional[_Union[_types_pb2.Cause, str]] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., priority: _Optional[int] = ..., need_by: _Optional[_Union[_types_pb2.NeedByKnown, _Mapping]] = ..., assigned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., accept_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., urgency: _Optional[str] = ..., passed_over: _Optional[_Iterable[_Union[_routing_events_pb2.PassedOver, _Mapping]]] = ..., hand_over: _Optional[_Union[HandOver, _Mapping]] = ..., note: _Optional[str] = ..., over: _Optional[bool] = ..., draft_offer_id: _Optional[str] = ...) -> None: ...

class HandOver(_message.Message):
    __slots__ = ("hand_over_id", "from_decision_maker_id", "from_public_name", "to_decision_maker_id", "to_public_name", "reason", "note", "offered_at", "return_by")
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    TO_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    TO_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OFFERED_AT_FIELD_NUMBER: _ClassVar[int]
    RETURN_BY_FIELD_NUMBER: _ClassVar[int]
    hand_over_id: str
    from_decision_maker_id: str
    from_public_name: str
    to_decision_maker_id: str
    to_public_name: str
    reason: _routing_events_pb2.HandOverReason
    note: str
    offered_at: _timestamp_pb2.Timestamp
    return_by: _timestamp_pb2.Timestamp
    def __init__(self, hand_over_id: _Optional[str] = ..., from_decision_maker_id: _Optional[str] = ..., from_public_name: _Optional[str] = ..., to_decision_maker_id: _Optional[str] = ..., to_public_name: _Optional[str] = ..., reason: _Optional[_Union[_routing_events_pb2.HandOverReason, str]] = ..., note: _Optional[str] = ..., offered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., return_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ExpireAssignmentRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "assignment_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    assignment_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., assignment_id: _Optional[str] = ...) -> None: ...

class ExpireAssignmentResponse(_message.Message):
    __slots__ = ("state", "version")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    state: AssignmentState
    version: int
    def __init__(self, state: _Optional[_Union[AssignmentState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class AcceptAssignmentRequest(_message.Message):
    __slots__ = ("request_id", "assignment_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    assignment_id: str
    def __init__(self, request_id: _Optional[str] = ..., assignment_id: _Optional[str] = ...) -> None: ...

class AcceptAssignmentResponse(_message.Message):
    __slots__ = ("escalation_id", "version", "restate_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RESTATE_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    version: int
    restate_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., version: _Optional[int] = ..., restate_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DeclineAssignmentRequest(_message.Message):
    __slots__ = ("request_id", "assignment_id", "reason", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    assignment_id: str
    reason: str
    note: str
    def __init__(self, request_id: _Optional[str] = ..., assignment_id: _Optional[str] = ..., reason: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class DeclineAssignmentResponse(_message.Message):
    __slots__ = ("escalation_id", "version")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    version: int
    def __init__(self, escalation_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class HandOverRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "to_decision_maker_id", "reason", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    TO_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    to_decision_maker_id: str
    reason: _routing_events_pb2.HandOverReason
    note: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., to_decision_maker_id: _Optional[str] = ..., reason: _Optional[_Union[_routing_events_pb2.HandOverReason, str]] = ..., note: _Optional[str] = ...) -> None: ...

class HandOverResponse(_message.Message):
    __slots__ = ("hand_over_id", "return_by", "version")
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    RETURN_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    hand_over_id: str
    return_by: _timestamp_pb2.Timestamp
    version: int
    def __init__(self, hand_over_id: _Optional[str] = ..., return_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class AcceptHandOverRequest(_message.Message):
    __slots__ = ("request_id", "hand_over_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    hand_over_id: str
    def __init__(self, request_id: _Optional[str] = ..., hand_over_id: _Optional[str] = ...) -> None: ...

class AcceptHandOverResponse(_message.Message):
    __slots__ = ("escalation_id", "version")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    version: int
    def __init__(self, escalation_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class ReturnHandOverRequest(_message.Message):
    __slots__ = ("request_id", "hand_over_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    hand_over_id: str
    def __init__(self, request_id: _Optional[str] = ..., hand_over_id: _Optional[str] = ...) -> None: ...

class ReturnHandOverResponse(_message.Message):
    __slots__ = ("escalation_id", "state", "version")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    state: HandOverState
    version: int
    def __init__(self, escalation_id: _Optional[str] = ..., state: _Optional[_Union[HandOverState, str]] = ..., version: _Optional[int] = ...) -> None: ...

class ListAssignmentsRequest(_message.Message):
    __slots__ = ("include_decided", "page_size", "page_token")
    INCLUDE_DECIDED_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    include_decided: bool
    page_size: int
    page_token: str
    def __init__(self, include_decided: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAssignmentsResponse(_message.Message):
    __slots__ = ("assignments", "next_page_token")
    ASSIGNMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assignments: _containers.RepeatedCompositeFieldContainer[Assignment]
    next_page_token: str
    def __init__(self, assignments: _Optional[_Iterable[_Union[Assignment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchAssignmentsRequest(_message.Message):
    __slots__ = ("watch_token",)
    WATCH_TOKEN_FIELD_NUMBER: _ClassVar[int]
    watch_token: str
    def __init__(self, watch_token: _Optional[str] = ...) -> None: ...

class WatchAssignmentsResponse(_message.Message):
    __slots__ = ("assignment", "watch_token")
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    WATCH_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assignment: Assignment
    watch_token: str
    def __init__(self, assignment: _Optional[_Union[Assignment, _Mapping]] = ..., watch_token: _Optional[str] = ...) -> None: ...

class ReserveAuthorityRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "uses", "drafted_by")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    DRAFTED_BY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    uses: _containers.RepeatedCompositeFieldContainer[_routing_events_pb2.AuthorityUse]
    drafted_by: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., uses: _Optional[_Iterable[_Union[_routing_events_pb2.AuthorityUse, _Mapping]]] = ..., drafted_by: _Optional[str] = ...) -> None: ...

class ReserveAuthorityResponse(_message.Message):
    __slots__ = ("reservation_id", "decision_maker_id", "public_name", "uses", "version", "reserved_at")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RESERVED_AT_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    decision_maker_id: str
    public_name: str
    uses: _containers.RepeatedCompositeFieldContainer[_routing_events_pb2.AuthorityUse]
    version: int
    reserved_at: _timestamp_pb2.Timestamp
    def __init__(self, reservation_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., uses: _Optional[_Iterable[_Union[_routing_events_pb2.AuthorityUse, _Mapping]]] = ..., version: _Optional[int] = ..., reserved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetOwnEntryRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetOwnEntryResponse(_message.Message):
    __slots__ = ("decision_maker_id", "public_name")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    public_name: str
    def __init__(self, decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ...) -> None: ...

class TakeOverRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "to_decision_maker_id", "reason", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    TO_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    to_decision_maker_id: str
    reason: _routing_events_pb2.TakeOverReason
    note: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., to_decision_maker_id: _Optional[str] = ..., reason: _Optional[_Union[_routing_events_pb2.TakeOverReason, str]] = ..., note: _Optional[str] = ...) -> None: ...

class TakeOverResponse(_message.Message):
    __slots__ = ("decision_maker_id", "public_name", "version")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    public_name: str
    version: int
    def __init__(self, decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class DeescalateRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "to_decision_maker_id", "reason", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    TO_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    to_decision_maker_id: str
    reason: _routing_events_pb2.TakeOverReason
    note: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., to_decision_maker_id: _Optional[str] = ..., reason: _Optional[_Union[_routing_events_pb2.TakeOverReason, str]] = ..., note: _Optional[str] = ...) -> None: ...

class DeescalateResponse(_message.Message):
    __slots__ = ("decision_maker_id", "public_name", "version")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    public_name: str
    version: int
    def __init__(self, decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class ListGrantsRequest(_message.Message):
    __slots__ = ("decision_maker_id", "page_size", "page_token")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    page_size: int
    page_token: str
    def __init__(self, decision_maker_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListGrantsResponse(_message.Message):
    __slots__ = ("grants", "next_page_token")
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    grants: _containers.RepeatedCompositeFieldContainer[GrantedAuthority]
    next_page_token: str
    def __init__(self, grants: _Optional[_Iterable[_Union[GrantedAuthority, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GrantedAuthority(_message.Message):
    __slots__ = ("grant_id", "action", "per_case", "revoked")
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    PER_CASE_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    grant_id: str
    action: _types_pb2.Action
    per_case: _money_pb2.Money
    revoked: bool
    def __init__(self, grant_id: _Optional[str] = ..., action: _Optional[_Union[_types_pb2.Action, str]] = ..., per_case: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., revoked: _Optional[bool] = ...) -> None: ...

class GetAssignmentRequest(_message.Message):
    __slots__ = ("assignment_id",)
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    assignment_id: str
    def __init__(self, assignment_id: _Optional[str] = ...) -> None: ...

class GetAssignmentResponse(_message.Message):
    __slots__ = ("assignment",)
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    assignment: Assignment
    def __init__(self, assignment: _Optional[_Union[Assignment, _Mapping]] = ...) -> None: ...
