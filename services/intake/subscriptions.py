"""Subscriptions: what intake takes in from the other services, to tell how each case stands."""

from collections.abc import Mapping, Sequence

from google.protobuf.descriptor import FileDescriptor
from sqlalchemy import Connection, Table

from amends.eventstore.subscription import Handler, Together, Told
from amends.v1 import event_pb2, followup_events_pb2, resolution_events_pb2, routing_events_pb2
from amends.values.identity import EscalationId
from services.intake import wire
from services.intake.read_models.advancing import Said, advance_cases
from services.intake.read_models.cases import give_place_back, take_place

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
            (*_of_cases(_FILES[source]), *_ALARMS), _TAKE
        )


class _Take(Together):
    """The same for whatever any service says, so that all of it is taken in together."""

    def together(self, conn: Connection, told: Sequence[Told]) -> None:
        """A case that ends or goes on again moves others: what came before it is written first."""
        said: list[Said] = []
        for message, envelope in told:
            if envelope.stream.kind != "escalation":
                continue
            fact = wire.fact(envelope, message)
            said.append(Said(envelope.stream, fact))
            move = _MOVES.get(fact.name)
            if move is not None:
                advance_cases(conn, said)
                said = []
                move(conn, envelope.tenant, EscalationId(envelope.subject))
        advance_cases(conn, said)


_TAKE = _Take()
_MOVES = {"EscalationClosed": give_place_back, "EscalationReopened": take_place}


def _of_cases(file: FileDescriptor) -> list[str]:
    """The full names of the file's events that belong to an escalation."""
    return [
        message.full_name
        for message in file.message_types_by_name.values()
        if "escalation_id" in message.fields_by_name
    ]
