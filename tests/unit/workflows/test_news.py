"""What of an event reaches Temporal, and what never does."""

from datetime import UTC, datetime
from typing import cast

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import case_stream
from amends.v1 import event_pb2, intake_events_pb2, resolution_events_pb2
from amends.values.identity import EscalationId, Role, Tenant
from workflows import names
from workflows.folding import ALARMS, FOLDS
from workflows.news import FACTS, facts_of, is_signalled, news_of

TENANT = Tenant("sole-mates")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
EVENTS = sorted(FACTS, key=lambda each: each.DESCRIPTOR.name)
# The only free text: staff are known to customers by it.
PUBLIC = {"public_name", "from_public_name", "to_public_name"}


def envelope(message: Message, role: Role = Role.SERVICE) -> Envelope:
    return Envelope(
        source="intake",
        event_id="1",
        stream=case_stream(TENANT, EscalationId("esc_1")),
        version=7,
        type=message.DESCRIPTOR.full_name,
        data=message.SerializeToString(),
        meta=EventMeta(TENANT, f"a {role.value}", role.value, "", "esc_1", "", NOON),
        recorded_at=NOON,
        hash=b"",
    )


def test_an_event_becomes_ids_times_and_enum_names() -> None:
    made = resolution_events_pb2.OfferMade(
        offer_id="off_1",
        remedies=[
            resolution_events_pb2.Remedy(
                remedy_id="rem_1", kind="REMEDY_KIND_REPLACEMENT", in_place_of="rem_0"
            ),
            resolution_events_pb2.Remedy(remedy_id="rem_2", kind="REMEDY_KIND_COUPON"),
        ],
    )
    made.expires_by.FromDatetime(NOON)
    assert facts_of(made) == {
        "offer_id": "off_1",
        "remedy_ids": ["rem_1", "rem_2"],
        "kinds": ["REPLACEMENT", "COUPON"],
        "in_place_ofs": ["rem_0", ""],
        "expires_by": "2026-11-28T12:00:00+00:00",
    }


def test_news_say_where_they_stand_in_the_stream() -> None:
    found = news_of(envelope(intake_events_pb2.ProblemRestated(restatement=1)), now=NOON, after=5)
    assert found is not None
    assert (found.service, found.version, found.event) == ("intake", 7, "ProblemRestated")
    assert (found.now, found.after, found.facts) == (NOON, 5, {"restatement": 1})


def test_news_say_which_partner_brought_a_case_and_name_no_other_caller() -> None:
    opened = intake_events_pb2.EscalationOpened(priority=1)
    told = {role: news_of(envelope(opened, role)) for role in Role}
    named = {role: news.facts.get("partner") for role, news in told.items() if news}
    assert named == {role: "a partner" if role is Role.PARTNER else None for role in Role}
    again = news_of(envelope(intake_events_pb2.ProblemRestated(), Role.PARTNER))
    assert again is not None
    assert "partner" not in again.facts


def test_an_event_that_moves_no_case_is_no_news() -> None:
    assert news_of(envelope(resolution_events_pb2.RemedyStarted())) is None
    assert not is_signalled("amends.v1.RemedyStarted")


def test_an_unknown_enum_value_of_a_later_contract_is_unspecified() -> None:
    later = resolution_events_pb2.ResponseSent.FromString(b"\x18\x63")
    assert facts_of(later)["kind"] == "UNSPECIFIED"


@pytest.mark.parametrize("event", EVENTS, ids=[each.DESCRIPTOR.name for each in EVENTS])
def test_no_words_reach_temporal(event: type[Message]) -> None:
    ids = ("_id", "in_place_of", "zone", "kind")
    for path in FACTS[event]:
        field = _field(event, path)
        assert field.message_type is None or field.message_type.name == "Timestamp", path
        if field.type == FieldDescriptor.TYPE_STRING:
            assert path.endswith(ids) or path in PUBLIC, path


@pytest.mark.parametrize("event", EVENTS, ids=[each.DESCRIPTOR.name for each in EVENTS])
def test_every_news_is_folded(event: type[Message]) -> None:
    name = event.DESCRIPTOR.name
    assert name in FOLDS or name in ALARMS


def test_nothing_is_folded_that_never_comes() -> None:
    assert set(FOLDS) | set(ALARMS) == {each.DESCRIPTOR.name for each in FACTS}


def test_a_signal_is_named_for_its_event() -> None:
    assert names.signal_of("AssignmentAccepted") == "assignment_accepted"


def test_an_alarm_is_signalled_from_every_service() -> None:
    assert is_signalled(event_pb2.AlarmRaised.DESCRIPTOR.full_name)


def _field(event: type[Message], path: str) -> FieldDescriptor:
    message = event.DESCRIPTOR
    *parents, last = path.split(".")
    for parent in parents:
        nested = message.fields_by_name[parent].message_type
        assert nested is not None
        message = nested
    return cast("FieldDescriptor", message.fields_by_name[last])
