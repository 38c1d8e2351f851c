"""What operations see of a call: counted by its status, its ids in every line about it."""

import json
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from amends import telemetry
from amends.rpc.observing import ids_of
from amends.rpc.refusals import Overloaded, RemoteRefusal
from amends.telemetry.metrics import REGISTRY
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role
from amends.values.refusal import EscalationNotFound
from tests.unit.rpc.serving import REQUEST_ID, Intake, Served

SAID = "my daughter's shoes"
CONFIRM = pb.ConfirmProblemRequest(request_id=REQUEST_ID, escalation_id="esc_a", restatement=1)
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(served: Served, capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged about calls; the server's thread may end a call after its caller heard."""

    def logged() -> list[dict[str, Any]]:
        served.server.stop()
        found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        return [line for line in found if "rpc" in line]

    return logged


def refuses(error: Exception) -> Callable[..., object]:
    def answer(_request: object, _context: object) -> object:
        raise error

    return answer


def confirm(served: Served, request: pb.ConfirmProblemRequest = CONFIRM) -> grpc.StatusCode:
    call = served.intake.ConfirmProblem.future(request, metadata=served.as_(Role.PLATFORM))
    code: grpc.StatusCode = call.code()
    return code


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_refused_call_has_a_line_with_its_ids(
    served: Served, intake: Intake, lines: Lines
) -> None:
    intake.answers = {"ConfirmProblem": refuses(EscalationNotFound("esc_a"))}
    assert confirm(served) is grpc.StatusCode.NOT_FOUND
    [line] = lines()
    assert line["event"] == "refused"
    assert (line["rpc"], line["reason"]) == ("ConfirmProblem", "ESCALATION_NOT_FOUND")
    assert (line["request_id"], line["escalation"]) == (REQUEST_ID, "esc_a")
    assert line["correlation_id"] == "esc_a"
    assert line["status"] == "NOT_FOUND"


def test_what_a_handler_logs_names_the_call(served: Served, intake: Intake, lines: Lines) -> None:
    def answer(_request: object, _context: object) -> object:
        telemetry.log().info("considered", count=3)
        return pb.ConfirmProblemResponse()

    intake.answers = {"ConfirmProblem": answer}
    assert confirm(served) is grpc.StatusCode.OK
    [line] = lines()
    assert (line["event"], line["count"]) == ("considered", 3)
    assert (line["request_id"], line["escalation"]) == (REQUEST_ID, "esc_a")


def test_what_stands_in_the_place_of_an_id_and_is_none_is_not_told(
    served: Served, lines: Lines
) -> None:
    """A caller may put anything there; the contract refuses it, and the line says only that."""
    wrong = pb.ConfirmProblemRequest(request_id=SAID, escalation_id=SAID, restatement=1)
    assert confirm(served, wrong) is grpc.StatusCode.INVALID_ARGUMENT
    [line] = lines()
    assert line["reason"] == "INVALID_FIELD"
    assert SAID not in json.dumps(line)
    assert ids_of(wrong) == {}


def test_the_subject_of_a_log_is_the_case(served: Served) -> None:
    assert ids_of(CONFIRM) == {
        "request_id": REQUEST_ID,
        "escalation": "esc_a",
        "correlation_id": "esc_a",
    }
    assert ids_of(object()) == {}


def test_calls_are_counted_and_timed_by_what_became_of_them(
    served: Served, intake: Intake, lines: Lines
) -> None:
    before = counted("amends_calls_total", rpc="ConfirmProblem", status="NOT_FOUND")
    refused = counted("amends_refusals_total", reason="ESCALATION_NOT_FOUND")
    timed = counted("amends_call_seconds_count", rpc="ConfirmProblem")
    intake.answers = {"ConfirmProblem": refuses(EscalationNotFound("esc_a"))}
    confirm(served)
    lines()
    assert counted("amends_calls_total", rpc="ConfirmProblem", status="NOT_FOUND") == before + 1
    assert counted("amends_refusals_total", reason="ESCALATION_NOT_FOUND") == refused + 1
    assert counted("amends_call_seconds_count", rpc="ConfirmProblem") == timed + 1


def test_what_is_too_much_is_counted_and_not_told(
    served: Served, intake: Intake, lines: Lines
) -> None:
    """A line for each would make an overload worse."""
    before = counted("amends_refusals_total", reason="OVERLOADED")
    intake.answers = {"ConfirmProblem": refuses(Overloaded(32, "calls"))}
    assert confirm(served) is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert lines() == []
    assert counted("amends_refusals_total", reason="OVERLOADED") == before + 1


def test_a_reason_that_another_program_made_up_becomes_no_label(
    served: Served, intake: Intake, lines: Lines
) -> None:
    before = counted("amends_refusals_total", reason="OTHER")
    made_up = RemoteRefusal.of("NO_SHOES_FOR_ANN", grpc.StatusCode.FAILED_PRECONDITION)
    intake.answers = {"ConfirmProblem": refuses(made_up("no"))}
    assert confirm(served) is grpc.StatusCode.FAILED_PRECONDITION
    [line] = lines()
    assert line["reason"] == "OTHER"
    assert counted("amends_refusals_total", reason="NO_SHOES_FOR_ANN") == 0.0
    assert counted("amends_refusals_total", reason="OTHER") == before + 1
