"""The gRPC edge of resolution: translate, call, translate."""

import grpc

from amends.clock import Clock
from amends.eventstore.sealing import Vault
from amends.rpc.identity import call_of
from amends.v1 import resolution_service_pb2 as pb
from amends.v1.resolution_service_pb2_grpc import ResolutionServiceServicer
from amends.values.identity import EscalationId, OfferId, PromiseId, RemedyId, ResponseId, Role
from services.resolution.domain.answering import ExpireOffer, WithdrawOffer
from services.resolution.domain.approving import ApproveOffer
from services.resolution.domain.promises import BreakPromise, KeepPromise
from services.resolution.domain.responses import ConfirmDelivery
from services.resolution.handlers.approvals import ApprovalHandlers
from services.resolution.handlers.compensating import CompensationHandlers
from services.resolution.handlers.offers import OfferHandlers
from services.resolution.handlers.promises import PromiseHandlers
from services.resolution.handlers.refunds import RefundHandlers
from services.resolution.handlers.remedies import RemedyHandlers
from services.resolution.handlers.resolution import ResolutionHandlers
from services.resolution.handlers.responses import ResponseHandlers
from services.resolution.handlers.suggestions import SuggestionHandlers
from services.resolution.wire.offers import answer_offer, make_offer, reject_offer
from services.resolution.wire.promises import make_promise
from services.resolution.wire.resolution import resolution_response
from services.resolution.wire.responses import send_response
from services.resolution.wire.suggestions import suggestions_response

Context = grpc.ServicerContext


class ResolutionServicer(ResolutionServiceServicer):
    """ResolutionService; `vault` opens sealed words for those who may read them."""

    def __init__(  # noqa: PLR0913, PLR0917 - one per idea
        self,
        suggestions: SuggestionHandlers,
        offers: OfferHandlers,
        approvals: ApprovalHandlers,
        remedies: RemedyHandlers,
        refunds: RefundHandlers,
        compensations: CompensationHandlers,
        promises: PromiseHandlers,
        responses: ResponseHandlers,
        resolution: ResolutionHandlers,
        vault: Vault,
        clock: Clock,
    ) -> None:
        self._suggestions = suggestions
        self._offers = offers
        self._approvals = approvals
        self._remedies = remedies
        self._promises = promises
        self._refunds = refunds
        self._compensations = compensations
        self._responses = responses
        self._resolution = resolution
        self._vault = vault
        self._now = clock.now

    def SuggestRemedies(
        self, request: pb.SuggestRemediesRequest, context: Context
    ) -> pb.SuggestRemediesResponse:
        """What could be offered, best first."""
        call = call_of(context, request)
        found, limits = self._suggestions.suggest(call, EscalationId(request.escalation_id))
        return suggestions_response(found, limits)

    def MakeOffer(self, request: pb.MakeOfferRequest, context: Context) -> pb.MakeOfferResponse:
        """Offers remedies to the customer."""
        call = call_of(context, request)
        command = make_offer(request, call)
        return self._offers.make(call, EscalationId(request.escalation_id), command)

    def ApproveOffer(
        self, request: pb.ApproveOfferRequest, context: Context
    ) -> pb.ApproveOfferResponse:
        """Another holder stands in for a draft."""
        call = call_of(context, request)
        command = ApproveOffer(OfferId(request.offer_id), call.who)
        return self._approvals.approve(call, EscalationId(request.escalation_id), command)

    def RejectOffer(
        self, request: pb.RejectOfferRequest, context: Context
    ) -> pb.RejectOfferResponse:
        """Another holder says no to a draft."""
        call = call_of(context, request)
        command = reject_offer(request, call, self._now())
        return self._approvals.reject(call, EscalationId(request.escalation_id), command)

    def WithdrawOffer(
        self, request: pb.WithdrawOfferRequest, context: Context
    ) -> pb.WithdrawOfferResponse:
        """The owner takes it back."""
        call = call_of(context, request)
        command = WithdrawOffer(OfferId(request.offer_id), call.who, self._now())
        return self._offers.withdraw(call, EscalationId(request.escalation_id), command)

    def ExpireOffer(
        self, request: pb.ExpireOfferRequest, context: Context
    ) -> pb.ExpireOfferResponse:
        """Lapses an offer that nobody answered."""
        return self._offers.decide(
            call_of(context, request),
            EscalationId(request.escalation_id),
            ExpireOffer(OfferId(request.offer_id), self._now()),
            pb.ExpireOfferResponse,
        )

    def AnswerOffer(
        self, request: pb.AnswerOfferRequest, context: Context
    ) -> pb.AnswerOfferResponse:
        """The customer's answer."""
        return self._offers.decide(
            call_of(context, request),
            EscalationId(request.escalation_id),
            answer_offer(request, self._now()),
            pb.AnswerOfferResponse,
        )

    def CarryOutRemedy(
        self, request: pb.CarryOutRemedyRequest, context: Context
    ) -> pb.CarryOutRemedyResponse:
        """One remedy, once."""
        return self._remedies.carry_out(
            call_of(context, request),
            EscalationId(request.escalation_id),
            RemedyId(request.remedy_id),
        )

    def CompensateRemedy(
        self, request: pb.CompensateRemedyRequest, context: Context
    ) -> pb.CompensateRemedyResponse:
        """Takes back what a remedy did."""
        return self._compensations.compensate(
            call_of(context, request),
            EscalationId(request.escalation_id),
            RemedyId(request.remedy_id),
        )

    def CheckRefund(
        self, request: pb.CheckRefundRequest, context: Context
    ) -> pb.CheckRefundResponse:
        """How far the money is."""
        return self._refunds.check(
            call_of(context, request),
            EscalationId(request.escalation_id),
            RemedyId(request.remedy_id),
        )

    def ReportRefund(
        self, request: pb.ReportRefundRequest, context: Context
    ) -> pb.ReportRefundResponse:
        """The merchant says that something happened to it."""
        return self._refunds.report(
            call_of(context, request),
            EscalationId(request.escalation_id),
            RemedyId(request.remedy_id),
        )

    def CheckReplacement(
        self, request: pb.CheckReplacementRequest, context: Context
    ) -> pb.CheckReplacementResponse:
        """How far a replacement is."""
        return self._remedies.check(
            call_of(context, request),
            EscalationId(request.escalation_id),
            RemedyId(request.remedy_id),
        )

    def MakePromise(
        self, request: pb.MakePromiseRequest, context: Context
    ) -> pb.MakePromiseResponse:
        """The owner promises something."""
        call = call_of(context, request)
        command = make_promise(request, call, self._now())
        return self._promises.make(call, EscalationId(request.escalation_id), command)

    def KeepPromise(
        self, request: pb.KeepPromiseRequest, context: Context
    ) -> pb.KeepPromiseResponse:
        """The owner kept it."""
        call = call_of(context, request)
        command = KeepPromise(PromiseId(request.promise_id), call.who, self._now())
        escalation = EscalationId(request.escalation_id)
        return self._promises.settle(call, escalation, command, pb.KeepPromiseResponse)

    def BreakPromise(
        self, request: pb.BreakPromiseRequest, context: Context
    ) -> pb.BreakPromiseResponse:
        """Its time passed."""
        return self._promises.settle(
            call_of(context, request),
            EscalationId(request.escalation_id),
            BreakPromise(PromiseId(request.promise_id), self._now()),
            pb.BreakPromiseResponse,
        )

    def SendResponse(
        self, request: pb.SendResponseRequest, context: Context
    ) -> pb.SendResponseResponse:
        """Something is said to the customer."""
        call = call_of(context, request)
        command = send_response(request, call, self._now())
        return self._responses.send(call, EscalationId(request.escalation_id), command)

    def ConfirmDelivery(
        self, request: pb.ConfirmDeliveryRequest, context: Context
    ) -> pb.ConfirmDeliveryResponse:
        """The customer has it."""
        return self._responses.confirm(
            call_of(context, request),
            EscalationId(request.escalation_id),
            ConfirmDelivery(ResponseId(request.response_id), self._now()),
        )

    def ResolveEscalation(
        self, request: pb.ResolveEscalationRequest, context: Context
    ) -> pb.ResolveEscalationResponse:
        """The case is made right."""
        call = call_of(context, request)
        return self._resolution.resolve(call, EscalationId(request.escalation_id))

    def GetResolution(
        self, request: pb.GetResolutionRequest, context: Context
    ) -> pb.GetResolutionResponse:
        """Everything of one case, in clear."""
        call = call_of(context, request)
        found = self._resolution.get(call, EscalationId(request.escalation_id))
        drafts = call.who.role is not Role.PLATFORM
        return resolution_response(found, self._vault.opener().clear, drafts=drafts)
