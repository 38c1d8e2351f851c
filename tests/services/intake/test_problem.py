from datetime import timedelta

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import followup_events_pb2, types_pb2
from amends.values.identity import Role
from tests.services.intake.conftest import DESK, HANNA, MAYA, TOM, Intake, Who, moment


def refused(reason: str) -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=lambda error: refusal_of(error).reason == reason)


def test_the_problem_is_said_back_and_confirmed(intake: Intake) -> None:
    case = intake.open().escalation_id
    restated = intake.restate(case)
    assert (restated.restatement, restated.version) == (1, 2)
    left = moment(restated.confirm_by) - intake.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    assert intake.confirm(case).version == 3
    shown = intake.show(case).restatement
    assert (shown.number, shown.words, shown.confirmed) == (1, "Your new shoes fell apart", True)
    assert intake.events(case) == ["EscalationOpened", "ProblemRestated", "ProblemConfirmed"]


def test_by_email_the_customer_has_a_day_to_confirm(intake: Intake) -> None:
    case = intake.open(channel="CHANNEL_EMAIL").escalation_id
    assert moment(intake.restate(case).confirm_by) - intake.now() > timedelta(hours=23)
    intake.confirm(case, evidence="")


def test_by_phone_a_confirmation_needs_evidence(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.restate(case)
    with refused("EVIDENCE_REQUIRED"):
        intake.confirm(case, evidence=" ")


def test_a_new_restatement_voids_the_confirmation(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.restate(case)
    intake.confirm(case)
    assert intake.restate(case).restatement == 2
    assert not intake.show(case).restatement.confirmed
    with refused("RESTATEMENT_OUTDATED"):
        intake.confirm(case, 1)


def test_nothing_restated_is_nothing_to_confirm(intake: Intake) -> None:
    case = intake.open().escalation_id
    with refused("RESTATEMENT_OUTDATED"):
        intake.confirm(case)


def test_who_restates_never_confirms(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.restate(case, HANNA)
    with refused("SELF_CONFIRMATION"):
        intake.confirm(case, who=Who(HANNA.subject, Role.PLATFORM))


def test_confirming_again_answers_what_stands(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.restate(case)
    assert intake.confirm(case) == intake.confirm(case)
    assert len(intake.events(case)) == 3


def test_a_decision_maker_restates_only_what_they_own(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.hear(intake.accepted(case, "tom"))
    with refused("NOT_THE_OWNER"):
        intake.restate(case, MAYA)
    intake.restate(case, TOM)


def test_the_owner_is_asked_of_routing_before_somebody_is_refused(intake: Intake) -> None:
    case = intake.open().escalation_id
    intake.accepted(case, "tom")  # said, and not yet arrived here
    intake.restate(case, TOM)
    assert intake.show(case).owner.public_name == "Tom"


def test_nothing_more_is_said_about_a_closed_case(intake: Intake) -> None:
    case = intake.open().escalation_id
    closed = followup_events_pb2.EscalationClosed(
        escalation_id=case, outcome=followup_events_pb2.OUTCOME_LOST, closed_at=intake.now()
    )
    intake.hear(intake.followup.say(case, closed))
    with refused("ESCALATION_CLOSED"):
        intake.restate(case)


def test_a_case_that_was_opened_anew_is_not_refused(intake: Intake) -> None:
    case = intake.open().escalation_id
    closed = followup_events_pb2.EscalationClosed(
        escalation_id=case, outcome=followup_events_pb2.OUTCOME_UNKNOWN, closed_at=intake.now()
    )
    intake.hear(intake.followup.say(case, closed))
    reopened = followup_events_pb2.EscalationReopened(
        escalation_id=case, reopened_at=intake.now(), offer_by=intake.now()
    )
    intake.followup.say(case, reopened)  # said, and not yet arrived here
    intake.restate(case)
    assert intake.show(case).stage == types_pb2.STAGE_INTAKE
    assert intake.show(case, DESK).outcome == ""
