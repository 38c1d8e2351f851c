"""What intake tells of all open cases together at a scrape."""

from datetime import timedelta
from typing import NamedTuple

import pytest

from amends.v1 import event_pb2, followup_events_pb2
from tests.services.intake.conftest import WORKFLOW, Intake, new_id


class Scrape(NamedTuple):
    """The numbers by metric and the value of its label, if it has one."""

    numbers: dict[tuple[str, str], float]

    def of(self, name: str, label: str = "") -> float:
        return self.numbers.get((f"amends_{name}", label), 0)


def scrape(intake: Intake) -> Scrape:
    """Of everything that is in the database, which other tests share."""
    return Scrape(
        {
            (sample.name, next(iter(sample.labels.values()), "")): sample.value
            for metric in intake.app.asks["serve"]()
            for sample in metric.samples
        }
    )


@pytest.fixture
def before(intake: Intake) -> Scrape:
    return scrape(intake)


def test_an_open_case_counts_in_its_stage_until_it_is_closed(
    intake: Intake, before: Scrape
) -> None:
    case = intake.open().escalation_id
    opened = scrape(intake)
    assert opened.of("open_cases", "intake") == before.of("open_cases", "intake") + 1
    closed = followup_events_pb2.EscalationClosed(
        escalation_id=case, outcome=followup_events_pb2.OUTCOME_HAPPY, closed_at=intake.now()
    )
    intake.hear(intake.followup.say(case, closed))
    assert scrape(intake).of("open_cases", "intake") == before.of("open_cases", "intake")


def test_an_alarm_counts_by_its_kind_while_it_stands(intake: Intake, before: Scrape) -> None:
    case = intake.open().escalation_id
    raised = event_pb2.RaiseAlarmRequest(
        request_id=new_id(), escalation_id=case, kind="NOT_COUNTED", clears_when="it is counted"
    )
    intake.ask("RaiseAlarm", raised, WORKFLOW, service="alarm")
    assert scrape(intake).of("alarms", "NOT_COUNTED") == before.of("alarms", "NOT_COUNTED") + 1
    cleared = event_pb2.ClearAlarmRequest(
        request_id=new_id(), escalation_id=case, kind="NOT_COUNTED"
    )
    intake.ask("ClearAlarm", cleared, WORKFLOW, service="alarm")
    assert scrape(intake).of("alarms", "NOT_COUNTED") == before.of("alarms", "NOT_COUNTED")


def test_a_deadline_that_has_passed_is_told(intake: Intake, before: Scrape) -> None:
    """The nearest one of all, in business time."""
    intake.open()
    intake.advance(timedelta(days=400))
    found = scrape(intake)
    assert found.of("overdue_cases") > before.of("overdue_cases")
    assert found.of("next_due_seconds") < -timedelta(days=300).total_seconds()


def test_the_store_tells_what_waits(intake: Intake) -> None:
    """Nobody publishes here."""
    intake.open()
    [waiting, oldest] = [
        sample.value for metric in intake.app.asks["relay"]() for sample in metric.samples
    ]
    assert waiting > 0
    assert oldest >= 0
    [parked, longest] = [
        sample.value for metric in intake.app.asks["consume"]() for sample in metric.samples
    ]
    assert parked >= 0
    assert longest >= 0
