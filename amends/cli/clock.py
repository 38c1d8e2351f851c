"""The local stack's clock: business time is set and moved visibly, never waited for.

One file holds the seconds by which business time is ahead; it only grows. Every service reads it,
and every open workflow is told.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from amends.cli import parse, render
from amends.cli.options import ZONE, Zone
from amends.cli.session import NOT_SET_UP, says_refusals
from amends.clock import Clock, read_moved, write_moved
from amends.settings import Settings

_OPEN = "WorkflowType = 'EscalationLifecycle' AND ExecutionStatus = 'Running'"


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(help="Business time of the local stack.", no_args_is_help=True)
    for command in (show, set_to, advance):
        name = {"set_to": "set"}.get(command.__name__)
        group.command(name)(says_refusals(command))
    app.add_typer(group, name="clock")


def show(zone: Zone = ZONE) -> None:
    """What time it is in business."""
    render.console.print(render.at(now(_settings()), zone))


def set_to(
    when: Annotated[str, typer.Argument(help="Local time, e.g. 2026-11-28T15:10.")],
    zone: Zone = ZONE,
) -> None:
    """Move business time forward to a moment."""
    settings = _settings()
    move(settings, parse.instant(when, zone) - now(settings))
    show(zone)


def advance(
    by: Annotated[str, typer.Argument(help="How far, e.g. 21d or 1h30m.")], zone: Zone = ZONE
) -> None:
    """Move business time forward by a span."""
    move(_settings(), parse.span(by))
    show(zone)


def now(settings: Settings) -> datetime:
    """Business time, aware UTC."""
    return Clock(None, settings.clock_file).now()


def move(settings: Settings, by: timedelta) -> None:
    """Moves business time forward and wakes every open workflow.

    Raises:
        typer.BadParameter: it would go back.
    """
    if by < timedelta(0):
        raise typer.BadParameter("that is in the past: business time only moves forward")
    file = _clock_file(settings)
    write_moved(file, read_moved(file) + by.total_seconds())
    asyncio.run(_tell(settings))


async def _tell(settings: Settings) -> None:
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    await wake_workflows(client, now(settings))


async def wake_workflows(client: Client, moment: datetime) -> None:
    """Tells every open workflow that it is `moment` in business; it waits for the rest only."""
    async for run in client.list_workflows(_OPEN):
        try:
            await client.get_workflow_handle(run.id).signal("clock_moved", moment.isoformat())
        except RPCError as error:
            if not _is_over(error):
                raise


def _is_over(error: RPCError) -> bool:
    """The run ended between the listing and the signal: nothing to wake."""
    return error.status is RPCStatusCode.NOT_FOUND


def _settings() -> Settings:
    settings = Settings()
    _clock_file(settings)
    return settings


def _clock_file(settings: Settings) -> Path:
    if settings.clock_file is None:
        render.console.print("Only a local stack has a clock to move: start one with `make up`.")
        raise typer.Exit(NOT_SET_UP)
    return settings.clock_file
