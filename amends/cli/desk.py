"""The decision-maker takes a case, says it back, and weighs what could be offered."""

from typing import Annotated

import typer

from amends.cli import parse, render
from amends.cli.ledger import earlier_refunds, suggestions
from amends.cli.options import ZONE, CaseId, Json, Person, RequestId, Zone
from amends.cli.session import caller, says_refusals
from amends.cli.troubles import NotAsked
from amends.client import Caller
from amends.v1 import (
    intake_service_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
)
from amends.values.identity import Role

Assignment = Annotated[str, typer.Argument(help="The assignment, asg_...", metavar="ASSIGNMENT")]
Words = Annotated[str, typer.Argument(help="In your own words.")]
_WHY = parse.words(routing_events_pb2.HandOverReason, "HAND_OVER_REASON_")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (accept, decline, restate, suggest):
        app.command()(says_refusals(command))


def accept(
    assignment: Annotated[
        str,
        typer.Argument(
            help="What you are asked, asg_..., or the case itself, esc_...", metavar="ASSIGNMENT"
        ),
    ],
    subject: Person,
    *,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Take a case: from now on you are its one owner."""
    with caller(subject, Role.DECISION_MAKER) as maker:
        asked = _asked_of_me(maker, assignment) if assignment.startswith("esc_") else assignment
        taken = maker.routing.AcceptAssignment(
            routing_service_pb2.AcceptAssignmentRequest(request_id=request_id, assignment_id=asked)
        )
    render.say(taken, f"{taken.escalation_id} is yours", as_json=as_json)


def _asked_of_me(maker: Caller, case: str) -> str:
    """The assignment by which the caller is asked to take a case."""
    request = routing_service_pb2.ListAssignmentsRequest(page_size=500)
    offered = routing_service_pb2.ASSIGNMENT_STATE_OFFERED
    for item in maker.routing.ListAssignments(request).assignments:
        if (item.escalation_id, item.state) == (case, offered):
            return item.assignment_id
    raise NotAsked(case)


def decline(
    assignment: Assignment,
    subject: Person,
    words: Annotated[str, typer.Argument(help="Why, in your own words; kept sealed.")] = "",
    *,
    reason: Annotated[str, typer.Option(help=_WHY)] = "other",
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Leave a case to the next holder."""
    parse.member(routing_events_pb2.HandOverReason, "HAND_OVER_REASON_", reason)
    request = routing_service_pb2.DeclineAssignmentRequest(
        request_id=request_id,
        assignment_id=assignment,
        reason=reason.upper().replace("-", "_"),
        note=words,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        left = maker.routing.DeclineAssignment(request)
    render.say(left, f"{left.escalation_id} goes to the next holder", as_json=as_json)


def restate(
    case: CaseId,
    words: Words,
    subject: Person,
    *,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Say the problem back; the customer confirms it before any remedy."""
    request = intake_service_pb2.RestateProblemRequest(
        request_id=request_id, escalation_id=case, words=words
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        restated = maker.intake.RestateProblem(request)
    line = f"restatement {restated.restatement} waits for the customer's yes"
    render.say(restated, line, as_json=as_json)


def suggest(case: CaseId, subject: Person, *, zone: Zone = ZONE, as_json: Json = False) -> None:
    """What could be offered, best first, and what was paid back before."""
    request = resolution_service_pb2.SuggestRemediesRequest(escalation_id=case)
    with caller(subject, Role.DECISION_MAKER) as maker:
        found = maker.resolution.SuggestRemedies(request)
    if as_json:
        render.as_json(found)
        return
    suggestions(found, zone)
    earlier_refunds(found, zone)
    if found.not_feasible:
        render.console.print(f"[bold]{found.reason}[/bold]: no service arrives in time")
