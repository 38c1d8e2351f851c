"""News: what the workflow needs of an event, and nothing else of it.

A whitelist: a field that does not stand here never reaches Temporal. What is personal is sealed in
the event already and stands in no line below. Events that are missing here do not move a case:
what became of a refund is told by RemedyCompleted or RemedyFailed, an approval by OfferMade.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from amends.eventstore.records import Envelope
from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
)
from amends.values.identity import Role
from workflows.messages import News

_PACKAGE = "amends.v1."
_OFFER_BY = ("offer_by",)

FACTS: Mapping[type[Message], tuple[str, ...]] = {
    event_pb2.AlarmRaised: ("kind",),
    event_pb2.AlarmCleared: ("kind",),
    intake_events_pb2.EscalationOpened: (
        "channel",
        "cause",
        "priority",
        "need_by.zone",
        "acknowledge_by",
        "assign_by",
    ),
    intake_events_pb2.ContextRecorded: ("order_found",),
    intake_events_pb2.ProblemRestated: ("restatement", "confirm_by"),
    intake_events_pb2.ProblemConfirmed: ("restatement", "offer_by"),
    routing_events_pb2.DecisionMakerAssigned: (
        "assignment_id",
        "decision_maker_id",
        "public_name",
        "accept_by",
        "partner",
    ),
    routing_events_pb2.AssignmentAccepted: (
        "assignment_id",
        "decision_maker_id",
        "public_name",
        "restate_by",
    ),
    routing_events_pb2.AssignmentDeclined: ("assignment_id",),
    routing_events_pb2.AssignmentExpired: ("assignment_id",),
    routing_events_pb2.NoDecisionMakerFound: ("retry_at",),
    routing_events_pb2.HandOverOffered: (
        "hand_over_id",
        "from_public_name",
        "to_public_name",
        "return_by",
    ),
    routing_events_pb2.HandOverReturned: ("hand_over_id",),
    routing_events_pb2.OwnershipHandedOver: (
        "hand_over_id",
        "decision_maker_id",
        "public_name",
        "partner",
    ),
    routing_events_pb2.OwnershipTaken: ("decision_maker_id", "public_name", "restate_by"),
    routing_events_pb2.EscalationDeescalated: ("decision_maker_id", "public_name"),
    routing_events_pb2.RoutingUnblocked: ("decision_maker_id",),
    resolution_events_pb2.OfferDrafted: ("offer_id", "approve_by"),
    resolution_events_pb2.OfferMade: (
        "offer_id",
        "remedies.remedy_id",
        "remedies.kind",
        "remedies.in_place_of",
        "expires_by",
    ),
    resolution_events_pb2.OfferAccepted: ("offer_id", "carry_out_by", "answer_by"),
    resolution_events_pb2.OfferCountered: ("offer_id", *_OFFER_BY),
    resolution_events_pb2.OfferDeclined: ("offer_id", *_OFFER_BY),
    resolution_events_pb2.OfferExpired: ("offer_id", *_OFFER_BY),
    resolution_events_pb2.OfferRejected: ("offer_id", *_OFFER_BY),
    resolution_events_pb2.OfferWithdrawn: ("offer_id", *_OFFER_BY),
    resolution_events_pb2.ReplacementOrdered: ("remedy_id", "check_by"),
    resolution_events_pb2.ReplacementShipped: ("remedy_id", "check_by"),
    resolution_events_pb2.ReplacementDelayed: ("remedy_id", "check_by"),
    resolution_events_pb2.RefundSubmitted: ("remedy_id", "expected_by", "check_by"),
    resolution_events_pb2.RemedyCompleted: ("remedy_id",),
    resolution_events_pb2.RemedyFailed: ("remedy_id", *_OFFER_BY),
    resolution_events_pb2.RemedyCompensated: ("remedy_id",),
    resolution_events_pb2.PromiseMade: ("promise_id", "warn_by", "due_by"),
    resolution_events_pb2.PromiseKept: ("promise_id",),
    resolution_events_pb2.PromiseBroken: ("promise_id", "broken_at"),
    resolution_events_pb2.ResponseSent: ("response_id", "kind", "deliver_by"),
    resolution_events_pb2.ResponseDelivered: ("response_id", "kind"),
    resolution_events_pb2.EscalationResolved: (),
    followup_events_pb2.FollowUpScheduled: ("follow_up_id", "ask_by"),
    followup_events_pb2.FollowUpAsked: ("follow_up_id", "answer_by"),
    followup_events_pb2.FollowUpAnswered: ("follow_up_id", "solved"),
    followup_events_pb2.FollowUpMissed: ("follow_up_id",),
    followup_events_pb2.FollowUpCancelled: ("follow_up_id", "reason"),
    followup_events_pb2.EscalationReopened: ("reason", *_OFFER_BY),
    followup_events_pb2.DebriefRequested: ("debrief_id",),
    followup_events_pb2.EscalationClosed: ("outcome",),
}

_CLASS_OF = {each.DESCRIPTOR.full_name: each for each in FACTS}
# A run that began fresh has recorded it by itself; only one that resumes must be told.
_NOT_SIGNALLED = frozenset({intake_events_pb2.ContextRecorded.DESCRIPTOR.full_name})


def is_signalled(event_type: str) -> bool:
    """Whether an event of this type (protobuf full name) is sent to the workflow."""
    return event_type in _CLASS_OF and event_type not in _NOT_SIGNALLED


def news_of(
    envelope: Envelope, *, now: datetime | None = None, after: int | None = None
) -> News | None:
    """What the workflow needs of an event; None for an event that moves no case."""
    kind = _CLASS_OF.get(envelope.type)
    if kind is None:
        return None
    return News(
        service=envelope.source,
        version=envelope.version,
        event=envelope.type.removeprefix(_PACKAGE),
        event_id=envelope.event_id,
        facts={**facts_of(kind.FromString(envelope.data)), **_brought_by(envelope)},
        now=now,
        after=after,
    )


def _brought_by(envelope: Envelope) -> dict[str, str]:
    """The partner who opened the case; nothing for others, whose names say nothing of a case."""
    opened = envelope.type == intake_events_pb2.EscalationOpened.DESCRIPTOR.full_name
    by_partner = envelope.meta.role == Role.PARTNER.value
    return {"partner": envelope.meta.actor} if opened and by_partner else {}


def facts_of(message: Message) -> dict[str, Any]:
    """The whitelisted fields by their last name; unset times are left out."""
    found = {path: _at(message, path.split(".")) for path in FACTS[type(message)]}
    return {_name(path): value for path, value in found.items() if value is not None}


def _name(path: str) -> str:
    """`need_by.zone` -> `zone`; of each of many in the plural: `remedies.kind` -> `kinds`."""
    first, _, last = path.rpartition(".")
    return f"{last}s" if first == "remedies" else last


def _at(message: Message, path: list[str]) -> object:
    field = message.DESCRIPTOR.fields_by_name[path[0]]
    value = getattr(message, field.name)
    if len(path) == 1:
        unset = field.has_presence and not message.HasField(field.name)
        return None if unset else _plain(value, cast("EnumDescriptor | None", field.enum_type))
    if field.is_repeated:
        return [_at(each, path[1:]) for each in value]
    return _at(value, path[1:])


def _plain(value: object, enum: EnumDescriptor | None) -> object:
    if isinstance(value, Timestamp):
        return value.ToDatetime(UTC).isoformat()
    return _enum_name(enum, value) if enum and isinstance(value, int) else value


def _enum_name(enum: EnumDescriptor, number: int) -> str:
    """RESPONSE_KIND_ANSWER -> ANSWER; an unknown number of a later contract is UNSPECIFIED."""
    values = enum.values_by_number
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return str(values.get(number, values[0]).name.removeprefix(prefix))
