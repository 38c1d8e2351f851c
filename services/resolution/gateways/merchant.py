"""The merchant, behind CommerceService."""

from collections.abc import Collection, Mapping

from google.type import money_pb2

from amends.crash_points import crash_point
from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels
from amends.rpc.refusals import RemoteRefusal
from amends.v1 import commerce_service_pb2
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Call, EscalationId, RemedyId
from amends.values.money import Money
from amends.values.remedy import ACTION_OF, Action, RefundMethod
from services.resolution.domain.merchant import (
    Credit,
    Goods,
    Line,
    Made,
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
        "KEY_CLOSED",
        "ORDER_NOT_FOUND",
        "OUT_OF_STOCK",
        "REFUND_EXCEEDS_PAYMENT",
        "REFUND_METHOD_NOT_OFFERED",
        "SHIPPING_NOT_OFFERED",
        "SKU_NOT_FOUND",
    }
)
"""The merchant's reasons after which a remedy has failed; any other is no answer about it."""
_NEVER_MADE = frozenset({"CREDIT_NOT_FOUND", "REFUND_NOT_FOUND", "REPLACEMENT_NOT_FOUND"})
_KIND_OF: Mapping[Action, commerce_service_pb2.CreationKind] = {
    Action.RESHIP: commerce_service_pb2.CREATION_KIND_REPLACEMENT,
    Action.REFUND: commerce_service_pb2.CREATION_KIND_REFUND,
    Action.GOODWILL: commerce_service_pb2.CREATION_KIND_CREDIT,
}
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

    def find(self, call: Call, remedy: Remedy) -> Made | None:
        """What stands under our key, None where the merchant never made anything."""
        try:
            match ACTION_OF[remedy.kind]:
                case Action.RESHIP:
                    return self.replacement(call, remedy.remedy)
                case Action.REFUND:
                    return self.refund(call, remedy.remedy)
                case _:
                    return self._credit(call, remedy.remedy)
        except RemoteRefusal as refusal:
            if refusal.reason not in _NEVER_MADE:
                raise
            return None

    def close(self, call: Call, remedy: Remedy) -> Made | None:
        """Has nothing ever made under our key; what was made before all the same, if anything."""
        kind = _KIND_OF[ACTION_OF[remedy.kind]]
        request = commerce_service_pb2.CloseKeyRequest(key=remedy.remedy, kind=kind)
        with asking(_MERCHANT):
            answer = self._commerce.CloseKey(request, metadata=for_tenant(call))
            if answer.HasField("replacement"):
                return from_message(answer.replacement, Replacement)
            if answer.HasField("refund"):
                return from_message(answer.refund, Refund)
            return from_message(answer.credit, Credit) if answer.HasField("credit") else None

    def replacement(self, call: Call, key: RemedyId) -> Replacement:
        """The replacement under our key, which the merchant took.

        Raises:
            RemoteRefusal: REPLACEMENT_NOT_FOUND, the merchant lost it: a matter for people.
        """
        request = commerce_service_pb2.GetReplacementRequest(key=key)
        with asking(_MERCHANT):
            answer = self._commerce.GetReplacement(request, metadata=for_tenant(call))
            return from_message(answer.replacement, Replacement)

    def order_replacement(self, call: Call, remedy: Remedy, order: str) -> Replacement:
        """Has the goods sent again, once per key."""
        request = commerce_service_pb2.CreateReplacementRequest(
            key=remedy.remedy,
            order=order,
            sku=remedy.sku,
            service=remedy.shipping.service if remedy.shipping else "",
        )
        with asking(_MERCHANT):
            crash_point("replacement.before")
            answer = self._commerce.CreateReplacement(request, metadata=for_tenant(call))
            crash_point("replacement.after")
            return from_message(answer.replacement, Replacement)

    def request_return(self, call: Call, remedy: Remedy, order: str) -> Return | None:
        """Asks for the faulty goods back, once per key; nothing waits for them (S39).

        None where the order is not known (any more): the replacement was taken all the same.
        """
        request = commerce_service_pb2.RequestReturnRequest(
            key=remedy.remedy, order=order, sku=remedy.sku
        )
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
        """Has the money sent back, once per key."""
        request = commerce_service_pb2.CreateRefundRequest(
            key=remedy.remedy,
            order=order,
            amount=_amount(remedy.amount),
            method=f"REFUND_METHOD_{(remedy.method or RefundMethod.ORIGINAL_PAYMENT).name}",
            reference=reference,
        )
        with asking(_MERCHANT):
            crash_point("refund.before")
            answer = self._commerce.CreateRefund(request, metadata=for_tenant(call))
            crash_point("refund.after")
            return from_message(answer.refund, Refund)

    def _credit(self, call: Call, key: RemedyId) -> Credit:
        request = commerce_service_pb2.GetCreditRequest(key=key)
        with asking(_MERCHANT):
            answer = self._commerce.GetCredit(request, metadata=for_tenant(call))
            return from_message(answer.credit, Credit)

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
