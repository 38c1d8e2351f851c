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
from amends.values.identity import Call, OfferId, PromiseId, RemedyId, ResponseId
from amends.values.personal import Personal
from services.resolution.domain.answering import AnswerOffer
from services.resolution.domain.approving import RejectOffer
from services.resolution.domain.drafts import OfferDrafted, OfferRejected
from services.resolution.domain.making import MakeOffer
from services.resolution.domain.offers import Offer, OfferMade, Offers
from services.resolution.domain.policy import Policy
from services.resolution.domain.promises import MakePromise, Promise, Promises
from services.resolution.domain.remedies import Progress, Remedies
from services.resolution.domain.resolving import Resolution
from services.resolution.domain.responses import Response, Responses, SendResponse
from services.resolution.domain.suggestions import NOT_FEASIBLE, Suggestions

Words = Callable[[Personal[str]], str]
OfferStands = TypeVar(
    "OfferStands",
    pb.ExpireOfferResponse,
    pb.AnswerOfferResponse,
    pb.WithdrawOfferResponse,
    pb.RejectOfferResponse,
)
PromiseStands = TypeVar("PromiseStands", pb.KeepPromiseResponse, pb.BreakPromiseResponse)
RefundStands = TypeVar("RefundStands", pb.CheckRefundResponse, pb.ReportRefundResponse)
RemedyStands = TypeVar(
    "RemedyStands",
    pb.CarryOutRemedyResponse,
    pb.CompensateRemedyResponse,
    pb.CheckRefundResponse,
    pb.CheckReplacementResponse,
    pb.ReportRefundResponse,
)

_LEDGER = ("terms", "drafted", "decision")
_REJECTION = ("approver", "approver_subject", "rejected_at", "offer_by")
_WITHOUT_A_NEXT_LOOK = (pb.CompensateRemedyResponse, pb.ReportRefundResponse)
_NOT_TOLD = ("offer", "reservation", "accepted", "ships_by", "arrives_by", "money")


def reject_offer(request: pb.RejectOfferRequest, call: Call, at: datetime) -> RejectOffer:
    """Another holder's no."""
    return from_message(request, RejectOffer, by=call.who, at=at)


def make_promise(request: pb.MakePromiseRequest, call: Call, at: datetime) -> MakePromise:
    """The owner's promise; its id is the call's."""
    promise = PromiseId(call.new_id("prm_"))
    return from_message(request, MakePromise, promise=promise, by=call.who, at=at)


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
        earlier_refunds=[
            to_message(one, pb.EarlierRefund, without=("key", "failed_at"))
            for one in found.earlier_refunds
        ],
    )


def made_response(offer: OfferId, recorded: Recorded[Offers]) -> pb.MakeOfferResponse:
    """The offer that now waits for the customer, or for another holder, without words."""
    found = recorded.state.of(offer)
    draft = found.drafted
    return pb.MakeOfferResponse(
        offer_id=offer,
        remedies=_remedies(found.terms),
        expires_by=_moment(found.made.expires_by if found.made else None),
        version=recorded.version,
        state=_offer_state(found),
        approve_by=_moment(draft.approve_by if draft else None),
        needs=[to_message(one, types_pb2.AuthorityNeed) for one in draft.needs] if draft else [],
    )


def offer_response(
    offer: OfferId, kind: type[OfferStands], recorded: Recorded[Offers]
) -> OfferStands:
    """How an offer stands."""
    return kind(state=_offer_state(recorded.state.of(offer)), version=recorded.version)


def approved_response(offer: OfferId, recorded: Recorded[Offers]) -> pb.ApproveOfferResponse:
    """The offer that now waits for the customer."""
    found = recorded.state.of(offer)
    return pb.ApproveOfferResponse(
        state=_offer_state(found),
        expires_by=_moment(found.made.expires_by if found.made else None),
        version=recorded.version,
    )


def promised_response(promise: PromiseId, recorded: Recorded[Promises]) -> pb.MakePromiseResponse:
    """From when on an alarm stands for it."""
    made = recorded.state.of(promise).made
    return pb.MakePromiseResponse(
        promise_id=promise, warn_by=to_timestamp(made.warn_by), version=recorded.version
    )


def promise_response(
    promise: PromiseId, kind: type[PromiseStands], recorded: Recorded[Promises]
) -> PromiseStands:
    """How a promise stands."""
    found = recorded.state.of(promise)
    return kind(state=_promise_state(found), version=recorded.version)


def remedy_response(
    remedy: RemedyId, kind: type[RemedyStands], policy: Policy, recorded: Recorded[Remedies]
) -> RemedyStands:
    """How a remedy stands, and when to look again."""
    progress = recorded.state.of(remedy)
    response = kind(state=_state(progress), version=recorded.version)
    check_by = progress.check_by(recorded.now, policy)
    if check_by is not None and not isinstance(response, _WITHOUT_A_NEXT_LOOK):
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
        resolved_at=_moment(state.resolved_at),
        version=recorded.version,
        promises=[_promise(one, words) for one in state.promises.by_id.values()],
    )


def _offer(offer: Offer, remedies: Remedies, words: Words, now: datetime) -> pb.Offer:
    terms = offer.terms
    told = pb.Offer(
        offer_id=terms.offer,
        state=_offer_state(offer),
        explanation=words(terms.explanation),
        apology=words(terms.apology),
        maker=terms.maker,
        approve_by=_moment(offer.drafted.approve_by if offer.drafted else None),
        approver=offer.decision.approver if offer.decision else "",
    )
    if isinstance(offer.decision, OfferRejected):
        no = to_message(offer.decision, pb.RejectOfferRequest, words=words, without=_REJECTION)
        told.reject_reason, told.reject_note = no.reason, no.note
    if isinstance(terms, OfferMade):
        told.MergeFrom(_made(terms, remedies, now))
    else:
        told.made_at.CopyFrom(to_timestamp(terms.drafted_at))
        told.remedies.extend(pb.OfferedRemedyState(remedy=one) for one in _remedies(terms))
    return told


def _made(made: OfferMade, remedies: Remedies, now: datetime) -> pb.Offer:
    """What only an offer has that was made."""
    return pb.Offer(
        made_at=to_timestamp(made.made_at),
        expires_by=to_timestamp(made.expires_by),
        reservation_id=made.reservation,
        remedies=[_remedy(remedies.of(one.remedy), now) for one in made.remedies],
    )


def _remedies(terms: OfferMade | OfferDrafted) -> list[resolution_events_pb2.Remedy]:
    return [to_message(one, resolution_events_pb2.Remedy) for one in terms.remedies]


def _offer_state(offer: Offer) -> pb.OfferState:
    return to_message(offer, pb.AnswerOfferResponse, without=_LEDGER).state


def _promise(promise: Promise, words: Words) -> pb.Promise:
    told = to_message(promise.made, pb.Promise, words=words, without=("escalation",))
    told.state = _promise_state(promise)
    return told


def _promise_state(promise: Promise) -> pb.PromiseState:
    return to_message(promise, pb.KeepPromiseResponse, without=("made",)).state


def _response(response: Response, words: Words) -> pb.Response:
    told = to_message(response.sent, pb.Response, words=words, without=("escalation", "written_by"))
    if response.delivered_at is not None:
        told.delivered_at.CopyFrom(to_timestamp(response.delivered_at))
    return told


def _remedy(progress: Progress, now: datetime) -> pb.OfferedRemedyState:
    told = to_message(progress, pb.OfferedRemedyState, without=_NOT_TOLD)
    standing = progress.refund_standing(now)
    if standing is not None:
        told.refund.MergeFrom(pb.RefundProgress(standing=f"REFUND_STANDING_{standing.name}"))
        if progress.money is not None:
            told.refund.MergeFrom(to_message(progress.money, pb.RefundProgress))
    return told


def _state(progress: Progress) -> pb.RemedyState:
    return to_message(progress, pb.OfferedRemedyState, without=_NOT_TOLD).state


def _moment(at: datetime | None) -> Timestamp | None:
    return None if at is None else to_timestamp(at)
