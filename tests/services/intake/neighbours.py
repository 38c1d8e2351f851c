"""Intake's neighbours: small servers of the same contract, told by the test what they say."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

from google.protobuf.message import Message
from grpc import ServicerContext

from amends.eventstore.records import Envelope, EventMeta
from amends.eventstore.streams import stream_of
from amends.rpc.identity import call_of
from amends.v1 import commerce_service_pb2 as commerce
from amends.v1 import event_pb2
from amends.v1.eventlog_service_pb2_grpc import EventLogServiceServicer
from amends.values.identity import Tenant
from amends.values.refusal import Refusal

SHOP = Tenant("sole-mates")


@dataclass
class Owner(EventLogServiceServicer):
    """A service that says events and answers ReadEvents."""

    name: str
    said: dict[tuple[str, str], list[Envelope]] = field(default_factory=dict)

    def say(
        self, subject: str, event: Message, *, tenant: Tenant = SHOP, at: datetime | None = None
    ) -> Envelope:
        """The next event about a subject, in this service's log from now on."""
        log = self.said.setdefault((tenant, subject), [])
        now = at or datetime.now(UTC)
        log.append(
            Envelope(
                source=self.name,
                event_id=str(uuid.uuid4()),
                stream=stream_of(tenant, subject),
                version=len(log) + 1,
                type=event.DESCRIPTOR.full_name,
                data=event.SerializeToString(),
                meta=EventMeta(tenant, "workflow", "service", "", subject, "", now),
                recorded_at=now,
                hash=b"",
            )
        )
        return log[-1]

    def ReadEvents(  # noqa: N802 - gRPC's name
        self, request: event_pb2.ReadEventsRequest, context: ServicerContext
    ) -> event_pb2.ReadEventsResponse:
        """What came after a version."""
        tenant = call_of(context, request).actor.tenant
        found: Sequence[Envelope] = self.said.get((tenant, request.subject), ())
        return event_pb2.ReadEventsResponse(
            events=[one.to_message() for one in found[request.after_version :]]
        )


class OrderNotFound(Refusal):
    reason = "ORDER_NOT_FOUND"


class CustomerNotFound(Refusal):
    reason = "CUSTOMER_NOT_FOUND"


@dataclass
class Shop:
    """A merchant with as many orders and customers as the test gives it; asked for no more."""

    orders: dict[str, commerce.GetOrderResponse] = field(default_factory=dict)
    customers: dict[str, commerce.GetCustomerResponse] = field(default_factory=dict)

    def GetOrder(  # noqa: N802 - gRPC's name
        self, request: commerce.GetOrderRequest, _context: ServicerContext
    ) -> commerce.GetOrderResponse:
        if request.order not in self.orders:
            raise OrderNotFound("no such order")
        return self.orders[request.order]

    def GetCustomer(  # noqa: N802 - gRPC's name
        self, request: commerce.GetCustomerRequest, _context: ServicerContext
    ) -> commerce.GetCustomerResponse:
        if request.customer not in self.customers:
            raise CustomerNotFound("no such customer")
        return self.customers[request.customer]


def _not_asked(self: Shop, request: Message, context: ServicerContext) -> NoReturn:
    raise AssertionError("intake never asks the shop for this")


for _rpc in commerce.DESCRIPTOR.services_by_name["CommerceService"].methods:
    if not hasattr(Shop, _rpc.name):
        setattr(Shop, _rpc.name, _not_asked)
