import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import followup_events_pb2, resolution_events_pb2, types_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role, Tenant
from tests.services.intake.conftest import (
    CUSTOMER,
    DESK,
    HANNA,
    WORDS,
    Intake,
    Who,
    moment,
    need_by,
    new_id,
    opening,
)


def refused(reason: str) -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=lambda error: refusal_of(error).reason == reason)


def test_a_case_is_opened_in_the_customers_own_words(intake: Intake) -> None:
    tomorrow = datetime.now(ZoneInfo("Europe/London")) + timedelta(hours=19)
    sought = types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REPLACEMENT])
    request = opening(need_by=need_by(tomorrow), remedy_sought=sought)
    opened = intake.ask("OpenEscalation", request)
    assert (opened.version, opened.already_open) == (1, False)
    case = intake.show(opened.escalation_id)
    assert (case.customer, case.order, case.words) == (CUSTOMER, request.order, WORDS)
    assert (case.stake, case.occasion) == ("The league kicks off tomorrow", "Sunday league")
    assert (case.stage, case.priority) == (types_pb2.STAGE_INTAKE, 1)
    assert case.waiting_for == "for a decision-maker to be found"
    assert moment(case.waiting_until) == moment(case.opened_at) + timedelta(minutes=15)
    assert moment(case.need_by.by).astimezone(tomorrow.tzinfo).hour == tomorrow.hour
    assert list(case.remedy_sought.kinds) == [types_pb2.REMEDY_KIND_REPLACEMENT]
    [entry] = case.timeline
    assert entry.summary.startswith("The customer called about damaged goods, needed by ")
    assert entry.actor == "platform"
    assert dict(case.versions) == {"intake": 1}


def test_the_same_request_is_answered_alike(intake: Intake) -> None:
    request = opening()
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: intake.ask("OpenEscalation", request), range(16)))
    assert all(answer == answers[0] for answer in answers)
    assert intake.events(answers[0].escalation_id) == ["EscalationOpened"]


def test_the_same_request_id_with_other_words_is_refused(intake: Intake) -> None:
    request = opening()
    intake.ask("OpenEscalation", request)
    request.words = "Something else"
    with refused("REQUEST_ID_REUSED"):
        intake.ask("OpenEscalation", request)


def test_the_same_customer_order_and_cause_is_the_case_that_is_open(intake: Intake) -> None:
    first = intake.open(order="SM-1")
    again = intake.open(order="SM-1", words="I am still waiting", channel="CHANNEL_EMAIL")
    assert (again.escalation_id, again.already_open) == (first.escalation_id, True)
    assert intake.events(first.escalation_id) == ["EscalationOpened", "ContactRecorded"]
    [contact] = intake.show(first.escalation_id).contacts
    assert (contact.words, contact.channel) == ("I am still waiting", types_pb2.CHANNEL_EMAIL)


@pytest.mark.parametrize(
    "other", [{"cause": "CAUSE_LATE_DELIVERY"}, {"customer": "C-7"}, {"order": "SM-3"}]
)
def test_another_customer_order_or_cause_is_another_case(
    intake: Intake, other: dict[str, str]
) -> None:
    first = intake.open(order="SM-2")
    request = opening(**{"order": "SM-2", **other})
    assert not intake.ask("OpenEscalation", request).already_open
    assert intake.open(order="SM-2").escalation_id == first.escalation_id


def test_many_openings_at_once_are_one_case(intake: Intake) -> None:
    with ThreadPoolExecutor(12) as callers:
        answers = list(callers.map(lambda _: intake.open(order="SM-4"), range(12)))
    assert len({answer.escalation_id for answer in answers}) == 1
    assert sum(not answer.already_open for answer in answers) == 1
    events = intake.events(answers[0].escalation_id)
    assert (events[0], set(events[1:]), len(events)) == (
        "EscalationOpened",
        {"ContactRecorded"},
        12,
    )


def test_another_tenants_case_is_not_there(intake: Intake) -> None:
    opened = intake.open(order="SM-5")
    stranger = Who("hanna", Role.HANDLER, Tenant("others"))
    with refused("ESCALATION_NOT_FOUND"):
        intake.show(opened.escalation_id, stranger)
    theirs = intake.open(Who("desk", Role.PLATFORM, Tenant("others")), order="SM-5")
    assert not theirs.already_open


def test_a_closed_case_makes_room_for_another(intake: Intake) -> None:
    first = intake.open(order="SM-6").escalation_id
    closed = followup_events_pb2.EscalationClosed(
        escalation_id=first, outcome=followup_events_pb2.OUTCOME_HAPPY, closed_at=intake.now()
    )
    intake.hear(intake.followup.say(first, closed))
    case = intake.show(first)
    assert (case.stage, case.outcome) == (types_pb2.STAGE_CLOSED, "happy")
    second = intake.open(order="SM-6")
    assert not second.already_open
    assert second.escalation_id != first


def test_follow_up_is_asked_before_somebody_joins_a_case_that_it_may_have_closed(
    intake: Intake,
) -> None:
    first = intake.open(order="SM-7").escalation_id
    resolved = resolution_events_pb2.EscalationResolved(
        escalation_id=first, resolved_at=intake.now()
    )
    intake.hear(intake.resolution.say(first, resolved))
    assert intake.open(order="SM-7").already_open
    closed = followup_events_pb2.EscalationClosed(escalation_id=first, closed_at=intake.now())
    intake.followup.say(first, closed)
    assert not intake.open(order="SM-7").already_open


def test_a_need_by_without_zone_is_refused(intake: Intake) -> None:
    with refused("NEED_BY_WITHOUT_ZONE"):
        intake.open(need_by=need_by(datetime.now(UTC) + timedelta(days=1), zone=""))


def test_a_need_by_in_the_past_is_refused(intake: Intake) -> None:
    with refused("NEED_BY_IN_THE_PAST"):
        intake.open(need_by=need_by(datetime.now(UTC) - timedelta(days=1), zone="UTC"))


def test_a_time_that_the_clocks_skip_is_refused(intake: Intake) -> None:
    with refused("INVALID_FIELD"):
        intake.open(need_by=need_by(datetime(2030, 3, 31, 1, 30, tzinfo=UTC)))


def test_all_wrong_fields_are_told_at_once(intake: Intake) -> None:
    with refused("INVALID_FIELD") as error:
        intake.open(channel="CHANNEL_UNSPECIFIED", words="")
    assert {"channel", "words"} <= set(re.findall(r"\w+", str(error.value.details())))


def test_what_nobody_can_need_is_refused(intake: Intake) -> None:
    sought = types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REFUND])
    sought.amount.currency_code, sought.amount.units = "GBP", -5
    with refused("INVALID_MONEY"):
        intake.open(remedy_sought=sought)


def test_another_contact_changes_what_is_needed(intake: Intake) -> None:
    opened = intake.open().escalation_id
    soon = datetime.now(ZoneInfo("Europe/London")) + timedelta(hours=3)
    request = pb.RecordContactRequest(
        request_id=new_id(),
        escalation_id=opened,
        channel="CHANNEL_CHAT",
        words="It has become urgent",
        need_by=need_by(soon),
    )
    assert intake.ask("RecordContact", request, HANNA).version == 2
    case = intake.show(opened)
    assert (case.priority, case.need_by.zone) == (1, "Europe/London")


def test_a_contact_for_a_stale_version_is_refused(intake: Intake) -> None:
    opened = intake.open().escalation_id
    request = pb.RecordContactRequest(
        request_id=new_id(),
        escalation_id=opened,
        expected_version=7,
        channel="CHANNEL_CHAT",
        words="Hello",
    )
    with refused("VERSION_CONFLICT"):
        intake.ask("RecordContact", request, HANNA)


def test_a_contact_to_a_case_that_never_was_is_refused(intake: Intake) -> None:
    request = pb.RecordContactRequest(
        request_id=new_id(), escalation_id="esc_none", channel="CHANNEL_CHAT", words="Hello"
    )
    with refused("ESCALATION_NOT_FOUND"):
        intake.ask("RecordContact", request, DESK)
