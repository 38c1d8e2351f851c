"""Records: an event as it is stored and as it travels, and the hash that chains a stream.

The hash is expensive to change later: what it covers, in which order and how each part is written
stands in `chain_hash` alone.
"""

import os
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from google.protobuf.timestamp_pb2 import Timestamp

from amends.eventstore.streams import StreamId
from amends.v1 import event_pb2
from amends.values.identity import Tenant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTH = struct.Struct(">Q")
FIRST = b""
"""The predecessor's hash of a stream's first event."""


@dataclass(frozen=True, slots=True)
class EventMeta:
    """Who caused an event, and why; `role` as the token spells it, `occurred_at` aware UTC."""

    tenant: Tenant
    actor: str
    role: str
    request_id: str
    correlation_id: str
    causation_id: str
    occurred_at: datetime
    raw: bytes = field(default=b"", repr=False, compare=False)
    """The bytes that it was read from, if it was: the hash is over them."""

    def to_bytes(self) -> bytes:
        """As it is stored and hashed; what was read is given back byte for byte."""
        if self.raw:
            return self.raw
        message = event_pb2.EventMeta(
            tenant=self.tenant,
            actor=self.actor,
            role=self.role,
            request_id=self.request_id,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            occurred_at=to_timestamp(self.occurred_at),
        )
        return message.SerializeToString(deterministic=True)

    @classmethod
    def from_bytes(cls, data: bytes) -> "EventMeta":
        """Back from what was stored."""
        message = event_pb2.EventMeta.FromString(data)
        return cls(
            tenant=Tenant(message.tenant),
            actor=message.actor,
            role=message.role,
            request_id=message.request_id,
            correlation_id=message.correlation_id,
            causation_id=message.causation_id,
            occurred_at=from_timestamp(message.occurred_at),
            raw=data,
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words were said first; a sealed text can be opened only as part of its origin."""

    tenant: Tenant
    stream: StreamId
    event_id: str

    def bind(self, field: str) -> bytes:
        """The additional data of a sealed field: tenant, stream, event id, field."""
        return length_prefixed(
            part.encode() for part in (self.tenant, str(self.stream), self.event_id, field)
        )


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the log. `data` is the protobuf message with sealed words, `meta` its cause."""

    position: int
    tx: int
    event_id: str
    stream: StreamId
    version: int
    type: str
    data: bytes
    meta: EventMeta
    prev_hash: bytes
    hash: bytes
    recorded_at: datetime
    traceparent: str = field(default="", compare=False)
    """The trace that it belongs to, while it waits in the outbox; stands in no log."""

    @property
    def origin(self) -> Origin:
        """What its sealed words are bound to."""
        return Origin(self.stream.tenant, self.stream, self.event_id)

    def true_hash(self) -> bytes:
        """What `hash` must be if nobody touched the row or its predecessors."""
        return chain_hash(
            self.prev_hash,
            self.stream,
            self.version,
            self.event_id,
            self.type,
            self.recorded_at,
            self.meta.to_bytes(),
            self.data,
        )

    def envelope(self, source: str) -> "Envelope":
        """As it travels from this service."""
        return Envelope(
            source=source,
            event_id=self.event_id,
            stream=self.stream,
            version=self.version,
            type=self.type,
            data=self.data,
            meta=self.meta,
            recorded_at=self.recorded_at,
            hash=self.hash,
            prev_hash=self.prev_hash,
            traceparent=self.traceparent,
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it travels over Kafka or ReadEvents; `source` is the service that said it."""

    source: str
    event_id: str
    stream: StreamId
    version: int
    type: str
    data: bytes
    meta: EventMeta
    recorded_at: datetime
    hash: bytes
    prev_hash: bytes | None = field(default=None, repr=False, compare=False)
    """Its predecessor's, with which it can be checked by itself; None where it did not travel."""
    traceparent: str = field(default="", compare=False)
    """The trace in which it came over Kafka; empty where nobody traces."""

    @property
    def tenant(self) -> Tenant:
        """Whose case it belongs to."""
        return self.stream.tenant

    @property
    def subject(self) -> str:
        """The escalation or decision-maker; the key of its Kafka record."""
        return self.stream.subject

    @property
    def is_whole(self) -> bool:
        """Whether it says what its hash was made of; also true where that cannot be told."""
        return self.prev_hash is None or self.hash == chain_hash(
            self.prev_hash,
            self.stream,
            self.version,
            self.event_id,
            self.type,
            self.recorded_at,
            self.meta.to_bytes(),
            self.data,
        )

    def to_message(self) -> event_pb2.EventEnvelope:
        """As protobuf."""
        return event_pb2.EventEnvelope(
            source=self.source,
            event_id=self.event_id,
            stream_id=str(self.stream),
            version=self.version,
            type=self.type,
            data=self.data,
            meta=self.meta.to_bytes(),
            recorded_at=to_timestamp(self.recorded_at),
            hash=self.hash,
            prev_hash=self.prev_hash or b"",
        )

    @classmethod
    def from_message(cls, message: event_pb2.EventEnvelope) -> "Envelope":
        """Back from protobuf."""
        return cls(
            source=message.source,
            event_id=message.event_id,
            stream=StreamId.parse(message.stream_id),
            version=message.version,
            type=message.type,
            data=message.data,
            meta=EventMeta.from_bytes(message.meta),
            recorded_at=from_timestamp(message.recorded_at),
            hash=message.hash,
            prev_hash=message.prev_hash or None,
        )


def chain_hash(  # noqa: PLR0913, PLR0917 - exactly what the hash covers
    prev_hash: bytes,
    stream: StreamId | str,
    version: int,
    event_id: str,
    event_type: str,
    recorded_at: datetime,
    meta: bytes,
    data: bytes,
) -> bytes:
    """SHA-256 over the predecessor's hash and everything that an event says.

    Each part stands behind its length (8 bytes, big-endian); numbers are decimal text and
    `recorded_at` is whole microseconds since 1970 UTC, so that no driver's formatting matters.
    """
    return sha256(
        length_prefixed(
            (
                prev_hash,
                str(stream).encode(),
                str(version).encode(),
                event_id.encode(),
                event_type.encode(),
                str(microseconds(recorded_at)).encode(),
                meta,
                data,
            )
        )
    ).digest()


def length_prefixed(parts: Iterable[bytes]) -> bytes:
    """The parts one after another, each behind its length, so that no two lists look the same."""
    pieces: list[bytes] = []
    for part in parts:
        pieces += (_LENGTH.pack(len(part)), part)
    return b"".join(pieces)


def new_event_id(at: datetime) -> str:
    """A UUID of version 7: unique, and near its neighbours in time in the index."""
    milliseconds = microseconds(at) // 1000
    raw = bytearray(milliseconds.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return str(uuid.UUID(bytes=bytes(raw)))


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 UTC, without a float in between."""
    return (at - _EPOCH) // _MICROSECOND


def to_timestamp(at: datetime) -> Timestamp:
    """An aware moment as protobuf carries it."""
    seconds, micros = divmod(microseconds(at), 1_000_000)
    return Timestamp(seconds=seconds, nanos=micros * 1000)


def from_timestamp(message: Timestamp) -> datetime:
    """An aware UTC moment, to the microsecond."""
    return _EPOCH + timedelta(seconds=message.seconds, microseconds=message.nanos // 1000)
