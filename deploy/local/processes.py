"""The project's own processes as parts of the stack."""

import sys
from dataclasses import dataclass

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.api.workflowservice.v1.service_pb2_grpc import WorkflowServiceStub

from deploy.local import tokens
from deploy.local.health import channel_to, is_serving
from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.supervision import Supervisor
from deploy.local.temporal import NAMESPACE

EVENT_SOURCED = ("intake", "routing", "resolution", "followup")
OBSERVED = (*EVENT_SOURCED, "commerce", "workflows")
"""Who tells metrics."""
TASK_QUEUE = "amends"
_LIMIT = 2.0  # seconds for one question


@dataclass(frozen=True, slots=True)
class Processes:
    """The services, the workflows and the renewer of their token."""

    home: Home
    ports: Ports

    def parts(self) -> list[Part]:
        """In the order of the table that people see."""
        services = [self._service(name, needs=("postgres", "kafka")) for name in EVENT_SOURCED]
        commerce = self._service("commerce", needs=("postgres",))
        return [*services, commerce, self._workflows(), self._tokens()]

    def _service(self, name: str, *, needs: tuple[str, ...]) -> Part:
        return Part(
            name=name,
            command=_python("-m", f"services.{name}", "all"),
            ready=lambda: _serving(self.ports.address(name)),
            address=self.ports.address(name),
            needs=(*needs, "tokens"),
            environment=self._told(name),
        )

    def _workflows(self) -> Part:
        return Part(
            name="workflows",
            command=_python("-m", "workflows", "all"),
            ready=self._workflows_poll,
            needs=("kafka", "temporal", "tokens"),
            environment={
                **self._told("workflows"),
                "AMENDS_SDK_METRICS_ADDRESS": self.ports.address("sdk-metrics"),
            },
        )

    def _told(self, name: str) -> dict[str, str]:
        return {
            "AMENDS_INSTANCE": name,
            "AMENDS_METRICS_ADDRESS": self.ports.address(f"{name}-metrics"),
            "MALLOC_ARENA_MAX": "2",  # glibc keeps one heap per thread otherwise
        }

    def _workflows_poll(self) -> bool:
        run = Supervisor(self.home, self.ports).runs()["workflows"]
        return _polled(self.ports.address("temporal"), since=run.since)

    def _tokens(self) -> Part:
        return Part(
            name="tokens",
            command=_python("-m", "deploy.local.tokens", str(self.home.path)),
            ready=lambda: tokens.is_fresh(self.home),
        )


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


def _serving(address: str) -> bool:
    with channel_to(address) as channel:
        return is_serving(channel)


def _polled(temporal: str, *, since: float) -> bool:
    """Whether a worker asked for workflow tasks since then; the server remembers dead ones too."""
    request = DescribeTaskQueueRequest(
        namespace=NAMESPACE,
        task_queue=TaskQueue(name=TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    with channel_to(temporal) as channel:
        answer = WorkflowServiceStub(channel).DescribeTaskQueue(request, timeout=_LIMIT)
    return any(poller.last_access_time.seconds >= since for poller in answer.pollers)
