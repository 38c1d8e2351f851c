"""The edges of the workflow over real gRPC: what an answer means, what is started, the time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from grpc import aio
from grpc_status import rpc_status
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from amends.clock import Clock, write_moved
from amends.rpc.channel_aio import AsyncChannels
from amends.rpc.said import SAID
from amends.rpc.status import to_status
from amends.v1 import (
    event_pb2,
    eventlog_service_pb2_grpc,
    intake_service_pb2,
    intake_service_pb2_grpc,
    routing_events_pb2,
    routing_service_pb2,
    routing_service_pb2_grpc,
)
from amends.values.refusal import DependencyUnavailable, EscalationNotFound, Refusal
from tests.workflows.conftest import Populate
from tests.workflows.cut import Cut
from tests.workflows.logs import SATURDAY, TENANT, Logs
from workflows import names
from workflows.activities import Services
from workflows.messages import Answer, Command, Question
from workflows.reconciler import Reconciler
from workflows.times import ServiceTimes

COMMAND = Command(
    tenant=TENANT,
    escalation_id="esc_1",
    service=names.ROUTING,
    request_id="6f0c2f0e-0000-4000-8000-000000000001",
    cause="event-1",
    target="asg_1",
)


class Edge(
    routing_service_pb2_grpc.RoutingServiceServicer,
    intake_service_pb2_grpc.IntakeServiceServicer,
    eventlog_service_pb2_grpc.EventLogServiceServicer,
):
    """A service of the contract that answers what it is told to, at its own time."""

    def __init__(self) -> None:
        self.now = SATURDAY
        self.refusal: Refusal | None = None
        self.metadata: dict[str, str] = {}
        self.said: bytes = b""
        """What comes along with an answer of what the log says."""
        self.requests: list[Any] = []
        self.pages: dict[str, intake_service_pb2.ListEscalationsResponse] = {}

    async def ExpireAssignment(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802
        await self._hear(request, context)
        return routing_service_pb2.ExpireAssignmentResponse(
            state=routing_service_pb2.ASSIGNMENT_STATE_EXPIRED, version=3
        )

    async def ReadEvents(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802
        await self._hear(request, context)
        return event_pb2.ReadEventsResponse()

    async def ListEscalations(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802
        await self._hear(request, context)
        return self.pages[request.page_token]

    async def _hear(self, request: Any, context: Any) -> None:  # noqa: ANN401
        self.requests.append(request)
        self.metadata = dict(context.invocation_metadata())
        if self.refusal:
            await context.abort_with_status(rpc_status.to_status(to_status(self.refusal)))
        said = ((SAID, self.said),) if self.said else ()
        context.set_trailing_metadata(((names.BUSINESS_TIME, self.now.isoformat()), *said))


@pytest.fixture
def edge() -> Edge:
    return Edge()  # type: ignore[abstract] # gRPC answers UNIMPLEMENTED for the rest


@asynccontextmanager
async def served(edge: Edge) -> AsyncIterator[AsyncChannels]:
    server = aio.server()
    routing_service_pb2_grpc.add_RoutingServiceServicer_to_server(edge, server)
    intake_service_pb2_grpc.add_IntakeServiceServicer_to_server(edge, server)
    eventlog_service_pb2_grpc.add_EventLogServiceServicer_to_server(edge, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    channels = AsyncChannels(dict.fromkeys(names.SERVICES, address), lambda: "token")
    try:
        yield channels
    finally:
        await channels.close()
        await server.stop(0)


async def asked(edge: Edge, activity: str, argument: Command | Question) -> Any:  # noqa: ANN401
    async with served(edge) as channels:
        method: Callable[..., Awaitable[Any]] = getattr(Services(channels), activity)
        return await ActivityEnvironment().run(method, argument)


async def test_an_answer_brings_its_version_its_state_and_the_services_time(edge: Edge) -> None:
    answer = await asked(edge, "expire_assignment", COMMAND)
    assert answer == Answer(version=3, now=SATURDAY, state="EXPIRED")


async def test_a_command_names_its_tenant_its_cause_and_its_request(edge: Edge) -> None:
    await asked(edge, "expire_assignment", COMMAND)
    assert edge.metadata["amends-tenant"] == TENANT
    assert edge.metadata["amends-causation"] == "event-1"
    assert edge.metadata["authorization"] == "Bearer token"
    [request] = edge.requests
    assert (request.request_id, request.assignment_id) == (COMMAND.request_id, "asg_1")


async def test_what_comes_along_with_an_answer_is_not_asked_for(edge: Edge) -> None:
    expired = routing_events_pb2.AssignmentExpired(assignment_id="asg_1")
    logs = Logs()
    logs.say(names.ROUTING, expired)
    [envelope] = logs.events[names.ROUTING]
    page = event_pb2.ReadEventsResponse(events=[replace(envelope, version=3).to_message()])
    edge.said = page.SerializeToString()
    answer = await asked(edge, "expire_assignment", replace(COMMAND, known=2))
    assert edge.metadata["amends-since"] == "esc_1 2"
    assert (answer.heard.version, answer.heard.now, answer.heard.more) == (3, SATURDAY, False)
    assert [news.event for news in answer.heard.news] == ["AssignmentExpired"]
    assert len(edge.requests) == 1


async def test_what_did_not_come_along_with_an_answer_is_asked_for(edge: Edge) -> None:
    await asked(edge, "expire_assignment", replace(COMMAND, known=2))
    asked_for = edge.requests[-1]
    assert (asked_for.subject, asked_for.after_version) == ("esc_1", 2)


async def test_a_refusal_is_final_and_named_by_its_reason(edge: Edge) -> None:
    edge.refusal = EscalationNotFound("esc_1")
    with pytest.raises(ApplicationError) as failed:
        await asked(edge, "expire_assignment", COMMAND)
    assert (failed.value.type, failed.value.non_retryable) == ("ESCALATION_NOT_FOUND", True)


async def test_a_fault_is_repeated(edge: Edge) -> None:
    edge.refusal = DependencyUnavailable("the store")
    with pytest.raises(ApplicationError) as failed:
        await asked(edge, "expire_assignment", COMMAND)
    assert not failed.value.non_retryable


async def test_an_empty_log_leaves_the_mark_where_it_was(edge: Edge) -> None:
    heard = await asked(edge, "read_events", Question(TENANT, "esc_1", names.ROUTING, 7))
    assert (heard.version, heard.now, heard.news) == (7, SATURDAY, [])


async def test_every_command_has_its_activity() -> None:
    channels = AsyncChannels(dict.fromkeys(names.SERVICES, "127.0.0.1:1"), lambda: "")
    found = {
        getattr(each, "__temporal_activity_definition").name for each in Services(channels).all()
    }
    await channels.close()
    assert found == {each.name for each in vars(names).values() if isinstance(each, names.Rpc)}


async def test_a_services_time_is_measured_once_and_moves_with_the_stacks_clock(
    edge: Edge,
    tmp_path: Any,  # noqa: ANN401
) -> None:
    file = tmp_path / "clock"
    async with served(edge) as channels:
        times = ServiceTimes(channels, Clock(None, file))
        first = await times.now(names.ROUTING, TENANT, "esc_1")
        write_moved(file, 3600)
        second = await times.now(names.ROUTING, TENANT, "esc_1")
    assert first is not None
    assert second is not None
    assert abs(first - SATURDAY) < timedelta(seconds=5)
    assert timedelta(hours=1) <= second - first < timedelta(hours=1, seconds=5)
    assert len(edge.requests) == 1


async def test_the_time_of_a_service_that_never_answered_is_not_known(edge: Edge) -> None:
    edge.refusal = DependencyUnavailable("the store")
    async with served(edge) as channels:
        times = ServiceTimes(channels, Clock(None))
        assert await times.now(names.ROUTING, TENANT, "esc_1") is None


async def test_the_reconciler_starts_what_is_open_but_not_running(
    edge: Edge, populate: Populate
) -> None:
    async with populate() as world, served(edge) as channels:
        world.open()
        await world.accept()
        await world.waiting("to restate")
        await world.handle.terminate("wiped")
        summary = intake_service_pb2.EscalationSummary(escalation_id=world.id, tenant=TENANT)
        edge.pages[""] = intake_service_pb2.ListEscalationsResponse(next_page_token="2")  # noqa: S106
        edge.pages["2"] = intake_service_pb2.ListEscalationsResponse(escalations=[summary])
        await world.hidden()
        reconciler = Reconciler(world.client, channels)
        assert await reconciler.round() == 1
        await world.waiting("for Maya to restate the problem")
        await world.visible()
        assert await reconciler.round() == 0
        assert edge.metadata["amends-tenant"] == "*"
        assert all(request.open_only for request in edge.requests)


class Looking(Reconciler):
    """Remembers whether Temporal was there when it looked."""

    def __init__(self, client: Client, channels: AsyncChannels) -> None:
        super().__init__(client, channels)
        self.found: list[bool] = []

    async def _answers(self) -> bool:
        self.found.append(await super()._answers())
        return self.found[-1]


async def test_the_reconciler_looks_at_once_when_temporal_was_away(
    edge: Edge, populate: Populate
) -> None:
    """Long before its next round is due, which would be too late for this test."""
    async with (
        populate() as world,
        served(edge) as channels,
        Cut(world.client.service_client.config.target_host) as line,
    ):
        world.open()
        await world.waiting("for Maya to accept")
        summary = intake_service_pb2.EscalationSummary(escalation_id=world.id, tenant=TENANT)
        edge.pages[""] = intake_service_pb2.ListEscalationsResponse(escalations=[summary])
        client = await Client.connect(line.address, namespace=world.client.namespace)
        stopping = asyncio.Event()
        reconciler = Looking(client, channels)
        running = asyncio.create_task(reconciler.run(stopping))
        await world.until(lambda: True in reconciler.found, "its first round is over")
        await line.cut()
        await world.until(lambda: False in reconciler.found, "it misses Temporal")
        first = await world.run_id()
        await world.handle.terminate("wiped")
        await world.hidden()
        await line.mend()
        await world.another_run(first)
        await world.waiting("for Maya to accept")
        stopping.set()
        await running
