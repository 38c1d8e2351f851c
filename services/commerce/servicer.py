"""The gRPC edge of the reference merchant: translate, ask, translate."""

import grpc
from google.protobuf.message import Message

from amends.eventstore.codec import from_message, to_message
from amends.rpc.identity import call_of
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceServicer
from amends.values.identity import Tenant
from services.commerce.creation_list import CreationList
from services.commerce.credits import Credits, IssueCredit
from services.commerce.refunds import CreateRefund, Refunds
from services.commerce.replacements import CreateReplacement, Replacements
from services.commerce.returns import RequestReturn, Returns
from services.commerce.store import Store

Context = grpc.ServicerContext


class CommerceServicer(CommerceServiceServicer):
    """CommerceService over the merchant's own tables; the tenant is the call's."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each thing that the merchant keeps
        self,
        store: Store,
        replacements: Replacements,
        refunds: Refunds,
        credits_: Credits,
        returns: Returns,
        creations: CreationList,
    ) -> None:
        self._store = store
        self._replacements = replacements
        self._refunds = refunds
        self._credits = credits_
        self._returns = returns
        self._creations = creations

    def GetCustomer(
        self, request: pb.GetCustomerRequest, context: Context
    ) -> pb.GetCustomerResponse:
        """A customer with their history."""
        found = self._store.customer(_tenant(request, context), request.customer)
        return to_message(found, pb.GetCustomerResponse)

    def GetOrder(self, request: pb.GetOrderRequest, context: Context) -> pb.GetOrderResponse:
        """An order with all that was paid, sent and done about it."""
        found = self._store.order(_tenant(request, context), request.order)
        return to_message(found, pb.GetOrderResponse)

    def GetShipment(
        self, request: pb.GetShipmentRequest, context: Context
    ) -> pb.GetShipmentResponse:
        """A shipment."""
        found = self._store.shipment(_tenant(request, context), request.shipment)
        return to_message(found, pb.GetShipmentResponse)

    def QuoteShipping(
        self, request: pb.QuoteShippingRequest, context: Context
    ) -> pb.QuoteShippingResponse:
        """Ways to send a line again."""
        tenant = _tenant(request, context)
        offered, in_stock = self._store.quotes(tenant, request.order, request.sku)
        return pb.QuoteShippingResponse(
            quotes=[to_message(quote, pb.ShippingQuote) for quote in offered], in_stock=in_stock
        )

    def CreateReplacement(
        self, request: pb.CreateReplacementRequest, context: Context
    ) -> pb.CreateReplacementResponse:
        """Sends the goods again, once per key."""
        wanted = from_message(request, CreateReplacement)
        made = self._replacements.create(_tenant(request, context), wanted)
        return pb.CreateReplacementResponse(replacement=to_message(made, pb.Replacement))

    def GetReplacement(
        self, request: pb.GetReplacementRequest, context: Context
    ) -> pb.GetReplacementResponse:
        """A replacement by its key."""
        found = self._replacements.find(_tenant(request, context), request.key)
        return pb.GetReplacementResponse(replacement=to_message(found, pb.Replacement))

    def CancelReplacement(
        self, request: pb.CancelReplacementRequest, context: Context
    ) -> pb.CancelReplacementResponse:
        """Keeps the goods back, once."""
        kept = self._replacements.cancel(_tenant(request, context), request.key)
        return pb.CancelReplacementResponse(replacement=to_message(kept, pb.Replacement))

    def CreateRefund(
        self, request: pb.CreateRefundRequest, context: Context
    ) -> pb.CreateRefundResponse:
        """Sends money back, once per key."""
        wanted = from_message(request, CreateRefund)
        who = call_of(context, request).actor
        made = self._refunds.create(who.tenant, wanted, who.subject)
        return pb.CreateRefundResponse(refund=to_message(made, pb.Refund))

    def GetRefund(self, request: pb.GetRefundRequest, context: Context) -> pb.GetRefundResponse:
        """A refund by its key."""
        found = self._refunds.find(_tenant(request, context), request.key)
        return pb.GetRefundResponse(refund=to_message(found, pb.Refund))

    def IssueCredit(
        self, request: pb.IssueCreditRequest, context: Context
    ) -> pb.IssueCreditResponse:
        """Gives a credit, once per key."""
        wanted = from_message(request, IssueCredit)
        made = self._credits.issue(_tenant(request, context), wanted)
        return pb.IssueCreditResponse(credit=to_message(made, pb.Credit))

    def GetCredit(self, request: pb.GetCreditRequest, context: Context) -> pb.GetCreditResponse:
        """A credit by its key."""
        found = self._credits.find(_tenant(request, context), request.key)
        return pb.GetCreditResponse(credit=to_message(found, pb.Credit))

    def VoidCredit(self, request: pb.VoidCreditRequest, context: Context) -> pb.VoidCreditResponse:
        """Takes a credit back, once."""
        voided = self._credits.void(_tenant(request, context), request.key)
        return pb.VoidCreditResponse(credit=to_message(voided, pb.Credit))

    def ListCreations(
        self, request: pb.ListCreationsRequest, context: Context
    ) -> pb.ListCreationsResponse:
        """What was created, a page at a time."""
        tenant = _tenant(request, context)
        page = self._creations.page(tenant, request.page_size, request.page_token)
        return pb.ListCreationsResponse(
            replacements=[to_message(one, pb.Replacement) for one in page.replacements],
            refunds=[to_message(one, pb.Refund) for one in page.refunds],
            credits=[to_message(one, pb.Credit) for one in page.credits],
            next_page_token=page.next_token,
        )

    def CloseKey(self, request: pb.CloseKeyRequest, context: Context) -> pb.CloseKeyResponse:
        """Lets nothing be created under a key any more, or tells what was."""
        tenant, key = _tenant(request, context), request.key
        answer = pb.CloseKeyResponse()
        match request.kind:
            case pb.CREATION_KIND_REPLACEMENT:
                if sent := self._replacements.close(tenant, key):
                    answer.replacement.CopyFrom(to_message(sent, pb.Replacement))
            case pb.CREATION_KIND_REFUND:
                if paid := self._refunds.close(tenant, key):
                    answer.refund.CopyFrom(to_message(paid, pb.Refund))
            case _:
                if given := self._credits.close(tenant, key):
                    answer.credit.CopyFrom(to_message(given, pb.Credit))
        return answer

    def RequestReturn(
        self, request: pb.RequestReturnRequest, context: Context
    ) -> pb.RequestReturnResponse:
        """Asks for the goods back, once per key."""
        wanted = from_message(request, RequestReturn)
        made = self._returns.request(_tenant(request, context), wanted)
        return to_message(made, pb.RequestReturnResponse)


def _tenant(request: Message, context: Context) -> Tenant:
    return call_of(context, request).actor.tenant
