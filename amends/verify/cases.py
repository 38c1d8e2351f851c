"""Cases as all services' logs tell them, one after another, in bounded memory.

The logs are read past the services, each as it was at one moment. That of intake is opened last:
a case that any other log speaks of was opened before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message
from sqlalchemy import Connection, Row, text

from amends.eventstore.records import from_timestamp
from amends.eventstore.streams import StreamId
from amends.v1 import (  # noqa: F401 - an import makes the messages known
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
)

INTAKE, ROUTING, RESOLUTION, FOLLOW_UP = "intake", "routing", "resolution", "followup"
OWNING = ("AssignmentAccepted", "OwnershipHandedOver", "OwnershipTaken", "EscalationDeescalated")
"""The events that make somebody the owner."""

_PAGE = 250
_PREFIX = "amends.v1."
_STREAMS = text("""
    SELECT DISTINCT stream_id FROM events
    WHERE stream_id > :after ORDER BY stream_id LIMIT :most
""")
_EVENTS = text("""
    SELECT stream_id, version, position, event_id::text AS event_id, type, data, recorded_at
    FROM events WHERE stream_id = ANY(:streams) ORDER BY stream_id, version
""")
_KNOWN = text("SELECT DISTINCT stream_id FROM events WHERE stream_id = ANY(:streams)")


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a case; `message` is None where the bytes are no such event."""

    service: str
    version: int
    position: int
    event_id: str
    name: str
    at: datetime
    data: bytes
    message: Any

    def moment(self, name: str) -> datetime | None:
        """A time that it names; None where it names none."""
        if name not in self.message.DESCRIPTOR.fields_by_name or not self.message.HasField(name):
            return None
        return from_timestamp(getattr(self.message, name))


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that was said about one escalation, by service, each in its order.

    `by_name` holds what can be read.
    """

    stream: StreamId
    said: Mapping[str, Sequence[Said]]
    by_name: Mapping[str, Sequence[Said]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The escalation."""
        return self.stream.subject

    def all(self, *names: str) -> list[Said]:
        """Every event of these names, in the order of the names and then of their stream."""
        return [one for name in names for one in self.by_name.get(name, ())]

    def last(self, *names: str) -> Said | None:
        """The latest of them in one stream; None where there is none."""
        return max(self.all(*names), key=lambda one: one.version, default=None)

    @property
    def is_open(self) -> bool:
        """Whether it was opened, and not closed since it was last reopened."""
        if not self.by_name.get("EscalationOpened"):
            return False
        last = self.last("EscalationClosed", "EscalationReopened")
        return last is None or last.name == "EscalationReopened"

    @property
    def alarms(self) -> list[Said]:
        """The alarms that stand."""
        cleared = {one.message.alarm_id for one in self.all("AlarmCleared")}
        return [one for one in self.all("AlarmRaised") if one.message.alarm_id not in cleared]


def cases(logs: Mapping[str, Connection]) -> Iterator[Case]:
    """Every case that intake opened, with what the other logs say about it."""
    for streams in pages(logs[INTAKE]):
        told = {service: _events(service, conn, streams) for service, conn in logs.items()}
        for stream in streams:
            yield case_of(stream, {service: said.get(stream, []) for service, said in told.items()})


def cases_of(logs: Mapping[str, Connection], streams: Sequence[str]) -> Iterator[Case]:
    """These cases only."""
    told = {service: _events(service, conn, streams) for service, conn in logs.items()}
    for stream in streams:
        yield case_of(stream, {service: said.get(stream, []) for service, said in told.items()})


def strangers(logs: Mapping[str, Connection]) -> Iterator[tuple[str, str]]:
    """(service, stream) of each case that another log speaks of and intake never opened."""
    for service, conn in logs.items():
        if service == INTAKE:
            continue
        for streams in pages(conn):
            asked = [one for one in streams if "/escalation/" in one]
            known = {row.stream_id for row in logs[INTAKE].execute(_KNOWN, {"streams": asked})}
            yield from ((service, one) for one in asked if one not in known)


def case_of(stream: str, said: Mapping[str, Sequence[Said]]) -> Case:
    """A case from its events."""
    by_name: dict[str, list[Said]] = {}
    for events in said.values():
        for one in events:
            if one.message is not None:
                by_name.setdefault(one.name, []).append(one)
    return Case(StreamId.parse(stream), said, by_name)


def pages(conn: Connection) -> Iterator[list[str]]:
    """The streams of a log, in its own order."""
    after = ""
    while True:
        rows = conn.execute(_STREAMS, {"after": after, "most": _PAGE}).all()
        if not rows:
            return
        yield [row.stream_id for row in rows]
        after = rows[-1].stream_id


def _events(service: str, conn: Connection, streams: Sequence[str]) -> dict[str, list[Said]]:
    rows: Iterable[Row[Any]] = conn.execute(_EVENTS, {"streams": list(streams)})
    return {
        stream: [_said(service, row) for row in group]
        for stream, group in groupby(rows, lambda row: row.stream_id)
    }


def _said(service: str, row: Row[Any]) -> Said:
    name = row.type.removeprefix(_PREFIX)
    return Said(
        service=service,
        version=row.version,
        position=row.position,
        event_id=row.event_id,
        name=name,
        at=row.recorded_at,
        data=row.data,
        message=_decoded(row.type, row.data),
    )


_classes: dict[str, type[Message] | None] = {}


def _decoded(full_name: str, data: bytes) -> Message | None:
    if full_name not in _classes:
        try:
            found = descriptor_pool.Default().FindMessageTypeByName(full_name)
            _classes[full_name] = message_factory.GetMessageClass(found)
        except KeyError:
            _classes[full_name] = None
    message_class = _classes[full_name]
    if message_class is None:
        return None
    try:
        return message_class.FromString(data)
    except DecodeError:
        return None
