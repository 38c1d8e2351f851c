"""The gRPC edge of reservations."""

from functools import partial

from amends.rpc.identity import call_of
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from services.routing.handlers.reservations import ReservationHandlers
from services.routing.servicer.edge import Context, Now
from services.routing.wire import reservations as wire


class ReservationRpcs(RoutingServiceServicer):
    """Authority that is set aside for offers."""

    _reservations: ReservationHandlers
    _now: Now

    def ReserveAuthority(
        self, request: pb.ReserveAuthorityRequest, context: Context
    ) -> pb.ReserveAuthorityResponse:
        """What is set aside of the authority of whom the service calls for."""
        call = call_of(context, request)
        command = wire.reserve_authority(request, call, self._now())
        respond = partial(wire.reserved, command.reservation)
        return self._reservations.reserve(command, call, respond)

    def GetOwnEntry(
        self, request: pb.GetOwnEntryRequest, context: Context
    ) -> pb.GetOwnEntryResponse:
        """Who the service calls for."""
        found = self._reservations.own_entry(call_of(context, request))
        return pb.GetOwnEntryResponse(
            decision_maker_id=found.decision_maker, public_name=found.public_name
        )
