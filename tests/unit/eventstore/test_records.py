"""Records: names of streams, the chain's hash, ids."""

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from amends.eventstore.records import (
    Envelope,
    EventMeta,
    chain_hash,
    length_prefixed,
    new_event_id,
)
from amends.eventstore.sealing import SealedText
from amends.eventstore.streams import StreamId, case_stream, directory_stream, stream_of
from amends.v1 import event_pb2
from amends.values.identity import DecisionMakerId, EscalationId, Tenant

SHOP = Tenant("shop")
CASE = case_stream(SHOP, EscalationId("esc_1"))
AT = datetime(2026, 5, 2, 12, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        (CASE, "shop/escalation/esc_1"),
        (directory_stream(SHOP, DecisionMakerId("dm_1")), "shop/decision-maker/dm_1"),
        (case_stream(Tenant("a/b"), EscalationId("esc_1")), "a/b/escalation/esc_1"),
    ],
)
def test_a_stream_is_its_text(stream: StreamId, name: str) -> None:
    assert str(stream) == name
    assert StreamId.parse(name) == stream


@pytest.mark.parametrize("name", ["", "shop/esc_1", "shop/order/o_1", "/escalation/esc_1"])
def test_other_texts_are_no_stream(name: str) -> None:
    with pytest.raises(ValueError, match="is no stream"):
        StreamId.parse(name)


def test_a_subject_says_which_kind_of_stream_it_is() -> None:
    assert stream_of(SHOP, "esc_1") == CASE
    assert stream_of(SHOP, "dm_1").kind == "decision-maker"
    with pytest.raises(ValueError, match="names neither"):
        stream_of(SHOP, "ord_1")


def test_the_hash_is_over_length_prefixed_parts_in_a_fixed_order() -> None:
    """Written out by hand: whoever changes this breaks every chain that exists."""
    parts = [
        b"before",
        b"shop/escalation/esc_1",
        b"2",
        b"id",
        b"amends.v1.X",
        b"1777723200000001",
        b"meta",
        b"data",
    ]
    expected = hashlib.sha256(b"".join(struct.pack(">Q", len(p)) + p for p in parts)).digest()
    assert chain_hash(b"before", CASE, 2, "id", "amends.v1.X", AT, b"meta", b"data") == expected


def test_no_two_lists_of_parts_look_the_same() -> None:
    assert length_prefixed([b"ab", b"c"]) != length_prefixed([b"a", b"bc"])


def test_meta_that_was_read_is_given_back_byte_for_byte() -> None:
    newer = event_pb2.EventMeta(tenant="shop").SerializeToString() + b"\x9a\x06\x01x"
    assert EventMeta.from_bytes(newer).to_bytes() == newer


def test_an_envelope_travels_whole() -> None:
    meta = EventMeta(SHOP, "alice", "handler", "r", "esc_1", "c", AT)
    envelope = Envelope("intake", "id", CASE, 3, "amends.v1.X", b"data", meta, AT, b"hash")
    wire = envelope.to_message().SerializeToString()
    found = Envelope.from_message(event_pb2.EventEnvelope.FromString(wire))
    assert found == envelope
    assert (found.tenant, found.subject) == ("shop", "esc_1")


def test_event_ids_are_unique_and_ordered_by_their_time() -> None:
    first = [UUID(new_event_id(AT)) for _ in range(100)]
    later = UUID(new_event_id(AT + timedelta(milliseconds=1)))
    assert len(set(first)) == 100
    assert max(first) < later
    assert later.version == 7


def test_sealed_text_is_whole_in_a_column() -> None:
    text = SealedText("key", b"\0nonce", b"", b"context")
    assert SealedText.from_bytes(text.to_bytes()) == text
    assert "nonce" not in repr(text)
