"""What the customer says: the case is opened, comes up again, and is understood right."""

from typing import Annotated

import typer

from amends.cli import clock, parse, render
from amends.cli.options import PLATFORM, ZONE, CaseId, Json, Platform, Quiet, RequestId, Zone
from amends.cli.remedies import KINDS, sought
from amends.cli.session import caller, says_refusals
from amends.settings import Settings
from amends.v1 import intake_service_pb2, types_pb2
from amends.values.identity import Role

_CHANNELS = parse.words(types_pb2.Channel, "CHANNEL_")
_CAUSES = parse.words(types_pb2.Cause, "CAUSE_")
Words = Annotated[str, typer.Argument(help="The customer's own words.")]
Channel = Annotated[str, typer.Option(help=_CHANNELS)]
NeedBy = Annotated[str, typer.Option(help=parse.WHEN)]
Occasion = Annotated[str, typer.Option(help="What they need it for.")]
Seeks = Annotated[
    list[str] | None, typer.Option(help=f"What would be fair, may be repeated: {KINDS}")
]
Worth = Annotated[str, typer.Option(help="What is at stake, e.g. '64.90 GBP'.")]
Percent = Annotated[int, typer.Option(help="The share that they ask for.", min=0, max=100)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    app.command("open")(says_refusals(open_case))
    app.command()(says_refusals(contact))
    app.command()(says_refusals(confirm))


def open_case(
    words: Words,
    *,
    customer: Annotated[str, typer.Option(help="Your reference of the customer.")],
    order: Annotated[str, typer.Option(help="Your reference of the order.")] = "",
    channel: Channel = "phone",
    cause: Annotated[str, typer.Option(help=_CAUSES)] = "other",
    stake: Annotated[str, typer.Option(help="Why it matters to them.")] = "",
    hope: Annotated[str, typer.Option(help="What they hope for.")] = "",
    need_by: NeedBy = "",
    occasion: Occasion = "",
    seeks: Seeks = None,
    worth: Worth = "",
    percent: Percent = 0,
    zone: Zone = ZONE,
    subject: Platform = PLATFORM,
    request_id: RequestId,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Open an escalation: the customer was heard."""
    request = intake_service_pb2.OpenEscalationRequest(
        request_id=request_id,
        channel=parse.member(types_pb2.Channel, "CHANNEL_", channel),
        cause=parse.member(types_pb2.Cause, "CAUSE_", cause),
        customer=customer,
        order=order,
        words=words,
        stake=stake,
        expected_outcome=hope,
        need_by=_needed(need_by, occasion, zone),
        remedy_sought=sought(seeks or [], worth, percent),
    )
    with caller(subject, Role.PLATFORM) as platform:
        opened = platform.intake.OpenEscalation(request)
    already = "is already open; the contact was recorded" if opened.already_open else "is open"
    case = opened.escalation_id
    render.say(opened, f"{case} {already}", as_json=as_json, only=case if quiet else "")


def contact(
    case: CaseId,
    words: Words,
    *,
    channel: Channel = "phone",
    need_by: NeedBy = "",
    occasion: Occasion = "",
    seeks: Seeks = None,
    worth: Worth = "",
    percent: Percent = 0,
    zone: Zone = ZONE,
    subject: Platform = PLATFORM,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """The customer came back: more words, another need-by or remedy sought."""
    request = intake_service_pb2.RecordContactRequest(
        request_id=request_id,
        escalation_id=case,
        channel=parse.member(types_pb2.Channel, "CHANNEL_", channel),
        words=words,
        need_by=_needed(need_by, occasion, zone),
        remedy_sought=sought(seeks or [], worth, percent),
    )
    with caller(subject, Role.PLATFORM) as platform:
        recorded = platform.intake.RecordContact(request)
    render.say(recorded, "the contact is in the case", as_json=as_json)


def confirm(
    case: CaseId,
    *,
    restatement: Annotated[int, typer.Option(help="The restatement's number.", min=1)] = 1,
    evidence: Annotated[str, typer.Option(help="What proves it: a recording's reference.")] = "",
    subject: Platform = PLATFORM,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """The customer confirms the restated problem."""
    request = intake_service_pb2.ConfirmProblemRequest(
        request_id=request_id,
        escalation_id=case,
        restatement=restatement,
        evidence=evidence,
    )
    with caller(subject, Role.PLATFORM) as platform:
        confirmed = platform.intake.ConfirmProblem(request)
    render.say(confirmed, "confirmed: remedies may be carried out", as_json=as_json)


def _needed(need_by: str, occasion: str, zone: str) -> intake_service_pb2.NeedBy | None:
    if not need_by:
        return None
    by = parse.local_time(need_by, zone, clock.now(Settings()))
    return intake_service_pb2.NeedBy(by=by, occasion=occasion)
