"""Temporal's own server, one process with its page for operations, tuned for one machine."""

from dataclasses import dataclass
from datetime import timedelta

import grpc
from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.operatorservice.v1.service_pb2_grpc import OperatorServiceStub
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.api.workflowservice.v1.service_pb2_grpc import WorkflowServiceStub

from deploy.local import wheels
from deploy.local.health import channel_to, is_serving
from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.ports import Ports

NAMESPACE = "amends"
RETENTION = timedelta(days=90)

SEARCH_ATTRIBUTES = {
    "AmendsStage": "Keyword",
    "AmendsOwner": "Keyword",
    "AmendsPartner": "Keyword",
    "AmendsCause": "Keyword",
    "AmendsAlarm": "Keyword",
    "AmendsTenant": "Keyword",
    "AmendsPriority": "Int",
    "AmendsDueBy": "Datetime",
}

# By default the one shard polls 20 times a second (50 ms per hop) and a timer is up to 1 s late.
TUNING = {
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxTimeShift": '"10ms"',
    "system.forceSearchAttributesCacheRefreshOnRead": "false",
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    "frontend.WorkflowTimeSkippingEnabled": "true",
}
_PRAGMAS = {"journal_mode": "wal", "synchronous": "1"}
_LIMIT = 2.0  # seconds for one question


@dataclass(frozen=True, slots=True)
class Temporal:
    """The workflow server of one stack."""

    home: Home
    ports: Ports

    def part(self) -> Part:
        """How the supervisor runs it."""
        return Part(
            name="temporal",
            command=(str(wheels.temporal()), "server", "start-dev", *self._options()),
            ready=self._answers,
            address=self.ports.address("temporal"),
            prepare=lambda: (self.home.data / "temporal").mkdir(parents=True, exist_ok=True),
            settle=self._keep_closed_cases,
            environment={"GOGC": "400"},  # 5-10 % less CPU for more memory
        )

    def _options(self) -> tuple[str, ...]:
        options = [
            *("--ip", "127.0.0.1", "--log-level", "error", "--ui-disable-news-fetch"),
            *("--port", str(self.ports["temporal"])),
            *("--ui-port", str(self.ports["temporal-ui"])),
            *("--metrics-port", str(self.ports["temporal-metrics"])),
            *("--db-filename", str(self.home.data / "temporal" / "temporal.db")),
            *("--namespace", NAMESPACE),
        ]
        options += _pairs("--sqlite-pragma", _PRAGMAS)
        options += _pairs("--search-attribute", SEARCH_ATTRIBUTES)
        options += _pairs("--dynamic-config-value", TUNING)
        return tuple(options)

    def _channel(self) -> grpc.Channel:
        return channel_to(self.ports.address("temporal"))

    def _answers(self) -> bool:
        """Healthy, and the namespace has every search attribute."""
        with self._channel() as channel:
            if not is_serving(channel, "temporal.api.workflowservice.v1.WorkflowService"):
                return False
            known = OperatorServiceStub(channel).ListSearchAttributes(
                ListSearchAttributesRequest(namespace=NAMESPACE), timeout=_LIMIT
            )
            return SEARCH_ATTRIBUTES.keys() <= known.custom_attributes.keys()

    def _keep_closed_cases(self) -> None:
        keep = Duration()
        keep.FromTimedelta(RETENTION)
        request = UpdateNamespaceRequest(
            namespace=NAMESPACE,
            config=NamespaceConfig(workflow_execution_retention_ttl=keep),
        )
        with self._channel() as channel:
            WorkflowServiceStub(channel).UpdateNamespace(request, timeout=10)


def _pairs(option: str, values: dict[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in (option, f"{name}={value}")]
