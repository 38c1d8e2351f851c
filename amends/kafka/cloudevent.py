"""An event as a Kafka record: CloudEvents 1.0, binary mode.

The headers tell other readers what the contract promises; `ce_meta` alone is what we read the cause
of an event from, since the hash chain covers its exact bytes. The record's value is the event's
protobuf message, the key the subject of its stream.
"""

import base64
import binascii
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from google.protobuf.message import DecodeError

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import StreamId

CONTENT_TYPE = "application/protobuf"
_SOURCE = "/amends/"
_VERSIONS = 2**31

Headers = Sequence[tuple[str, bytes]]


class NotAnEvent(Exception):
    """A record that none of our producers can have written; the message says which part."""


class Record(NamedTuple):
    """What the producer hands to Kafka."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def to_record(envelope: Envelope) -> Record:
    """The envelope as a record, nothing of it lost."""
    meta = envelope.meta
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": envelope.event_id,
        "ce_source": f"{_SOURCE}{envelope.source}",
        "ce_type": envelope.type,
        "ce_subject": envelope.stream.subject,
        "ce_time": _text(meta.occurred_at),
        "ce_sequence": f"{envelope.version:020d}",
        "ce_correlationid": meta.correlation_id,
        "ce_causationid": meta.causation_id,
        "ce_tenant": envelope.stream.tenant,
        "ce_actor": meta.actor,
        "ce_role": meta.role,
        "ce_hash": envelope.hash.hex(),
        "ce_stream": str(envelope.stream),
        "ce_recordedtime": _text(envelope.recorded_at),
        "ce_meta": base64.b64encode(meta.to_bytes()).decode(),
        "content-type": CONTENT_TYPE,
    }
    if envelope.prev_hash is not None:
        attributes["ce_prevhash"] = envelope.prev_hash.hex()
    if envelope.traceparent:
        attributes["ce_traceparent"] = envelope.traceparent
    headers = [(name, value.encode()) for name, value in attributes.items()]
    return Record(envelope.stream.subject.encode(), envelope.data, headers)


def from_record(key: bytes | None, value: bytes | None, headers: Headers) -> Envelope:
    """The envelope that `to_record` wrote.

    Raises:
        NotAnEvent: an attribute is missing or malformed, they contradict each other, or the hash
            is of something else. No store takes in what any other error would be raised for.
    """
    attributes = {name: value for name, value in headers if value is not None}
    try:
        envelope = _envelope(attributes, value or b"")
    except KeyError as missing:
        msg = f"the header {missing} is missing"
        raise NotAnEvent(msg) from None
    except (ValueError, binascii.Error, DecodeError) as error:
        msg = f"a header is malformed: {type(error).__name__}"
        raise NotAnEvent(msg) from None
    _check(envelope, attributes, key)
    return envelope


def _envelope(attributes: Mapping[str, bytes], data: bytes) -> Envelope:
    previous = attributes.get("ce_prevhash")
    return Envelope(
        source=_name(attributes["ce_source"].decode().removeprefix(_SOURCE)),
        event_id=str(uuid.UUID(attributes["ce_id"].decode())),
        stream=StreamId.parse(_name(attributes["ce_stream"].decode())),
        version=_version(attributes["ce_sequence"].decode()),
        type=_name(attributes["ce_type"].decode()),
        data=data,
        meta=EventMeta.from_bytes(base64.b64decode(attributes["ce_meta"], validate=True)),
        recorded_at=_moment(attributes["ce_recordedtime"].decode()),
        hash=bytes.fromhex(attributes["ce_hash"].decode()),
        prev_hash=None if previous is None else bytes.fromhex(previous.decode()),
        traceparent=attributes.get("ce_traceparent", b"").decode(),
    )


def _name(text: str) -> str:
    """What a database takes as text."""
    if "\0" in text:
        raise ValueError(text)
    return text


def _version(text: str) -> int:
    """As wide as the store's column."""
    version = int(text)
    if not 0 < version < _VERSIONS:
        raise ValueError(text)
    return version


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _check(envelope: Envelope, attributes: Mapping[str, bytes], key: bytes | None) -> None:
    """What stands twice must agree: a header edited on its way is found here."""
    stream = envelope.stream
    agreed = {
        "content-type": CONTENT_TYPE.encode(),
        "ce_tenant": stream.tenant.encode(),
        "ce_subject": stream.subject.encode(),
    }
    for name, value in agreed.items():
        if attributes.get(name) != value:
            msg = f"the header {name!r} contradicts the rest"
            raise NotAnEvent(msg)
    if key != agreed["ce_subject"] or envelope.meta.tenant != stream.tenant:
        msg = "the key or the meta contradicts the stream"
        raise NotAnEvent(msg)
    if not envelope.is_whole:
        msg = "the hash is not that of what it says"
        raise NotAnEvent(msg)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
