import datetime

from amends.v1 import access_pb2 as _access_pb2
from amends.v1 import event_pb2 as _event_pb2
from amends.v1 import intake_events_pb2 as _intake_events_pb2
from amends.v1 import types_pb2 as _types_pb2
from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import datetime_pb2 as _datetime_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NeedBy(_message.Message):
    __slots__ = ("by", "occasion")
    BY_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    by: _datetime_pb2.DateTime
    occasion: str
    def __init__(self, by: _Optional[_Union[_datetime_pb2.DateTime, _Mapping]] = ..., occasion: _Optional[str] = ...) -> None: ...

class OpenEscalationRequest(_message.Message):
    __slots__ = ("request_id", "channel", "cause", "customer", "order", "words", "stake", "expected_outcome", "need_by", "remedy_sought")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    STAKE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    NEED_BY_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: _types_pb2.Channel
    cause: _types_pb2.Cause
    customer: str
    order: str
    words: str
    stake: str
    expected_outcome: str
    need_by: NeedBy
    remedy_sought: _types_pb2.RemedySought
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., cause: _Optional[_Union[_types_pb2.Cause, str]] = ..., customer: _Optional[str] = ..., order: _Optional[str] = ..., words: _Optional[str] = ..., stake: _Optional[str] = ..., expected_outcome: _Optional[str] = ..., need_by: _Optional[_Union[NeedBy, _Mapping]] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ...) -> None: ...

class OpenEscalationResponse(_message.Message):
    __slots__ = ("escalation_id", "version", "already_open")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ALREADY_OPEN_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    version: int
    already_open: bool
    def __init__(self, escalation_id: _Optional[str] = ..., version: _Optional[int] = ..., already_open: _Optional[bool] = ...) -> None: ...

class RecordContactRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "expected_version", "channel", "words", "need_by", "remedy_sought")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    NEED_BY_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    expected_version: int
    channel: _types_pb2.Channel
    words: str
    need_by: NeedBy
    remedy_sought: _types_pb2.RemedySought
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., words: _Optional[str] = ..., need_by: _Optional[_Union[NeedBy, _Mapping]] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ...) -> None: ...

class RecordContactResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class RecordContextRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ...) -> None: ...

class RecordContextResponse(_message.Message):
    __slots__ = ("version", "order_found")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ORDER_FOUND_FIELD_NUMBER: _ClassVar[int]
    version: int
    order_found: bool
    def __init__(self, version: _Optional[int] = ..., order_found: _Optional[bool] = ...) -> None: ...

class RestateProblemRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "expected_version", "words")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    expected_version: int
    words: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., words: _Optional[str] = ...) -> None: ...

class RestateProblemResponse(_message.Message):
    __slots__ = ("version", "restatement", "confirm_by")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RESTATEMENT_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_BY_FIELD_NUMBER: _ClassVar[int]
    version: int
    restatement: int
    confirm_by: _timestamp_pb2.Timestamp
    def __init__(self, version: _Optional[int] = ..., restatement: _Optional[int] = ..., confirm_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConfirmProblemRequest(_message.Message):
    __slots__ = ("request_id", "escalation_id", "expected_version", "restatement", "evidence")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    RESTATEMENT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    escalation_id: str
    expected_version: int
    restatement: int
    evidence: str
    def __init__(self, request_id: _Optional[str] = ..., escalation_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., restatement: _Optional[int] = ..., evidence: _Optional[str] = ...) -> None: ...

class ConfirmProblemResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class GetEscalationRequest(_message.Message):
    __slots__ = ("escalation_id", "timeline_page_size", "timeline_page_token")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    timeline_page_size: int
    timeline_page_token: str
    def __init__(self, escalation_id: _Optional[str] = ..., timeline_page_size: _Optional[int] = ..., timeline_page_token: _Optional[str] = ...) -> None: ...

class GetEscalationResponse(_message.Message):
    __slots__ = ("case_file", "next_timeline_page_token")
    CASE_FILE_FIELD_NUMBER: _ClassVar[int]
    NEXT_TIMELINE_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    case_file: CaseFile
    next_timeline_page_token: str
    def __init__(self, case_file: _Optional[_Union[CaseFile, _Mapping]] = ..., next_timeline_page_token: _Optional[str] = ...) -> None: ...

class CaseFile(_message.Message):
    __slots__ = ("escalation_id", "stage", "waiting_for", "waiting_until", "channel", "cause", "priority", "opened_at", "customer", "order", "words", "stake", "expected_outcome", "need_by", "occasion", "remedy_sought", "contacts", "restatement", "context", "owner", "hops", "offers", "alarms", "timeline", "outcome", "versions", "closed_at", "policy_version", "hand_over", "promises", "refunds", "history", "zone")
    class VersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FOR_FIELD_NUMBER: _ClassVar[int]
    WAITING_UNTIL_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    STAKE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    NEED_BY_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    REMEDY_SOUGHT_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    RESTATEMENT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    HOPS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    ALARMS_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AT_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    REFUNDS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    stage: _types_pb2.Stage
    waiting_for: str
    waiting_until: _timestamp_pb2.Timestamp
    channel: _types_pb2.Channel
    cause: _types_pb2.Cause
    priority: int
    opened_at: _timestamp_pb2.Timestamp
    customer: str
    order: str
    words: str
    stake: str
    expected_outcome: str
    need_by: _types_pb2.NeedByKnown
    occasion: str
    remedy_sought: _types_pb2.RemedySought
    contacts: _containers.RepeatedCompositeFieldContainer[Contact]
    restatement: Restatement
    context: _intake_events_pb2.ContextRecorded
    owner: Person
    hops: int
    offers: _containers.RepeatedCompositeFieldContainer[OfferSummary]
    alarms: _containers.RepeatedCompositeFieldContainer[StandingAlarm]
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    outcome: str
    versions: _containers.ScalarMap[str, int]
    closed_at: _timestamp_pb2.Timestamp
    policy_version: int
    hand_over: OfferedHandOver
    promises: _containers.RepeatedCompositeFieldContainer[PromiseSummary]
    refunds: _containers.RepeatedCompositeFieldContainer[RefundSummary]
    history: _containers.RepeatedCompositeFieldContainer[DepartmentAct]
    zone: str
    def __init__(self, escalation_id: _Optional[str] = ..., stage: _Optional[_Union[_types_pb2.Stage, str]] = ..., waiting_for: _Optional[str] = ..., waiting_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., cause: _Optional[_Union[_types_pb2.Cause, str]] = ..., priority: _Optional[int] = ..., opened_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., customer: _Optional[str] = ..., order: _Optional[str] = ..., words: _Optional[str] = ..., stake: _Optional[str] = ..., expected_outcome: _Optional[str] = ..., need_by: _Optional[_Union[_types_pb2.NeedByKnown, _Mapping]] = ..., occasion: _Optional[str] = ..., remedy_sought: _Optional[_Union[_types_pb2.RemedySought, _Mapping]] = ..., contacts: _Optional[_Iterable[_Union[Contact, _Mapping]]] = ..., restatement: _Optional[_Union[Restatement, _Mapping]] = ..., context: _Optional[_Union[_intake_events_pb2.ContextRecorded, _Mapping]] = ..., owner: _Optional[_Union[Person, _Mapping]] = ..., hops: _Optional[int] = ..., offers: _Optional[_Iterable[_Union[OfferSummary, _Mapping]]] = ..., alarms: _Optional[_Iterable[_Union[StandingAlarm, _Mapping]]] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., outcome: _Optional[str] = ..., versions: _Optional[_Mapping[str, int]] = ..., closed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., policy_version: _Optional[int] = ..., hand_over: _Optional[_Union[OfferedHandOver, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[PromiseSummary, _Mapping]]] = ..., refunds: _Optional[_Iterable[_Union[RefundSummary, _Mapping]]] = ..., history: _Optional[_Iterable[_Union[DepartmentAct, _Mapping]]] = ..., zone: _Optional[str] = ...) -> None: ...

class DepartmentAct(_message.Message):
    __slots__ = ("at", "department", "what", "about_order")
    AT_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    ABOUT_ORDER_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    department: str
    what: str
    about_order: bool
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., department: _Optional[str] = ..., what: _Optional[str] = ..., about_order: _Optional[bool] = ...) -> None: ...

class PromiseSummary(_message.Message):
    __slots__ = ("promise_id", "maker", "state", "promised_at", "due_by", "warn_by")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    MAKER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    WARN_BY_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    maker: str
    state: str
    promised_at: _timestamp_pb2.Timestamp
    due_by: _timestamp_pb2.Timestamp
    warn_by: _timestamp_pb2.Timestamp
    def __init__(self, promise_id: _Optional[str] = ..., maker: _Optional[str] = ..., state: _Optional[str] = ..., promised_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., warn_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RefundSummary(_message.Message):
    __slots__ = ("remedy_id", "amount", "state", "expected_by", "credited_at")
    REMEDY_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREDITED_AT_FIELD_NUMBER: _ClassVar[int]
    remedy_id: str
    amount: _money_pb2.Money
    state: str
    expected_by: _timestamp_pb2.Timestamp
    credited_at: _timestamp_pb2.Timestamp
    def __init__(self, remedy_id: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., state: _Optional[str] = ..., expected_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., credited_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferedHandOver(_message.Message):
    __slots__ = ("from_public_name", "to_public_name", "return_by")
    FROM_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    TO_PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    RETURN_BY_FIELD_NUMBER: _ClassVar[int]
    from_public_name: str
    to_public_name: str
    return_by: _timestamp_pb2.Timestamp
    def __init__(self, from_public_name: _Optional[str] = ..., to_public_name: _Optional[str] = ..., return_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Person(_message.Message):
    __slots__ = ("decision_maker_id", "public_name", "since")
    DECISION_MAKER_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_NAME_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    decision_maker_id: str
    public_name: str
    since: _timestamp_pb2.Timestamp
    def __init__(self, decision_maker_id: _Optional[str] = ..., public_name: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Contact(_message.Message):
    __slots__ = ("contacted_at", "channel", "words")
    CONTACTED_AT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    contacted_at: _timestamp_pb2.Timestamp
    channel: _types_pb2.Channel
    words: str
    def __init__(self, contacted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., words: _Optional[str] = ...) -> None: ...

class Restatement(_message.Message):
    __slots__ = ("number", "words", "confirmed", "restated_at", "confirmed_at")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    RESTATED_AT_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_AT_FIELD_NUMBER: _ClassVar[int]
    number: int
    words: str
    confirmed: bool
    restated_at: _timestamp_pb2.Timestamp
    confirmed_at: _timestamp_pb2.Timestamp
    def __init__(self, number: _Optional[int] = ..., words: _Optional[str] = ..., confirmed: _Optional[bool] = ..., restated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., confirmed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OfferSummary(_message.Message):
    __slots__ = ("offer_id", "state", "made_at", "expires_by", "kinds", "approve_by")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MADE_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_BY_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    APPROVE_BY_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    state: str
    made_at: _timestamp_pb2.Timestamp
    expires_by: _timestamp_pb2.Timestamp
    kinds: _containers.RepeatedScalarFieldContainer[_types_pb2.RemedyKind]
    approve_by: _timestamp_pb2.Timestamp
    def __init__(self, offer_id: _Optional[str] = ..., state: _Optional[str] = ..., made_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kinds: _Optional[_Iterable[_Union[_types_pb2.RemedyKind, str]]] = ..., approve_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StandingAlarm(_message.Message):
    __slots__ = ("source", "kind", "since", "clears_when")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    CLEARS_WHEN_FIELD_NUMBER: _ClassVar[int]
    source: str
    kind: str
    since: _timestamp_pb2.Timestamp
    clears_when: str
    def __init__(self, source: _Optional[str] = ..., kind: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., clears_when: _Optional[str] = ...) -> None: ...

class TimelineEntry(_message.Message):
    __slots__ = ("at", "source", "version", "event", "summary", "actor", "due_by")
    AT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    source: str
    version: int
    event: str
    summary: str
    actor: str
    due_by: _timestamp_pb2.Timestamp
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., version: _Optional[int] = ..., event: _Optional[str] = ..., summary: _Optional[str] = ..., actor: _Optional[str] = ..., due_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListEscalationsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "stages", "open_only")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STAGES_FIELD_NUMBER: _ClassVar[int]
    OPEN_ONLY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    stages: _containers.RepeatedScalarFieldContainer[_types_pb2.Stage]
    open_only: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., stages: _Optional[_Iterable[_Union[_types_pb2.Stage, str]]] = ..., open_only: _Optional[bool] = ...) -> None: ...

class ListEscalationsResponse(_message.Message):
    __slots__ = ("escalations", "next_page_token")
    ESCALATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    escalations: _containers.RepeatedCompositeFieldContainer[EscalationSummary]
    next_page_token: str
    def __init__(self, escalations: _Optional[_Iterable[_Union[EscalationSummary, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class EscalationSummary(_message.Message):
    __slots__ = ("escalation_id", "tenant", "stage", "waiting_for", "waiting_until", "cause", "channel", "priority", "opened_at", "owner_name", "has_alarm")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FOR_FIELD_NUMBER: _ClassVar[int]
    WAITING_UNTIL_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    OWNER_NAME_FIELD_NUMBER: _ClassVar[int]
    HAS_ALARM_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    tenant: str
    stage: _types_pb2.Stage
    waiting_for: str
    waiting_until: _timestamp_pb2.Timestamp
    cause: _types_pb2.Cause
    channel: _types_pb2.Channel
    priority: int
    opened_at: _timestamp_pb2.Timestamp
    owner_name: str
    has_alarm: bool
    def __init__(self, escalation_id: _Optional[str] = ..., tenant: _Optional[str] = ..., stage: _Optional[_Union[_types_pb2.Stage, str]] = ..., waiting_for: _Optional[str] = ..., waiting_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cause: _Optional[_Union[_types_pb2.Cause, str]] = ..., channel: _Optional[_Union[_types_pb2.Channel, str]] = ..., priority: _Optional[int] = ..., opened_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner_name: _Optional[str] = ..., has_alarm: _Optional[bool] = ...) -> None: ...

class WatchEscalationRequest(_message.Message):
    __slots__ = ("escalation_id", "watch_token")
    ESCALATION_ID_FIELD_NUMBER: _ClassVar[int]
    WATCH_TOKEN_FIELD_NUMBER: _ClassVar[int]
    escalation_id: str
    watch_token: str
    def __init__(self, escalation_id: _Optional[str] = ..., watch_token: _Optional[str] = ...) -> None: ...

class WatchEscalationResponse(_message.Message):
    __slots__ = ("entry", "event", "watch_token")
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    WATCH_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entry: TimelineEntry
    event: _event_pb2.EventEnvelope
    watch_token: str
    def __init__(self, entry: _Optional[_Union[TimelineEntry, _Mapping]] = ..., event: _Optional[_Union[_event_pb2.EventEnvelope, _Mapping]] = ..., watch_token: _Optional[str] = ...) -> None: ...
