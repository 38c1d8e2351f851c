"""The gRPC edge of assignments: who is asked, and what they answer."""

from functools import partial

from amends.eventstore.log import Recorded
from amends.eventstore.streams import case_stream
from amends.rpc.identity import call_of
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from amends.values.identity import AssignmentId, EscalationId
from amends.values.personal import Personal
from services.routing.domain.answering import AcceptAssignment, DeclineAssignment
from services.routing.domain.assignments import Assignments
from services.routing.handlers.assignments import AssignmentHandlers
from services.routing.handlers.routing import RoutingHandlers
from services.routing.servicer.edge import Context, Now
from services.routing.wire import routing as wire


class AssignmentRpcs(RoutingServiceServicer):
    """Who is asked to take a case, and what they answer."""

    _routing: RoutingHandlers
    _assignments: AssignmentHandlers
    _now: Now

    def PreviewRoute(
        self, request: pb.PreviewRouteRequest, context: Context
    ) -> pb.PreviewRouteResponse:
        """Who would get it, and why each other would not."""
        tenant = call_of(context, request).actor.tenant
        stream = case_stream(tenant, EscalationId(request.escalation_id))
        return wire.previewed(self._routing.preview(stream, self._now()))

    def RouteEscalation(
        self, request: pb.RouteEscalationRequest, context: Context
    ) -> pb.RouteEscalationResponse:
        """Who was asked, or when to look again."""
        call = call_of(context, request)
        command = wire.route_escalation(request, call, self._now())
        return self._routing.route(command, call, wire.routed)

    def ExpireAssignment(
        self, request: pb.ExpireAssignmentRequest, context: Context
    ) -> pb.ExpireAssignmentResponse:
        """How the assignment stands."""
        command = wire.expire_assignment(request, self._now())
        respond = partial(wire.expired, command.assignment)
        return self._assignments.decide(command, call_of(context, request), respond)

    def AcceptAssignment(
        self, request: pb.AcceptAssignmentRequest, context: Context
    ) -> pb.AcceptAssignmentResponse:
        """The caller owns it now."""
        call, which = call_of(context, request), AssignmentId(request.assignment_id)
        escalation = self._assignments.case_of(which, call)
        command = AcceptAssignment(escalation, which, call.who.subject, self._now())
        return self._assignments.decide(command, call, partial(wire.accepted, which))

    def DeclineAssignment(
        self, request: pb.DeclineAssignmentRequest, context: Context
    ) -> pb.DeclineAssignmentResponse:
        """It goes to the next holder."""
        call, which = call_of(context, request), AssignmentId(request.assignment_id)
        command = DeclineAssignment(
            escalation=self._assignments.case_of(which, call),
            assignment=which,
            by=call.who.subject,
            reason=request.reason,
            note=Personal(request.note) if request.note else None,
            at=self._now(),
        )
        return self._assignments.decide(command, call, _declined)


def _declined(recorded: Recorded[Assignments]) -> pb.DeclineAssignmentResponse:
    return pb.DeclineAssignmentResponse(
        escalation_id=recorded.stream.subject, version=recorded.version
    )
