"""A decision-maker's queue, now or live, one assignment of it, and who would get a case."""

from collections.abc import Iterable
from typing import Annotated

import typer

from amends import follow
from amends.cli import parse, render
from amends.cli.options import OPERATOR, ZONE, CaseId, Json, Operator, Person, Quiet, Zone
from amends.cli.session import caller, says_refusals
from amends.v1 import routing_events_pb2, routing_service_pb2, types_pb2
from amends.values.identity import Role

_COLUMNS = ("id", "what, until when, and why now")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (queue, assignment, preview):
        app.command()(says_refusals(command))


def queue(
    subject: Person,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and show each change.")] = False,
    case: Annotated[str, typer.Option(help="Only this case, esc_...")] = "",
    decided: Annotated[bool, typer.Option("--decided", help="Also what is decided.")] = False,
    zone: Zone = ZONE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """My queue, most urgent first, with the reason; --quiet prints the ids alone."""
    with caller(subject, Role.DECISION_MAKER) as maker:
        if watch:
            for news in follow.queue(maker.routing):
                if case in {"", news.assignment.escalation_id}:
                    _tell(news.assignment, zone, as_json=as_json)
        request = routing_service_pb2.ListAssignmentsRequest(include_decided=decided, page_size=500)
        found = maker.routing.ListAssignments(request)
    if case:
        kept = [item for item in found.assignments if item.escalation_id == case]
        found = routing_service_pb2.ListAssignmentsResponse(assignments=kept)
    if as_json:
        render.as_json(found)
    elif quiet:
        for item in found.assignments:
            typer.echo(item.assignment_id)
    else:
        rows = [row(item, zone) for item in found.assignments]
        render.table(f"Queue of {subject}", _COLUMNS, rows)


def assignment(
    assignment: Annotated[str, typer.Argument(help="asg_...", metavar="ASSIGNMENT")],
    *,
    zone: Zone = ZONE,
    subject: Operator = OPERATOR,
    as_json: Json = False,
) -> None:
    """One assignment, also one that is over: who was asked, how it stands, who was passed over."""
    request = routing_service_pb2.GetAssignmentRequest(assignment_id=assignment)
    with caller(subject, Role.OPERATIONS) as reader:
        found = reader.routing.GetAssignment(request)
    if as_json:
        render.as_json(found)
        return
    item = found.assignment
    render.table(f"Asked of {item.public_name}", _COLUMNS, [row(item, zone)])
    _passed_over(item.passed_over)


def preview(case: CaseId, *, subject: Operator = OPERATOR, as_json: Json = False) -> None:
    """Who would get the case now, and why each other one would not; changes nothing."""
    request = routing_service_pb2.PreviewRouteRequest(escalation_id=case)
    with caller(subject, Role.OPERATIONS) as reader:
        found = reader.routing.PreviewRoute(request)
    if as_json:
        render.as_json(found)
        return
    chosen = f"{found.public_name} ({found.decision_maker_id})" if found.public_name else "nobody"
    needs = ", ".join(map(render.need, found.needs)) or "nothing that is known yet"
    render.console.print(f"{chosen} would get it; it takes {needs}", markup=False)
    _passed_over(found.passed_over)


def _passed_over(others: Iterable[routing_events_pb2.PassedOver]) -> None:
    rows = [(one.decision_maker_id, one.public_name, one.detail) for one in others]
    render.table("Passed over", ("id", "name", "why"), rows)


def _tell(item: routing_service_pb2.Assignment, zone: str, *, as_json: bool) -> None:
    if as_json:
        render.as_json_line(item)
        return
    ids, what = row(item, zone)
    over = "over: " if item.over else ""
    line = f"{' '.join(ids.split())}  {over}{'; '.join(what.splitlines())}"
    render.console.print(line, markup=False, soft_wrap=True)


def row(item: routing_service_pb2.Assignment, zone: str) -> tuple[str, str]:
    """Its ids, and in lines: what it is, until when, why now, and what is offered with it."""
    state = routing_service_pb2.AssignmentState.Name(item.state)
    what = parse.word(types_pb2.Cause.Name(item.cause), "CAUSE_")
    stands = parse.word(state, "ASSIGNMENT_STATE_")
    lines = [f"{what}, {stands}, accept by {render.when(item.accept_by, zone)}", item.urgency]
    if item.HasField("hand_over"):
        lines.append(_handed(item.hand_over, zone))
    if item.draft_offer_id:
        lines.append(f"{item.draft_offer_id} waits for approve or reject")
    if item.note:
        lines.append(item.note)
    return f"{item.assignment_id}\n{item.escalation_id}", "\n".join(filter(None, lines))


def _handed(offered: routing_service_pb2.HandOver, zone: str) -> str:
    """Who offers it to whom, why, until when, and what they say to each other."""
    reason = routing_events_pb2.HandOverReason.Name(offered.reason)
    why = parse.word(reason, "HAND_OVER_REASON_").replace("-", " ")
    until = render.when(offered.return_by, zone)
    note = f": {offered.note}" if offered.note else ""
    return (
        f"{offered.hand_over_id}: {offered.from_public_name} to {offered.to_public_name} "
        f"({why}), until {until}{note}"
    )
