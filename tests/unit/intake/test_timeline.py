from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import case_stream
from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
)
from amends.values.identity import EscalationId, Tenant
from services.intake import wire
from services.intake.domain.sentences.people import speech_of
from services.intake.domain.sentences.speech import Speech, listed
from services.intake.domain.timeline import DEADLINES, SENTENCES, in_order, tell
from tests.unit.intake.builders import CALLED_AT, fact

FILES = {
    "intake": intake_events_pb2,
    "routing": routing_events_pb2,
    "resolution": resolution_events_pb2,
    "followup": followup_events_pb2,
}
STREAM = case_stream(Tenant("shop"), EscalationId("esc_shoes"))


def events() -> list[tuple[str, Descriptor]]:
    """Every event of a case, with the service that says it."""
    of_cases = [
        (source, message)
        for source, file in FILES.items()
        for message in file.DESCRIPTOR.message_types_by_name.values()
        if "escalation_id" in message.fields_by_name
    ]
    alarms = [("intake", event_pb2.DESCRIPTOR.message_types_by_name[n]) for n in ALARMS]
    return [*of_cases, *alarms]


ALARMS = ("AlarmRaised", "AlarmCleared")


def envelope(source: str, message: Message, minutes: float = 0) -> Envelope:
    at = CALLED_AT + timedelta(minutes=minutes)
    return Envelope(
        source=source,
        event_id="7d7a6f0e-0000-7000-8000-000000000001",
        stream=STREAM,
        version=1,
        type=message.DESCRIPTOR.full_name,
        data=message.SerializeToString(),
        meta=EventMeta(STREAM.tenant, "voice-desk", "platform", "", STREAM.subject, "", at),
        recorded_at=at,
        hash=b"",
    )


_VALUES = {
    FieldDescriptor.TYPE_STRING: "SOME_WORD",
    FieldDescriptor.TYPE_BYTES: b"sealed",
    FieldDescriptor.TYPE_BOOL: True,
}


def filled(message: Message, depth: int = 3) -> Message:
    """Every field set to something, as deep as it goes; amounts and moments are real ones."""
    for field in message.DESCRIPTOR.fields:
        inner = field.message_type
        if inner is None:
            _put(message, field.name, _VALUES.get(field.type, 1), repeated=field.is_repeated)
        elif inner.full_name == "google.protobuf.Timestamp":
            getattr(message, field.name).FromDatetime(CALLED_AT)
        elif inner.full_name == "google.type.Money":
            money = getattr(message, field.name)
            money.currency_code, money.units = "GBP", 5
        elif depth:
            found = getattr(message, field.name)
            filled(found.add() if field.is_repeated else found, depth - 1)
    if "zone" in message.DESCRIPTOR.fields_by_name:
        message.zone = "Europe/London"  # type: ignore[attr-defined]
    return message


def _put(message: Message, name: str, value: object, *, repeated: bool) -> None:
    if repeated:
        getattr(message, name).append(value)
    else:
        setattr(message, name, value)


def of(descriptor: Descriptor) -> Message:
    return message_factory.GetMessageClass(descriptor)()


@pytest.mark.parametrize(
    ("source", "event"), events(), ids=lambda value: getattr(value, "name", "")
)
def test_every_event_has_a_sentence_full_or_empty(source: str, event: Descriptor) -> None:
    assert event.name in SENTENCES
    for message in (filled(of(event)), filled(of(event), depth=0)):
        told = wire.fact(envelope(source, message))
        entry = tell(told, speech_of([told]))
        assert entry.summary
        assert entry.summary[0].isupper() or entry.summary[0].isdigit()
        deadlines = DEADLINES.get(event.name, ())
        assert (entry.due_by is not None) == bool(deadlines)


def test_no_deadline_is_told_for_a_field_that_does_not_exist() -> None:
    known = {event.name: set(event.fields_by_name) for _source, event in events()}
    assert all(set(fields) <= known[name] for name, fields in DEADLINES.items())


def test_no_personal_word_reaches_a_fact() -> None:
    opened = intake_events_pb2.EscalationOpened(escalation_id=STREAM.subject)
    opened.words.ciphertext = b"sealed"
    assert (
        not {"words", "customer", "order", "stake"}
        & wire.fact(envelope("intake", opened)).fields.keys()
    )


def test_an_event_of_a_newer_program_is_told_by_its_name() -> None:
    promised = envelope("resolution", event_pb2.AlarmCleared())
    newer = wire.fact(replace(promised, type="amends.v1.TaskRequested", data=b"\xff\xff"))
    assert tell(newer, Speech()).summary == "Task requested"


def test_times_are_those_of_the_customers_clock() -> None:
    speech = Speech(zone="Europe/Berlin")
    assert speech.when(CALLED_AT + timedelta(minutes=15), CALLED_AT) == "16:25"
    assert speech.when(datetime(2026, 11, 22, 10, tzinfo=UTC), CALLED_AT) == "Sun 11:00"
    weeks = datetime(2026, 12, 12, 15, 40, tzinfo=UTC)
    assert speech.when(weeks, CALLED_AT) == "Sat 12 Dec 16:40"
    assert speech.when(datetime(2027, 1, 2, 0, tzinfo=UTC), CALLED_AT) == "Sat 2 Jan 2027 01:00"


def test_a_service_whose_clock_went_back_is_told_in_its_own_order() -> None:
    mixed = [
        fact("routing", "RoutingUnblocked", 2, minutes=1),
        fact("routing", "RoutingUnblocked", 1, minutes=5),
        fact("intake", "ProblemConfirmed", 1, minutes=3),
    ]
    assert [(one.source, one.version) for one in in_order(mixed)] == [
        ("intake", 1),
        ("routing", 1),
        ("routing", 2),
    ]


def test_enumerations_are_sentences() -> None:
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_times_are_told_where_it_is_needed_or_else_where_the_customer_is() -> None:
    opened = fact("intake", "EscalationOpened", need_by=None)
    needed = fact("intake", "ContactRecorded", 3, need_by={"zone": "Asia/Tokyo"})
    found = fact("intake", "ContextRecorded", 2, zone="Europe/London")
    assert speech_of([opened]).zone == "UTC"
    assert speech_of([opened, found]).zone == "Europe/London"
    assert speech_of([opened, needed, found]).zone == "Asia/Tokyo"
    assert speech_of([opened, found, needed]).zone == "Asia/Tokyo"
