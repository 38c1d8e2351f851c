"""What a released version wrote is read for ever: bytes, hashes, sealed words, ids, keys."""

import dataclasses
import json
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

from amends.eventstore.codec import Undecodable
from amends.eventstore.records import FIRST, Envelope, EventMeta, Origin, chain_hash
from amends.eventstore.sealing import SealedText, Vault
from amends.eventstore.streams import StreamId
from amends.kafka.cloudevent import from_record, to_record
from amends.rpc.identity import canonical
from amends.v1 import event_pb2
from amends.values.identity import Tenant
from tests.guarantees.golden import record
from tests.guarantees.golden.values import CODECS, EVENTS, lost, plain
from tests.guarantees.test_contract import released

FILES = sorted(record.FOLDER.glob("v*.json"))
VERSIONS = [json.loads(file.read_text()) for file in FILES]
# Wire bytes of fields that no message has: number 9999 as text, 9998 as a number.
FROM_THE_FUTURE = b"\xfa\xf0\x04\x05later" + b"\xf0\xf0\x04\x2a"
TO_DO = (
    "add nothing to a golden file that is there: `make release` records the events of a version in "
    "a file of their own; if this one was released without it, check that version out and run "
    "`python -m tests.guarantees.golden.record` there"
)


@dataclass(frozen=True)
class Written:
    """One event as a version wrote it."""

    version: str
    source: str
    told: dict[str, Any]
    keys: dict[str, str]

    @property
    def origin(self) -> Origin:
        return Origin(self.stream.tenant, self.stream, self.told["event_id"])

    @property
    def stream(self) -> StreamId:
        return StreamId.parse(self.told["stream"])

    @property
    def event_class(self) -> type:
        name = self.told["type"].rpartition(".")[2]
        return next(kind for kind in EVENTS[self.source] if kind.__name__ == name)

    def raw(self, name: str) -> bytes:
        return bytes.fromhex(self.told[name])

    def decoded(self, data: bytes) -> Any:  # noqa: ANN401 - JSON
        codec = CODECS[self.source]
        return plain(codec.decode(self.told["type"], data, self.origin))

    def message(self) -> Message:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(self.told["type"])
        return message_factory.GetMessageClass(descriptor).FromString(self.raw("data"))

    def envelope(self) -> Envelope:
        return Envelope(
            source=self.source,
            event_id=self.told["event_id"],
            stream=self.stream,
            version=self.told["version"],
            type=self.told["type"],
            data=self.raw("data"),
            meta=EventMeta.from_bytes(self.raw("meta")),
            recorded_at=datetime.fromisoformat(self.told["recorded_at"]),
            hash=self.raw("hash"),
        )


WRITTEN = [
    Written(version["version"], source, told, version["keys"])
    for version in VERSIONS
    for source, log in version["logs"].items()
    for told in log
]


def _name(written: Written) -> str:
    return f"{written.version}-{written.source}-{written.told['type'].rpartition('.')[2]}"


every_event = pytest.mark.parametrize("written", WRITTEN, ids=_name)
every_version = pytest.mark.parametrize("version", VERSIONS, ids=lambda each: each["version"])


@every_event
def test_an_event_says_what_it_said_when_it_was_written(written: Written) -> None:
    assert lost(written.told["value"], written.decoded(written.raw("data"))) == []


@every_event
def test_an_event_of_a_newer_writer_says_what_this_program_knows_of_it(written: Written) -> None:
    newer = written.raw("data") + FROM_THE_FUTURE
    assert lost(written.told["value"], written.decoded(newer)) == []


@every_event
def test_a_field_that_an_older_writer_did_not_know_is_empty_where_it_may_be(
    written: Written,
) -> None:
    for name in optional_fields(written.event_class):
        wire = _wire_name(written, name)
        older = written.message()
        older.ClearField(wire)
        found = written.decoded(older.SerializeToString(deterministic=True))
        assert found[name] is None
        del found[name]
        told = {key: value for key, value in written.told["value"].items() if key != name}
        assert lost(told, found) == []


@every_event
def test_a_field_that_must_be_there_and_is_not_is_named(written: Written) -> None:
    needed = {item.name for item in dataclasses.fields(written.event_class) if item.init}
    for name in needed - optional_fields(written.event_class):
        older = written.message()
        wire = _wire_name(written, name)
        field = older.DESCRIPTOR.fields_by_name[wire]
        if field.has_presence:
            older.ClearField(wire)
            with pytest.raises(Undecodable, match=f"{wire} is required"):
                written.decoded(older.SerializeToString(deterministic=True))


def optional_fields(event_class: type) -> set[str]:
    hints = typing.get_type_hints(event_class)
    return {name for name, hint in hints.items() if type(None) in typing.get_args(hint)}


def _wire_name(written: Written, name: str) -> str:
    return name if name in written.message().DESCRIPTOR.fields_by_name else f"{name}_id"


@every_event
def test_words_that_were_sealed_open_where_they_were_said(written: Written) -> None:
    opened = {
        context: AESGCM(record.PERSON_KEY).decrypt(text.nonce, text.ciphertext, context).decode()
        for text in _sealed(written.decoded(written.raw("data")))
        for context in [text.context]
    }
    said = {written.origin.bind(at): words for at, words in written.told["words"].items()}
    assert opened == said


def _sealed(value: Any) -> Iterator[SealedText]:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and set(value) == {"sealed"}:
        yield SealedText.from_bytes(bytes.fromhex(value["sealed"]))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _sealed(one)
    elif isinstance(value, list):
        for one in value:
            yield from _sealed(one)


@every_event
def test_the_hash_over_an_event_is_what_it_was(written: Written) -> None:
    meta = EventMeta.from_bytes(written.raw("meta"))
    assert meta.tenant == written.stream.tenant
    assert written.raw("hash") == chain_hash(
        written.raw("prev_hash"),
        written.stream,
        written.told["version"],
        written.told["event_id"],
        written.told["type"],
        datetime.fromisoformat(written.told["recorded_at"]),
        meta.to_bytes(),
        written.raw("data"),
    )


@every_version
def test_each_hash_goes_on_from_the_one_before(version: dict[str, Any]) -> None:
    for log in version["logs"].values():
        for stream in {told["stream"] for told in log}:
            chain = [told for told in log if told["stream"] == stream]
            assert chain[0]["prev_hash"] == FIRST.hex()
            assert all(after["prev_hash"] == told["hash"] for told, after in pairwise(chain))


@every_event
def test_a_record_of_kafka_is_read_and_still_written_so(written: Written) -> None:
    headers = [(name, value.encode()) for name, value in written.told["headers"]]
    found = from_record(written.told["key"].encode(), written.raw("data"), headers)
    assert found == written.envelope()
    now = to_record(found)
    assert (now.key.decode(), now.value) == (written.told["key"], written.raw("data"))
    assert set(headers) - set(now.headers) == set()


@every_event
def test_an_envelope_of_read_events_is_read_and_still_written_so(written: Written) -> None:
    message = event_pb2.EventEnvelope.FromString(written.raw("envelope"))
    assert Envelope.from_message(message) == written.envelope()
    again = written.envelope().to_message().SerializeToString(deterministic=True)
    assert again.startswith(written.raw("envelope"))


def test_every_event_of_the_released_contract_has_its_bytes_kept() -> None:
    kept = {written.told["type"] for written in WRITTEN}
    assert _released_events() - kept == set(), TO_DO


def test_every_event_of_the_released_contract_is_known_to_a_service() -> None:
    known = {kind for codec in CODECS.values() for kind in codec.types}
    assert _released_events() - known == set()


def _released_events() -> set[str]:
    """Messages of the events' files that are no part of another one, and the alarms."""
    files = [file for file in released().file if file.name.endswith("_events.proto")]
    messages = [message for file in files for message in file.message_type]
    parts = {field.type_name for message in messages for field in message.field}
    named = {f"amends.v1.{message.name}" for message in messages}
    of_all = {"amends.v1.AlarmRaised", "amends.v1.AlarmCleared"}
    assert of_all <= {f"amends.v1.{name}" for name in _names(released(), "event")}
    return {name for name in named if f".{name}" not in parts} | of_all


def _names(image: descriptor_pb2.FileDescriptorSet, file: str) -> set[str]:
    found = next(one for one in image.file if one.name == f"amends/v1/{file}.proto")
    return {message.name for message in found.message_type}


@every_version
def test_names_ids_and_keys_are_made_as_they_were(version: dict[str, Any]) -> None:
    then, now = version["formats"], record.formats()
    same = then.keys() - {"requests"}
    assert {name: then[name] for name in same} == {name: now[name] for name in same}


@every_version
def test_a_stream_is_read_back_from_its_name(version: dict[str, Any]) -> None:
    for text, (tenant, subject) in version["formats"]["streams"].items():
        stream = StreamId.parse(text)
        assert (stream.tenant, stream.subject) == (Tenant(tenant), subject)


@every_version
def test_sealed_words_in_a_column_are_read_and_still_written_so(version: dict[str, Any]) -> None:
    column = bytes.fromhex(version["formats"]["sealed"])
    text = SealedText.from_bytes(column)
    assert text.context.hex() == version["formats"]["additional_data"]
    assert text.to_bytes() == column


@every_version
def test_a_repeat_after_a_release_is_known_as_the_same_request(version: dict[str, Any]) -> None:
    vault = Vault(record.NOWHERE, bytes.fromhex(version["keys"]["master"]))
    for told in version["formats"]["requests"]:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(told["type"])
        request = message_factory.GetMessageClass(descriptor)
        form = canonical(request.FromString(bytes.fromhex(told["data"])))
        assert form.decode() == told["canonical"]
        assert vault.digest(form).hex() == told["digest"]
