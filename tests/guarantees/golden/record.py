"""Records what the version in pyproject.toml writes, for every version after it to read.

    python -m tests.guarantees.golden.record

One file per released version, made once by `make release` and never edited: it stands for what lies
in databases and topics by then. What this program can no longer read of it is a broken promise.
"""

import json
import sys
import tomllib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import Message
from google.type import datetime_pb2, money_pb2
from kafka.partitioner.default import murmur2

from amends.eventstore.answers import answer_key
from amends.eventstore.engine import make_engine
from amends.eventstore.person_keys import DataKey, derived
from amends.eventstore.records import (
    FIRST,
    Envelope,
    EventMeta,
    Origin,
    chain_hash,
    length_prefixed,
    microseconds,
)
from amends.eventstore.sealing import SealedText, Vault
from amends.eventstore.streams import StreamId, case_stream, directory_stream, stream_of
from amends.kafka.cloudevent import to_record
from amends.kafka.topics import PARTITIONS, SERVICES, topic_of
from amends.rpc.identity import canonical
from amends.v1 import intake_service_pb2, routing_service_pb2, types_pb2
from amends.values.identity import (
    Actor,
    Call,
    DecisionMakerId,
    EscalationId,
    Role,
    Subject,
    Tenant,
    derived_request_id,
)
from amends.values.personal import Personal
from deploy.local.home import CHECKOUT
from tests.guarantees.golden.values import CODECS, EVENTS, Filling, plain
from workflows import names

FOLDER = Path(__file__).parent
TENANT = Tenant("sole-mates")
CASE = EscalationId("esc_k2v7qhl3m4n5o6p7q2r3s")
HOLDER = DecisionMakerId("dm_maya")
CUSTOMER = "C-1042"
AT = datetime(2026, 11, 28, 15, 10, 0, 654_321, tzinfo=UTC)
MASTER_KEY = sha256(b"the master key of the golden files").digest()
PERSON_KEY = sha256(b"the key of one person of the golden files").digest()
KEY_ID = str(uuid.UUID(int=0x6A1F4C6E2C0E4B0E9A531D6D1F0C7A11))
NOWHERE = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
VAULT = Vault(NOWHERE, MASTER_KEY)
REQUEST_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def main() -> int:
    """Writes the file of this version; refuses to touch one that is there."""
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    file = FOLDER / f"v{version}.json"
    if file.exists():
        sys.stdout.write(f"{file.name} is released: raise the version in pyproject.toml first\n")
        return 1
    recorded = {"version": version, "keys": keys(), "formats": formats(), "logs": logs()}
    file.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    return 0


def logs() -> dict[str, list[dict[str, Any]]]:
    """Of each service a log that holds every one of its events."""
    filling = Filling()
    return {
        source: list(_log(source, [filling.event(kind) for kind in kinds]))
        for source, kinds in EVENTS.items()
    }


def _log(source: str, events: Iterable[object]) -> Iterable[dict[str, Any]]:
    ends: dict[StreamId, tuple[int, bytes]] = {}
    for event in events:
        stream = _stream_of(event)
        version, last = ends.get(stream, (0, FIRST))
        envelope, told = _written(source, stream, version + 1, last, event)
        ends[stream] = (version + 1, envelope.hash)
        yield told


def _written(
    source: str, stream: StreamId, version: int, last: bytes, event: object
) -> tuple[Envelope, dict[str, Any]]:
    event_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source}/{stream}/{version}"))
    origin = Origin(stream.tenant, stream, event_id)
    words: dict[str, str] = {}

    def seal(said: Personal[str], field: str) -> SealedText:
        words[field] = said.value
        # Nothing is asked of the database: the words are new and the key is at hand.
        return VAULT.seal(DataKey(KEY_ID, PERSON_KEY), said, origin.bind(field), None)  # type: ignore[arg-type]

    kind, data = CODECS[source].encode(event, seal)
    recorded_at, meta = AT + timedelta(seconds=version), _meta(stream)
    own = chain_hash(last, stream, version, event_id, kind, recorded_at, meta.to_bytes(), data)
    envelope = Envelope(source, event_id, stream, version, kind, data, meta, recorded_at, own)
    record = to_record(envelope)
    return envelope, {
        "type": kind,
        "event_id": event_id,
        "stream": str(stream),
        "version": version,
        "recorded_at": recorded_at.isoformat(),
        "data": data.hex(),
        "meta": meta.to_bytes().hex(),
        "prev_hash": last.hex(),
        "hash": own.hex(),
        "value": plain(CODECS[source].decode(kind, data, origin)),
        "words": words,
        "envelope": envelope.to_message().SerializeToString(deterministic=True).hex(),
        "key": record.key.decode(),
        "headers": [[name, value.decode()] for name, value in record.headers],
    }


def _stream_of(event: object) -> StreamId:
    of_the_directory = hasattr(event, "decision_maker_id") or hasattr(event, "decision_maker")
    if (
        of_the_directory
        and not hasattr(event, "escalation_id")
        and not hasattr(event, "escalation")
    ):
        return directory_stream(TENANT, HOLDER)
    return case_stream(TENANT, CASE)


def _meta(stream: StreamId) -> EventMeta:
    return EventMeta(
        tenant=TENANT,
        actor="voice-desk",
        role=Role.DECISION_MAKER.value,
        request_id=REQUEST_ID,
        correlation_id=stream.subject,
        causation_id="7d7a6f0e-0000-7000-8000-000000000001",
        occurred_at=AT,
    )


def keys() -> dict[str, str]:
    """One person's key as its row holds it, and the master key that opens it."""
    customer = VAULT.customer_digest(TENANT, CUSTOMER)
    about = length_prefixed((TENANT.encode(), customer.encode(), KEY_ID.encode()))
    nonce = bytes(range(12))
    wrapped = AESGCM(derived(MASTER_KEY, b"amends wrapping")).encrypt(nonce, PERSON_KEY, about)
    return {
        "master": MASTER_KEY.hex(),
        "key_id": KEY_ID,
        "tenant": TENANT,
        "customer": customer,
        "wrapped": (nonce + wrapped).hex(),
    }


def formats() -> dict[str, Any]:
    """What docs/architecture.md calls expensive to change, each by an example."""
    call = a_call()
    origin = Origin(TENANT, case_stream(TENANT, CASE), REQUEST_ID)
    sealed = SealedText(KEY_ID, b"\0nonce", b"cipher\xff", origin.bind("offer.words[2]"))
    return {
        "streams": {
            str(stream_of(TENANT, subject)): [TENANT, subject] for subject in (CASE, HOLDER)
        },
        "new_ids": {f"{prefix}{n}": call.new_id(prefix, n) for prefix, n in NEW_IDS},
        "derived_request_id": derived_request_id(REQUEST_ID, "RouteEscalation", CASE),
        "answer_key": answer_key(call),
        "requests": [_request(message) for message in requests()],
        "customer_digest": VAULT.customer_digest(TENANT, CUSTOMER),
        "order_digest": VAULT.reference_digest(TENANT, "order", "SM-20418"),
        "additional_data": origin.bind("offer.words[2]").hex(),
        "sealed": sealed.to_bytes().hex(),
        "microseconds": microseconds(AT),
        "topics": [topic_of(service) for service in SERVICES],
        "partitions": {subject: partition_of(subject) for subject in (CASE, HOLDER, "esc_1")},
        "workflow_id": names.workflow_id(CASE),
    }


NEW_IDS = (("esc_", 0), ("rem_", 0), ("rem_", 1))


def a_call() -> Call:
    """The call that the ids are derived from."""
    actor = Actor(Subject("voice-desk"), TENANT, Role.PLATFORM)
    return Call(actor, "OpenEscalation", REQUEST_ID, b"digest", causation_id="cause")


def partition_of(subject: str) -> int:
    """The partition that Kafka's clients put a subject's records in."""
    return int((murmur2(subject.encode()) & 0x7FFFFFFF) % PARTITIONS)


def requests() -> list[Message]:
    """Requests whose repeat must be recognised after a release too."""
    opening = intake_service_pb2.OpenEscalationRequest(
        request_id=REQUEST_ID,
        channel=types_pb2.CHANNEL_CHAT,
        cause=types_pb2.CAUSE_DAMAGED,
        customer=CUSTOMER,
        order="SM-20418",
        words="“ça grince” 👟",
        need_by=intake_service_pb2.NeedBy(
            by=datetime_pb2.DateTime(
                year=2026, month=12, day=1, hours=9, time_zone={"id": "Europe/London"}
            ),
            occasion="the final",
        ),
        remedy_sought=types_pb2.RemedySought(
            kinds=[types_pb2.REMEDY_KIND_REPLACEMENT, types_pb2.REMEDY_KIND_REFUND],
            amount=money_pb2.Money(currency_code="GBP", units=64, nanos=900_000_000),
        ),
    )
    route = routing_service_pb2.RouteEscalationRequest(request_id=REQUEST_ID, escalation_id=CASE)
    return [opening, route]


def _request(message: Message) -> dict[str, str]:
    form = canonical(message)
    return {
        "type": message.DESCRIPTOR.full_name,
        "data": message.SerializeToString(deterministic=True).hex(),
        "canonical": form.decode(),
        "digest": VAULT.digest(form).hex(),
    }


if __name__ == "__main__":
    sys.exit(main())
