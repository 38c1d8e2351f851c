import datetime

from amends.v1 import event_pb2 as _event_pb2
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

class DecisionMakerKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECISION_MAKER_KIND_UNSPECIFIED: _ClassVar[DecisionMakerKind]
    DECISION_MAKER_KIND_PERSON: _ClassVar[DecisionMakerKind]
    DECISION_MAKER_KIND_TEAM: _ClassVar[DecisionMakerKind]
    DECISION_MAKER_KIND_PARTNER: _ClassVar[DecisionMakerKind]

class HandOverReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HAND_OVER_REASON_UNSPECIFIED: _ClassVar[HandOverReason]
    HAND_OVER_REASON_END_OF_SHIFT: _ClassVar[HandOverReason]
    HAND_OVER_REASON_ABSENCE: _ClassVar[HandOverReason]
    HAND_OVER_REASON_WORKLOAD: _ClassVar[HandOverReason]
    HAND_OVER_REASON_EXPERTISE: _ClassVar[HandOverReason]
    HAND_OVER_REASON_CONFLICT_OF_INTEREST: _ClassVar[HandOverReason]
    HAND_OVER_REASON_OTHER: _ClassVar[HandOverReason]

class ReturnedBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETURNED_BY_UNSPECIFIED: _ClassVar[ReturnedBy]
    RETURNED_BY_CLOCK: _ClassVar[ReturnedBy]
    RETURNED_BY_RECEIVER: _ClassVar[ReturnedBy]
    RETURNED_BY_OWNER: _ClassVar[ReturnedBy]

class TakeOverReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TAKE_OVER_REASON_UNSPECIFIED: _ClassVar[TakeOverReason]
    TAKE_OVER_REASON_OVERDUE: _ClassVar[TakeOverReason]
    TAKE_OVER_REASON_ABSENCE: _ClassVar[TakeOverReason]
    TAKE_OVER_REASON_CONFLICT_OF_INTEREST: _ClassVar[TakeOverReason]
    TAKE_OVER_REASON_SENIORITY: _ClassVar[TakeOverReason]
    TAKE_OVER_REASON_NO_LONGER_NEEDED: _ClassVar[TakeOverReason]
    TAKE_OVER_REASON_OTHER: _ClassVar[TakeOverReason]
DECISION_MAKER_KIND_UNSPECIFIED: DecisionMakerKind
DECISION_MAKER_KIND_PERSON: DecisionMakerKind
DECISION_MAKER_KIND_TEAM: DecisionMakerKind
DECISION_MAKER_KIND_PARTNER: DecisionMakerKind
HAND_OVER_REASON_UNSPECIFIED: HandOverReason
HAND_OVER_REASON_END_OF_SHIFT: HandOverReason
HAND_OVER_REASON_ABSENCE: HandOverReason
HAND_OVER_REASON_WORKLOAD: HandOverReason
HAND_OVER_REASON_EXPERTISE: HandOverReason
HAND_OVER_REASON_CONFLICT_OF_INTEREST: HandOverReason
HAND_OVER_REASON_OTHER: HandOverReason
RETURNED_BY_UNSPECIFIED: ReturnedBy
RETURNED_BY_CLOCK: ReturnedBy
RETURNED_BY_RECEIVER: ReturnedBy
RETURNED_BY_OWNER: ReturnedBy
TAKE_OVER_REASON_UNSPECIFIED: TakeOverReason
TAKE_OVER_REASON_OVERDUE: TakeOverReason
TAKE_OVER_REASON_ABSENCE: TakeOverReason
TAKE_OVER_REASON_CONFLICT_OF_INTEREST: TakeOverReason
TAKE_OVER_REASON_SENIORITY: TakeOverReason
TAKE_OVER_REASON_NO_LONGER_NEEDED: TakeOverReason
TAKE_OVER_REASON_OTHER: TakeOverReason

class Calendar(_message.Message):
    __slots__ = ("zone", "hours", "holidays")
    ZONE_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    HOLIDAYS_FIELD_NUMBER: _ClassVar[int]
    zone: str
    hours: _containers.RepeatedCompositeFieldContainer[WorkingHours]
    holidays: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, zone: _Optional[str] = ..., hours: _Optional[_Iterable[_Union[WorkingHours, _Mapping]]] = ..., holidays: _Optional[_Iterable[str]] = ...) -> None: ...

class WorkingHours(_message.Message):
    __slots__ = ("weekday", "from_minute", "until_minute")
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    FROM_MINUTE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MINUTE_FIELD_NUMBER: _ClassVar[int]
    weekday: int
    from_minute: int
    until_minute: int
    def __init__(self, weekday: _Optional[int] = ..., from_minute: _Optional[int] = ..., until_minute: _Optional[int] = ...) -> None: ...

class DecisionMakerUpdated(_message.Message):
    __slots__ = ("decision_maker_id", "kind", "public_name", "subjects", "seniority", "capacity", "calendar", "manager", "stand_in", "skills", "languages")
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
    decision_maker_id: str
    kind: DecisionMakerKind
    public_name: str
    subjects: _containers.RepeatedScalarFieldContainer[str]
    seniority: int
    capacity: int
    calendar: Calendar
    manager: str
    stand_in: str
    skills: _containers.RepeatedScalarFieldContainer[str]
    languages: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, decision_maker_id: _Optional[str] = ..., kind: _Optional[_Union[DecisionMakerKind, str]] = ..., public_name: _Optional[str] = ..., subjects: _Optional[_Iterable[str]] = ..., seniority: _Optional[int] = ..., capacity: _Optional[int] = ..., calendar: _Optional[_Union[Calendar, _Mapping]] = ..., manager: _Optional[str] = ..., stand_in: _Optional[str] = ..., skills: _Optional[_Iterable[str]] = ..., languages: _Optional[_Iterable[str]] = ...) -> None: ...

class AvailabilityChanged(_message.Message):
    __slots__ = ("decision_maker_id", "available", "away_until", "stand_in")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    AWAY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    STAND_IN_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    available: bool
    away_until: _timestamp_pb2.Timestamp
    stand_in: str
    def __init__(self, decision_maker_id: _Optional[str] = ..., available: _Optional[bool] = ..., away_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stand_in: _Optional[str] = ...) -> None: ...

class AuthorityGranted(_message.Message):
    __slots__ = ("decision_maker_id", "grant_id", "action", "per_case")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    PER_CASE_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    grant_id: str
    action: _types_pb2.Action
    per_case: _money_pb2.Money
    def __init__(self, decision_maker_id: _Optional[str] = ..., grant_id: _Optional[str] = ..., action: _Optional[_Union[_types_pb2.Action, str]] = ..., per_case: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class AuthorityRevoked(_message.Message):
    __slots__ = ("decision_maker_id", "grant_id")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    grant_id: str
    def __init__(self, decision_maker_id: _Optional[str] = ..., grant_id: _Optional[str] = ...) -> None: ...

class PassedOver(_message.Message):
    __slots__ = ("decision_maker_id", "public_name", "reason", "detail")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    public_name: str
    reason: str
    detail: str
    def __init__(self, decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...

class DecisionMakerAssigned(_message.Message):
    __slots__ = ("escalation_id", "assignment_id", "decision_maker_id", "public_name", "hop", "needs", "passed_over", "replaces_assignment_id", "assigned_at", "accept_by", "partner")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    HOP_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    PASSED_OVER_FIELD_NUMBER: _ClassVar[int]
    REPLACES_ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_AT_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_BY_FIELD_NUMBER: _ClassVar[int]
    PARTNER_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    assignment_id: str
    decision_maker_id: str
    public_name: str
    hop: int
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    passed_over: _containers.RepeatedCompositeFieldContainer[PassedOver]
    replaces_assignment_id: str
    assigned_at: _timestamp_pb2.Timestamp
    accept_by: _timestamp_pb2.Timestamp
    partner: bool
    def __init__(self, escalation_id: _Optional[str] = ..., assignment_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., hop: _Optional[int] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., passed_over: _Optional[_Iterable[_Union[PassedOver, _Mapping]]] = ..., replaces_assignment_id: _Optional[str] = ..., assigned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., accept_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., partner: _Optional[bool] = ...) -> None: ...

class AssignmentAccepted(_message.Message):
    __slots__ = ("escalation_id", "assignment_id", "decision_maker_id", "public_name", "owner_subject", "accepted_at", "restate_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_AT_FIELD_NUMBER: _ClassVar[int]
    RESTATE_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    assignment_id: str
    decision_maker_id: str
    public_name: str
    owner_subject: str
    accepted_at: _timestamp_pb2.Timestamp
    restate_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., assignment_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., owner_subject: _Optional[str] = ..., accepted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., restate_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AssignmentDeclined(_message.Message):
    __slots__ = ("escalation_id", "assignment_id", "decision_maker_id", "reason", "declined_at", "note")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DECLINED_AT_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    assignment_id: str
    decision_maker_id: str
    reason: str
    declined_at: _timestamp_pb2.Timestamp
    note: _event_pb2.Sealed
    def __init__(self, escalation_id: _Optional[str] = ..., assignment_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., reason: _Optional[str] = ..., declined_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., note: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ...) -> None: ...

class AssignmentExpired(_message.Message):
    __slots__ = ("escalation_id", "assignment_id", "decision_maker_id", "expired_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    assignment_id: str
    decision_maker_id: str
    expired_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., assignment_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., expired_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class NoDecisionMakerFound(_message.Message):
    __slots__ = ("escalation_id", "needs", "passed_over", "retry_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    PASSED_OVER_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    passed_over: _containers.RepeatedCompositeFieldContainer[PassedOver]
    retry_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., passed_over: _Optional[_Iterable[_Union[PassedOver, _Mapping]]] = ..., retry_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RoutingUnblocked(_message.Message):
    __slots__ = ("escalation_id", "decision_maker_id")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    decision_maker_id: str
    def __init__(self, escalation_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ...) -> None: ...

class HandOverOffered(_message.Message):
    __slots__ = ("escalation_id", "hand_over_id", "from_decision_maker_id", "from_public_name", "to_decision_maker_id", "to_public_name", "reason", "note", "needs", "offered_at", "return_by")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    TO_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    TO_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    OFFERED_AT_FIELD_NUMBER: _ClassVar[int]
    RETURN_BY_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    hand_over_id: str
    from_decision_maker_id: str
    from_public_name: str
    to_decision_maker_id: str
    to_public_name: str
    reason: HandOverReason
    note: _event_pb2.Sealed
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    offered_at: _timestamp_pb2.Timestamp
    return_by: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., hand_over_id: _Optional[str] = ..., from_decision_maker_id: _Optional[str] = ..., from_public_name: _Optional[str] = ..., to_decision_maker_id: _Optional[str] = ..., to_public_name: _Optional[str] = ..., reason: _Optional[_Union[HandOverReason, str]] = ..., note: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ..., offered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., return_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HandOverReturned(_message.Message):
    __slots__ = ("escalation_id", "hand_over_id", "from_decision_maker_id", "to_decision_maker_id", "returned_by", "returned_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    TO_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    RETURNED_BY_FIELD_NUMBER: _ClassVar[int]
    RETURNED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    hand_over_id: str
    from_decision_maker_id: str
    to_decision_maker_id: str
    returned_by: ReturnedBy
    returned_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., hand_over_id: _Optional[str] = ..., from_decision_maker_id: _Optional[str] = ..., to_decision_maker_id: _Optional[str] = ..., returned_by: _Optional[_Union[ReturnedBy, str]] = ..., returned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OwnershipHandedOver(_message.Message):
    __slots__ = ("escalation_id", "hand_over_id", "from_decision_maker_id", "from_public_name", "decision_maker_id", "public_name", "owner_subject", "handed_over_at", "partner")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    HANDED_OVER_AT_FIELD_NUMBER: _ClassVar[int]
    PARTNER_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    hand_over_id: str
    from_decision_maker_id: str
    from_public_name: str
    decision_maker_id: str
    public_name: str
    owner_subject: str
    handed_over_at: _timestamp_pb2.Timestamp
    partner: bool
    def __init__(self, escalation_id: _Optional[str] = ..., hand_over_id: _Optional[str] = ..., from_decision_maker_id: _Optional[str] = ..., from_public_name: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., owner_subject: _Optional[str] = ..., handed_over_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., partner: _Optional[bool] = ...) -> None: ...

class OwnershipTaken(_message.Message):
    __slots__ = ("escalation_id", "from_decision_maker_id", "from_public_name", "decision_maker_id", "public_name", "owner_subject", "reason", "note", "taken_at", "restate_by", "assignment_id", "needs")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TAKEN_AT_FIELD_NUMBER: _ClassVar[int]
    RESTATE_BY_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    from_decision_maker_id: str
    from_public_name: str
    decision_maker_id: str
    public_name: str
    owner_subject: str
    reason: TakeOverReason
    note: _event_pb2.Sealed
    taken_at: _timestamp_pb2.Timestamp
    restate_by: _timestamp_pb2.Timestamp
    assignment_id: str
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    def __init__(self, escalation_id: _Optional[str] = ..., from_decision_maker_id: _Optional[str] = ..., from_public_name: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., owner_subject: _Optional[str] = ..., reason: _Optional[_Union[TakeOverReason, str]] = ..., note: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., taken_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., restate_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., assignment_id: _Optional[str] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ...) -> None: ...

class EscalationDeescalated(_message.Message):
    __slots__ = ("escalation_id", "from_decision_maker_id", "from_public_name", "decision_maker_id", "public_name", "owner_subject", "reason", "note", "deescalated_at", "assignment_id", "needs")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    DEESCALATED_AT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_ID_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    from_decision_maker_id: str
    from_public_name: str
    decision_maker_id: str
    public_name: str
    owner_subject: str
    reason: TakeOverReason
    note: _event_pb2.Sealed
    deescalated_at: _timestamp_pb2.Timestamp
    assignment_id: str
    needs: _containers.RepeatedCompositeFieldContainer[_types_pb2.AuthorityNeed]
    def __init__(self, escalation_id: _Optional[str] = ..., from_decision_maker_id: _Optional[str] = ..., from_public_name: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., owner_subject: _Optional[str] = ..., reason: _Optional[_Union[TakeOverReason, str]] = ..., note: _Optional[_Union[_event_pb2.Sealed, _Mapping]] = ..., deescalated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., assignment_id: _Optional[str] = ..., needs: _Optional[_Iterable[_Union[_types_pb2.AuthorityNeed, _Mapping]]] = ...) -> None: ...

class AuthorityReserved(_message.Message):
    __slots__ = ("escalation_id", "reservation_id", "decision_maker_id", "uses", "reserved_at")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    RESERVED_AT_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    reservation_id: str
    decision_maker_id: str
    uses: _containers.RepeatedCompositeFieldContainer[AuthorityUse]
    reserved_at: _timestamp_pb2.Timestamp
    def __init__(self, escalation_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., decision_maker_id: _Optional[str] = ..., uses: _Optional[_Iterable[_Union[AuthorityUse, _Mapping]]] = ..., reserved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AuthorityUse(_message.Message):
    __slots__ = ("remedy_id", "action", "amount", "grant_id")
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    remedy_id: str
    action: _types_pb2.Action
    amount: _money_pb2.Money
    grant_id: str
    def __init__(self, remedy_id: _Optional[str] = ..., action: _Optional[_Union[_types_pb2.Action, str]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., grant_id: _Optional[str] = ...) -> None: ...

class AuthoritySettled(_message.Message):
    __slots__ = ("escalation_id", "reservation_id", "remedy_id")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    reservation_id: str
    remedy_id: str
    def __init__(self, escalation_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...

class AuthorityReleased(_message.Message):
    __slots__ = ("escalation_id", "reservation_id", "remedy_id")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    reservation_id: str
    remedy_id: str
    def __init__(self, escalation_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., remedy_id: _Optional[str] = ...) -> None: ...
