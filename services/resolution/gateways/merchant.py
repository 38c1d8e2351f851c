"""The merchant, behind CommerceService."""

from collections.abc import Collection

from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels
from amends.rpc.refusals import RemoteRefusal
from amends.v1 import commerce_service_pb2
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Call, RemedyId
from amends.values.money import Money
from services.resolution.domain.merchant import Credit, Goods, Line, Quote, Replacement, Return
from services.resolution.gateways.asking import asking, for_tenant

_MERCHANT = "the merchant"
REFUSED_FOR_GOOD = frozenset(
    {
        "CUSTOMER_NOT_FOUND",
        "INVALID_MONEY",
        "ORDER_NOT_FOUND",
        "OUT_OF_STOCK",
        "SHIPPING_NOT_OFFERED",
        "SKU_NOT_FOUND",
    }
)
"""The merchant's reasons after which a remedy has failed; any other is no answer about it."""


class Merchant:
    """The merchant's own system behind CommerceService; keys are ours, one per remedy."""

    def __init__(self, channels: Channels) -> None:
        self._commerce = CommerceServiceStub(channels.to("commerce"))

    def goods(
        self, call: Call, order: str, skus: Collection[str] | None = None
    ) -> tuple[Goods, ...]:
        """Every line of the order, with quotes for the named ones (None: for all)."""
        request = commerce_service_pb2.GetOrderRequest(order=order)
        with asking(_MERCHANT):
            found = self._commerce.GetOrder(request, metadata=for_tenant(call))
            lines = [from_message(line, Line) for line in found.lines]
        return tuple(
            Goods(line, self._quotes(call, order, line.sku))
            if skus is None or line.sku in skus or len(lines) == 1
            else Goods(line)
            for line in lines
        )

    def find_replacement(self, call: Call, key: RemedyId) -> Replacement | None:
        """The replacement under our key, None where the merchant never took one."""
        try:
            return self.replacement(call, key)
        except RemoteRefusal as refusal:
            if refusal.reason != "REPLACEMENT_NOT_FOUND":
                raise
            return None

    def replacement(self, call: Call, key: RemedyId) -> Replacement:
        """The replacement under our key, which the merchant took.

        Raises:
            RemoteRefusal: REPLACEMENT_NOT_FOUND, the merchant lost it: a matter for people.
        """
        request = commerce_service_pb2.GetReplacementRequest(key=key)
        with asking(_MERCHANT):
            answer = self._commerce.GetReplacement(request, metadata=for_tenant(call))
            return from_message(answer.replacement, Replacement)

    def order_replacement(
        self, call: Call, key: RemedyId, order: str, sku: str, service: str
    ) -> Replacement:
        """Has the goods sent again, once per key."""
        request = commerce_service_pb2.CreateReplacementRequest(
            key=key, order=order, sku=sku, service=service
        )
        with asking(_MERCHANT):
            answer = self._commerce.CreateReplacement(request, metadata=for_tenant(call))
            return from_message(answer.replacement, Replacement)

    def request_return(self, call: Call, key: RemedyId, order: str, sku: str) -> Return | None:
        """Asks for the faulty goods back, once per key; nothing waits for them (S39).

        None where the order is not known (any more): the replacement was taken all the same.
        """
        request = commerce_service_pb2.RequestReturnRequest(key=key, order=order, sku=sku)
        if not order:
            return None
        try:
            with asking(_MERCHANT):
                answer = self._commerce.RequestReturn(request, metadata=for_tenant(call))
                return from_message(answer, Return)
        except RemoteRefusal as refusal:
            if refusal.reason not in REFUSED_FOR_GOOD:
                raise
            return None

    def find_credit(self, call: Call, key: RemedyId) -> Credit | None:
        """The coupon under our key, None where the merchant never gave one."""
        request = commerce_service_pb2.GetCreditRequest(key=key)
        try:
            with asking(_MERCHANT):
                answer = self._commerce.GetCredit(request, metadata=for_tenant(call))
                return from_message(answer.credit, Credit)
        except RemoteRefusal as refusal:
            if refusal.reason != "CREDIT_NOT_FOUND":
                raise
            return None

    def issue_credit(self, call: Call, key: RemedyId, customer: str, amount: Money) -> Credit:
        """Has a coupon given, once per key."""
        request = commerce_service_pb2.IssueCreditRequest(key=key, customer=customer)
        units, nanos = amount.to_units()
        request.amount.currency_code = amount.currency
        request.amount.units, request.amount.nanos = units, nanos
        with asking(_MERCHANT):
            answer = self._commerce.IssueCredit(request, metadata=for_tenant(call))
            return from_message(answer.credit, Credit)

    def _quotes(self, call: Call, order: str, sku: str) -> tuple[Quote, ...]:
        request = commerce_service_pb2.QuoteShippingRequest(order=order, sku=sku)
        with asking(_MERCHANT):
            answer = self._commerce.QuoteShipping(request, metadata=for_tenant(call))
            return tuple(from_message(quote, Quote) for quote in answer.quotes)
