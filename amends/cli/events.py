"""What a service said about a case, as it is stored: for auditors. Personal words stay sealed."""

from collections.abc import Iterator
from typing import Annotated

import typer

from amends.cli import render
from amends.cli.options import ZONE, CaseId, Json, Zone
from amends.cli.session import caller, says_refusals
from amends.client import LOGS, Caller
from amends.v1 import event_pb2
from amends.values.identity import Role

Auditor = Annotated[str, typer.Option("--as", help="The auditor's subject.")]
_AUDITOR = "auditor"


def register(app: typer.Typer) -> None:
    """Adds the command of this room."""
    app.command()(says_refusals(events))


def events(
    case: CaseId,
    *,
    service: Annotated[str, typer.Option(help=f"Whose log: {', '.join(LOGS)}")] = LOGS[0],
    zone: Zone = ZONE,
    subject: Auditor = _AUDITOR,
    as_json: Json = False,
) -> None:
    """Every event that a service stored about a case, in order; --json prints one per line."""
    if service not in LOGS:
        raise typer.BadParameter(f"{service!r} is not one of: {', '.join(LOGS)}")
    with caller(subject, Role.AUDITOR) as auditor:
        for event in _read(auditor, service, case):
            if as_json:
                render.as_json_line(event)
            else:
                typer.echo(_line(event, zone))


def _line(event: event_pb2.EventEnvelope, zone: str) -> str:
    meta = event_pb2.EventMeta.FromString(event.meta)
    at = render.when(event.recorded_at, zone)
    return f"{event.version:>4}  {at}  {event.type.rpartition('.')[2]}  by {meta.actor}"


def _read(auditor: Caller, service: str, case: str) -> Iterator[event_pb2.EventEnvelope]:
    request = event_pb2.ReadEventsRequest(subject=case)
    while True:
        page = auditor.logs[service].ReadEvents(request)
        yield from page.events
        if not page.next_after_version:
            return
        request.after_version = page.next_after_version
