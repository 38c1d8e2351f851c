"""The gRPC edge of ownership: a case goes from one owner to another."""

from functools import partial

from amends.rpc.identity import call_of
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from amends.values.identity import HandOverId
from services.routing.domain.handing_over import AcceptHandOver, ReturnHandOver
from services.routing.handlers.ownership import OwnershipHandlers
from services.routing.servicer.edge import Context, Now
from services.routing.wire import ownership as wire


class OwnershipRpcs(RoutingServiceServicer):
    """A case goes from one owner to another."""

    _ownership: OwnershipHandlers
    _now: Now

    def HandOver(self, request: pb.HandOverRequest, context: Context) -> pb.HandOverResponse:
        """It waits for the receiver; the caller owns the case until then."""
        call = call_of(context, request)
        command = wire.hand_over(request, call, self._now())
        respond = partial(wire.hand_over_offered, command.hand_over)
        return self._ownership.decide(command, call, respond)

    def AcceptHandOver(
        self, request: pb.AcceptHandOverRequest, context: Context
    ) -> pb.AcceptHandOverResponse:
        """The caller owns it now."""
        call, which = call_of(context, request), HandOverId(request.hand_over_id)
        escalation = self._ownership.case_of(which, call)
        command = AcceptHandOver(escalation, which, call.who.subject, self._now())
        return self._ownership.decide(command, call, wire.hand_over_accepted)

    def ReturnHandOver(
        self, request: pb.ReturnHandOverRequest, context: Context
    ) -> pb.ReturnHandOverResponse:
        """How the hand-over stands."""
        call, which = call_of(context, request), HandOverId(request.hand_over_id)
        escalation = self._ownership.case_of(which, call)
        command = ReturnHandOver(escalation, which, call.who, self._now())
        return self._ownership.decide(command, call, partial(wire.hand_over_returned, which))

    def TakeOver(self, request: pb.TakeOverRequest, context: Context) -> pb.TakeOverResponse:
        """Who owns it from now on."""
        call = call_of(context, request)
        command = wire.take_over(request, call, self._now())
        return self._ownership.give(command, call, wire.taken_over)

    def Deescalate(self, request: pb.DeescalateRequest, context: Context) -> pb.DeescalateResponse:
        """Who owns it from now on."""
        call = call_of(context, request)
        command = wire.deescalate(request, call, self._now())
        return self._ownership.give(command, call, wire.deescalated)
