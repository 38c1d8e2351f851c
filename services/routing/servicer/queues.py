"""The gRPC edge of queues: what waits for whom, and what changes in it."""

from collections.abc import Iterator
from functools import partial

from amends.eventstore.sealing import Vault
from amends.rpc.identity import call_of
from amends.rpc.streams import stays_open
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from amends.values.identity import AssignmentId, Call, Role, Subject
from services.routing.domain.assignment import AssignmentNotFound
from services.routing.read_models.queries import Queries
from services.routing.servicer.edge import Context, Now
from services.routing.servicer.paging import USUAL_PAGE, queue_place, queue_token
from services.routing.servicer.watching import Watching
from services.routing.wire import queue as wire


class QueueRpcs(RoutingServiceServicer):
    """What waits for whom; `vault` opens notes for those who may read them."""

    _queries: Queries
    _watching: Watching
    _vault: Vault
    _now: Now

    def GetAssignment(
        self, request: pb.GetAssignmentRequest, context: Context
    ) -> pb.GetAssignmentResponse:
        """One assignment that asks, or asked, the caller."""
        call, which = call_of(context, request), AssignmentId(request.assignment_id)
        found = self._queries.queues.one(call.actor.tenant, _whose(call), which)
        if found is None:
            raise AssignmentNotFound(which)
        told = wire.assignment(found, self._now(), self._vault.opener().clear)
        return pb.GetAssignmentResponse(assignment=told)

    def ListAssignments(
        self, request: pb.ListAssignmentsRequest, context: Context
    ) -> pb.ListAssignmentsResponse:
        """A page of the caller's queue, most urgent first."""
        call = call_of(context, request)
        size = request.page_size or USUAL_PAGE
        now = self._now()
        found = self._queries.queues.page(
            call.actor.tenant,
            _whose(call),
            decided=request.include_decided,
            after=queue_place(request.page_token),
            limit=size + 1,
            at=now,
        )
        page, clear = found[:size], self._vault.opener().clear
        return pb.ListAssignmentsResponse(
            assignments=[wire.assignment(item, now, clear) for item in page],
            next_page_token=queue_token(page[-1].place) if len(found) > size else "",
        )

    def WatchAssignments(
        self, request: pb.WatchAssignmentsRequest, context: Context
    ) -> Iterator[pb.WatchAssignmentsResponse]:
        """What stands in the caller's queue, then each change."""
        call = call_of(context, request)
        still, token = partial(stays_open, context), request.watch_token
        for item, reached in self._watching.follow(call.actor.tenant, _whose(call), token, still):
            told = wire.assignment(item, self._now())
            yield pb.WatchAssignmentsResponse(assignment=told, watch_token=reached)


def _whose(call: Call) -> Subject | None:
    """Whose queue a caller sees; operations see everybody's."""
    return None if call.actor.role is Role.OPERATIONS else call.actor.subject
