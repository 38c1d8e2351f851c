from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import event_pb2, followup_events_pb2, intake_events_pb2
from amends.v1 import followup_service_pb2 as pb
from amends.values.identity import Role, Tenant
from tests.services.followup.conftest import FollowUp, new_id


def refused(reason: str) -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=lambda error: refusal_of(error).reason == reason)


def close(escalation: str) -> pb.CloseEscalationRequest:
    return pb.CloseEscalationRequest(request_id=new_id(), escalation_id=escalation)


def closed(followup: FollowUp, escalation: str) -> pb.CloseEscalationResponse:
    answer = followup.ask("CloseEscalation", close(escalation))
    assert isinstance(answer, pb.CloseEscalationResponse)
    return answer


def types_of(followup: FollowUp, escalation: str) -> list[str]:
    request = event_pb2.ReadEventsRequest(subject=escalation)
    answer = followup.ask("ReadEvents", request, service="log")
    assert isinstance(answer, event_pb2.ReadEventsResponse)
    return [one.type.removeprefix("amends.v1.") for one in answer.events]


def test_a_pleased_customer_ends_the_case_happily(followup: FollowUp) -> None:
    escalation = followup.made_right()
    scheduled = followup.schedule(escalation)
    ask_by = scheduled.ask_by.ToDatetime(tzinfo=UTC)
    assert timedelta(days=20, hours=23) < ask_by - followup.now() <= timedelta(days=21)
    followup.asked(escalation)
    assert not followup.record(escalation).reopened
    assert closed(followup, escalation).outcome == followup_events_pb2.OUTCOME_HAPPY
    assert types_of(followup, escalation) == [
        "FollowUpScheduled",
        "FollowUpAsked",
        "FollowUpAnswered",
        "EscalationClosed",
    ]
    found = followup.get(escalation)
    assert (found.state, found.solved, found.pleased) == (
        pb.FOLLOW_UP_STATE_ANSWERED,
        True,
        True,
    )
    assert found.words == "We won, thank you!"
    assert found.outcome == followup_events_pb2.OUTCOME_HAPPY
    assert found.HasField("closed_at")
    assert found.version == 4


def test_words_are_sealed_in_the_log(followup: FollowUp) -> None:
    escalation = followup.made_right()
    followup.asked(escalation)
    followup.record(escalation)
    answer = followup.ask(
        "ReadEvents", event_pb2.ReadEventsRequest(subject=escalation), service="log"
    )
    assert b"thank you" not in answer.SerializeToString()  # type: ignore[attr-defined]


def test_a_repeated_request_is_answered_alike(followup: FollowUp) -> None:
    escalation = followup.made_right()
    request = pb.ScheduleFollowUpRequest(request_id=new_id(), escalation_id=escalation)
    with ThreadPoolExecutor(6) as callers:
        answers = list(callers.map(lambda _: followup.ask("ScheduleFollowUp", request), range(12)))
    assert all(answer == answers[0] for answer in answers)
    assert followup.schedule(escalation) == answers[0]
    assert types_of(followup, escalation) == ["FollowUpScheduled"]


def test_not_solved_reopens_and_is_asked_again_after_the_next_resolution(
    followup: FollowUp,
) -> None:
    escalation = followup.made_right()
    first = followup.asked(escalation)
    assert followup.record(escalation, solved=False).reopened
    with refused("FOLLOW_UP_OPEN"):
        followup.ask("CloseEscalation", close(escalation))
    with refused("ANSWER_NOT_DELIVERED"):
        followup.schedule(escalation)
    followup.answered(escalation)
    with refused("NOT_RESOLVED"):
        followup.schedule(escalation)
    followup.resolved(escalation)
    second = followup.schedule(escalation)
    assert second.follow_up_id != first
    assert types_of(followup, escalation)[-2:] == ["EscalationReopened", "FollowUpScheduled"]


def test_a_no_is_checked_with_the_owners_who_said_more_than_was_heard(
    followup: FollowUp,
) -> None:
    escalation = f"esc_{new_id().replace('-', '')}"
    with refused("ESCALATION_NOT_FOUND"):
        followup.schedule(escalation)
    followup.opened(escalation)
    followup.answered(escalation)
    with refused("NOT_RESOLVED"):
        followup.schedule(escalation)
    followup.resolved(escalation)
    assert followup.schedule(escalation).follow_up_id.startswith("fup_")


def test_resolution_may_be_heard_before_intake(followup: FollowUp) -> None:
    escalation = f"esc_{new_id().replace('-', '')}"
    assert followup.app.receive is not None
    followup.app.receive([followup.answered(escalation), followup.resolved(escalation)])
    with refused("ESCALATION_NOT_FOUND"):
        followup.get(escalation)
    followup.app.receive([followup.opened(escalation)])
    assert followup.schedule(escalation).version == 1


def test_nobody_is_asked_before_the_time_has_come(followup: FollowUp) -> None:
    escalation = followup.made_right()
    follow_up = followup.schedule(escalation).follow_up_id
    request = pb.AskFollowUpRequest(
        request_id=new_id(), escalation_id=escalation, follow_up_id=follow_up
    )
    with refused("NOT_DUE"):
        followup.ask("AskFollowUp", request)
    with refused("NOT_ASKED"):
        followup.record(escalation)
    followup.advance(timedelta(days=21))
    answer = followup.ask("AskFollowUp", request)
    assert isinstance(answer, pb.AskFollowUpResponse)
    week = answer.answer_by.ToDatetime(tzinfo=UTC) - followup.now()
    # The test and the service each measured the database clock: they differ by milliseconds.
    assert abs(week - timedelta(days=7)) < timedelta(minutes=1)


def test_silence_is_missed_and_closes_with_an_unknown_outcome(followup: FollowUp) -> None:
    escalation = followup.made_right()
    follow_up = followup.asked(escalation)
    with refused("FOLLOW_UP_OPEN"):
        followup.ask("CloseEscalation", close(escalation))
    request = pb.MissFollowUpRequest(
        request_id=new_id(), escalation_id=escalation, follow_up_id=follow_up
    )
    with refused("NOT_DUE"):
        followup.ask("MissFollowUp", request)
    followup.advance(timedelta(days=7))
    answer = followup.ask("MissFollowUp", request)
    assert isinstance(answer, pb.MissFollowUpResponse)
    assert answer.state == pb.FOLLOW_UP_STATE_MISSED
    assert closed(followup, escalation).outcome == followup_events_pb2.OUTCOME_UNKNOWN
    assert closed(followup, escalation).version == 4
    with refused("ESCALATION_CLOSED"):
        followup.schedule(escalation)


def test_the_clock_that_lost_the_race_hears_who_won(followup: FollowUp) -> None:
    escalation = followup.made_right()
    follow_up = followup.asked(escalation)
    followup.record(escalation)
    followup.advance(timedelta(days=8))
    request = pb.MissFollowUpRequest(
        request_id=new_id(), escalation_id=escalation, follow_up_id=follow_up
    )
    answer = followup.ask("MissFollowUp", request)
    assert isinstance(answer, pb.MissFollowUpResponse)
    assert answer.state == pb.FOLLOW_UP_STATE_ANSWERED


def test_of_two_answers_at_once_one_is_told_that_it_was_decided(followup: FollowUp) -> None:
    escalation = followup.made_right()
    followup.asked(escalation)

    def attempt(solved: object) -> str:
        try:
            followup.record(escalation, solved=bool(solved))
        except grpc.RpcError as error:
            return refusal_of(error).reason
        return "recorded"

    with ThreadPoolExecutor(2) as callers:
        answers = sorted(callers.map(attempt, (True, False)))
    assert answers == ["DECIDED_ALREADY", "recorded"]


def test_who_did_not_say_whether_they_stay_is_not_known_to(followup: FollowUp) -> None:
    escalation = followup.made_right()
    followup.asked(escalation)
    request = pb.RecordFollowUpRequest(request_id=new_id(), escalation_id=escalation, solved=True)
    followup.ask("RecordFollowUp", request, Role.PLATFORM)
    found = followup.get(escalation)
    assert found.staying == followup_events_pb2.STAYING_UNKNOWN
    assert not found.words
    assert closed(followup, escalation).outcome == followup_events_pb2.OUTCOME_RETAINED


def test_a_case_without_follow_up_says_so(followup: FollowUp) -> None:
    found = followup.get(followup.open_case())
    assert found == pb.GetFollowUpResponse()


def test_another_tenant_finds_no_case(followup: FollowUp) -> None:
    escalation = followup.made_right()
    request = pb.GetFollowUpRequest(escalation_id=escalation)
    with refused("ESCALATION_NOT_FOUND"):
        followup.ask("GetFollowUp", request, Role.HANDLER, Tenant("other-shop"))


def test_only_the_platform_says_what_the_customer_said(followup: FollowUp) -> None:
    request = pb.RecordFollowUpRequest(request_id=new_id(), escalation_id="esc_a")
    with refused("ROLE_REQUIRED"):
        followup.ask("RecordFollowUp", request, Role.HANDLER)


def test_the_read_model_is_rebuilt_from_what_was_received(followup: FollowUp) -> None:
    escalation = followup.made_right()
    assert followup.app.rebuild is not None
    followup.resolution.said.clear()
    followup.intake.said.clear()
    followup.app.rebuild()
    assert followup.schedule(escalation).version == 1


def test_a_case_whose_customer_intake_has_forgotten_is_closed_instead_of_asked_about(
    followup: FollowUp,
) -> None:
    escalation = followup.made_right()
    follow_up = followup.schedule(escalation).follow_up_id
    assert followup.app.receive is not None
    forgotten = intake_events_pb2.CustomerForgotten(escalation_id=escalation)
    forgotten.forgotten_at.FromDatetime(followup.now())
    followup.app.receive([followup.intake.say(escalation, forgotten)])
    request = pb.AskFollowUpRequest(
        request_id=new_id(), escalation_id=escalation, follow_up_id=follow_up
    )
    answer = followup.ask("AskFollowUp", request)
    assert isinstance(answer, pb.AskFollowUpResponse)
    assert not answer.HasField("answer_by")
    found = followup.get(escalation)
    assert found.state == pb.FOLLOW_UP_STATE_CANCELLED
    assert found.outcome == followup_events_pb2.OUTCOME_UNKNOWN
    never = followup.open_case()
    late = [followup.answered(never), followup.resolved(never)]
    followup.advance(timedelta(minutes=2))
    followup.hear(followup.intake.say(never, forgotten), *late)
    assert followup.schedule(never).follow_up_id == ""
    assert followup.get(never).closed_at.seconds
