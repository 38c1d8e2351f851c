"""Offers, refunds and promises as a person reads them: what was promised, and how it stands."""

from collections.abc import Iterator

from google.protobuf.timestamp_pb2 import Timestamp

from amends.cli import parse, render
from amends.v1 import commerce_service_pb2, resolution_events_pb2, resolution_service_pb2, types_pb2


def offers(made: resolution_service_pb2.GetResolutionResponse, zone: str) -> Iterator[str]:
    """Each offer with its remedies, oldest first."""
    for offer in made.offers:
        yield f"{offer.offer_id}  {_offer(offer, zone)}"
        accepted = offer.state == resolution_service_pb2.OFFER_STATE_ACCEPTED
        for one in offer.remedies:
            # What is offered binds nobody before it is accepted: nothing stands yet.
            stands = f": {_standing(one, zone)}" if accepted else ""
            yield f"    {one.remedy.remedy_id}  {remedy(one.remedy, zone)}{stands}"


def promises(made: resolution_service_pb2.GetResolutionResponse, zone: str) -> Iterator[str]:
    """Each promise to the customer, and whether it was kept."""
    for one in made.promises:
        state = resolution_service_pb2.PromiseState.Name(one.state)
        stands = parse.word(state, "PROMISE_STATE_").replace("-", " ")
        yield f"{one.promise_id}  {stands}, due {render.when(one.due_by, zone)}: {one.what}"


def undelivered(made: resolution_service_pb2.GetResolutionResponse, zone: str) -> Iterator[str]:
    """What the platform has still to bring to the customer."""
    for one in made.responses:
        if not one.delivered_at.seconds:
            kind = resolution_events_pb2.ResponseKind.Name(one.kind)
            until = render.until(one.deliver_by, zone)
            yield f"{one.response_id} {parse.word(kind, 'RESPONSE_KIND_')}{until}"


def remedy(one: resolution_events_pb2.Remedy, zone: str) -> str:
    """`refund 74.50 GBP to the original payment`, `percentage-off 50 %, at most 37.25 GBP`."""
    kind = parse.word(types_pb2.RemedyKind.Name(one.kind), "REMEDY_KIND_")
    amount = render.money(one.amount)
    if one.percent:
        share = f"{kind} {one.percent} %"
        return f"{share}, at most {amount}" if amount else share
    arrives = render.when(one.shipping.arrives_by, zone)
    parts = [
        f"{kind} {amount}".strip(),
        _by_method(one.method),
        f"by {one.shipping.service}" if one.shipping.service else "",
        f"there by {arrives}" if arrives else "",
        f"in place of {one.in_place_of}" if one.in_place_of else "",
    ]
    return ", ".join(filter(None, parts))


def suggestions(found: resolution_service_pb2.SuggestRemediesResponse, zone: str) -> None:
    """A table of what could be offered, best first."""
    columns = ("what", "how", "arrives by", "in time", "cost", "may you", "why")
    rows = [_suggestion(item, zone) for item in found.suggestions]
    render.table("Suggestions", columns, rows)


def earlier_refunds(found: resolution_service_pb2.SuggestRemediesResponse, zone: str) -> None:
    """A table of what was paid back for the order before, where anything was."""
    if not found.earlier_refunds:
        return
    columns = ("refund", "amount", "asked by", "when", "stands", "expected by")
    rows = [
        (
            one.refund_id,
            render.money(one.amount),
            one.requested_by,
            render.when(one.created_at, zone),
            _earlier(one, zone),
            render.when(one.expected_by, zone),
        )
        for one in found.earlier_refunds
    ]
    render.table("Paid back before", columns, rows)


def _earlier(one: resolution_service_pb2.EarlierRefund, zone: str) -> str:
    state = parse.word(commerce_service_pb2.RefundState.Name(one.state), "REFUND_STATE_")
    credited = render.when(one.credited_at, zone)
    return " ".join(filter(None, (state, credited, one.failure)))


def _suggestion(item: resolution_service_pb2.Suggestion, zone: str) -> tuple[str, ...]:
    kind = parse.word(types_pb2.RemedyKind.Name(item.kind), "REMEDY_KIND_")
    share = f" {item.percent} %" if item.percent else ""
    return (
        f"{kind}{share} {render.money(item.amount)}".rstrip(),
        item.shipping.service or _by_method(item.method),
        render.when(item.shipping.arrives_by, zone),
        "yes" if item.in_time else "NO",
        render.money(item.cost),
        "yes" if item.within_authority else "no",
        item.why,
    )


def _by_method(method: commerce_service_pb2.RefundMethod) -> str:
    if not method:
        return ""
    name = commerce_service_pb2.RefundMethod.Name(method)
    return f"to the {parse.word(name, 'REFUND_METHOD_').replace('-', ' ')}"


def _offer(offer: resolution_service_pb2.Offer, zone: str) -> str:
    state = parse.word(resolution_service_pb2.OfferState.Name(offer.state), "OFFER_STATE_")
    if offer.state == resolution_service_pb2.OFFER_STATE_DRAFT:
        return f"draft of {offer.maker}, to be approved{render.until(offer.approve_by, zone)}"
    if offer.state == resolution_service_pb2.OFFER_STATE_OPEN:
        return (
            f"open, made {render.when(offer.made_at, zone)}{render.until(offer.expires_by, zone)}"
        )
    if offer.state == resolution_service_pb2.OFFER_STATE_REJECTED:
        reason = resolution_events_pb2.RejectReason.Name(offer.reject_reason)
        why = parse.word(reason, "REJECT_REASON_").replace("-", " ")
        note = f": {offer.reject_note}" if offer.reject_note else ""
        return f"rejected by {offer.approver}, {why}{note}"
    return f"{state}, made {render.when(offer.made_at, zone)}"


def _standing(one: resolution_service_pb2.OfferedRemedyState, zone: str) -> str:
    if one.HasField("refund") and one.refund.standing:
        return _refund(one.refund, one.failure, zone)
    state = parse.word(resolution_service_pb2.RemedyState.Name(one.state), "REMEDY_STATE_")
    parts = [
        state,
        one.reference,
        _moment("left", one.shipped_at, zone),
        _moment("arrived", one.delivered_at, zone),
        one.failure,
    ]
    return ", ".join(filter(None, parts))


def _refund(progress: resolution_service_pb2.RefundProgress, failure: str, zone: str) -> str:
    """How the money stands; nothing but a credit says that the customer has it."""
    match progress.standing:
        case resolution_service_pb2.REFUND_STANDING_SUCCEEDED:
            return f"credited {render.when(progress.credited_at, zone)}"
        case resolution_service_pb2.REFUND_STANDING_FAILED:
            why = f": {failure}" if failure else ""
            return f"failed {render.when(progress.failed_at, zone)}{why}"
        case resolution_service_pb2.REFUND_STANDING_UNKNOWN:
            expected = render.when(progress.expected_by, zone)
            return f"unknown; it was expected by {expected}" if expected else "unknown"
        case _:
            expected = render.when(progress.expected_by, zone)
            sent = f"on its way since {render.when(progress.submitted_at, zone)}"
            return f"{sent}, expected by {expected}" if expected else sent


def _moment(what: str, stamp: Timestamp, zone: str) -> str:
    at = render.when(stamp, zone)
    return f"{what} {at}" if at else ""
