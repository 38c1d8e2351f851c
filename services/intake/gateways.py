"""Gateways: what intake asks other services by gRPC."""

from functools import reduce
from operator import add

import grpc
from google.type import money_pb2

from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels, as_tenant
from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Tenant
from amends.values.money import Money
from services.intake.domain.context import Found, HistoryFound, OrderFound


class Merchant:
    """The merchant's side, asked as a service for one tenant."""

    def __init__(self, channels: Channels) -> None:
        self._commerce = CommerceServiceStub(channels.to("commerce"))

    def find(self, tenant: Tenant, customer: str, order: str) -> Found:
        """What the merchant knows; an order of another customer counts as unknown.

        Raises:
            DependencyUnavailable: the merchant does not answer.
        """
        return Found(
            order=self._order(tenant, customer, order) if order else None,
            history=self._history(tenant, customer) if customer else None,
        )

    def _order(self, tenant: Tenant, customer: str, order: str) -> OrderFound | None:
        try:
            answer = self._commerce.GetOrder(
                pb.GetOrderRequest(order=order), metadata=as_tenant(tenant)
            )
        except grpc.RpcError as error:
            _require_unknown(error, "ORDER_NOT_FOUND")
            return None
        if answer.customer != customer:
            return None
        return from_message(answer, OrderFound, paid=_paid(answer))

    def _history(self, tenant: Tenant, customer: str) -> HistoryFound | None:
        try:
            answer = self._commerce.GetCustomer(
                pb.GetCustomerRequest(customer=customer), metadata=as_tenant(tenant)
            )
        except grpc.RpcError as error:
            _require_unknown(error, "CUSTOMER_NOT_FOUND")
            return None
        return from_message(answer, HistoryFound)


def _paid(order: pb.GetOrderResponse) -> Money | None:
    """What was taken and not given back; None where nothing was ever taken."""
    kept = [
        _money(payment.captured) - _money(payment.refunded)
        if payment.HasField("refunded")
        else _money(payment.captured)
        for payment in order.payments
        if payment.HasField("captured")
    ]
    return reduce(add, kept) if kept else None


def _money(raw: money_pb2.Money) -> Money:
    return Money.of_units(raw.currency_code, raw.units, raw.nanos, field="payments")


def _require_unknown(error: grpc.RpcError, reason: str) -> None:
    """Raises what the merchant answered unless it says that it knows no such thing."""
    refusal = refusal_of(error, "commerce")
    if refusal.reason != reason:
        raise refusal from error
