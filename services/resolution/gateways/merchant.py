"""The merchant, behind CommerceService."""

from collections.abc import Collection

from google.type import money_pb2

from amends.crash_points import crash_point
from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels
from amends.rpc.refusals import RemoteRefusal
from amends.v1 import commerce_service_pb2
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Call, EscalationId, RemedyId
from amends.values.money import Money
from amends.values.remedy import RefundMethod
from services.resolution.domain.merchant import (
    Credit,
    Goods,
    Line,
    Order,
    Quote,
    Refund,
    Replacement,
    Return,
)
from services.resolution.domain.remedy import Remedy
from services.resolution.gateways.asking import asking, for_tenant

_MERCHANT = "the merchant"
REFUSED_FOR_GOOD = frozenset(
    {
        "CUSTOMER_NOT_FOUND",
        "INVALID_FIELD",
        "INVALID_MONEY",
        "ORDER_NOT_FOUND",
        "OUT_OF_STOCK",
        "REFUND_EXCEEDS_PAYMENT",
        "REFUND_METHOD_NOT_OFFERED",
        "SHIPPING_NOT_OFFERED",
        "SKU_NOT_FOUND",
    }
)
"""The merchant's reasons after which a remedy has failed; any other is no answer about it."""
KEPT_BY_CUSTOMER = frozenset({"CREDIT_USED", "REPLACEMENT_SHIPPED"})
"""Why the merchant cannot take back any more what it gave."""


class Merchant:
    """The merchant's own system behind CommerceService; keys are ours, one per remedy."""

    def __init__(self, channels: Channels) -> None:
        self._commerce = CommerceServiceStub(channels.to("commerce"))

    def order(self, call: Call, order: str, skus: Collection[str] | None = None) -> Order:
        """The order with all that was paid for it, and quotes for the named lines (None: all)."""
        request = commerce_service_pb2.GetOrderRequest(order=order)
        with asking(_MERCHANT):
            found = self._commerce.GetOrder(request, metadata=for_tenant(call))
            lines = [from_message(line, Line) for line in found.lines]
            goods = tuple(
                Goods(line, self._quotes(call, order, line.sku))
                if skus is None or line.sku in skus or (skus and len(lines) == 1)
                else Goods(line)
                for line in lines
            )
            return from_message(found, Order, goods=goods)

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
            crash_point("replacement.before")
            answer = self._commerce.CreateReplacement(request, metadata=for_tenant(call))
            crash_point("replacement.after")
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

    def cancel_replacement(self, call: Call, key: RemedyId) -> None:
        """Has the goods kept back; harmless when repeated.

        Raises:
            RemoteRefusal: REPLACEMENT_SHIPPED.
        """
        request = commerce_service_pb2.CancelReplacementRequest(key=key)
        with asking(_MERCHANT):
            self._commerce.CancelReplacement(request, metadata=for_tenant(call))

    def find_refund(self, call: Call, key: RemedyId) -> Refund | None:
        """The refund under our key, None where the merchant never took one."""
        try:
            return self.refund(call, key)
        except RemoteRefusal as refusal:
            if refusal.reason != "REFUND_NOT_FOUND":
                raise
            return None

    def refund(self, call: Call, key: RemedyId) -> Refund:
        """The refund under our key, which the merchant took.

        Raises:
            RemoteRefusal: REFUND_NOT_FOUND, the merchant lost it: a matter for people.
        """
        request = commerce_service_pb2.GetRefundRequest(key=key)
        with asking(_MERCHANT):
            answer = self._commerce.GetRefund(request, metadata=for_tenant(call))
            return from_message(answer.refund, Refund)

    def send_refund(
        self, call: Call, remedy: Remedy, order: str, reference: EscalationId
    ) -> Refund:
        """Has the money sent back, once per key.

        Where there is not enough left for it, that may be its own doing: an answer was lost, and
        what is left is less by this very refund. So those of the order are looked through.
        """
        request = commerce_service_pb2.CreateRefundRequest(
            key=remedy.remedy,
            order=order,
            amount=_amount(remedy.amount),
            method=f"REFUND_METHOD_{(remedy.method or RefundMethod.ORIGINAL_PAYMENT).name}",
            reference=reference,
        )
        try:
            with asking(_MERCHANT):
                crash_point("refund.before")
                answer = self._commerce.CreateRefund(request, metadata=for_tenant(call))
                crash_point("refund.after")
                return from_message(answer.refund, Refund)
        except RemoteRefusal as refusal:
            if refusal.reason != "REFUND_EXCEEDS_PAYMENT":
                raise
            for one in self.order(call, order, skus=()).refunds:
                if one.key == remedy.remedy:
                    return one
            raise

    def find_credit(self, call: Call, key: RemedyId) -> Credit | None:
        """The credit under our key, None where the merchant never gave one."""
        request = commerce_service_pb2.GetCreditRequest(key=key)
        try:
            with asking(_MERCHANT):
                answer = self._commerce.GetCredit(request, metadata=for_tenant(call))
                return from_message(answer.credit, Credit)
        except RemoteRefusal as refusal:
            if refusal.reason != "CREDIT_NOT_FOUND":
                raise
            return None

    def issue_credit(self, call: Call, remedy: Remedy, customer: str) -> Credit:
        """Has a credit given, once per key; a percentage off is of the customer's next order."""
        request = commerce_service_pb2.IssueCreditRequest(
            key=remedy.remedy,
            customer=customer,
            amount=_amount(remedy.amount),
            kind=f"CREDIT_KIND_{remedy.kind.name}",
            percent=remedy.percent,
        )
        with asking(_MERCHANT):
            crash_point("credit.before")
            answer = self._commerce.IssueCredit(request, metadata=for_tenant(call))
            crash_point("credit.after")
            return from_message(answer.credit, Credit)

    def void_credit(self, call: Call, key: RemedyId) -> None:
        """Has a credit taken back; harmless when repeated.

        Raises:
            RemoteRefusal: CREDIT_USED.
        """
        request = commerce_service_pb2.VoidCreditRequest(key=key)
        with asking(_MERCHANT):
            self._commerce.VoidCredit(request, metadata=for_tenant(call))

    def _quotes(self, call: Call, order: str, sku: str) -> tuple[Quote, ...]:
        request = commerce_service_pb2.QuoteShippingRequest(order=order, sku=sku)
        with asking(_MERCHANT):
            answer = self._commerce.QuoteShipping(request, metadata=for_tenant(call))
            return tuple(from_message(quote, Quote) for quote in answer.quotes)


def _amount(amount: Money) -> money_pb2.Money:
    units, nanos = amount.to_units()
    return money_pb2.Money(currency_code=amount.currency, units=units, nanos=nanos)
