"""Every line about an activity names the case and the request."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import grpc
import pytest
import structlog
from temporalio.api.workflowservice.v1 import ListNamespacesRequest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
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


async def test_what_the_sdks_core_says_is_a_line_of_ours_without_what_a_server_answered(
    configured: None, written: Written
) -> None:
    server = grpc.server(ThreadPoolExecutor(2), handlers=[Away()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    client = await Client.connect(f"127.0.0.1:{port}", runtime=runtime_of(""))
    with pytest.raises(RPCError):
        await client.workflow_service.list_namespaces(
            ListNamespacesRequest(), retry=True, timeout=timedelta(seconds=4)
        )
    lines: list[dict[str, Any]] = []
    while not lines:
        await asyncio.sleep(0.01)  # the core hands its lines over a little later
        lines = written()
    assert {line["logger"].partition("-")[0] for line in lines} == {"temporalio.core"}
    assert SAID not in json.dumps(lines)
    server.stop(None)


class Away(grpc.GenericRpcHandler):
    """Temporal as it answers while its store is away."""

    def service(self, details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes]":
        """Knows what every client asks first, and nothing else."""
        return grpc.unary_unary_rpc_method_handler(
            _known if details.method.endswith("/GetSystemInfo") else _away
        )


def _known(_request: bytes, _context: grpc.ServicerContext) -> bytes:
    return b""


def _away(_request: bytes, context: grpc.ServicerContext) -> bytes:
    context.abort(grpc.StatusCode.UNAVAILABLE, SAID)
