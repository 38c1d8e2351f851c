"""The decision-maker's side of a case: the queue, and everything that an owner does."""

from typing import Annotated

import typer
from google.protobuf.message import Message

from amends.cli import parse, render
from amends.cli.options import ZONE, CaseId, Json, Person, Zone
from amends.cli.session import caller, says_refusals
from amends.client import new_request_id
from amends.v1 import (
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.values.identity import Role

Assignment = Annotated[str, typer.Argument(help="The assignment, asg_...", metavar="ASSIGNMENT")]
Offered = Annotated[str, typer.Argument(help="The hand-over, hov_...", metavar="HAND-OVER")]
Words = Annotated[str, typer.Argument(help="In your own words.")]
_WHY = parse.words(routing_events_pb2.HandOverReason, "HAND_OVER_REASON_")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (queue, accept, decline, restate, suggest, offer, respond):
        app.command()(says_refusals(command))
    for turn in (hand_over, accept_hand_over, return_hand_over):
        app.command()(says_refusals(turn))


def queue(subject: Person, *, zone: Zone = ZONE, as_json: Json = False) -> None:
    """My queue, most urgent first, with the reason."""
    request = routing_service_pb2.ListAssignmentsRequest()
    with caller(subject, Role.DECISION_MAKER) as maker:
        found = maker.routing.ListAssignments(request)
    if as_json:
        render.as_json(found)
        return
    rows = [_in_queue(item, zone) for item in found.assignments]
    render.table(f"Queue of {subject}", ("id", "what, until when, and why now"), rows)


def _in_queue(item: routing_service_pb2.Assignment, zone: str) -> tuple[str, str]:
    state = routing_service_pb2.AssignmentState.Name(item.state)
    what = parse.word(types_pb2.Cause.Name(item.cause), "CAUSE_")
    stands = parse.word(state, "ASSIGNMENT_STATE_")
    lines = [f"{what}, {stands}, accept by {render.when(item.accept_by, zone)}", item.urgency]
    if item.HasField("hand_over"):
        lines.append(_handed(item.hand_over, zone))
    if item.note:
        lines.append(item.note)
    return f"{item.assignment_id}\n{item.escalation_id}", "\n".join(lines)


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


def accept(assignment: Assignment, subject: Person, *, as_json: Json = False) -> None:
    """Take a case: from now on you are its one owner."""
    request = routing_service_pb2.AcceptAssignmentRequest(
        request_id=new_request_id(), assignment_id=assignment
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        taken = maker.routing.AcceptAssignment(request)
    _say(taken, f"{taken.escalation_id} is yours", as_json=as_json)


def decline(
    assignment: Assignment,
    subject: Person,
    words: Annotated[str, typer.Argument(help="Why, in your own words; kept sealed.")] = "",
    *,
    reason: Annotated[str, typer.Option(help=_WHY)] = "other",
    as_json: Json = False,
) -> None:
    """Leave a case to the next holder."""
    request = routing_service_pb2.DeclineAssignmentRequest(
        request_id=new_request_id(),
        assignment_id=assignment,
        reason=reason.upper().replace("-", "_"),
        note=words,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        left = maker.routing.DeclineAssignment(request)
    _say(left, f"{left.escalation_id} goes to the next holder", as_json=as_json)


def hand_over(  # noqa: PLR0913 - one option for each part of an offer
    case: CaseId,
    to: Annotated[str, typer.Argument(help="To whom: dm_...", metavar="DECISION-MAKER")],
    subject: Person,
    *,
    reason: Annotated[str, typer.Option(help=_WHY)] = "other",
    note: Annotated[str, typer.Option(help="What the next owner should know.")] = "",
    zone: Zone = ZONE,
    as_json: Json = False,
) -> None:
    """Offer your case to somebody else; it is yours until they accept, else it returns."""
    request = routing_service_pb2.HandOverRequest(
        request_id=new_request_id(),
        escalation_id=case,
        to_decision_maker_id=to,
        reason=parse.member(routing_events_pb2.HandOverReason, "HAND_OVER_REASON_", reason),
        note=note,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        offered = maker.routing.HandOver(request)
    until = render.when(offered.return_by, zone)
    _say(offered, f"{offered.hand_over_id} may be accepted until {until}", as_json=as_json)


def accept_hand_over(hand_over: Offered, subject: Person, *, as_json: Json = False) -> None:
    """Take a case from its owner: from now on you are its one owner."""
    request = routing_service_pb2.AcceptHandOverRequest(
        request_id=new_request_id(), hand_over_id=hand_over
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        taken = maker.routing.AcceptHandOver(request)
    _say(taken, f"{taken.escalation_id} is yours", as_json=as_json)


def return_hand_over(hand_over: Offered, subject: Person, *, as_json: Json = False) -> None:
    """Decline a case that its owner offers you, or take your own offer back."""
    request = routing_service_pb2.ReturnHandOverRequest(
        request_id=new_request_id(), hand_over_id=hand_over
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        ended = maker.routing.ReturnHandOver(request)
    _say(ended, f"{ended.escalation_id} stays with its owner", as_json=as_json)


def restate(case: CaseId, words: Words, subject: Person, *, as_json: Json = False) -> None:
    """Say the problem back; the customer confirms it before any remedy."""
    request = intake_service_pb2.RestateProblemRequest(
        request_id=new_request_id(), escalation_id=case, words=words
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        restated = maker.intake.RestateProblem(request)
    line = f"restatement {restated.restatement} waits for the customer's yes"
    _say(restated, line, as_json=as_json)


def suggest(case: CaseId, subject: Person, *, zone: Zone = ZONE, as_json: Json = False) -> None:
    """What could be offered, best first."""
    request = resolution_service_pb2.SuggestRemediesRequest(escalation_id=case)
    with caller(subject, Role.DECISION_MAKER) as maker:
        found = maker.resolution.SuggestRemedies(request)
    if as_json:
        render.as_json(found)
        return
    columns = ("what", "shipping", "arrives by", "in time", "cost", "may you", "why")
    rows = [_suggestion(item, zone) for item in found.suggestions]
    render.table("Suggestions", columns, rows)
    if found.not_feasible:
        render.console.print(f"[bold]{found.reason}[/bold]: no service arrives in time")


def _suggestion(item: resolution_service_pb2.Suggestion, zone: str) -> tuple[str, ...]:
    kind = parse.word(types_pb2.RemedyKind.Name(item.kind), "REMEDY_KIND_")
    return (
        f"{kind} {render.money(item.amount)}",
        item.shipping.service,
        render.when(item.shipping.arrives_by, zone),
        "yes" if item.in_time else "NO",
        render.money(item.cost),
        "yes" if item.within_authority else "no",
        item.why,
    )


def offer(  # noqa: PLR0913 - one option for each part of an offer
    case: CaseId,
    subject: Person,
    *,
    explanation: Annotated[str, typer.Option(help="Why it went wrong, honestly.")],
    apology: Annotated[str, typer.Option(help="In your own words.")],
    replacement: Annotated[str, typer.Option(help="Send it again by this service.")] = "",
    coupon: Annotated[str, typer.Option(help="A coupon, e.g. '10.00 GBP'.")] = "",
    late_is_agreed: Annotated[bool, typer.Option(help="The customer knows it comes late.")] = False,
    zone: Zone = ZONE,
    as_json: Json = False,
) -> None:
    """Offer remedies; your authority for them is reserved first."""
    request = resolution_service_pb2.MakeOfferRequest(
        request_id=new_request_id(),
        escalation_id=case,
        remedies=_remedies(replacement, coupon),
        explanation=explanation,
        apology=apology,
        late_is_agreed=late_is_agreed,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        made = maker.resolution.MakeOffer(request)
    until = render.when(made.expires_by, zone)
    _say(made, f"{made.offer_id} waits for the customer until {until}", as_json=as_json)


def _remedies(replacement: str, coupon: str) -> list[resolution_service_pb2.OfferedRemedy]:
    offered = []
    if replacement:
        offered.append(
            resolution_service_pb2.OfferedRemedy(
                kind=types_pb2.REMEDY_KIND_REPLACEMENT, shipping_service=replacement
            )
        )
    if coupon:
        offered.append(
            resolution_service_pb2.OfferedRemedy(
                kind=types_pb2.REMEDY_KIND_COUPON, amount=parse.money(coupon)
            )
        )
    return offered


def respond(case: CaseId, words: Words, subject: Person, *, as_json: Json = False) -> None:
    """Send the customer the answer; the platform delivers it and confirms."""
    request = resolution_service_pb2.SendResponseRequest(
        request_id=new_request_id(),
        escalation_id=case,
        kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
        words=words,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        sent = maker.resolution.SendResponse(request)
    _say(sent, f"{sent.response_id} is on its way", as_json=as_json)


def _say(message: Message, line: str, *, as_json: bool) -> None:
    if as_json:
        render.as_json(message)
    else:
        render.console.print(line)
