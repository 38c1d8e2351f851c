"""Cases that were open under an earlier release go on under this one."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.replay.record import HISTORIES
from workflows.lifecycle import EscalationLifecycle

FILES = sorted(HISTORIES.glob("*.json"))
WORDS = ("Sunday league", "soles", "glued", "call at five", "C-1042", "SM-")
_STEPS = {"EVENT_TYPE_ACTIVITY_TASK_SCHEDULED", "EVENT_TYPE_TIMER_STARTED"}


@pytest.mark.parametrize(
    "way", ["football-shoes", "handed-over", "money-back", "reopened-after-its-close"]
)
def test_there_is_a_history_of_each_way_a_case_can_go(way: str) -> None:
    assert way in [file.stem for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_recorded_case_is_replayed_step_by_step(file: Path) -> None:
    history = WorkflowHistory.from_json(f"escalation/{file.stem}", file.read_text())
    replayer = Replayer(workflows=[EscalationLifecycle])
    assert asyncio.run(replayer.replay_workflow(history)).replay_failure is None


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_no_word_of_a_customer_is_in_a_history(file: Path) -> None:
    told = " ".join(_payloads(json.loads(file.read_text())))
    assert told, "the payloads were read"
    assert not [word for word in WORDS if word in told]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_activity_and_timer_of_a_history_says_what_it_is_for(file: Path) -> None:
    events = json.loads(file.read_text())["events"]
    steps = [each for each in events if each["eventType"] in _STEPS]
    assert steps
    assert [each["eventId"] for each in steps if not _summary(each)] == []


def _summary(event: dict[str, Any]) -> str:
    told = event.get("userMetadata", {}).get("summary", {}).get("data", "")
    return base64.b64decode(told).decode()


def _payloads(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _payloads(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == "data" and isinstance(each, str):
                yield base64.b64decode(each).decode(errors="replace")
            else:
                yield from _payloads(each)
