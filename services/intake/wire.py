"""Wire: between protobuf and the domain, where the generic codec is not enough."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.type import datetime_pb2

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.records import Envelope, from_timestamp
from amends.v1 import (  # noqa: F401 - their messages are found by name
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
    types_pb2,
)
from amends.v1 import intake_service_pb2 as pb
from amends.values.case import Stage
from amends.values.deadline import NeedBy
from amends.values.identity import CustomerDigest, EscalationId, OrderDigest, Tenant
from amends.values.money import Money
from amends.values.personal import Personal
from amends.values.remedy import RemedySought
from services.intake.domain.contact import RecordContact
from services.intake.domain.facts import Fact
from services.intake.domain.lists import Wanted
from services.intake.domain.need_by import CivilTime
from services.intake.domain.opening import OpenEscalation
from services.intake.domain.timeline import Entry

_SEALED = "amends.v1.Sealed"
_TIMESTAMP = "google.protobuf.Timestamp"
_MONEY = "google.type.Money"


def open_escalation(
    request: pb.OpenEscalationRequest,
    escalation: str,
    at: datetime,
    *,
    customer_digest: CustomerDigest,
    order_digest: OrderDigest,
) -> OpenEscalation:
    """The request as a command; refuses a need-by that is no moment."""
    return from_message(
        request,
        OpenEscalation,
        escalation=EscalationId(escalation),
        customer_digest=customer_digest,
        order_digest=order_digest,
        need_by=need_by(request),
        occasion=Personal(request.need_by.occasion),
        remedy_sought=remedy_sought(request) or RemedySought(),
        at=at,
    )


def record_contact(request: pb.RecordContactRequest, at: datetime) -> RecordContact:
    """The request as a command; refuses a need-by that is no moment."""
    return from_message(
        request,
        RecordContact,
        need_by=need_by(request),
        occasion=Personal(request.need_by.occasion),
        remedy_sought=remedy_sought(request),
        at=at,
    )


def wanted(request: pb.ListEscalationsRequest, tenant: Tenant) -> Wanted:
    """Which cases are asked for."""
    named = (types_pb2.Stage.Name(number).removeprefix("STAGE_") for number in request.stages)
    return Wanted(
        tenant=tenant,
        stages=tuple(Stage[name] for name in named if name in Stage.__members__),
        open_only=request.open_only,
        page_size=request.page_size,
        page_token=request.page_token,
    )


def need_by(request: pb.OpenEscalationRequest | pb.RecordContactRequest) -> NeedBy | None:
    """The request's `need_by` as one moment, or a refusal; None where nothing was said."""
    return civil_time(request.need_by.by).need_by() if request.HasField("need_by") else None


def civil_time(said: datetime_pb2.DateTime) -> CivilTime:
    """What google.type.DateTime says, before anybody asked whether such a time exists."""
    offset = said.utc_offset if said.HasField("utc_offset") else None
    return CivilTime(
        date=(said.year, said.month, said.day),
        time=(said.hours, said.minutes, said.seconds),
        zone=said.time_zone.id if said.HasField("time_zone") else "",
        offset=timedelta(seconds=offset.seconds) if offset is not None else None,
    )


def remedy_sought(
    request: pb.OpenEscalationRequest | pb.RecordContactRequest,
) -> RemedySought | None:
    """The request's `remedy_sought`; None where nothing was said."""
    if not request.HasField("remedy_sought"):
        return None
    found = from_message(request.remedy_sought, RemedySought)
    return found if found != RemedySought() else None


def timeline_entry(entry: Entry) -> pb.TimelineEntry:
    """An entry of the timeline as it is answered."""
    return to_message(entry, pb.TimelineEntry)


def fact(envelope: Envelope, message: Message | None = None) -> Fact:
    """What an event says, as plain values; one of a newer program without its fields."""
    known = message if message is not None else _parsed(envelope)
    return Fact(
        source=envelope.source,
        version=envelope.version,
        name=envelope.type.rpartition(".")[2],
        at=envelope.meta.occurred_at,
        actor=envelope.meta.actor,
        role=envelope.meta.role,
        fields=plain(known) if known is not None else {},
    )


def plain(message: Message) -> Mapping[str, Any]:
    """Every field of a message but the sealed ones, as `Fact.fields` promises."""
    return {
        field.name: _value(message, field)
        for field in message.DESCRIPTOR.fields
        if field.message_type is None or field.message_type.full_name != _SEALED
    }


def _parsed(envelope: Envelope) -> Message | None:
    try:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(envelope.type)
    except KeyError:
        return None
    return message_factory.GetMessageClass(descriptor).FromString(envelope.data)


def _value(message: Message, field: Any) -> Any:  # noqa: ANN401 - any plain value
    raw = getattr(message, field.name)
    if field.is_repeated:
        return tuple(_single(one, field) for one in raw)
    if field.message_type is not None and not message.HasField(field.name):
        return None
    return _single(raw, field)


def _single(raw: Any, field: Any) -> Any:  # noqa: ANN401 - any plain value
    if field.enum_type is not None:
        return _names(field.enum_type).get(raw, str(raw))
    if field.message_type is None:
        return raw
    match field.message_type.full_name:
        case name if name == _TIMESTAMP:
            return from_timestamp(raw)
        case name if name == _MONEY:
            return Money.of_units(raw.currency_code, raw.units, raw.nanos, field=field.name)
        case _:
            return plain(raw)


@cache
def _names(enum: EnumDescriptor) -> Mapping[int, str]:
    """CHANNEL_PHONE as PHONE, by its number."""
    prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.name).upper() + "_"
    return {value.number: value.name.removeprefix(prefix) for value in enum.values}
