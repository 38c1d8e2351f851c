"""Calls to others: the merchant, intake's case file, routing's authority.

Every failure to answer is a `DependencyUnavailable`, every refusal of theirs is theirs. Nothing
here is called inside a transaction.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import grpc

from amends.eventstore.codec import from_message, to_message
from amends.rpc.channel import Channels, as_caller, as_tenant
from amends.rpc.refusals import RemoteRefusal
from amends.rpc.status import refusal_of
from amends.v1 import (
    commerce_service_pb2,
    intake_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.v1.routing_service_pb2_grpc import RoutingServiceStub
from amends.values.deadline import NeedBy
from amends.values.identity import (
    Call,
    DecisionMakerId,
    EscalationId,
    RemedyId,
    ReservationId,
    derived_request_id,
)
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import DependencyUnavailable, InvalidField
from services.resolution.domain.merchant import Credit, Goods, Line, Quote, Replacement, Return
from services.resolution.domain.offering import Use

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


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What intake knows and this service does not keep: references in clear, the yes.

    `customer` and `order` are empty where there is none, or where the customer was forgotten.
    """

    customer: str
    order: str
    need_by: NeedBy | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Reservation:
    """Authority set aside, and whose it is."""

    reservation: ReservationId
    decision_maker: DecisionMakerId


class CaseFiles:
    """Intake, asked at the moment when its answer is needed."""

    def __init__(self, channels: Channels) -> None:
        self._intake = IntakeServiceStub(channels.to("intake"))

    def of(self, call: Call, escalation: EscalationId) -> CaseFile:
        """The case as it stands at intake now."""
        request = intake_service_pb2.GetEscalationRequest(escalation_id=escalation)
        with _asking("intake"):
            answer = self._intake.GetEscalation(request, metadata=_for(call))
            found = answer.case_file
            need_by = from_message(found.need_by, NeedBy) if found.HasField("need_by") else None
        return CaseFile(found.customer, found.order, need_by, found.restatement.confirmed)


class Authority:
    """Routing, which knows who owns a case and what they may grant."""

    def __init__(self, channels: Channels) -> None:
        self._routing = RoutingServiceStub(channels.to("routing"))

    def reserve(self, call: Call, escalation: EscalationId, uses: Sequence[Use]) -> Reservation:
        """Sets the caller's authority aside; the same uses of the same call only once.

        Raises:
            RemoteRefusal: NOT_THE_OWNER, AUTHORITY_EXCEEDED or CURRENCY_NOT_GRANTED.
        """
        wanted = [_use(use) for use in uses]
        # What is asked is part of the target: quotes that changed since are another question.
        asked = "|".join(f"{use.remedy},{use.need.action.name},{use.need.amount}" for use in uses)
        request = routing_service_pb2.ReserveAuthorityRequest(
            request_id=derived_request_id(
                call.request_id, "ReserveAuthority", f"{call.who.subject}|{escalation}|{asked}"
            ),
            escalation_id=escalation,
            uses=wanted,
        )
        with _asking("routing"):
            answer = self._routing.ReserveAuthority(request, metadata=as_caller(call))
        return Reservation(
            ReservationId(answer.reservation_id), DecisionMakerId(answer.decision_maker_id)
        )


class Merchant:
    """The merchant's own system behind CommerceService; keys are ours, one per remedy."""

    def __init__(self, channels: Channels) -> None:
        self._commerce = CommerceServiceStub(channels.to("commerce"))

    def goods(
        self, call: Call, order: str, skus: Collection[str] | None = None
    ) -> tuple[Goods, ...]:
        """Every line of the order, with quotes for the named ones (None: for all)."""
        request = commerce_service_pb2.GetOrderRequest(order=order)
        with _asking(_MERCHANT):
            found = self._commerce.GetOrder(request, metadata=_for(call))
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
        with _asking(_MERCHANT):
            answer = self._commerce.GetReplacement(request, metadata=_for(call))
            return from_message(answer.replacement, Replacement)

    def order_replacement(
        self, call: Call, key: RemedyId, order: str, sku: str, service: str
    ) -> Replacement:
        """Has the goods sent again, once per key."""
        request = commerce_service_pb2.CreateReplacementRequest(
            key=key, order=order, sku=sku, service=service
        )
        with _asking(_MERCHANT):
            answer = self._commerce.CreateReplacement(request, metadata=_for(call))
            return from_message(answer.replacement, Replacement)

    def request_return(self, call: Call, key: RemedyId, order: str, sku: str) -> Return | None:
        """Asks for the faulty goods back, once per key; nothing waits for them (S39).

        None where the order is not known (any more): the replacement was taken all the same.
        """
        request = commerce_service_pb2.RequestReturnRequest(key=key, order=order, sku=sku)
        if not order:
            return None
        try:
            with _asking(_MERCHANT):
                answer = self._commerce.RequestReturn(request, metadata=_for(call))
                return from_message(answer, Return)
        except RemoteRefusal as refusal:
            if refusal.reason not in REFUSED_FOR_GOOD:
                raise
            return None

    def find_credit(self, call: Call, key: RemedyId) -> Credit | None:
        """The coupon under our key, None where the merchant never gave one."""
        request = commerce_service_pb2.GetCreditRequest(key=key)
        try:
            with _asking(_MERCHANT):
                answer = self._commerce.GetCredit(request, metadata=_for(call))
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
        with _asking(_MERCHANT):
            answer = self._commerce.IssueCredit(request, metadata=_for(call))
            return from_message(answer.credit, Credit)

    def _quotes(self, call: Call, order: str, sku: str) -> tuple[Quote, ...]:
        request = commerce_service_pb2.QuoteShippingRequest(order=order, sku=sku)
        with _asking(_MERCHANT):
            answer = self._commerce.QuoteShipping(request, metadata=_for(call))
            return tuple(from_message(quote, Quote) for quote in answer.quotes)


def _for(call: Call) -> tuple[tuple[str, str], ...]:
    """As this service, for the call's tenant."""
    return as_tenant(call.actor.tenant, call.causation_id)


def _use(use: Use) -> routing_events_pb2.AuthorityUse:
    need = to_message(use.need, types_pb2.AuthorityNeed)
    return routing_events_pb2.AuthorityUse(
        remedy_id=use.remedy, action=need.action, amount=need.amount
    )


@contextmanager
def _asking(dependency: str) -> Iterator[None]:
    """Turns a failed call into a refusal: theirs, or that they cannot be asked now."""
    try:
        yield
    except grpc.RpcError as error:
        raise refusal_of(error, dependency) from error
    except (InvalidField, InvalidMoney) as error:
        raise DependencyUnavailable(dependency) from error
