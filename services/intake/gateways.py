"""Gateways: what intake asks other services by gRPC."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.type import money_pb2

from amends.eventstore.codec import from_message
from amends.rpc.channel import Channels, as_tenant
from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Tenant
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import DependencyUnavailable, InvalidField
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
        with _reading():
            return from_message(answer, OrderFound, paid=_paid(answer))

    def _history(self, tenant: Tenant, customer: str) -> HistoryFound | None:
        try:
            answer = self._commerce.GetCustomer(
                pb.GetCustomerRequest(customer=customer), metadata=as_tenant(tenant)
            )
        except grpc.RpcError as error:
            _require_unknown(error, "CUSTOMER_NOT_FOUND")
            return None
        with _reading():
            return from_message(answer, HistoryFound)


@contextmanager
def _reading() -> Iterator[None]:
    """What the merchant answers and nobody can read is no answer, and no fault of our caller."""
    try:
        yield
    except (InvalidField, InvalidMoney) as error:
        raise DependencyUnavailable("commerce") from error


def _paid(order: pb.GetOrderResponse) -> Money | None:
    """What was taken and not given back; None where nothing was taken, or in two currencies."""
    taken = [_money(one.captured) for one in order.payments if one.HasField("captured")]
    back = [_money(one.refunded) for one in order.payments if one.HasField("refunded")]
    currencies = {amount.currency for amount in (*taken, *back)}
    if not taken or len(currencies) != 1:
        return None
    return Money(currencies.pop(), sum(one.minor for one in taken) - sum(one.minor for one in back))


def _money(raw: money_pb2.Money) -> Money:
    return Money.of_units(raw.currency_code, raw.units, raw.nanos, field="payments")


def _require_unknown(error: grpc.RpcError, reason: str) -> None:
    """Raises what the merchant answered unless it says that it knows no such thing."""
    refusal = refusal_of(error, "commerce")
    if refusal.reason != reason:
        raise refusal from error
