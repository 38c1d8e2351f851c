"""One owner at every moment: a case is handed over, taken over, given to somebody less senior."""

from typing import Annotated

import typer

from amends.cli import parse, render
from amends.cli.options import (
    OPERATOR,
    ZONE,
    CaseId,
    Holder,
    Json,
    Note,
    Operator,
    Person,
    Quiet,
    RequestId,
    Zone,
)
from amends.cli.session import caller, says_refusals
from amends.v1 import routing_events_pb2, routing_service_pb2
from amends.values.identity import Role

Offered = Annotated[str, typer.Argument(help="The hand-over, hov_...", metavar="HAND-OVER")]
_WHY = parse.words(routing_events_pb2.HandOverReason, "HAND_OVER_REASON_")
_WHY_AT_ONCE = parse.words(routing_events_pb2.TakeOverReason, "TAKE_OVER_REASON_")
Reason = Annotated[str, typer.Option(help=_WHY_AT_ONCE)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (hand_over, accept_hand_over, return_hand_over, take_over, deescalate):
        app.command()(says_refusals(command))


def hand_over(
    case: CaseId,
    to: Holder,
    subject: Person,
    *,
    reason: Annotated[str, typer.Option(help=_WHY)] = "other",
    note: Note = "",
    zone: Zone = ZONE,
    request_id: RequestId,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Offer your case to somebody else; it is yours until they accept, else it returns."""
    request = routing_service_pb2.HandOverRequest(
        request_id=request_id,
        escalation_id=case,
        to_decision_maker_id=to,
        reason=parse.member(routing_events_pb2.HandOverReason, "HAND_OVER_REASON_", reason),
        note=note,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        offered = maker.routing.HandOver(request)
    line = f"{offered.hand_over_id} may be accepted until {render.when(offered.return_by, zone)}"
    render.say(offered, line, as_json=as_json, only=offered.hand_over_id if quiet else "")


def accept_hand_over(
    hand_over: Offered, subject: Person, *, request_id: RequestId, as_json: Json = False
) -> None:
    """Take a case from its owner: from now on you are its one owner."""
    request = routing_service_pb2.AcceptHandOverRequest(
        request_id=request_id, hand_over_id=hand_over
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        taken = maker.routing.AcceptHandOver(request)
    render.say(taken, f"{taken.escalation_id} is yours", as_json=as_json)


def return_hand_over(
    hand_over: Offered, subject: Person, *, request_id: RequestId, as_json: Json = False
) -> None:
    """Decline a case that its owner offers you, or take your own offer back."""
    request = routing_service_pb2.ReturnHandOverRequest(
        request_id=request_id, hand_over_id=hand_over
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        ended = maker.routing.ReturnHandOver(request)
    render.say(ended, f"{ended.escalation_id} stays with its owner", as_json=as_json)


def take_over(
    case: CaseId,
    to: Holder,
    *,
    reason: Reason,
    note: Note = "",
    subject: Operator = OPERATOR,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Operations give a case to another person at once; what waits goes on."""
    request = routing_service_pb2.TakeOverRequest(
        request_id=request_id,
        escalation_id=case,
        to_decision_maker_id=to,
        reason=parse.member(routing_events_pb2.TakeOverReason, "TAKE_OVER_REASON_", reason),
        note=note,
    )
    with caller(subject, Role.OPERATIONS) as operator:
        taken = operator.routing.TakeOver(request)
    render.say(taken, f"{taken.public_name} owns {case} now", as_json=as_json)


def deescalate(
    case: CaseId,
    to: Holder,
    subject: Person,
    *,
    reason: Reason,
    note: Note = "",
    operations: Annotated[bool, typer.Option(help="You are operations, not the owner.")] = False,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Give a case to a less senior person whose authority covers what is left."""
    request = routing_service_pb2.DeescalateRequest(
        request_id=request_id,
        escalation_id=case,
        to_decision_maker_id=to,
        reason=parse.member(routing_events_pb2.TakeOverReason, "TAKE_OVER_REASON_", reason),
        note=note,
    )
    with caller(subject, Role.OPERATIONS if operations else Role.DECISION_MAKER) as giver:
        given = giver.routing.Deescalate(request)
    render.say(given, f"{given.public_name} owns {case} now", as_json=as_json)
