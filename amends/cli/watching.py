"""`amends watch`: a case live, one line for each thing that happens, until it is closed."""

from typing import Annotated

import typer
from rich.text import Text

from amends import follow
from amends.cli import render
from amends.cli.casefile import happened
from amends.cli.options import OPERATOR, CaseId, Json, Operator, Zone
from amends.cli.session import caller, says_refusals
from amends.client import Caller
from amends.v1 import intake_service_pb2
from amends.values.identity import Role


def register(app: typer.Typer) -> None:
    """Adds the command of this room."""
    app.command()(says_refusals(watch))


def watch(
    case: CaseId,
    *,
    until: Annotated[
        list[str] | None,
        typer.Option(help="End as soon as this has happened, e.g. RefundSucceeded; repeatable."),
    ] = None,
    after: Annotated[str, typer.Option(help="Only what came after this watch token.")] = "",
    zone: Zone = "",
    subject: Operator = OPERATOR,
    as_json: Json = False,
) -> None:
    """Follow a case live: all that happened, then all that happens, until it is closed.

    After a cut it goes on by itself. Ctrl-C ends it with exit code 130.
    """
    with caller(subject, Role.OPERATIONS) as reader:
        zone = zone or _zone_of(reader, case)
        for news in follow.case(reader.intake, case, watch_token=after):
            _tell(news, zone, as_json=as_json)
            if news.entry.event in (until or ()):
                return


def _tell(news: intake_service_pb2.WatchEscalationResponse, zone: str, *, as_json: bool) -> None:
    if as_json:
        render.as_json_line(news)
        return
    entry = news.entry
    line = Text(f"{render.when(entry.at, zone)}  ", style="dim")
    line.append(Text(f"{entry.actor}: ", style="not dim"))
    render.console.print(line.append(happened(entry, zone)), soft_wrap=True)


def _zone_of(reader: Caller, case: str) -> str:
    """The customer's, as far as it is known."""
    request = intake_service_pb2.GetEscalationRequest(escalation_id=case, timeline_page_size=1)
    return reader.intake.GetEscalation(request).case_file.zone
