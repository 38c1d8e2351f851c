"""The merchant's own books, as its side of the contract tells them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import grpc
from google.type import money_pb2

from amends.rpc.channel import Channels, as_tenant
from amends.rpc.status import refusal_of
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub

REFUND, REPLACEMENT, CREDIT = "refund", "replacement", "credit"
_GONE = {"CANCELLED", "FAILED", "VOIDED"}
_NANOS = 1_000_000_000


class Amount(NamedTuple):
    """Of money, in billionths of the currency's unit: as exact as the wire."""

    currency: str
    nanos: int

    def __str__(self) -> str:
        return f"{self.nanos / _NANOS:.2f} {self.currency}"


class Key(NamedTuple):
    """Under which something stands at the merchant."""

    tenant: str
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Creation:
    """What stands there; `reference` is the escalation where it names one."""

    key: Key
    state: str
    amount: Amount
    reference: str = ""

    @property
    def stands(self) -> bool:
        """Whether the customer has it or will have it."""
        return self.state not in _GONE


class Merchant:
    """Asked as a service; for one tenant at a time."""

    def __init__(self, channels: Channels) -> None:
        self._commerce = CommerceServiceStub(channels.to("commerce"))

    def creations(self, tenant: str) -> Iterator[Creation]:
        """Everything that it created.

        Raises:
            grpc.RpcError: it does not answer.
        """
        request = pb.ListCreationsRequest()
        while True:
            page = self._commerce.ListCreations(request, metadata=as_tenant(tenant))
            yield from (_refund(tenant, one) for one in page.refunds)
            yield from (_replacement(tenant, one) for one in page.replacements)
            yield from (_credit(tenant, one) for one in page.credits)
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def find(self, key: Key) -> Creation | None:
        """What stands under a key now."""
        try:
            return self._find(key)
        except grpc.RpcError as error:
            if refusal_of(error).reason.endswith("_NOT_FOUND"):
                return None
            raise

    def _find(self, key: Key) -> Creation:
        whose, asked = as_tenant(key.tenant), {"key": key.key}
        match key.kind:
            case "refund":
                sent = self._commerce.GetRefund(pb.GetRefundRequest(**asked), metadata=whose)
                return _refund(key.tenant, sent.refund)
            case "replacement":
                request = pb.GetReplacementRequest(**asked)
                again = self._commerce.GetReplacement(request, metadata=whose)
                return _replacement(key.tenant, again.replacement)
            case _:
                given = self._commerce.GetCredit(pb.GetCreditRequest(**asked), metadata=whose)
                return _credit(key.tenant, given.credit)


def amount_of(money: money_pb2.Money) -> Amount:
    """An amount as the wire carries it."""
    return Amount(money.currency_code, money.units * _NANOS + money.nanos)


def _refund(tenant: str, one: pb.Refund) -> Creation:
    state = _word(pb.RefundState, one.state, "REFUND_STATE_")
    return Creation(Key(tenant, REFUND, one.key), state, amount_of(one.amount), one.reference)


def _replacement(tenant: str, one: pb.Replacement) -> Creation:
    state = _word(pb.ReplacementState, one.state, "REPLACEMENT_STATE_")
    return Creation(Key(tenant, REPLACEMENT, one.key), state, amount_of(one.price))


def _credit(tenant: str, one: pb.Credit) -> Creation:
    state = _word(pb.CreditState, one.state, "CREDIT_STATE_")
    return Creation(Key(tenant, CREDIT, one.key), state, amount_of(one.amount))


def _word(enum: Any, value: int, prefix: str) -> str:  # noqa: ANN401 - protobuf's enum wrapper
    return str(enum.Name(value)).removeprefix(prefix)
