"""The instruments of `make chaos` themselves: what measures and tells must be right too."""

import time
from pathlib import Path
from threading import Thread

import pytest

from amends.v1 import intake_service_pb2
from tests.chaos.journal import Journal
from tests.chaos.record import Record, percentile, read
from tests.chaos.steps import Steps
from tests.chaos.table import PAGE, published, written


def a_record(**changed: object) -> Record:
    said: dict[str, object] = {
        "scenario": "storm",
        "seed": 7,
        "faults": {"kill -9 kafka": 2},
        "kills": 2,
        "acknowledged": 40,
        "ended": 40,
        "lost": 0,
        "double": 0,
        "recovery_ms": [900, 1500],
        "recovery_by": {"intake": [900], "kafka": [1500]},
    }
    return Record(**{**said, **changed})  # type: ignore[arg-type] # by their names


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1), (0.0, 1)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile([], 0.5) is None


def test_a_record_is_read_as_it_was_appended(tmp_path: Path) -> None:
    said = [a_record(seed=1, at="then"), a_record(seed=2, at="later")]
    for one in said:
        one.append(tmp_path / "records.jsonl")
    assert read([tmp_path / "records.jsonl"]) == said


def test_the_page_tells_every_scenario_and_the_bound() -> None:
    page = written(PAGE.read_text(), [a_record(), a_record(scenario="crash points", kills=298)])
    assert "| storm | 7 | 2 | 2 | 40 | 0 | 0 | 900 | 1500 |" in page
    assert "300 kills in all, 0 lost, 0 double: less than 1.00 % of kills do harm." in page
    assert written(page, []).count("| storm |") == 0


def test_the_page_tells_what_was_published() -> None:
    assert PAGE.read_text() == written(PAGE.read_text(), published())


def test_a_step_that_began_before_the_moment_does_not_count() -> None:
    steps, moment = Steps(), time.monotonic()
    steps.took("early", "opened", moment - 1)
    steps.took("early", "assigned", moment)
    assert steps.through("opened", "assigned", moment, 0.01) is None
    steps.took("late", "opened", moment + 0.001)
    steps.took("late", "assigned", moment + 0.002)
    assert steps.through("opened", "assigned", moment, 0.01) is not None


def test_whoever_waits_for_a_step_is_told_of_it() -> None:
    steps, moment = Steps(), time.monotonic()
    found: list[float | None] = []
    waiting = Thread(target=lambda: found.append(steps.through("opened", "opened", moment, 30)))
    waiting.start()
    steps.took("a life", "opened", moment + 0.001)
    waiting.join()
    assert found[0] is not None


def test_the_journal_has_what_was_acknowledged_and_sees_a_stranger(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "acknowledged.jsonl")
    asked = intake_service_pb2.OpenEscalationRequest(request_id="r-1")
    told = intake_service_pb2.OpenEscalationResponse(escalation_id="esc_abc")
    journal.of("one")("OpenEscalation", asked, told)
    watched = intake_service_pb2.WatchEscalationRequest()
    journal.of("two")("WatchEscalation", watched, told)
    journal.close()
    assert journal.opened == {"esc_abc": "one"}
    assert journal.foreign == ["esc_abc"]
    assert journal.path.read_text().count("\n") == 1
