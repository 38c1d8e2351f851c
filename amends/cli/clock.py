"""The local stack's clock: business time is set and moved visibly, never waited for.

One file holds the seconds by which business time is ahead; it only grows. Every service reads it,
and every open workflow is told.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from amends.cli import parse, render
from amends.cli.options import ZONE, Json, Zone
from amends.cli.session import says_refusals
from amends.clock import Clock, read_moved, write_moved
from amends.settings import SettingMissing, Settings
from amends.values.refusal import DependencyUnavailable

_OPEN = "WorkflowType = 'EscalationLifecycle' AND ExecutionStatus = 'Running'"


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(help="Business time of the local stack.", no_args_is_help=True)
    for command in (show, ahead, set_to, advance):
        name = {"ahead": "in", "set_to": "set"}.get(command.__name__)
        group.command(name)(says_refusals(command))
    app.add_typer(group, name="clock")


def show(*, zone: Zone = ZONE, as_json: Json = False) -> None:
    """What time it is in business."""
    _show(_settings(), zone, as_json=as_json)


def ahead(
    span: Annotated[str, typer.Argument(help="How far ahead, e.g. 1h or 2d.")],
    *,
    as_json: Json = False,
) -> None:
    """What time it will be in business then, as Temporal's queries take it (UTC)."""
    moment = now(Settings()) + parse.span(span)
    told = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if as_json:
        render.as_json({"then": told})
    else:
        typer.echo(told)


def set_to(
    when: Annotated[str, typer.Argument(help=parse.WHEN)],
    *,
    zone: Zone = ZONE,
    as_json: Json = False,
) -> None:
    """Move business time forward to a moment."""
    settings = _settings()
    moment = now(settings)
    move(settings, parse.instant(when, zone, moment) - moment)
    _show(settings, zone, as_json=as_json)


def advance(
    by: Annotated[str, typer.Argument(help="How far, e.g. 21d or 1h30m.")],
    *,
    zone: Zone = ZONE,
    as_json: Json = False,
) -> None:
    """Move business time forward by a span."""
    settings = _settings()
    move(settings, parse.span(by))
    _show(settings, zone, as_json=as_json)


def now(settings: Settings) -> datetime:
    """Business time, aware UTC; where no local stack runs, this machine's."""
    return Clock(None, settings.clock_file).now()


def move(settings: Settings, by: timedelta) -> None:
    """Moves business time forward and wakes every open workflow.

    Raises:
        typer.BadParameter: it would go back.
        SettingMissing: no local stack was started.
        DependencyUnavailable: Temporal does not answer; the time has moved already.
    """
    if by < timedelta(0):
        raise typer.BadParameter("that is in the past: business time only moves forward")
    file = _clock_file(settings)
    write_moved(file, read_moved(file) + by.total_seconds())
    try:
        asyncio.run(_tell(settings))
    except (RuntimeError, RPCError) as error:  # what the SDK raises where nobody listens
        raise DependencyUnavailable("temporal") from error


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


def _show(settings: Settings, zone: str, *, as_json: bool) -> None:
    moment = now(settings)
    if as_json:
        stands = {
            "now": moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "ahead_seconds": read_moved(_clock_file(settings)),
        }
        render.as_json(stands)
    else:
        render.console.print(render.at(moment, zone))


def _settings() -> Settings:
    settings = Settings()
    _clock_file(settings)
    return settings


def _clock_file(settings: Settings) -> Path:
    """Only a local stack has a clock to move."""
    if settings.clock_file is None:
        raise SettingMissing("AMENDS_CLOCK_FILE")
    return settings.clock_file
