"""Domain to protobuf and back, where the codec's mapping by name is not the whole of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import resolution_events_pb2, types_pb2
from amends.v1 import resolution_service_pb2 as pb
from amends.values.authority import Limit, Need
from amends.values.identity import Call, OfferId, RemedyId, ResponseId
from amends.values.personal import Personal
from services.resolution.domain.answering import AnswerOffer
from services.resolution.domain.making import MakeOffer
from services.resolution.domain.offers import Offer, Offers
from services.resolution.domain.policy import Policy
from services.resolution.domain.remedies import Progress, Remedies
from services.resolution.domain.resolving import Resolution
from services.resolution.domain.responses import Response, Responses, SendResponse
from services.resolution.domain.suggestions import NOT_FEASIBLE, Suggestions

Words = Callable[[Personal[str]], str]
OfferStands = TypeVar("OfferStands", pb.ExpireOfferResponse, pb.AnswerOfferResponse)
RemedyStands = TypeVar("RemedyStands", pb.CarryOutRemedyResponse, pb.CheckReplacementResponse)

_NOT_TOLD = ("offer", "reservation", "accepted", "ships_by", "arrives_by", "money")


def make_offer(request: pb.MakeOfferRequest, call: Call) -> MakeOffer:
    """The owner's offer; its id is the call's."""
    return from_message(request, MakeOffer, offer=OfferId(call.new_id("off_")), by=call.who)


def answer_offer(request: pb.AnswerOfferRequest, at: datetime) -> AnswerOffer:
    """The customer's answer."""
    return from_message(request, AnswerOffer, at=at)


def send_response(request: pb.SendResponseRequest, call: Call, at: datetime) -> SendResponse:
    """What is to be said; no words are None."""
    response = ResponseId(call.new_id("rsp_"))
    return from_message(request, SendResponse, response=response, by=call.who, at=at)


def suggestions_response(found: Suggestions, limits: Sequence[Limit]) -> pb.SuggestRemediesResponse:
    """Suggestions, best first, with the owner's limits."""
    held = [Need(limit.action, limit.per_case) for limit in limits]
    return pb.SuggestRemediesResponse(
        suggestions=[to_message(one, pb.Suggestion) for one in found.ranked],
        not_feasible=found.not_feasible,
        reason=NOT_FEASIBLE if found.not_feasible else "",
        limits=[to_message(one, types_pb2.AuthorityNeed) for one in held],
    )


def made_response(offer: OfferId, recorded: Recorded[Offers]) -> pb.MakeOfferResponse:
    """The offer that now waits for the customer, without words."""
    made = recorded.state.of(offer).made
    return pb.MakeOfferResponse(
        offer_id=offer,
        remedies=[to_message(one, resolution_events_pb2.Remedy) for one in made.remedies],
        expires_by=to_timestamp(made.expires_by),
        version=recorded.version,
    )


def offer_response(
    offer: OfferId, kind: type[OfferStands], recorded: Recorded[Offers]
) -> OfferStands:
    """How an offer stands."""
    response = to_message(recorded.state.of(offer), kind, without=("made",))
    response.version = recorded.version
    return response


def remedy_response(
    remedy: RemedyId, kind: type[RemedyStands], policy: Policy, recorded: Recorded[Remedies]
) -> RemedyStands:
    """How a remedy stands, and when to look again."""
    progress = recorded.state.of(remedy)
    response = kind(state=_state(progress), version=recorded.version)
    check_by = progress.check_by(recorded.now, policy)
    if check_by is not None:
        response.check_by.CopyFrom(to_timestamp(check_by))
    return response


def sent_response(command: SendResponse, recorded: Recorded[Responses]) -> pb.SendResponseResponse:
    """What was sent, or the acknowledgement that stood already."""
    sent = recorded.state.answered_with(command).sent
    return pb.SendResponseResponse(
        response_id=sent.response,
        deliver_by=to_timestamp(sent.deliver_by),
        version=recorded.version,
    )


def resolved_response(recorded: Recorded[Resolution]) -> pb.ResolveEscalationResponse:
    """When it was resolved."""
    return pb.ResolveEscalationResponse(
        resolved_at=_moment(recorded.state.resolved_at), version=recorded.version
    )


def resolution_response(recorded: Recorded[Resolution], words: Words) -> pb.GetResolutionResponse:
    """Everything that was decided in one case, in clear."""
    state = recorded.state
    said = state.responses.by_id.values()
    return pb.GetResolutionResponse(
        offers=[_offer(one, state.remedies, words) for one in state.offers.by_id.values()],
        responses=[_response(one, words) for one in said],
        resolved_at=_moment(state.resolved_at),
        version=recorded.version,
    )


def _offer(offer: Offer, remedies: Remedies, words: Words) -> pb.Offer:
    made = offer.made
    return pb.Offer(
        offer_id=made.offer,
        state=to_message(offer, pb.AnswerOfferResponse, without=("made",)).state,
        remedies=[
            to_message(remedies.of(one.remedy), pb.OfferedRemedyState, without=_NOT_TOLD)
            for one in made.remedies
        ],
        explanation=words(made.explanation),
        apology=words(made.apology),
        maker=made.maker,
        made_at=to_timestamp(made.made_at),
        expires_by=to_timestamp(made.expires_by),
        reservation_id=made.reservation,
    )


def _response(response: Response, words: Words) -> pb.Response:
    told = to_message(response.sent, pb.Response, words=words, without=("escalation", "written_by"))
    if response.delivered_at is not None:
        told.delivered_at.CopyFrom(to_timestamp(response.delivered_at))
    return told


def _state(progress: Progress) -> pb.RemedyState:
    return to_message(progress, pb.OfferedRemedyState, without=_NOT_TOLD).state


def _moment(at: datetime | None) -> Timestamp | None:
    return None if at is None else to_timestamp(at)
