"""The cases: a list of them, and one as a story."""

from typing import Annotated

import grpc
import typer

from amends.cli import parse, render
from amends.cli.casefile import show_case
from amends.cli.options import OPERATOR, ZONE, CaseId, Json, Operator, Zone
from amends.cli.session import caller, says_refusals
from amends.client import Caller, whole_case
from amends.rpc.status import as_sent
from amends.v1 import (
    followup_service_pb2,
    intake_service_pb2,
    resolution_service_pb2,
    types_pb2,
)
from amends.values.identity import Role

_STAGES = parse.words(types_pb2.Stage, "STAGE_")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    app.command("list")(says_refusals(list_cases))
    app.command()(says_refusals(show))


def list_cases(
    *,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not closed.")] = False,
    stage: Annotated[
        list[str] | None, typer.Option(help=f"Only these, may be repeated: {_STAGES}")
    ] = None,
    most: Annotated[int, typer.Option(help="At most so many.", min=1, max=500)] = 50,
    page: Annotated[str, typer.Option(help="The page after one that was shown.")] = "",
    zone: Zone = ZONE,
    subject: Operator = OPERATOR,
    as_json: Json = False,
) -> None:
    """The newest cases: where each stands and what it waits for."""
    request = intake_service_pb2.ListEscalationsRequest(
        open_only=open_only,
        stages=[parse.member(types_pb2.Stage, "STAGE_", one) for one in stage or ()],
        page_size=most,
        page_token=page,
    )
    with caller(subject, Role.OPERATIONS) as reader:
        found = reader.intake.ListEscalations(request)
    if as_json:
        render.as_json(found)
        return
    columns = ("case", "stage", "owner", "waiting", "until", "")
    render.table("Cases", columns, [_row(item, zone) for item in found.escalations])
    if found.next_page_token:
        typer.echo(f"more: --page {found.next_page_token}")


def _row(item: intake_service_pb2.EscalationSummary, zone: str) -> tuple[str, ...]:
    return (
        item.escalation_id,
        parse.word(types_pb2.Stage.Name(item.stage), "STAGE_"),
        item.owner_name,
        item.waiting_for,
        render.when(item.waiting_until, zone),
        "ALARM" if item.has_alarm else "",
    )


def show(
    case: CaseId, *, zone: Zone = "", subject: Operator = OPERATOR, as_json: Json = False
) -> None:
    """Show the whole case file, as a story with times and owners."""
    with caller(subject, Role.OPERATIONS) as reader:
        found = whole_case(reader.intake, case)
        made = _resolution(reader, case)
        later = _follow_up(reader, case)
    if as_json:
        render.as_json(
            {
                "case_file": render.fields(found),
                "resolution": render.fields(made),
                "follow_up": render.fields(later),
            }
        )
    else:
        show_case(found, made, later, zone)


def _resolution(reader: Caller, case: str) -> resolution_service_pb2.GetResolutionResponse:
    return reader.resolution.GetResolution(
        resolution_service_pb2.GetResolutionRequest(escalation_id=case)
    )


def _follow_up(reader: Caller, case: str) -> followup_service_pb2.GetFollowUpResponse:
    """Empty before follow-up has heard of the case."""
    try:
        return reader.followup.GetFollowUp(
            followup_service_pb2.GetFollowUpRequest(escalation_id=case)
        )
    except grpc.RpcError as error:
        if as_sent(error).reason != "ESCALATION_NOT_FOUND":
            raise
        return followup_service_pb2.GetFollowUpResponse()
