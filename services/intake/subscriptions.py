"""Subscriptions: what intake takes in from the other services, to tell how each case stands."""

from collections.abc import Mapping, Sequence

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import Message
from sqlalchemy import Connection, Table

from amends.eventstore.records import Envelope
from amends.eventstore.subscription import Handler
from amends.v1 import event_pb2, followup_events_pb2, resolution_events_pb2, routing_events_pb2
from amends.values.identity import EscalationId
from services.intake import wire
from services.intake.read_models import advance_case, give_place_back, take_place

_FILES: Mapping[str, FileDescriptor] = {
    "routing": routing_events_pb2.DESCRIPTOR,
    "resolution": resolution_events_pb2.DESCRIPTOR,
    "followup": followup_events_pb2.DESCRIPTOR,
}
_ALARMS = tuple(
    message.DESCRIPTOR.full_name for message in (event_pb2.AlarmRaised, event_pb2.AlarmCleared)
)


class CaseSubscription:
    """Everything that one other service says about cases."""

    tables: Sequence[Table] = ()

    def __init__(self, source: str) -> None:
        self.source = source
        self.handlers: Mapping[str, Handler] = dict.fromkeys(
            (*_of_cases(_FILES[source]), *_ALARMS), self._take
        )

    @staticmethod
    def _take(conn: Connection, message: Message, envelope: Envelope) -> None:
        if envelope.stream.kind != "escalation":
            return
        tenant, escalation = envelope.tenant, EscalationId(envelope.subject)
        fact = wire.fact(envelope, message)
        advance_case(conn, envelope.stream, fact)
        if fact.name == "EscalationClosed":
            give_place_back(conn, tenant, escalation)
        elif fact.name == "EscalationReopened":
            take_place(conn, tenant, escalation)


def _of_cases(file: FileDescriptor) -> list[str]:
    """The full names of the file's events that belong to an escalation."""
    return [
        message.full_name
        for message in file.message_types_by_name.values()
        if "escalation_id" in message.fields_by_name
    ]
