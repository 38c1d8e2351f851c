"""I3: a deadline is kept, its lapse recorded, or an alarm stands: never silence."""

from collections.abc import Iterable, Sequence

import pytest

from amends.eventstore.findings import Finding
from amends.verify.cases import Case
from amends.verify.deadlines import RULES, DeadlineCheck, Rule
from tests.unit.verify.builders import Told, at, opened, refunded, stamp


def found(told: Told, minutes: float = 600) -> list[Finding]:
    def again(streams: Sequence[str]) -> Iterable[Case]:
        return [told.case] if streams else []

    check = DeadlineCheck(lambda: at(minutes))
    check.before()
    check.look(told.case)
    check.after(again)
    return list(check.checked().findings)


def named(told: Told, minutes: float = 600) -> list[tuple[str, str]]:
    return [(one.wrong.value, one.witnesses[0]) for one in found(told, minutes)]


def test_what_was_due_and_never_came_is_named() -> None:
    [finding] = found(opened())
    assert (finding.wrong.value, finding.version) == ("SILENT", 1)
    assert finding.what == (
        "assign_by was 2026-11-23 09:05:00Z, nothing came of it, and no alarm was raised"
    )


def test_what_is_not_due_yet_is_nothing() -> None:
    assert found(opened(), minutes=6) == []


def test_what_came_in_time_is_kept_and_what_came_late_is_missed() -> None:
    in_time = opened().say("routing", "DecisionMakerAssigned", assignment_id="asg_1", minute=6)
    assert named(in_time) == []
    late = opened().say("routing", "DecisionMakerAssigned", assignment_id="asg_1", minute=30)
    assert named(late) == [("MISSED", "EscalationOpened")]


def test_a_miss_that_an_alarm_tells_of_is_recorded() -> None:
    told = opened().say(
        "intake", "AlarmRaised", alarm_id="alm_1", kind="ASSIGNMENT_OVERDUE", minute=6
    )
    assert named(told) == []
    other = opened().say("intake", "AlarmRaised", alarm_id="alm_1", kind="OFFER_OVERDUE", minute=6)
    assert named(other) == [("SILENT", "EscalationOpened")]


def test_what_the_clock_records_may_be_late_and_must_be_there() -> None:
    asked = refunded()
    asked.say("resolution", "OfferMade", offer_id="off_2", expires_by=stamp(60))
    assert named(asked) == [("SILENT", "OfferMade")]
    asked.say("resolution", "OfferExpired", offer_id="off_2", minute=500, offer_by=stamp(590))
    assert named(asked, minutes=500) == []


def test_every_remedy_of_an_offer_must_begin() -> None:
    told = refunded()
    told.say("resolution", "OfferMade", offer_id="off_2", minute=20)
    told.say(
        "resolution",
        "OfferAccepted",
        offer_id="off_2",
        remedy_ids=["rem_1", "rem_2"],
        carry_out_by=stamp(30),
        minute=21,
    )
    assert [(one.wrong.value, one.about) for one in found(told)] == [
        ("SILENT", "rem_1"),
        ("SILENT", "rem_2"),
    ]


def test_a_case_that_was_over_before_owes_nothing_more() -> None:
    told = refunded()
    told.say("resolution", "OfferMade", offer_id="off_2", expires_by=stamp(60), minute=20)
    told.say("resolution", "EscalationResolved", minute=30)
    assert named(told) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.events[0]}.{rule.field}")
def test_every_rule_names_what_the_contract_has(rule: Rule) -> None:
    messages = Told.known()
    assert {*rule.events, *rule.ends} <= messages.keys()
    for event in rule.events:
        assert rule.field in messages[event].fields_by_name
