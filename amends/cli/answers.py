"""What reaches the customer, and what they say to it: offers, answers, the question weeks later."""

from typing import Annotated

import typer

from amends.cli import parse, render
from amends.cli.options import PLATFORM, CaseId, Json, OfferId, Platform, RequestId
from amends.cli.remedies import KINDS, sought
from amends.cli.session import caller, says_refusals
from amends.client import Caller, new_request_id
from amends.v1 import followup_events_pb2, followup_service_pb2, resolution_service_pb2
from amends.values.identity import Role

_REPLIES = parse.words(resolution_service_pb2.OfferAnswer, "OFFER_ANSWER_")
Words = Annotated[str, typer.Option(help="The customer's own words.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (answer, delivered):
        app.command()(says_refusals(command))
    app.command("follow-up")(says_refusals(follow_up))


def answer(
    case: CaseId,
    offer: OfferId,
    reply: Annotated[str, typer.Argument(help=_REPLIES)],
    *,
    words: Words = "",
    seeks: Annotated[
        list[str] | None,
        typer.Option(help=f"Counter: what would be fair, may be repeated: {KINDS}"),
    ] = None,
    worth: Annotated[str, typer.Option(help="Counter: e.g. '20.00 GBP'.")] = "",
    percent: Annotated[int, typer.Option(help="Counter: the share, e.g. 50.", min=0, max=100)] = 0,
    subject: Platform = PLATFORM,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """The customer answers an offer; a counter says what would be fair instead."""
    request = resolution_service_pb2.AnswerOfferRequest(
        request_id=request_id,
        escalation_id=case,
        offer_id=offer,
        answer=parse.member(resolution_service_pb2.OfferAnswer, "OFFER_ANSWER_", reply),
        words=words,
        remedy_sought=sought(seeks or [], worth, percent),
    )
    with caller(subject, Role.PLATFORM) as platform:
        answered = platform.resolution.AnswerOffer(request)
    state = resolution_service_pb2.OfferState.Name(answered.state)
    line = f"the offer is {parse.word(state, 'OFFER_STATE_')}"
    render.say(answered, line, as_json=as_json)


def delivered(
    case: CaseId,
    response: Annotated[
        str,
        typer.Argument(
            help="The response, rsp_...; all that wait, where left out.", metavar="RESPONSE"
        ),
    ] = "",
    *,
    subject: Platform = PLATFORM,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """The platform confirms that a response reached the customer."""
    with caller(subject, Role.PLATFORM) as platform:
        waiting = [response] if response else _undelivered(platform, case)
        for one in waiting:
            request = resolution_service_pb2.ConfirmDeliveryRequest(
                request_id=request_id if response else new_request_id(),
                escalation_id=case,
                response_id=one,
            )
            platform.resolution.ConfirmDelivery(request)
    if as_json:
        render.as_json({"delivered": waiting})
    else:
        typer.echo(f"known as delivered: {', '.join(waiting)}" if waiting else "nothing waits")


def _undelivered(platform: Caller, case: str) -> list[str]:
    request = resolution_service_pb2.GetResolutionRequest(escalation_id=case)
    responses = platform.resolution.GetResolution(request).responses
    return [one.response_id for one in responses if not one.delivered_at.seconds]


def follow_up(
    case: CaseId,
    *,
    solved: Annotated[bool, typer.Option(help="Is it solved?")],
    pleased: Annotated[bool, typer.Option(help="Are they pleased?")] = False,
    staying: Annotated[str, typer.Option(help="yes, no or unknown")] = "unknown",
    words: Words = "",
    subject: Platform = PLATFORM,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Weeks later: what the customer says to "is it solved, are you pleased?"."""
    request = followup_service_pb2.RecordFollowUpRequest(
        request_id=request_id,
        escalation_id=case,
        solved=solved,
        pleased=pleased,
        staying=parse.member(followup_events_pb2.Staying, "STAYING_", staying),
        words=words,
    )
    with caller(subject, Role.PLATFORM) as platform:
        recorded = platform.followup.RecordFollowUp(request)
    said = "recorded; the case is open again" if recorded.reopened else "recorded"
    render.say(recorded, said, as_json=as_json)
