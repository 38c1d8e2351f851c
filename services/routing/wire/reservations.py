"""Reservations as the contract spells them."""

from datetime import datetime

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import routing_events_pb2 as events_pb
from amends.v1 import routing_service_pb2 as pb
from amends.values.identity import Call, ReservationId
from services.routing.domain.reservations import Reservations
from services.routing.domain.reserving import Authority, ReserveAuthority


def reserve_authority(
    request: pb.ReserveAuthorityRequest, call: Call, at: datetime
) -> ReserveAuthority:
    """The command of a request, for the person whom the service calls for."""
    return from_message(
        request,
        ReserveAuthority,
        reservation=ReservationId(call.new_id("rsv_")),
        by=call.who.subject,
        at=at,
    )


def reserved(
    reservation: ReservationId, recorded: Recorded[Reservations], authority: Authority
) -> pb.ReserveAuthorityResponse:
    """What is set aside, with the grants that cover it."""
    stands = recorded.state.by_id[reservation]
    entry = authority.entry(stands.decision_maker)
    return pb.ReserveAuthorityResponse(
        reservation_id=reservation,
        decision_maker_id=stands.decision_maker,
        public_name=entry.public_name if entry else "",
        uses=[to_message(use, events_pb.AuthorityUse) for use in stands.uses],
        version=recorded.version,
        reserved_at=to_timestamp(stands.reserved_at),
    )
