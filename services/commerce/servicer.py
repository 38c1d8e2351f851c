"""The gRPC edge of the reference merchant: translate, ask, translate."""

import grpc
from google.protobuf.message import Message

from amends.eventstore.codec import from_message, to_message
from amends.rpc.identity import call_of
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceServicer
from amends.values.identity import Tenant
from services.commerce.creations import Credits, IssueCredit, RequestReturn, Returns
from services.commerce.replacements import CreateReplacement, Replacements
from services.commerce.store import Store

Context = grpc.ServicerContext


class CommerceServicer(CommerceServiceServicer):
    """CommerceService over the merchant's own tables; the tenant is the call's."""

    def __init__(
        self, store: Store, replacements: Replacements, credits_: Credits, returns: Returns
    ) -> None:
        self._store = store
        self._replacements = replacements
        self._credits = credits_
        self._returns = returns

    def GetCustomer(
        self, request: pb.GetCustomerRequest, context: Context
    ) -> pb.GetCustomerResponse:
        """A customer with their history."""
        found = self._store.customer(_tenant(request, context), request.customer)
        return to_message(found, pb.GetCustomerResponse)

    def GetOrder(self, request: pb.GetOrderRequest, context: Context) -> pb.GetOrderResponse:
        """An order with its lines, payments and shipments."""
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

    def IssueCredit(
        self, request: pb.IssueCreditRequest, context: Context
    ) -> pb.IssueCreditResponse:
        """Gives a coupon, once per key."""
        wanted = from_message(request, IssueCredit)
        made = self._credits.issue(_tenant(request, context), wanted)
        return pb.IssueCreditResponse(credit=to_message(made, pb.Credit))

    def GetCredit(self, request: pb.GetCreditRequest, context: Context) -> pb.GetCreditResponse:
        """A coupon by its key."""
        found = self._credits.find(_tenant(request, context), request.key)
        return pb.GetCreditResponse(credit=to_message(found, pb.Credit))

    def RequestReturn(
        self, request: pb.RequestReturnRequest, context: Context
    ) -> pb.RequestReturnResponse:
        """Asks for the goods back, once per key."""
        wanted = from_message(request, RequestReturn)
        made = self._returns.request(_tenant(request, context), wanted)
        return to_message(made, pb.RequestReturnResponse)


def _tenant(request: Message, context: Context) -> Tenant:
    return call_of(context, request).actor.tenant
