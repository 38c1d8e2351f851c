"""What an owner says to the customer and promises them, and what is learned in the end."""

from typing import Annotated

import typer

from amends.cli import clock, parse, render
from amends.cli.options import ZONE, CaseId, Json, Person, Quiet, RequestId, Zone
from amends.cli.session import caller, says_refusals
from amends.settings import Settings
from amends.v1 import followup_service_pb2, resolution_events_pb2, resolution_service_pb2
from amends.values.identity import Role

Words = Annotated[str, typer.Argument(help="In your own words.")]
_KINDS = parse.words(resolution_events_pb2.ResponseKind, "RESPONSE_KIND_")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (respond, promise, keep, debrief):
        app.command()(says_refusals(command))


def respond(
    case: CaseId,
    words: Words,
    subject: Person,
    *,
    kind: Annotated[str, typer.Option(help=_KINDS)] = "answer",
    request_id: RequestId,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Send the customer the answer; the platform delivers it and confirms."""
    request = resolution_service_pb2.SendResponseRequest(
        request_id=request_id,
        escalation_id=case,
        kind=parse.member(resolution_events_pb2.ResponseKind, "RESPONSE_KIND_", kind),
        words=words,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        sent = maker.resolution.SendResponse(request)
    line = f"{sent.response_id} is on its way"
    render.say(sent, line, as_json=as_json, only=sent.response_id if quiet else "")


def promise(
    case: CaseId,
    words: Words,
    subject: Person,
    *,
    by: Annotated[str, typer.Option(help=parse.WHEN)],
    zone: Zone = ZONE,
    request_id: RequestId,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Promise the customer something by a time; an alarm is raised before it breaks."""
    request = resolution_service_pb2.MakePromiseRequest(
        request_id=request_id,
        escalation_id=case,
        what=words,
        due_by=parse.stamp(by, zone, clock.now(Settings())),
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        made = maker.resolution.MakePromise(request)
    line = f"{made.promise_id} is promised; a warning comes {render.when(made.warn_by, zone)}"
    render.say(made, line, as_json=as_json, only=made.promise_id if quiet else "")


def keep(
    case: CaseId,
    promise: Annotated[str, typer.Argument(help="The promise, prm_...", metavar="PROMISE")],
    subject: Person,
    *,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Say that a promise was kept, in time or late."""
    request = resolution_service_pb2.KeepPromiseRequest(
        request_id=request_id, escalation_id=case, promise_id=promise
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        kept = maker.resolution.KeepPromise(request)
    state = resolution_service_pb2.PromiseState.Name(kept.state)
    line = f"the promise is {parse.word(state, 'PROMISE_STATE_').replace('-', ' ')}"
    render.say(kept, line, as_json=as_json)


def debrief(
    case: CaseId,
    how: Annotated[str, typer.Argument(help="How it came to this.")],
    subject: Person,
    *,
    colleague: Annotated[str, typer.Option(help="With whom you looked back: their subject.")],
    better: Annotated[str, typer.Option(help="What could go better.")] = "",
    process_broken: Annotated[bool, typer.Option(help="A process is broken.")] = False,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Record what was learned from a case, together with a colleague."""
    request = followup_service_pb2.RecordDebriefRequest(
        request_id=request_id,
        escalation_id=case,
        how=how,
        better=better,
        process_broken=process_broken,
        colleague=colleague,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        recorded = maker.followup.RecordDebrief(request)
    render.say(recorded, "what was learned is in the case", as_json=as_json)
