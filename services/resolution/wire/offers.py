"""Offers and drafts as the contract spells them."""

from datetime import datetime
from typing import TypeVar

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.v1 import resolution_events_pb2, types_pb2
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, OfferId
from services.resolution.domain.answering import AnswerOffer
from services.resolution.domain.approving import RejectOffer
from services.resolution.domain.drafts import OfferDrafted
from services.resolution.domain.making import MakeOffer
from services.resolution.domain.offers import Offer, OfferMade, Offers
from services.resolution.wire.moments import moment

OfferStands = TypeVar(
    "OfferStands",
    pb.ExpireOfferResponse,
    pb.AnswerOfferResponse,
    pb.WithdrawOfferResponse,
    pb.RejectOfferResponse,
)

_LEDGER = ("terms", "drafted", "decision")


def make_offer(request: pb.MakeOfferRequest, call: Call) -> MakeOffer:
    """The owner's offer; its id is the call's."""
    return from_message(request, MakeOffer, offer=OfferId(call.new_id("off_")), by=call.who)


def reject_offer(request: pb.RejectOfferRequest, call: Call, at: datetime) -> RejectOffer:
    """Another holder's no."""
    return from_message(request, RejectOffer, by=call.who, at=at)


def answer_offer(request: pb.AnswerOfferRequest, at: datetime) -> AnswerOffer:
    """The customer's answer."""
    return from_message(request, AnswerOffer, at=at)


def made_response(offer: OfferId, recorded: Recorded[Offers]) -> pb.MakeOfferResponse:
    """The offer that now waits for the customer, or for another holder, without words."""
    found = recorded.state.of(offer)
    draft = found.drafted
    return pb.MakeOfferResponse(
        offer_id=offer,
        remedies=remedies_of(found.terms),
        expires_by=moment(found.made.expires_by if found.made else None),
        version=recorded.version,
        state=offer_state(found),
        approve_by=moment(draft.approve_by if draft else None),
        needs=[to_message(one, types_pb2.AuthorityNeed) for one in draft.needs] if draft else [],
    )


def offer_response(
    offer: OfferId, kind: type[OfferStands], recorded: Recorded[Offers]
) -> OfferStands:
    """How an offer stands."""
    return kind(state=offer_state(recorded.state.of(offer)), version=recorded.version)


def approved_response(offer: OfferId, recorded: Recorded[Offers]) -> pb.ApproveOfferResponse:
    """The offer that now waits for the customer."""
    found = recorded.state.of(offer)
    return pb.ApproveOfferResponse(
        state=offer_state(found),
        expires_by=moment(found.made.expires_by if found.made else None),
        version=recorded.version,
    )


def remedies_of(terms: OfferMade | OfferDrafted) -> list[resolution_events_pb2.Remedy]:
    """The remedies of an offer or draft, as they were offered."""
    return [to_message(one, resolution_events_pb2.Remedy) for one in terms.remedies]


def offer_state(offer: Offer) -> pb.OfferState:
    """How an offer stands."""
    return to_message(offer, pb.AnswerOfferResponse, without=_LEDGER).state
