"""Offers: what an owner offers, takes back, and what another holder says to a draft."""

from typing import Annotated

import typer

from amends.cli import parse, render
from amends.cli.options import ZONE, CaseId, Json, OfferId, Person, Quiet, RequestId, Zone
from amends.cli.remedies import METHODS, Typed, offered
from amends.cli.session import caller, says_refusals
from amends.v1 import resolution_events_pb2, resolution_service_pb2
from amends.values.identity import Role

_REASONS = parse.words(resolution_events_pb2.RejectReason, "REJECT_REASON_")
_AMOUNT = "e.g. '10.00 GBP'."


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (offer, approve, reject, withdraw):
        app.command()(says_refusals(command))


def offer(
    case: CaseId,
    subject: Person,
    *,
    explanation: Annotated[str, typer.Option(help="Why it went wrong, honestly.")],
    apology: Annotated[str, typer.Option(help="In your own words.")],
    replacement: Annotated[str, typer.Option(help="Send it again by this service.")] = "",
    sku: Annotated[str, typer.Option(help="Which line of the order, where it has many.")] = "",
    refund: Annotated[str, typer.Option(help=f"Money back: 'all', or {_AMOUNT}")] = "",
    method: Annotated[str, typer.Option(help=f"How the money goes back: {METHODS}")] = "",
    percent: Annotated[
        int, typer.Option(help="A share off the next order, e.g. 50.", min=0, max=100)
    ] = 0,
    at_most: Annotated[str, typer.Option(help=f"The most that the share comes to, {_AMOUNT}")] = "",
    gift_certificate: Annotated[str, typer.Option(help=f"A gift certificate, {_AMOUNT}")] = "",
    coupon: Annotated[str, typer.Option(help=f"A coupon, {_AMOUNT}")] = "",
    goodwill: Annotated[str, typer.Option(help=f"For time and trouble, {_AMOUNT}")] = "",
    in_place_of: Annotated[
        list[str] | None,
        typer.Option(help="An earlier remedy that this one replaces: KIND=rem_..."),
    ] = None,
    late_is_agreed: Annotated[bool, typer.Option(help="The customer knows it comes late.")] = False,
    zone: Zone = ZONE,
    request_id: RequestId,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Offer remedies. Above your authority it is a draft that another holder approves."""
    typed = Typed(
        replacement=replacement,
        sku=sku,
        refund=refund,
        method=method,
        percent=percent,
        at_most=at_most,
        gift_certificate=gift_certificate,
        coupon=coupon,
        goodwill=goodwill,
        in_place_of=in_place_of or (),
    )
    request = resolution_service_pb2.MakeOfferRequest(
        request_id=request_id,
        escalation_id=case,
        remedies=offered(typed),
        explanation=explanation,
        apology=apology,
        late_is_agreed=late_is_agreed,
    )
    with caller(subject, Role.DECISION_MAKER) as maker:
        made = maker.resolution.MakeOffer(request)
    render.say(made, _waits(made, zone), as_json=as_json, only=made.offer_id if quiet else "")


def _waits(made: resolution_service_pb2.MakeOfferResponse, zone: str) -> str:
    if made.state != resolution_service_pb2.OFFER_STATE_DRAFT:
        until = render.when(made.expires_by, zone)
        return f"{made.offer_id} waits for the customer until {until}"
    needs = ", ".join(map(render.need, made.needs))
    until = render.when(made.approve_by, zone)
    return (
        f"{made.offer_id} is above your authority: a draft that waits until {until} for another "
        f"holder who may grant {needs}"
    )


def approve(
    case: CaseId,
    offer: OfferId,
    subject: Person,
    *,
    zone: Zone = ZONE,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Stand in for another's draft with your authority: the customer gets the offer."""
    request = resolution_service_pb2.ApproveOfferRequest(
        request_id=request_id, escalation_id=case, offer_id=offer
    )
    with caller(subject, Role.DECISION_MAKER) as holder:
        approved = holder.resolution.ApproveOffer(request)
    line = f"approved: it waits for the customer until {render.when(approved.expires_by, zone)}"
    render.say(approved, line, as_json=as_json)


def reject(
    case: CaseId,
    offer: OfferId,
    subject: Person,
    note: Annotated[str, typer.Argument(help="What the owner should know; kept sealed.")] = "",
    *,
    reason: Annotated[str, typer.Option(help=_REASONS)] = "other",
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Say no to another's draft; its owner makes another offer."""
    request = resolution_service_pb2.RejectOfferRequest(
        request_id=request_id,
        escalation_id=case,
        offer_id=offer,
        reason=parse.member(resolution_events_pb2.RejectReason, "REJECT_REASON_", reason),
        note=note,
    )
    with caller(subject, Role.DECISION_MAKER) as holder:
        rejected = holder.resolution.RejectOffer(request)
    render.say(rejected, "rejected: the owner makes another offer", as_json=as_json)


def withdraw(
    case: CaseId,
    offer: OfferId,
    subject: Person,
    *,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Take back a draft, or an offer that the customer has not answered."""
    request = resolution_service_pb2.WithdrawOfferRequest(
        request_id=request_id, escalation_id=case, offer_id=offer
    )
    with caller(subject, Role.DECISION_MAKER) as owner:
        withdrawn = owner.resolution.WithdrawOffer(request)
    render.say(withdrawn, "taken back: make another offer", as_json=as_json)
