"""I2: no open case stands still in silence."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from amends.verify.cases import Case
from amends.verify.standing import Acknowledged, StandingCheck, acknowledged
from tests.unit.verify.builders import Told, at, opened, stamp


def silent(told: Told, minutes: float) -> bool:
    def again(streams: Sequence[str]) -> Iterable[Case]:
        return [told.case] if streams else []

    check = StandingCheck(lambda: at(minutes), None, grace=timedelta(minutes=1))
    check.look(told.case)
    check.after(again)
    findings = check.checked().findings
    assert all(one.wrong.value == "SILENT" for one in findings)
    return bool(findings)


def test_a_case_that_was_just_opened_is_on_its_way_and_later_on_nobodys() -> None:
    assert not silent(opened(), minutes=1)
    assert silent(opened(), minutes=3)


def test_who_was_asked_may_answer_until_then() -> None:
    asked = opened().say(
        "routing", "DecisionMakerAssigned", assignment_id="asg_1", accept_by=stamp(30)
    )
    assert not silent(asked, minutes=29)
    assert silent(asked, minutes=32)
    asked.say("routing", "AssignmentExpired", assignment_id="asg_1", minute=33)
    assert silent(asked, minutes=40)


def test_an_owner_an_alarm_or_an_end_is_enough() -> None:
    owned = opened().say("routing", "AssignmentAccepted", assignment_id="asg_1")
    assert not silent(owned, minutes=600)
    alarmed = opened().say("routing", "AlarmRaised", alarm_id="alm_1", kind="NO_DECISION_MAKER")
    assert not silent(alarmed, minutes=600)
    assert silent(alarmed.say("routing", "AlarmCleared", alarm_id="alm_1"), minutes=600)
    closed = opened().say("followup", "EscalationClosed")
    assert not silent(closed, minutes=600)
    assert silent(closed.say("followup", "EscalationReopened"), minutes=600)


def test_a_caller_file_is_read_but_for_a_last_line_that_was_cut_off(tmp_path: Path) -> None:
    journal = tmp_path / "acknowledged.jsonl"
    journal.write_text('{"rpc": "A", "request_id": "1", "escalation": "esc_1"}\n{"rpc": "B", "req')
    assert list(acknowledged(journal)) == [Acknowledged("A", "1", "esc_1")]
