"""The gRPC edge of the directory."""

from functools import partial

from amends.eventstore.log import Recorded
from amends.rpc.identity import call_of
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from amends.values.identity import DecisionMakerId
from services.routing.domain.directory import DecisionMakerNotFound, Entry
from services.routing.domain.grants import Grants
from services.routing.handlers.directory import DirectoryHandlers
from services.routing.read_models.queries import Queries
from services.routing.servicer.edge import Context, Now
from services.routing.servicer.paging import (
    USUAL_PAGE,
    directory_place,
    directory_token,
    grant_place,
    grant_token,
)
from services.routing.wire import directory as wire


class DirectoryRpcs(RoutingServiceServicer):
    """Who may be asked, and what they may grant."""

    _directory: DirectoryHandlers
    _queries: Queries
    _now: Now

    def UpdateDecisionMaker(
        self, request: pb.UpdateDecisionMakerRequest, context: Context
    ) -> pb.UpdateDecisionMakerResponse:
        """The entry as it stands."""
        command = wire.update_decision_maker(request)
        return self._directory.decide(command, call_of(context, request), _updated)

    def GetDecisionMaker(
        self, request: pb.GetDecisionMakerRequest, context: Context
    ) -> pb.GetDecisionMakerResponse:
        """One entry."""
        tenant = call_of(context, request).actor.tenant
        entry = self._queries.directory.listed(tenant, DecisionMakerId(request.decision_maker_id))
        if entry is None:
            raise DecisionMakerNotFound(request.decision_maker_id)
        told = wire.decision_maker(entry, self._now())
        return pb.GetDecisionMakerResponse(decision_maker=told)

    def ListDecisionMakers(
        self, request: pb.ListDecisionMakersRequest, context: Context
    ) -> pb.ListDecisionMakersResponse:
        """A page of the directory, least senior first."""
        tenant = call_of(context, request).actor.tenant
        size = request.page_size or USUAL_PAGE
        after = directory_place(request.page_token)
        found = self._queries.directory.page(tenant, after, size + 1)
        page, now = found[:size], self._now()
        return pb.ListDecisionMakersResponse(
            decision_makers=[wire.decision_maker(entry, now) for entry in page],
            next_page_token=directory_token(page[-1]) if len(found) > size else "",
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
        return self._directory.grant(command, call_of(context, request), _revoked)

    def ListGrants(self, request: pb.ListGrantsRequest, context: Context) -> pb.ListGrantsResponse:
        """A page of somebody's grants."""
        tenant = call_of(context, request).actor.tenant
        grants = self._directory.grants_of(tenant, DecisionMakerId(request.decision_maker_id))
        size = request.page_size or USUAL_PAGE
        found = grants.listed(grant_place(request.page_token), size + 1)
        page = found[:size]
        return pb.ListGrantsResponse(
            grants=[wire.grant_of(one, revoked=one.grant in grants.revoked) for one in page],
            next_page_token=grant_token(page[-1]) if len(found) > size else "",
        )

    def SetAvailability(
        self, request: pb.SetAvailabilityRequest, context: Context
    ) -> pb.SetAvailabilityResponse:
        """It is known now."""
        call = call_of(context, request)
        command = wire.set_availability(request, call, self._now())
        return self._directory.decide(command, call, _available)


def _updated(recorded: Recorded[Entry]) -> pb.UpdateDecisionMakerResponse:
    return pb.UpdateDecisionMakerResponse(version=recorded.version)


def _available(recorded: Recorded[Entry]) -> pb.SetAvailabilityResponse:
    return pb.SetAvailabilityResponse(version=recorded.version)


def _revoked(recorded: Recorded[Grants]) -> pb.RevokeAuthorityResponse:
    return pb.RevokeAuthorityResponse(version=recorded.version)
