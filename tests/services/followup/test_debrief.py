"""What can be learned from a case: asked of its owner, told with a colleague, read by staff."""

from datetime import UTC, timedelta

import grpc
import pytest

from amends.rpc.refusals import RemoteRefusal
from amends.rpc.status import as_sent
from amends.v1 import followup_events_pb2 as events
from amends.v1 import followup_service_pb2 as pb
from amends.v1 import privacy_service_pb2
from amends.values.identity import Role
from tests.services.followup.conftest import FollowUp, new_id
from tests.services.followup.test_followup import closed, refused

WORDS = "Ms Miller was told three times that it was in stock."


def requested(followup: FollowUp, escalation: str) -> pb.RequestDebriefResponse:
    request = pb.RequestDebriefRequest(request_id=new_id(), escalation_id=escalation)
    answer = followup.ask("RequestDebrief", request)
    assert isinstance(answer, pb.RequestDebriefResponse)
    return answer


def told(escalation: str, colleague: str = "tom") -> pb.RecordDebriefRequest:
    return pb.RecordDebriefRequest(
        request_id=new_id(),
        escalation_id=escalation,
        how=WORDS,
        better="Look it up before it is said.",
        process_broken=True,
        colleague=colleague,
    )


def solved(followup: FollowUp) -> str:
    """A case whose customer is pleased, not closed yet."""
    escalation = followup.made_right()
    followup.asked(escalation)
    followup.record(escalation)
    return escalation


def test_the_owner_is_asked_with_a_time_and_what_was_asked_stands(followup: FollowUp) -> None:
    escalation = followup.made_right()
    followup.owned(escalation, "dm_tom")
    followup.owned(escalation, "dm_maya")
    followup.asked(escalation)
    with refused("FOLLOW_UP_OPEN"):
        requested(followup, escalation)
    followup.record(escalation)
    answer = requested(followup, escalation)
    week = answer.due_by.ToDatetime(tzinfo=UTC) - followup.now()
    # The test and the service each measured the database clock: they differ by milliseconds.
    assert abs(week - timedelta(days=7)) < timedelta(minutes=1)
    assert requested(followup, escalation) == answer
    said = events.DebriefRequested.FromString(followup.events(escalation)[-1].data)
    assert (said.debrief_id, said.owner) == (answer.debrief_id, "dm_maya")


def test_what_was_learned_is_told_once_with_a_colleague_after_the_case_was_closed(
    followup: FollowUp,
) -> None:
    escalation = solved(followup)
    with refused("DEBRIEF_NOT_FOUND"):
        followup.ask("RecordDebrief", told(escalation), Role.HANDLER)
    requested(followup, escalation)
    closed(followup, escalation)
    assert not followup.get(escalation).debrief.HasField("recorded_at")
    followup.ask("RecordDebrief", told(escalation), Role.HANDLER)
    with refused("DECIDED_ALREADY"):
        followup.ask("RecordDebrief", told(escalation), Role.DECISION_MAKER)
    said = followup.events(escalation)[-1]
    assert WORDS.encode() not in said.data
    learned = events.DebriefRecorded.FromString(said.data)
    assert (learned.recorded_by, learned.colleague) == (Role.HANDLER.value, "tom")


def test_staff_read_what_was_learned_and_platforms_only_that_it_was(followup: FollowUp) -> None:
    escalation = solved(followup)
    requested(followup, escalation)
    followup.ask("RecordDebrief", told(escalation), Role.HANDLER)
    for role in (Role.HANDLER, Role.OPERATIONS, Role.AUDITOR):
        found = followup.get(escalation, role).debrief
        assert (found.how, found.process_broken) == (WORDS, True)
    seen = followup.get(escalation, Role.PLATFORM)
    assert (seen.debrief.how, seen.debrief.better) == ("", "")
    assert seen.debrief.HasField("recorded_at")
    assert seen.words == "We won, thank you!"


def test_nobody_can_read_or_tell_what_was_learned_of_a_forgotten_customer(
    followup: FollowUp,
) -> None:
    escalation = solved(followup)
    requested(followup, escalation)
    followup.ask("RecordDebrief", told(escalation), Role.HANDLER)
    closed(followup, escalation)
    request = privacy_service_pb2.ForgetCustomerRequest(
        request_id=new_id(), customer=followup.customer_of(escalation)
    )
    followup.ask("ForgetCustomer", request, Role.OPERATIONS, service="privacy")
    found = followup.get(escalation).debrief
    assert (found.how, found.better) == ("[forgotten]", "[forgotten]")


def test_who_debriefs_alone_is_told_the_field_and_no_word_of_it(followup: FollowUp) -> None:
    escalation = solved(followup)
    requested(followup, escalation)
    with pytest.raises(grpc.RpcError) as caught:
        followup.ask("RecordDebrief", told(escalation, Role.HANDLER.value), Role.HANDLER)
    refusal = as_sent(caught.value)
    assert isinstance(refusal, RemoteRefusal)
    assert refusal.reason == "INVALID_FIELD"
    assert [one.field for one in refusal.violations] == ["colleague"]
    assert Role.HANDLER.value not in refusal.message
    assert "Miller" not in str(caught.value)
