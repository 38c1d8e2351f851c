"""Every line about an activity names the case and the request."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from amends import telemetry
from workflows.messages import Command, Question
from workflows.observing import Lines, runtime_of

SAID = "my daughter's shoes"
COMMAND = Command(
    tenant="shop", escalation_id="esc_a", service="routing", request_id="r-1", cause="e-1"
)
Written = Callable[[], list[dict[str, Any]]]


class Attempt(ActivityInboundInterceptor):
    """The activity itself, behind the interceptor."""

    def __init__(self, does: Callable[[], object]) -> None:
        self._does = does

    async def execute_activity(self, _input: ExecuteActivityInput) -> object:
        return self._does()


@pytest.fixture
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    telemetry.configure("workflows")
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def attempt(asked: object, does: Callable[[], object]) -> None:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, activity_type="RouteEscalation", attempt=3)
    asks = ExecuteActivityInput(fn=attempt, args=[asked], executor=None, headers={})
    await environment.run(Lines().intercept_activity(Attempt(does)).execute_activity, asks)


async def test_an_attempt_that_was_refused_has_a_line_with_its_ids(written: Written) -> None:
    def refused() -> object:
        raise ApplicationError(SAID, type="NOT_DUE")

    with pytest.raises(ApplicationError):
        await attempt(COMMAND, refused)
    [line] = written()
    assert (line["event"], line["reason"]) == ("activity_failed", "NOT_DUE")
    assert (line["activity"], line["attempt"]) == ("RouteEscalation", "3")
    assert (line["escalation"], line["correlation_id"]) == ("esc_a", "esc_a")
    assert (line["request_id"], line["causation_id"]) == ("r-1", "e-1")
    assert SAID not in json.dumps(line)


async def test_what_an_activity_logs_names_its_case(written: Written) -> None:
    await attempt(Question("shop", "esc_a", "routing", 3), lambda: telemetry.log().info("asked"))
    telemetry.log().info("afterwards")
    inside, outside = written()
    assert (inside["event"], inside["escalation"]) == ("asked", "esc_a")
    assert "escalation" not in outside


def test_a_line_of_the_sdk_names_run_and_activity(configured: None, written: Written) -> None:
    about = {"workflow_id": "escalation/esc_a", "activity_type": "SendResponse", "attempt": 2}
    logging.getLogger("temporalio.activity").warning(
        "failed with %s", SAID, extra={"temporal_activity": about}
    )
    [line] = written()
    assert (line["workflow"], line["activity"]) == ("escalation/esc_a", "SendResponse")
    assert SAID not in json.dumps(line)


def test_no_address_means_no_metrics_of_the_sdk() -> None:
    assert runtime_of("") is None
