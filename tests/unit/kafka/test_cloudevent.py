"""An event as a record: what the contract promises, nothing lost, nothing taken on trust."""

import base64
from dataclasses import replace

import pytest

from amends.eventstore.records import EventMeta
from amends.kafka.cloudevent import NotAnEvent, from_record, to_record
from tests.kafka.events import chained, said

EVENT = said("esc_a", 7)
"""As a program before 0.2 told it: without its predecessor's hash."""
CHAINED = chained(EVENT, b"predecessor")


def test_a_record_carries_what_the_contract_promises() -> None:
    key, value, headers = to_record(EVENT)
    named = {name: text.decode() for name, text in headers}
    assert (key, value) == (b"esc_a", EVENT.data)
    assert named | {"ce_meta": ""} == {
        "ce_specversion": "1.0",
        "ce_id": EVENT.event_id,
        "ce_source": "/amends/intake",
        "ce_type": "amends.v1.ContactRecorded",
        "ce_subject": "esc_a",
        "ce_time": "2026-11-21T15:10:07.123456Z",
        "ce_recordedtime": "2026-11-21T15:10:07.123463Z",
        "ce_sequence": "00000000000000000007",
        "ce_correlationid": "esc_a",
        "ce_causationid": "",
        "ce_tenant": "acme",
        "ce_actor": "zoë@platform",
        "ce_role": "platform",
        "ce_hash": EVENT.hash.hex(),
        "ce_stream": "acme/escalation/esc_a",
        "ce_meta": "",
        "content-type": "application/protobuf",
    }


def test_the_envelope_comes_back_with_the_very_bytes_that_the_hash_covers() -> None:
    found = from_record(*to_record(EVENT))
    assert found == EVENT
    assert found.meta.to_bytes() == EVENT.meta.to_bytes()


def test_the_trace_that_an_event_belongs_to_travels_beside_it() -> None:
    """In a header of its own: neither the event nor its hash knows of it."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    key, value, headers = to_record(replace(EVENT, traceparent=parent))
    assert ("ce_traceparent", parent.encode()) in headers
    found = from_record(key, value, headers)
    assert (found, found.traceparent) == (EVENT, parent)
    assert "ce_traceparent" not in dict(to_record(EVENT).headers)


def test_headers_of_other_programs_do_not_matter() -> None:
    key, value, headers = to_record(EVENT)
    assert from_record(key, value, [*headers, ("traceparent", b"00-1-2-01")]) == EVENT


def test_a_record_tells_its_predecessor_s_hash_so_that_it_can_be_checked_by_itself() -> None:
    key, value, headers = to_record(CHAINED)
    assert dict(headers)["ce_prevhash"] == b"predecessor".hex().encode()
    assert from_record(key, value, headers) == CHAINED


@pytest.mark.parametrize(
    "name",
    [
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_subject",
        "ce_tenant",
        "ce_stream",
        "ce_sequence",
        "ce_recordedtime",
        "ce_hash",
        "ce_meta",
        "content-type",
    ],
)
def test_a_record_without_one_of_its_headers_is_no_event(name: str) -> None:
    key, value, headers = to_record(EVENT)
    with pytest.raises(NotAnEvent, match=name):
        from_record(key, value, [one for one in headers if one[0] != name])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ce_tenant", b"globex"),
        ("ce_subject", b"esc_b"),
        ("ce_stream", b"globex/escalation/esc_a"),
        ("ce_stream", b"acme"),
        ("ce_sequence", b"seven"),
        ("ce_sequence", b"0"),
        ("ce_sequence", b"-7"),
        ("ce_sequence", b"99999999999999999999"),
        ("ce_hash", b"xyz"),
        ("ce_type", b"amends.v1.\0"),
        ("ce_source", b"/amends/\0"),
        ("ce_meta", b"not base64!"),
        ("ce_meta", base64.b64encode(b"\xff\xff")),
        ("ce_meta", base64.b64encode(EventMeta.from_bytes(b"").to_bytes())),
        ("ce_recordedtime", b"yesterday"),
        ("ce_recordedtime", b"2026-11-21T15:10:07.123463"),
        ("ce_id", b"\xff"),
        ("ce_id", b"the first"),
        ("ce_id", None),
        ("content-type", b"application/cloudevents+json"),
    ],
)
def test_a_record_whose_headers_make_no_sense_is_no_event(name: str, text: bytes) -> None:
    key, value, headers = to_record(EVENT)
    changed = [(one, text if one == name else given) for one, given in headers]
    with pytest.raises(NotAnEvent):
        from_record(key, value, changed)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ce_hash", b"00"),
        ("ce_prevhash", b"xyz"),
        ("ce_prevhash", b"00"),
        ("ce_type", b"amends.v1.OfferMade"),
        ("ce_recordedtime", b"2026-11-21T15:10:07.123464Z"),
        ("ce_sequence", b"8"),
    ],
)
def test_a_record_whose_headers_are_not_what_its_hash_was_made_of_is_no_event(
    name: str, text: bytes
) -> None:
    key, value, headers = to_record(CHAINED)
    changed = [(one, text if one == name else given) for one, given in headers]
    with pytest.raises(NotAnEvent, match=r"hash|malformed"):
        from_record(key, value, changed)


@pytest.mark.parametrize("value", [CHAINED.data[:-1], CHAINED.data + b"\0", b"", None])
def test_a_record_with_other_words_than_its_hash_was_made_of_is_no_event(
    value: bytes | None,
) -> None:
    key, _, headers = to_record(CHAINED)
    with pytest.raises(NotAnEvent, match="hash"):
        from_record(key, value, headers)


def test_a_record_of_a_program_that_told_no_predecessor_is_an_event() -> None:
    assert from_record(*to_record(EVENT)).prev_hash is None


def test_a_record_under_another_key_is_no_event() -> None:
    _, value, headers = to_record(EVENT)
    for key in (None, b"esc_b"):
        with pytest.raises(NotAnEvent, match="key"):
            from_record(key, value, headers)
