"""The platform's side of a case: what the customer says, and what reaches the customer."""

from typing import Annotated

import typer
from google.protobuf.message import Message

from amends.cli import parse, render
from amends.cli.casefile import show_case
from amends.cli.options import (
    OPERATOR,
    PLATFORM,
    ZONE,
    CaseId,
    Json,
    Operator,
    Platform,
    RequestId,
    Zone,
)
from amends.cli.session import caller, says_refusals
from amends.client import new_request_id, whole_case
from amends.v1 import (
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_service_pb2,
    types_pb2,
)
from amends.values.identity import Role

_CHANNELS = parse.words(types_pb2.Channel, "CHANNEL_")
_CAUSES = parse.words(types_pb2.Cause, "CAUSE_")
_SEEKS = f"What would be fair, may be repeated: {parse.words(types_pb2.RemedyKind, 'REMEDY_KIND_')}"
Words = Annotated[str, typer.Option(help="The customer's own words.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    names = {open_case: "open", list_cases: "list", follow_up: "follow-up"}
    for command in (open_case, list_cases, show, confirm, answer, delivered, follow_up):
        name = names.get(command)
        app.command(name=name)(says_refusals(command))


def open_case(  # noqa: PLR0913 - one option for each thing the customer may say
    words: Annotated[str, typer.Argument(help="The customer's own words.")],
    *,
    customer: Annotated[str, typer.Option(help="Your reference of the customer.")],
    order: Annotated[str, typer.Option(help="Your reference of the order.")] = "",
    channel: Annotated[str, typer.Option(help=_CHANNELS)] = "phone",
    cause: Annotated[str, typer.Option(help=_CAUSES)] = "other",
    stake: Annotated[str, typer.Option(help="Why it matters to them.")] = "",
    hope: Annotated[str, typer.Option(help="What they hope for.")] = "",
    need_by: Annotated[str, typer.Option(help="Local time, e.g. 2026-11-29T10:00.")] = "",
    occasion: Annotated[str, typer.Option(help="What they need it for.")] = "",
    seeks: Annotated[list[str] | None, typer.Option(help=_SEEKS)] = None,
    worth: Annotated[str, typer.Option(help="What is at stake, e.g. '64.90 GBP'.")] = "",
    zone: Zone = ZONE,
    subject: Platform = PLATFORM,
    request_id: RequestId = "",
    as_json: Json = False,
) -> None:
    """Open an escalation: the customer was heard."""
    request = intake_service_pb2.OpenEscalationRequest(
        request_id=request_id or new_request_id(),
        channel=parse.member(types_pb2.Channel, "CHANNEL_", channel),
        cause=parse.member(types_pb2.Cause, "CAUSE_", cause),
        customer=customer,
        order=order,
        words=words,
        stake=stake,
        expected_outcome=hope,
        remedy_sought=_sought(seeks or [], worth),
    )
    if need_by:
        request.need_by.by.CopyFrom(parse.local_time(need_by, zone))
        request.need_by.occasion = occasion
    with caller(subject, Role.PLATFORM) as platform:
        opened = platform.intake.OpenEscalation(request)
    already = "is already open; the contact was recorded" if opened.already_open else "is open"
    _say(opened, f"{opened.escalation_id} {already}", as_json=as_json)


def show(
    case: CaseId, *, zone: Zone = "", subject: Operator = OPERATOR, as_json: Json = False
) -> None:
    """Show the whole case file, as a story with times and owners."""
    with caller(subject, Role.OPERATIONS) as reader:
        found = whole_case(reader.intake, case)
        made = reader.resolution.GetResolution(
            resolution_service_pb2.GetResolutionRequest(escalation_id=case)
        )
    if as_json:
        render.as_json(intake_service_pb2.GetEscalationResponse(case_file=found))
    else:
        show_case(found, made.responses, zone)


def list_cases(
    *,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not closed.")] = False,
    zone: Zone = ZONE,
    subject: Operator = OPERATOR,
    as_json: Json = False,
) -> None:
    """The newest cases: where each stands and what it waits for."""
    request = intake_service_pb2.ListEscalationsRequest(open_only=open_only)
    with caller(subject, Role.OPERATIONS) as reader:
        found = reader.intake.ListEscalations(request)
    if as_json:
        render.as_json(found)
        return
    rows = [
        (
            item.escalation_id,
            parse.word(types_pb2.Stage.Name(item.stage), "STAGE_"),
            item.owner_name,
            item.waiting_for,
            render.when(item.waiting_until, zone),
            "ALARM" if item.has_alarm else "",
        )
        for item in found.escalations
    ]
    render.table("Cases", ("case", "stage", "owner", "waiting", "until", ""), rows)


def confirm(
    case: CaseId,
    *,
    restatement: Annotated[int, typer.Option(help="The restatement's number.")] = 1,
    evidence: Annotated[str, typer.Option(help="What proves it: a recording's reference.")] = "",
    subject: Platform = PLATFORM,
    as_json: Json = False,
) -> None:
    """The customer confirms the restated problem."""
    request = intake_service_pb2.ConfirmProblemRequest(
        request_id=new_request_id(),
        escalation_id=case,
        restatement=restatement,
        evidence=evidence,
    )
    with caller(subject, Role.PLATFORM) as platform:
        confirmed = platform.intake.ConfirmProblem(request)
    _say(confirmed, "confirmed: remedies may be carried out", as_json=as_json)


def answer(  # noqa: PLR0913 - one option for each thing the customer may say
    case: CaseId,
    offer: Annotated[str, typer.Argument(help="The offer, off_...")],
    reply: Annotated[str, typer.Argument(help="accept, decline or counter")],
    *,
    words: Words = "",
    seeks: Annotated[list[str] | None, typer.Option(help=f"Counter. {_SEEKS}")] = None,
    worth: Annotated[str, typer.Option(help="Counter: e.g. '20.00 GBP'.")] = "",
    subject: Platform = PLATFORM,
    as_json: Json = False,
) -> None:
    """The customer answers an offer."""
    request = resolution_service_pb2.AnswerOfferRequest(
        request_id=new_request_id(),
        escalation_id=case,
        offer_id=offer,
        answer=parse.member(resolution_service_pb2.OfferAnswer, "OFFER_ANSWER_", reply),
        words=words,
        remedy_sought=_sought(seeks or [], worth),
    )
    with caller(subject, Role.PLATFORM) as platform:
        answered = platform.resolution.AnswerOffer(request)
    state = resolution_service_pb2.OfferState.Name(answered.state)
    _say(answered, f"the offer is {parse.word(state, 'OFFER_STATE_')}", as_json=as_json)


def delivered(
    case: CaseId,
    response: Annotated[str, typer.Argument(help="The response, rsp_...")],
    *,
    subject: Platform = PLATFORM,
    as_json: Json = False,
) -> None:
    """The platform confirms that a response reached the customer."""
    request = resolution_service_pb2.ConfirmDeliveryRequest(
        request_id=new_request_id(), escalation_id=case, response_id=response
    )
    with caller(subject, Role.PLATFORM) as platform:
        known = platform.resolution.ConfirmDelivery(request)
    _say(known, "known as delivered", as_json=as_json)


def follow_up(  # noqa: PLR0913 - one option for each thing the customer may say
    case: CaseId,
    *,
    solved: Annotated[bool, typer.Option(help="Is it solved?")],
    pleased: Annotated[bool, typer.Option(help="Are they pleased?")] = False,
    staying: Annotated[str, typer.Option(help="yes, no or unknown")] = "unknown",
    words: Words = "",
    subject: Platform = PLATFORM,
    as_json: Json = False,
) -> None:
    """Weeks later: what the customer says to "is it solved, are you pleased?"."""
    request = followup_service_pb2.RecordFollowUpRequest(
        request_id=new_request_id(),
        escalation_id=case,
        solved=solved,
        pleased=pleased,
        staying=parse.member(followup_events_pb2.Staying, "STAYING_", staying),
        words=words,
    )
    with caller(subject, Role.PLATFORM) as platform:
        recorded = platform.followup.RecordFollowUp(request)
    said = "recorded; the case is open again" if recorded.reopened else "recorded"
    _say(recorded, said, as_json=as_json)


def _sought(kinds: list[str], worth: str) -> types_pb2.RemedySought | None:
    if not kinds and not worth:
        return None
    sought = types_pb2.RemedySought(
        kinds=[parse.member(types_pb2.RemedyKind, "REMEDY_KIND_", kind) for kind in kinds]
    )
    if worth:
        sought.amount.CopyFrom(parse.money(worth))
    return sought


def _say(message: Message, line: str, *, as_json: bool) -> None:
    if as_json:
        render.as_json(message)
    else:
        render.console.print(line)
