"""Envelopes to send, and a handler that keeps what it was given."""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from amends.eventstore.records import Envelope, EventMeta, chain_hash
from amends.eventstore.streams import case_stream
from amends.values.identity import EscalationId, Tenant

ACME = Tenant("acme")
WITHIN = 30.0
START = datetime(2026, 11, 21, 15, 10, 0, 123456, tzinfo=UTC)


def said(escalation: str, version: int) -> Envelope:
    """What intake said about an escalation at this version."""
    at = START + timedelta(seconds=version)
    return Envelope(
        source="intake",
        event_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{escalation}/{version}")),
        stream=case_stream(ACME, EscalationId(escalation)),
        version=version,
        type="amends.v1.ContactRecorded",
        data=f"{escalation} {version}".encode() + b"\0\xff",
        meta=EventMeta(
            tenant=ACME,
            actor="zoë@platform",
            role="platform",
            request_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{escalation}/{version}")),
            correlation_id=escalation,
            causation_id="",
            occurred_at=at,
        ),
        recorded_at=at + timedelta(microseconds=7),
        hash=bytes(range(32)),
    )


def chained(event: Envelope, behind: bytes) -> Envelope:
    """As its owner tells it, behind a predecessor of this hash."""
    own = chain_hash(
        behind,
        event.stream,
        event.version,
        event.event_id,
        event.type,
        event.recorded_at,
        event.meta.to_bytes(),
        event.data,
    )
    return replace(event, hash=own, prev_hash=behind)


def story(escalation: str, count: int) -> list[Envelope]:
    """Versions 1 to `count` of an escalation."""
    return [said(escalation, version) for version in range(1, count + 1)]


class Heard:
    """A handler that keeps every envelope in the order it came."""

    def __init__(self, fails: Callable[[Envelope], bool] = lambda _envelope: False) -> None:
        self._fails = fails
        self._changed = threading.Condition()
        self.envelopes: list[Envelope] = []
        self.attempts: list[Envelope] = []

    def __call__(self, envelopes: Sequence[Envelope]) -> None:
        with self._changed:
            self.attempts += envelopes
            self._changed.notify_all()
        for envelope in envelopes:
            if self._fails(envelope):
                raise ConnectionError("the database is away")
        with self._changed:
            self.envelopes += envelopes
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool], within: float = WITHIN) -> bool:
        """True once the condition holds; looked at each time something came."""
        with self._changed:
            return self._changed.wait_for(condition, within)

    def wait_for_count(self, count: int) -> bool:
        """True once so many different events came."""
        return self.wait_for(lambda: len({one.event_id for one in self.envelopes}) >= count)

    def versions(self, escalation: str) -> list[int]:
        """What came of one escalation, in order, repeats left out."""
        found = [one.version for one in self.envelopes if one.subject == escalation]
        return list(dict.fromkeys(found))
