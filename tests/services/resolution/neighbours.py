"""Whom resolution asks, as small servers of the same contracts: their logs and their answers."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import grpc
from google.protobuf.message import Message
from google.type import money_pb2
from grpc_status import rpc_status

from amends.eventstore.records import Envelope, EventMeta, to_timestamp
from amends.eventstore.streams import stream_of
from amends.rpc.status import to_status
from amends.v1 import (
    commerce_service_pb2,
    event_pb2,
    intake_service_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.v1.commerce_service_pb2_grpc import (
    CommerceServiceServicer,
    add_CommerceServiceServicer_to_server,
)
from amends.v1.eventlog_service_pb2_grpc import (
    EventLogServiceServicer,
    add_EventLogServiceServicer_to_server,
)
from amends.v1.intake_service_pb2_grpc import (
    IntakeServiceServicer,
    add_IntakeServiceServicer_to_server,
)
from amends.v1.routing_service_pb2_grpc import (
    RoutingServiceServicer,
    add_RoutingServiceServicer_to_server,
)
from amends.values.identity import Tenant
from amends.values.money import Money
from amends.values.refusal import Refusal

SHOP = Tenant("sole-mates")
ORDER, CUSTOMER, SKU = "SM-20418", "C-1042", "FB-PREDATOR-42"
HOUR = timedelta(hours=1)
Context = Any
"""A grpc.ServicerContext."""


def pounds(minor: int) -> money_pb2.Money:
    """So many pence on the wire."""
    units, nanos = Money("GBP", minor).to_units()
    return money_pb2.Money(currency_code="GBP", units=units, nanos=nanos)


def refuse(context: Context, reason: str) -> NoReturn:
    """Ends the call as a service of ours does."""
    refusal = type("Refused", (Refusal,), {"reason": reason})
    context.abort_with_status(rpc_status.to_status(to_status(refusal(reason.lower()))))
    raise AssertionError(reason)


@dataclass
class Log(EventLogServiceServicer):
    """A service that says events and answers ReadEvents."""

    name: str
    said: dict[str, list[Envelope]] = field(default_factory=dict)

    def say(self, subject: str, event: Message) -> Envelope:
        """The next event about a subject, in this service's log from now on."""
        log = self.said.setdefault(subject, [])
        now = datetime.now(UTC)
        log.append(
            Envelope(
                source=self.name,
                event_id=str(uuid.uuid4()),
                stream=stream_of(SHOP, subject),
                version=len(log) + 1,
                type=event.DESCRIPTOR.full_name,
                data=event.SerializeToString(),
                meta=EventMeta(SHOP, "somebody", "service", "", subject, "", now),
                recorded_at=now,
                hash=b"",
            )
        )
        return log[-1]

    def ReadEvents(  # noqa: N802 - the name of gRPC
        self, request: event_pb2.ReadEventsRequest, context: Context
    ) -> event_pb2.ReadEventsResponse:
        """What came after a version; nothing in another tenant."""
        found = self.said.get(request.subject, []) if _tenant(context) == SHOP else []
        after = found[request.after_version :]
        return event_pb2.ReadEventsResponse(events=[one.to_message() for one in after])


@dataclass
class Intake(IntakeServiceServicer):
    """Knows the case file, which is the tests' to change."""

    confirmed: bool = True
    need_by: datetime | None = None
    customer: str = CUSTOMER
    order: str = ORDER
    sought: types_pb2.RemedySought | None = None

    def GetEscalation(  # noqa: N802 - the name of gRPC
        self, request: intake_service_pb2.GetEscalationRequest, _context: Context
    ) -> intake_service_pb2.GetEscalationResponse:
        """The references in clear."""
        found = intake_service_pb2.CaseFile(
            escalation_id=request.escalation_id,
            customer=self.customer,
            order=self.order,
            remedy_sought=self.sought,
        )
        found.restatement.confirmed = self.confirmed
        if self.need_by is not None:
            found.need_by.zone = "Europe/London"
            found.need_by.by.CopyFrom(to_timestamp(self.need_by))
        return intake_service_pb2.GetEscalationResponse(case_file=found)


@dataclass
class Routing(RoutingServiceServicer):
    """Reserves, or refuses with `refusal`; keeps what was asked and for whom.

    Whoever stands in for a draft is Helen here, and is refused with `helens_refusal`.
    """

    maya: str
    helen: str = "dm_helen"
    refusal: str = ""
    helens_refusal: str = ""
    reserved_at: Callable[[], datetime] = lambda: datetime.now(UTC)
    asked: list[routing_service_pb2.ReserveAuthorityRequest] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)

    def ReserveAuthority(  # noqa: N802 - the name of gRPC
        self, request: routing_service_pb2.ReserveAuthorityRequest, context: Context
    ) -> routing_service_pb2.ReserveAuthorityResponse:
        """The same reservation for the same request."""
        self.asked.append(request)
        self.callers.append(dict(context.invocation_metadata()).get("amends-caller", ""))
        drafted = bool(request.drafted_by)
        refusal = self.helens_refusal if drafted else self.refusal
        if refusal:
            refuse(context, refusal)
        return routing_service_pb2.ReserveAuthorityResponse(
            reservation_id=f"rsv_{uuid.UUID(request.request_id).hex}",
            decision_maker_id=self.helen if drafted else self.maya,
            public_name="Helen" if drafted else "Maya",
            reserved_at=to_timestamp(self.reserved_at()),
        )

    def GetOwnEntry(  # noqa: N802 - the name of gRPC
        self, _request: routing_service_pb2.GetOwnEntryRequest, context: Context
    ) -> routing_service_pb2.GetOwnEntryResponse:
        """Helen, unless she is refused."""
        if self.helens_refusal:
            refuse(context, self.helens_refusal)
        return routing_service_pb2.GetOwnEntryResponse(decision_maker_id=self.helen)


@dataclass
class Merchant(CommerceServiceServicer):
    """A merchant that keeps its word: one replacement, credit and return per key.

    `breaks_after` names an RPC that does its work and then is heard of no more, once; `refusal`
    is what CreateReplacement says instead; `courier` is the price of the same-day courier.
    """

    now: Callable[[], datetime]
    breaks_after: str = ""
    refusal: str = ""
    courier: int = 1490
    replacements: dict[str, commerce_service_pb2.Replacement] = field(default_factory=dict)
    credits: dict[str, commerce_service_pb2.Credit] = field(default_factory=dict)
    created: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def GetOrder(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.GetOrderRequest, context: Context
    ) -> commerce_service_pb2.GetOrderResponse:
        """One line: the football shoes."""
        if request.order != ORDER:
            refuse(context, "ORDER_NOT_FOUND")
        line = commerce_service_pb2.OrderLine(sku=SKU, quantity=1, price=pounds(6490))
        return commerce_service_pb2.GetOrderResponse(order=ORDER, customer=CUSTOMER, lines=[line])

    def QuoteShipping(  # noqa: N802 - the name of gRPC
        self, _request: commerce_service_pb2.QuoteShippingRequest, _context: Context
    ) -> commerce_service_pb2.QuoteShippingResponse:
        """A courier within six hours, the rest tomorrow or later."""
        ways = (
            ("standard", 0, 72 * HOUR, False),
            ("next-day", 590, 23 * HOUR, True),
            ("same-day-courier", self.courier, 6 * HOUR, True),
        )
        quotes = [self._quote(*way) for way in ways]
        return commerce_service_pb2.QuoteShippingResponse(quotes=quotes, in_stock=3)

    def CreateReplacement(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.CreateReplacementRequest, context: Context
    ) -> commerce_service_pb2.CreateReplacementResponse:
        """Once per key."""
        self.calls["CreateReplacement"] += 1
        if self.refusal:
            refuse(context, self.refusal)
        with self.one_at_a_time:
            if request.key not in self.replacements:
                self.created["replacement"] += 1
                self.replacements[request.key] = self._replacement(request)
        self._maybe_break("CreateReplacement", context)
        found = self.replacements[request.key]
        return commerce_service_pb2.CreateReplacementResponse(replacement=found)

    def GetReplacement(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.GetReplacementRequest, context: Context
    ) -> commerce_service_pb2.GetReplacementResponse:
        """By its key."""
        if request.key not in self.replacements:
            refuse(context, "REPLACEMENT_NOT_FOUND")
        found = self.replacements[request.key]
        return commerce_service_pb2.GetReplacementResponse(replacement=found)

    def RequestReturn(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.RequestReturnRequest, context: Context
    ) -> commerce_service_pb2.RequestReturnResponse:
        """Within two weeks."""
        self._maybe_break("RequestReturn", context)
        return commerce_service_pb2.RequestReturnResponse(
            return_id=f"ret_{request.key}", return_by=to_timestamp(self.now() + 336 * HOUR)
        )

    def IssueCredit(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.IssueCreditRequest, context: Context
    ) -> commerce_service_pb2.IssueCreditResponse:
        """Once per key."""
        self.calls["IssueCredit"] += 1
        if request.key not in self.credits:
            self.created["credit"] += 1
            self.credits[request.key] = commerce_service_pb2.Credit(
                credit_id=f"crd_{request.key}", key=request.key, amount=request.amount
            )
        self._maybe_break("IssueCredit", context)
        return commerce_service_pb2.IssueCreditResponse(credit=self.credits[request.key])

    def GetCredit(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.GetCreditRequest, context: Context
    ) -> commerce_service_pb2.GetCreditResponse:
        """By its key."""
        if request.key not in self.credits:
            refuse(context, "CREDIT_NOT_FOUND")
        return commerce_service_pb2.GetCreditResponse(credit=self.credits[request.key])

    def CloseKey(  # noqa: N802 - the name of gRPC
        self, request: commerce_service_pb2.CloseKeyRequest, _context: Context
    ) -> commerce_service_pb2.CloseKeyResponse:
        """What stands under the key; nothing of ours is made later, so that none is noted."""
        return commerce_service_pb2.CloseKeyResponse(
            replacement=self.replacements.get(request.key), credit=self.credits.get(request.key)
        )

    def _maybe_break(self, rpc: str, context: Context) -> None:
        if self.breaks_after == rpc:
            self.breaks_after = ""
            context.abort(grpc.StatusCode.INTERNAL, "the line is dead")

    def _quote(
        self,
        service: str,
        price: int,
        takes: timedelta,
        expedited: bool,  # noqa: FBT001
    ) -> commerce_service_pb2.ShippingQuote:
        arrives = self.now() + takes
        return commerce_service_pb2.ShippingQuote(
            service=service,
            price=pounds(price),
            cut_off=to_timestamp(self.now() + HOUR),
            ships_by=to_timestamp(self.now() + HOUR / 2),
            arrives_from=to_timestamp(arrives - HOUR),
            arrives_by=to_timestamp(arrives),
            expedited=expedited,
        )

    def _replacement(
        self, request: commerce_service_pb2.CreateReplacementRequest
    ) -> commerce_service_pb2.Replacement:
        return commerce_service_pb2.Replacement(
            replacement_id=f"rep_{request.key}",
            key=request.key,
            service=request.service,
            state="REPLACEMENT_STATE_ORDERED",
            ships_by=to_timestamp(self.now() + HOUR / 2),
            arrives_by=to_timestamp(self.now() + 5 * HOUR),
        )


class Neighbour:
    """One gRPC server on a port of its own."""

    def __init__(self, log: Log | None = None, **servicers: object) -> None:
        self._server = grpc.server(ThreadPoolExecutor(4))
        if log is not None:
            add_EventLogServiceServicer_to_server(log, self._server)
        for name, servicer in servicers.items():
            _REGISTER[name](servicer, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def stop(self) -> None:
        """Ends it."""
        self._server.stop(None).wait()


_REGISTER: dict[str, Callable[[Any, grpc.Server], None]] = {
    "intake": add_IntakeServiceServicer_to_server,
    "routing": add_RoutingServiceServicer_to_server,
    "commerce": add_CommerceServiceServicer_to_server,
}


def _tenant(context: Context) -> str:
    return str(dict(context.invocation_metadata()).get("amends-tenant", ""))
