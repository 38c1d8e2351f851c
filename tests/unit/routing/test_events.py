from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from amends.eventstore.codec import Codec
from amends.eventstore.records import Origin, to_timestamp
from amends.eventstore.sealing import SealedText
from amends.eventstore.streams import case_stream
from amends.v1 import routing_events_pb2
from amends.values.authority import Need
from amends.values.identity import (
    AssignmentId,
    DecisionMakerId,
    GrantId,
    HandOverId,
    RemedyId,
    ReservationId,
    Subject,
    Tenant,
)
from amends.values.personal import Personal
from amends.values.remedy import Action
from services.routing.bootstrap import EVENTS
from services.routing.domain import (
    assignment,
    directory,
    grants,
    hand_over,
    reservations,
    take_over,
)
from services.routing.domain.calendar import Calendar, WorkingHours
from services.routing.domain.matching import PassedOver
from tests.unit.routing.people import CASE, MONDAY, SATURDAY, gbp

MAYA, ASKED, KEPT = DecisionMakerId("dm_maya"), AssignmentId("asg_1"), ReservationId("rsv_1")
REMEDY, GRANT, AT = RemedyId("rem_1"), GrantId("grn_1"), SATURDAY
NEEDS = (Need(Action.RESHIP, gbp("64.90")), Need(Action.EXPEDITED_SHIPPING))
PASSED = (PassedOver(DecisionMakerId("dm_ravi"), "Ravi", "AWAY", "away"),)


def entered(calendar: Calendar | None) -> directory.DecisionMakerUpdated:
    return directory.DecisionMakerUpdated(
        decision_maker=MAYA,
        kind=directory.DecisionMakerKind.PERSON,
        public_name="Maya",
        subjects=(Subject("maya"),),
        seniority=2,
        capacity=3,
        calendar=calendar,
        manager=directory.NOBODY,
        stand_in=DecisionMakerId("dm_ravi"),
        skills=("shoes",),
        languages=("en",),
    )


def away(until: datetime | None) -> directory.AvailabilityChanged:
    return directory.AvailabilityChanged(
        decision_maker=MAYA, available=False, away_until=until, stand_in=directory.NOBODY
    )


OFFERED = HandOverId("hov_1")
HANDED: dict[str, Any] = {"escalation": CASE, "hand_over": OFFERED, "from_decision_maker": MAYA}
SAID: list[Any] = [
    entered(Calendar("Europe/London", (WorkingHours(1, 540, 1020),), ("2026-12-25",))),
    entered(None),
    away(MONDAY),
    away(None),
    grants.AuthorityGranted(MAYA, GRANT, Action.RESHIP, gbp("200")),
    grants.AuthorityRevoked(MAYA, GRANT),
    assignment.DecisionMakerAssigned(
        CASE, ASKED, MAYA, "Maya", 1, NEEDS, PASSED, assignment.NONE, AT, MONDAY
    ),
    assignment.AssignmentAccepted(CASE, ASKED, MAYA, "Maya", Subject("maya"), AT, MONDAY),
    assignment.AssignmentDeclined(CASE, ASKED, MAYA, "WORKLOAD", None, AT),
    assignment.AssignmentExpired(CASE, ASKED, MAYA, AT),
    assignment.NoDecisionMakerFound(CASE, NEEDS, PASSED, MONDAY),
    assignment.RoutingUnblocked(CASE, MAYA),
    hand_over.HandOverReturned(
        **HANDED,
        to_decision_maker=DecisionMakerId("dm_helen"),
        returned_by=hand_over.ReturnedBy.CLOCK,
        returned_at=MONDAY,
    ),
    hand_over.OwnershipHandedOver(
        **HANDED,
        from_public_name="Maya",
        decision_maker=DecisionMakerId("dm_helen"),
        public_name="Helen",
        owner_subject=Subject("helen"),
        handed_over_at=AT,
    ),
    reservations.AuthorityReserved(
        CASE, KEPT, MAYA, (reservations.AuthorityUse(REMEDY, Action.RESHIP, gbp("1"), GRANT),), AT
    ),
    reservations.AuthoritySettled(CASE, KEPT, REMEDY),
    reservations.AuthorityReleased(CASE, KEPT),
]


GIVEN: dict[str, Any] = {
    "escalation": CASE,
    "from_decision_maker": MAYA,
    "from_public_name": "Maya",
    "decision_maker": DecisionMakerId("dm_helen"),
    "public_name": "Helen",
    "owner_subject": Subject("helen"),
    "reason": take_over.TakeOverReason.SENIORITY,
    "note": Personal("She was told to expect a call at five."),
    "assignment": ASKED,
    "needs": NEEDS,
}
WITH_WORDS: list[Any] = [
    take_over.OwnershipTaken(**GIVEN, taken_at=AT, restate_by=MONDAY),
    take_over.EscalationDeescalated(**GIVEN, deescalated_at=AT),
    hand_over.HandOverOffered(
        **HANDED,
        from_public_name="Maya",
        to_decision_maker=DecisionMakerId("dm_helen"),
        to_public_name="Helen",
        reason=hand_over.HandOverReason.END_OF_SHIFT,
        note=Personal("She was told to expect a call at five."),
        needs=NEEDS,
        offered_at=AT,
        return_by=MONDAY,
    ),
]


def never_asked(words: Personal[str], field: str) -> SealedText:
    raise AssertionError(field)


@pytest.mark.parametrize("event", SAID, ids=lambda event: type(event).__name__)
def test_an_event_is_read_as_it_was_said_and_holds_no_personal_words(event: object) -> None:
    codec = Codec(EVENTS)
    origin = Origin(Tenant("sole-mates"), case_stream(Tenant("sole-mates"), CASE), "e")
    assert codec.decode(*codec.encode(event, never_asked), origin) == event


@pytest.mark.parametrize("event", WITH_WORDS, ids=lambda event: type(event).__name__)
def test_the_note_for_the_next_owner_is_sealed(event: Any) -> None:  # noqa: ANN401 - any event
    codec = Codec(EVENTS)
    origin = Origin(Tenant("sole-mates"), case_stream(Tenant("sole-mates"), CASE), "e")

    def seal(words: Personal[str], field: str) -> SealedText:
        assert words.value.startswith("She was told")
        return SealedText("key", b"nonce", b"sealed", origin.bind(field))

    name, data = codec.encode(event, seal)
    assert b"She was told" not in data
    read: Any = codec.decode(name, data, origin)
    assert isinstance(read, type(event))
    assert read == replace(event, note=read.note)


def test_a_decline_of_an_older_release_is_read_with_its_sentence_and_without_a_note() -> None:
    said = routing_events_pb2.AssignmentDeclined(
        escalation_id=CASE,
        assignment_id=ASKED,
        decision_maker_id=MAYA,
        reason="my shift ends",
        declined_at=to_timestamp(AT),
    )
    origin = Origin(Tenant("sole-mates"), case_stream(Tenant("sole-mates"), CASE), "e")
    read = Codec(EVENTS).decode(said.DESCRIPTOR.full_name, said.SerializeToString(), origin)
    assert read == assignment.AssignmentDeclined(CASE, ASKED, MAYA, "my shift ends", None, AT)


def test_every_event_of_routings_own_is_tried() -> None:
    of_its_own = {kind.__name__ for kind in EVENTS} - {"AlarmRaised", "AlarmCleared"}
    assert {type(event).__name__ for event in (*SAID, *WITH_WORDS)} == of_its_own
