"""Everything that was decided in one case, in clear."""

from collections.abc import Callable
from datetime import datetime

from amends.eventstore.codec import to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import resolution_service_pb2 as pb
from amends.values.personal import Personal
from services.resolution.domain.drafts import OfferRejected
from services.resolution.domain.offers import Offer, OfferMade
from services.resolution.domain.promises import Promise
from services.resolution.domain.remedies import Remedies
from services.resolution.domain.resolving import Resolution
from services.resolution.domain.responses import Response
from services.resolution.wire.moments import moment
from services.resolution.wire.offers import offer_state, remedies_of
from services.resolution.wire.promises import promise_state
from services.resolution.wire.remedies import remedy_state

Words = Callable[[Personal[str]], str]

_REJECTION = ("approver", "approver_subject", "rejected_at", "offer_by")


def resolved_response(recorded: Recorded[Resolution]) -> pb.ResolveEscalationResponse:
    """When it was resolved."""
    return pb.ResolveEscalationResponse(
        resolved_at=moment(recorded.state.resolved_at), version=recorded.version
    )


def resolution_response(
    recorded: Recorded[Resolution], words: Words, *, drafts: bool
) -> pb.GetResolutionResponse:
    """Everything that was decided in one case, in clear; `drafts` False leaves them out."""
    state = recorded.state
    said = state.responses.by_id.values()
    told = [one for one in state.offers.by_id.values() if drafts or one.made is not None]
    return pb.GetResolutionResponse(
        offers=[_offer(one, state.remedies, words, recorded.now) for one in told],
        responses=[_response(one, words) for one in said],
        resolved_at=moment(state.resolved_at),
        version=recorded.version,
        promises=[_promise(one, words) for one in state.promises.by_id.values()],
    )


def _offer(offer: Offer, remedies: Remedies, words: Words, now: datetime) -> pb.Offer:
    terms = offer.terms
    told = pb.Offer(
        offer_id=terms.offer,
        state=offer_state(offer),
        explanation=words(terms.explanation),
        apology=words(terms.apology),
        maker=terms.maker,
        approve_by=moment(offer.drafted.approve_by if offer.drafted else None),
        approver=offer.decision.approver if offer.decision else "",
    )
    if isinstance(offer.decision, OfferRejected):
        no = to_message(offer.decision, pb.RejectOfferRequest, words=words, without=_REJECTION)
        told.reject_reason, told.reject_note = no.reason, no.note
    if isinstance(terms, OfferMade):
        told.MergeFrom(_made(terms, remedies, now))
    else:
        told.made_at.CopyFrom(to_timestamp(terms.drafted_at))
        told.remedies.extend(pb.OfferedRemedyState(remedy=one) for one in remedies_of(terms))
    return told


def _made(made: OfferMade, remedies: Remedies, now: datetime) -> pb.Offer:
    """What only an offer has that was made."""
    return pb.Offer(
        made_at=to_timestamp(made.made_at),
        expires_by=to_timestamp(made.expires_by),
        reservation_id=made.reservation,
        remedies=[remedy_state(remedies.of(one.remedy), now) for one in made.remedies],
    )


def _promise(promise: Promise, words: Words) -> pb.Promise:
    told = to_message(promise.made, pb.Promise, words=words, without=("escalation",))
    told.state = promise_state(promise)
    return told


def _response(response: Response, words: Words) -> pb.Response:
    told = to_message(response.sent, pb.Response, words=words, without=("escalation", "written_by"))
    if response.delivered_at is not None:
        told.delivered_at.CopyFrom(to_timestamp(response.delivered_at))
    return told
