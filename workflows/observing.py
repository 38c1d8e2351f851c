"""What operations see of the worker: the ids of each activity in its lines, the SDK's metrics."""

import logging
from typing import Any

from temporalio import activity
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from amends import telemetry
from workflows.messages import Command, Question

# Without the fields of a line, which hold whatever a server answered.
_LINES = LoggingConfig(
    filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
    forwarding=LogForwardingConfig(
        logging.getLogger("temporalio.core"), append_log_fields_to_message=False
    ),
)


def runtime_of(address: str) -> Runtime:
    """The SDK's runtime: its lines are lines of ours; its metrics are told at host:port, if any.

    A process goes on without them where the address is taken: an error in the log says so.
    """
    if not address:
        return Runtime(telemetry=TelemetryConfig(logging=_LINES))
    told = PrometheusConfig(
        bind_address=address,
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
    )
    try:
        return Runtime(telemetry=TelemetryConfig(logging=_LINES, metrics=told))
    except (RuntimeError, ValueError) as error:
        telemetry.log().error("no_metrics", address=address, error=type(error).__name__)
        return Runtime(telemetry=TelemetryConfig(logging=_LINES))


class Lines(Interceptor):
    """Lets every line that an activity writes name the case and the request."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Around each attempt."""
        return _Activity(next)


class _Activity(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's
        """One line for each attempt that failed."""
        with telemetry.bound(_ids(input.args[0] if input.args else None)):
            try:
                return await super().execute_activity(input)
            except Exception as error:
                telemetry.log().warning("activity_failed", reason=_reason(error))
                raise


def _ids(asked: object) -> dict[str, str]:
    info = activity.info()
    ids = {"activity": info.activity_type, "attempt": str(info.attempt)}
    if isinstance(asked, Command | Question):
        ids["escalation"] = ids["correlation_id"] = asked.escalation_id
    if isinstance(asked, Command):
        ids |= {"request_id": asked.request_id, "causation_id": asked.cause}
    return ids


def _reason(error: Exception) -> str:
    """A refusal's reason, which is the type of its error; else what kind of error it was."""
    return getattr(error, "type", None) or type(error).__name__
