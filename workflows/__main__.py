"""Runs the workflows: `python -m workflows [all|worker|bridge|reconcile|start-missing]`.

`start-missing` is one round of the reconciler; it prints how many runs were missing.

Temporal, Kafka and the services may be away at any time, also at the start.
"""

import argparse
import asyncio
import os
import signal
import sys

from temporalio.client import Client
from temporalio.service import GrpcCompression

from amends import telemetry
from amends.clock import Clock
from amends.rpc.channel_aio import AsyncChannels
from amends.rpc.signing import TokenFile
from amends.settings import SettingMissing, Settings
from amends.telemetry import metrics, traces
from workflows import names
from workflows.bridge import Bridge, consumer
from workflows.observing import runtime_of
from workflows.reconciler import Reconciler
from workflows.times import ServiceTimes
from workflows.worker import work

_NAME = "workflows"
_ONE_ROUND = "start-missing"
_ROLES = ("worker", "bridge", "reconcile")
_LONGEST_PAUSE = 5.0


async def run(settings: Settings, roles: tuple[str, ...]) -> None:
    """Works until SIGTERM or SIGINT; raises where a role cannot go on."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    client = await _connected(settings, stopping)
    if client is None:
        return
    channels = _channels(settings)
    try:
        await _work(settings, client, channels, roles, stopping)
    finally:
        await channels.close()


async def _work(
    settings: Settings,
    client: Client,
    channels: AsyncChannels,
    roles: tuple[str, ...],
    stopping: asyncio.Event,
) -> None:
    async with asyncio.TaskGroup() as group:
        if "worker" in roles:
            group.create_task(work(client, channels, stopping))
        if "bridge" in roles:
            group.create_task(_bridge(settings, client, channels, stopping))
        if _ONE_ROUND in roles:
            started = await Reconciler(client, channels).round()
            sys.stdout.write(f"{started}\n")
            return
        if "reconcile" in roles:
            group.create_task(Reconciler(client, channels).run(stopping))
        telemetry.log().info("started", role=" ".join(roles), task_queue=names.TASK_QUEUE)


async def _bridge(
    settings: Settings, client: Client, channels: AsyncChannels, stopping: asyncio.Event
) -> None:
    times = ServiceTimes(channels, Clock(None, settings.clock_file))
    bridge = Bridge(client, times, worker=_token(settings).subject)
    reading = consumer(settings.kafka_bootstrap, bridge, settings.instance)
    reading.start()
    await stopping.wait()
    await asyncio.to_thread(reading.stop)


async def _connected(settings: Settings, stopping: asyncio.Event) -> Client | None:
    """A client, as soon as Temporal answers; None when told to stop before."""
    runtime = runtime_of(settings.sdk_metrics_address)
    pause = 0.2
    while not stopping.is_set():
        try:
            return await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                runtime=runtime,
                interceptors=traces.of_temporal(),
                grpc_compression=GrpcCompression.NONE,  # of messages of a kilobyte
            )
        except RuntimeError as error:  # what the client raises where nothing answers
            telemetry.log().warning("temporal_away", error=type(error).__name__, retry_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
    return None


def _channels(settings: Settings) -> AsyncChannels:
    return AsyncChannels(settings.addresses, _token(settings))


def _token(settings: Settings) -> TokenFile:
    if settings.service_token_file is None:
        raise SettingMissing("AMENDS_SERVICE_TOKEN_FILE")
    return TokenFile(settings.service_token_file)


def main(arguments: list[str]) -> int:
    """Runs the roles that the arguments name; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m workflows")
    parser.add_argument("role", nargs="?", default="all", choices=("all", *_ROLES, _ONE_ROUND))
    role = parser.parse_args(arguments).role
    telemetry.configure(_NAME)
    settings = Settings()
    traces.configure(_NAME, settings.otlp_endpoint)
    metrics.serve(settings.metrics_address, _NAME, ())
    try:
        asyncio.run(run(settings, _ROLES if role == "all" else (role,)))
    except Exception as error:  # noqa: BLE001 - a process loop: the supervisor starts it anew
        telemetry.log().error("died", trace=telemetry.trace_of(error))
        return 1
    finally:
        traces.end()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK's threads may still run, and abort a slow interpreter's end
