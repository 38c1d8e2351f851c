"""What the services of a played world said, and what time it is there."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import case_stream
from amends.v1 import event_pb2, intake_events_pb2, routing_events_pb2
from amends.v1 import followup_events_pb2 as followup
from amends.v1 import resolution_events_pb2 as resolution
from amends.values.identity import EscalationId, Tenant
from workflows import names

TENANT = Tenant("sole-mates")
WORKER = "worker"
"""As whom the workflow's commands are called."""
SATURDAY = datetime(2026, 11, 28, 15, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_ENDS = ("amends.v1.EscalationClosed", "amends.v1.EscalationReopened")
_CLASSES = {
    message.DESCRIPTOR.full_name: message
    for module in (event_pb2, intake_events_pb2, routing_events_pb2, resolution, followup)
    for message in vars(module).values()
    if isinstance(message, type) and issubclass(message, Message)
}


class Logs:
    """The four logs of one case; business time is theirs and moves only when a test moves it."""

    def __init__(self) -> None:
        self.id = EscalationId(f"esc_{uuid.uuid4().hex}")
        self.events: dict[str, list[Envelope]] = {name: [] for name in names.SERVICES}
        self._actor = "test"
        self._began = datetime.now(UTC)
        self._starts_at = SATURDAY

    def now(self) -> datetime:
        return self._starts_at + (datetime.now(UTC) - self._began)

    def move_only(self, by: timedelta) -> None:
        """Business time is moved and nobody is told."""
        self._starts_at += by

    def by(self, after: timedelta) -> Timestamp:
        found = Timestamp()
        found.FromDatetime(self.now() + after)
        return found

    def publish(self, envelope: Envelope) -> None:
        """Where an event goes once it is committed."""

    @contextmanager
    def commanded(self) -> Iterator[None]:
        """Inside, what is said is what the worker's own command caused."""
        self._actor = WORKER
        try:
            yield
        finally:
            self._actor = "test"

    def say(self, service: str, message: Message) -> None:
        """A service commits an event and publishes it."""
        if "escalation_id" in message.DESCRIPTOR.fields_by_name:
            message.escalation_id = self.id  # type: ignore[attr-defined]
        envelope = Envelope(
            source=service,
            event_id=str(uuid.uuid4()),
            stream=case_stream(TENANT, self.id),
            version=len(self.events[service]) + 1,
            type=message.DESCRIPTOR.full_name,
            data=message.SerializeToString(),
            meta=EventMeta(TENANT, self._actor, "service", "", self.id, "", self.now()),
            recorded_at=self.now(),
            hash=b"",
        )
        self.events[service].append(envelope)
        self.publish(envelope)

    def said(self, event: str) -> list[Any]:
        """The messages of one event, of all services."""
        found = [
            each
            for envelopes in self.events.values()
            for each in envelopes
            if each.type == f"amends.v1.{event}"
        ]
        return [message_of(each) for each in found]

    def closed(self) -> bool:
        """Whether the case is, and was not reopened since."""
        ends = [each.type for each in self.events[names.FOLLOW_UP] if each.type in _ENDS]
        return bool(ends) and ends[-1] == _ENDS[0]

    def alarms(self) -> Mapping[str, list[str]]:
        """The kinds that stand, by service."""
        standing: dict[str, list[str]] = {name: [] for name in names.SERVICES}
        for service, envelopes in self.events.items():
            for each in envelopes:
                if each.type == "amends.v1.AlarmRaised":
                    standing[service].append(message_of(each).kind)
                elif each.type == "amends.v1.AlarmCleared":
                    standing[service].remove(message_of(each).kind)
        return standing


def message_of(envelope: Envelope) -> Any:  # noqa: ANN401 - protobuf classes are found by name
    """The event's message."""
    return _CLASSES[envelope.type].FromString(envelope.data)
