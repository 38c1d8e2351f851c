"""The gRPC edge: translate, call, translate."""

from collections.abc import Iterator
from functools import partial

import grpc

from amends.clock import Clock
from amends.eventstore.streams import case_stream
from amends.rpc.identity import call_of
from amends.rpc.streams import stays_open
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from amends.values.identity import AssignmentId, Call, DecisionMakerId, EscalationId, Role, Subject
from services.routing import wire
from services.routing.domain.answering import AcceptAssignment, DeclineAssignment
from services.routing.domain.directory import DecisionMakerNotFound
from services.routing.handlers import (
    AssignmentHandlers,
    DirectoryHandlers,
    ReservationHandlers,
    RoutingHandlers,
)
from services.routing.queries import Queries
from services.routing.watching import Watching

Context = grpc.ServicerContext
_USUAL_PAGE = 50


class RoutingServicer(RoutingServiceServicer):
    """RoutingService."""

    def __init__(  # noqa: PLR0913 - bootstrap's wiring, once
        self,
        *,
        directory: DirectoryHandlers,
        routing: RoutingHandlers,
        assignments: AssignmentHandlers,
        reservations: ReservationHandlers,
        queries: Queries,
        watching: Watching,
        clock: Clock,
    ) -> None:
        self._directory = directory
        self._routing = routing
        self._assignments = assignments
        self._reservations = reservations
        self._queries = queries
        self._watching = watching
        self._clock = clock

    def UpdateDecisionMaker(
        self, request: pb.UpdateDecisionMakerRequest, context: Context
    ) -> pb.UpdateDecisionMakerResponse:
        """The entry as it stands."""
        command = wire.update_decision_maker(request)
        return self._directory.decide(command, call_of(context, request), wire.updated)

    def GetDecisionMaker(
        self, request: pb.GetDecisionMakerRequest, context: Context
    ) -> pb.GetDecisionMakerResponse:
        """One entry."""
        tenant = call_of(context, request).actor.tenant
        entry = self._queries.entry(tenant, DecisionMakerId(request.decision_maker_id))
        if entry is None:
            raise DecisionMakerNotFound(request.decision_maker_id)
        told = wire.decision_maker(entry, self._clock.now())
        return pb.GetDecisionMakerResponse(decision_maker=told)

    def ListDecisionMakers(
        self, request: pb.ListDecisionMakersRequest, context: Context
    ) -> pb.ListDecisionMakersResponse:
        """A page of the directory, least senior first."""
        tenant = call_of(context, request).actor.tenant
        size = request.page_size or _USUAL_PAGE
        after = wire.directory_place(request.page_token)
        found = self._queries.entries(tenant, after, size + 1)
        page, now = found[:size], self._clock.now()
        return pb.ListDecisionMakersResponse(
            decision_makers=[wire.decision_maker(entry, now) for entry in page],
            next_page_token=wire.directory_token(page[-1]) if len(found) > size else "",
        )

    def GrantAuthority(
        self, request: pb.GrantAuthorityRequest, context: Context
    ) -> pb.GrantAuthorityResponse:
        """The grant that stands."""
        call = call_of(context, request)
        command = wire.grant_authority(request, call)
        return self._directory.grant(command, call, partial(wire.granted, command))

    def RevokeAuthority(
        self, request: pb.RevokeAuthorityRequest, context: Context
    ) -> pb.RevokeAuthorityResponse:
        """The version without it."""
        command = wire.revoke_authority(request)
        return self._directory.grant(command, call_of(context, request), wire.revoked)

    def SetAvailability(
        self, request: pb.SetAvailabilityRequest, context: Context
    ) -> pb.SetAvailabilityResponse:
        """It is known now."""
        call = call_of(context, request)
        command = wire.set_availability(request, call, self._clock.now())
        return self._directory.decide(command, call, wire.available)

    def PreviewRoute(
        self, request: pb.PreviewRouteRequest, context: Context
    ) -> pb.PreviewRouteResponse:
        """Who would get it, and why each other would not."""
        tenant = call_of(context, request).actor.tenant
        stream = case_stream(tenant, EscalationId(request.escalation_id))
        return wire.previewed(self._routing.preview(stream, self._clock.now()))

    def RouteEscalation(
        self, request: pb.RouteEscalationRequest, context: Context
    ) -> pb.RouteEscalationResponse:
        """Who was asked, or when to look again."""
        call = call_of(context, request)
        command = wire.route_escalation(request, call, self._clock.now())
        return self._routing.route(command, call, wire.routed)

    def ExpireAssignment(
        self, request: pb.ExpireAssignmentRequest, context: Context
    ) -> pb.ExpireAssignmentResponse:
        """How the assignment stands."""
        command = wire.expire_assignment(request, self._clock.now())
        respond = partial(wire.expired, command.assignment)
        return self._assignments.decide(command, call_of(context, request), respond)

    def AcceptAssignment(
        self, request: pb.AcceptAssignmentRequest, context: Context
    ) -> pb.AcceptAssignmentResponse:
        """The caller owns it now."""
        call, which = call_of(context, request), AssignmentId(request.assignment_id)
        escalation = self._assignments.case_of(which, call.actor.tenant)
        command = AcceptAssignment(escalation, which, call.who.subject, self._clock.now())
        return self._assignments.decide(command, call, partial(wire.accepted, which))

    def DeclineAssignment(
        self, request: pb.DeclineAssignmentRequest, context: Context
    ) -> pb.DeclineAssignmentResponse:
        """It goes to the next holder."""
        call, which = call_of(context, request), AssignmentId(request.assignment_id)
        command = DeclineAssignment(
            escalation=self._assignments.case_of(which, call.actor.tenant),
            assignment=which,
            by=call.who.subject,
            reason=request.reason,
            at=self._clock.now(),
        )
        return self._assignments.decide(command, call, wire.declined)

    def ListAssignments(
        self, request: pb.ListAssignmentsRequest, context: Context
    ) -> pb.ListAssignmentsResponse:
        """A page of the caller's queue, most urgent first."""
        call = call_of(context, request)
        size = request.page_size or _USUAL_PAGE
        found = self._queries.queue(
            call.actor.tenant,
            _whose(call),
            decided=request.include_decided,
            after=wire.queue_place(request.page_token),
            limit=size + 1,
        )
        page, now = found[:size], self._clock.now()
        return pb.ListAssignmentsResponse(
            assignments=[wire.assignment(item, now) for _, item in page],
            next_page_token=wire.queue_token(page[-1][0]) if len(found) > size else "",
        )

    def WatchAssignments(
        self, request: pb.WatchAssignmentsRequest, context: Context
    ) -> Iterator[pb.WatchAssignmentsResponse]:
        """What stands in the caller's queue, then each change."""
        call = call_of(context, request)
        after = wire.watch_position(request.watch_token) if request.watch_token else None
        still = partial(stays_open, context)
        for item, position in self._watching.follow(call.actor.tenant, _whose(call), after, still):
            told = wire.assignment(item, self._clock.now())
            yield pb.WatchAssignmentsResponse(assignment=told, watch_token=str(position))

    def ReserveAuthority(
        self, request: pb.ReserveAuthorityRequest, context: Context
    ) -> pb.ReserveAuthorityResponse:
        """What is set aside for the person whom the service calls for."""
        call = call_of(context, request)
        command = wire.reserve_authority(request, call, self._clock.now())
        respond = partial(wire.reserved, command.reservation)
        return self._reservations.reserve(command, call, respond)


def _whose(call: Call) -> Subject | None:
    """Whose queue a caller sees; operations see everybody's."""
    return None if call.actor.role is Role.OPERATIONS else call.actor.subject
