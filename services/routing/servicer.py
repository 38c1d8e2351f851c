"""The gRPC edge: translate, call, translate."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import grpc

from amends.clock import Clock
from amends.eventstore.log import Recorded
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import case_stream
from amends.eventstore.watch import Wake
from amends.rpc.identity import call_of
from amends.rpc.streams import stays_open
from amends.v1 import routing_service_pb2 as pb
from amends.v1.routing_service_pb2_grpc import RoutingServiceServicer
from amends.values.identity import (
    AssignmentId,
    Call,
    DecisionMakerId,
    EscalationId,
    HandOverId,
    Role,
    Subject,
    Tenant,
)
from amends.values.personal import Personal
from amends.values.refusal import InvalidField
from services.routing import wire
from services.routing.domain.answering import AcceptAssignment, DeclineAssignment
from services.routing.domain.assignment import Assignments
from services.routing.domain.directory import DecisionMakerNotFound, Entry
from services.routing.domain.grants import Grants
from services.routing.domain.handing_over import AcceptHandOver, ReturnHandOver
from services.routing.domain.told import Told
from services.routing.handlers import (
    AssignmentHandlers,
    DirectoryHandlers,
    OwnershipHandlers,
    ReservationHandlers,
    RoutingHandlers,
)
from services.routing.read_models import Queries
from services.routing.wire import Item, Listed, Place

Context = grpc.ServicerContext
_USUAL_PAGE = 50
_MOST_SENIOR = 100
_LOOK_AGAIN = 1.0  # seconds; another process of the service may have committed
_FIRST = Place("-infinity", "-infinity", "")


class Watching:
    """Follows queues; woken by each commit of this process."""

    def __init__(self, queries: Queries, wake: Wake) -> None:
        self._queries = queries
        self._wake = wake

    def follow(
        self,
        tenant: Tenant,
        subject: Subject | None,
        token: str,
        stays_open: Callable[[], bool],
    ) -> Iterator[tuple[Item, str]]:
        """Each assignment that stands or changes, once, with the token to resume from.

        `subject` None follows everybody's queue; without a token it begins with what stands.
        Changes of one assignment in quick succession may be told as one.

        Raises:
            InvalidField: the token is none of ours.
        """
        told = Told.at(token) if token else None
        while True:
            seen = self._wake.count
            horizon, items = self._queries.seen(tenant, subject, told)
            told = told or Told(since=horizon, floor=0)
            by_change = {item.change: item for item in items}
            for change, told in told.news(list(by_change), horizon):  # noqa: B020 - goes on from it
                yield by_change[change], told.token
            told = told.below(horizon)
            self._wake.wait(seen, _LOOK_AGAIN)
            if not stays_open():
                return


class RoutingServicer(RoutingServiceServicer):
    """RoutingService."""

    def __init__(  # noqa: PLR0913 - bootstrap's wiring, once
        self,
        *,
        directory: DirectoryHandlers,
        routing: RoutingHandlers,
        assignments: AssignmentHandlers,
        ownership: OwnershipHandlers,
        reservations: ReservationHandlers,
        queries: Queries,
        watching: Watching,
        clock: Clock,
        vault: Vault,
    ) -> None:
        self._directory = directory
        self._routing = routing
        self._assignments = assignments
        self._ownership = ownership
        self._reservations = reservations
        self._queries = queries
        self._watching = watching
        self._clock = clock
        self._vault = vault

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
        entry = self._queries.listed(tenant, DecisionMakerId(request.decision_maker_id))
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
        after = _directory_place(request.page_token)
        found = self._queries.page(tenant, after, size + 1)
        page, now = found[:size], self._clock.now()
        return pb.ListDecisionMakersResponse(
            decision_makers=[wire.decision_maker(entry, now) for entry in page],
            next_page_token=_directory_token(page[-1]) if len(found) > size else "",
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

    def SetAvailability(
        self, request: pb.SetAvailabilityRequest, context: Context
    ) -> pb.SetAvailabilityResponse:
        """It is known now."""
        call = call_of(context, request)
        command = wire.set_availability(request, call, self._clock.now())
        return self._directory.decide(command, call, _available)

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
        escalation = self._assignments.case_of(which, call)
        command = AcceptAssignment(escalation, which, call.who.subject, self._clock.now())
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
            at=self._clock.now(),
        )
        return self._assignments.decide(command, call, _declined)

    def HandOver(self, request: pb.HandOverRequest, context: Context) -> pb.HandOverResponse:
        """It waits for the receiver; the caller owns the case until then."""
        call = call_of(context, request)
        command = wire.hand_over(request, call, self._clock.now())
        respond = partial(wire.hand_over_offered, command.hand_over)
        return self._ownership.decide(command, call, respond)

    def AcceptHandOver(
        self, request: pb.AcceptHandOverRequest, context: Context
    ) -> pb.AcceptHandOverResponse:
        """The caller owns it now."""
        call, which = call_of(context, request), HandOverId(request.hand_over_id)
        escalation = self._ownership.case_of(which, call)
        command = AcceptHandOver(escalation, which, call.who.subject, self._clock.now())
        return self._ownership.decide(command, call, wire.hand_over_accepted)

    def ReturnHandOver(
        self, request: pb.ReturnHandOverRequest, context: Context
    ) -> pb.ReturnHandOverResponse:
        """How the hand-over stands."""
        call, which = call_of(context, request), HandOverId(request.hand_over_id)
        escalation = self._ownership.case_of(which, call)
        command = ReturnHandOver(escalation, which, call.who, self._clock.now())
        return self._ownership.decide(command, call, partial(wire.hand_over_returned, which))

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
            after=_queue_place(request.page_token),
            limit=size + 1,
        )
        page, now, clear = found[:size], self._clock.now(), self._vault.opener().clear
        return pb.ListAssignmentsResponse(
            assignments=[wire.assignment(item, now, clear) for item in page],
            next_page_token=_queue_token(page[-1].place) if len(found) > size else "",
        )

    def WatchAssignments(
        self, request: pb.WatchAssignmentsRequest, context: Context
    ) -> Iterator[pb.WatchAssignmentsResponse]:
        """What stands in the caller's queue, then each change."""
        call = call_of(context, request)
        still, token = partial(stays_open, context), request.watch_token
        for item, reached in self._watching.follow(call.actor.tenant, _whose(call), token, still):
            told = wire.assignment(item, self._clock.now())
            yield pb.WatchAssignmentsResponse(assignment=told, watch_token=reached)

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


def _directory_token(last: Listed) -> str:
    """Where the next page of the directory begins."""
    return _token(f"{last.holder.seniority} {last.holder.decision_maker}")


def _directory_place(token: str) -> tuple[int, str]:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return (0, "")
    try:
        seniority, decision_maker = _untoken(token).split(" ")
        return min(int(seniority), _MOST_SENIOR), decision_maker
    except ValueError:
        raise _no_token("page_token") from None


def _queue_token(last: Place) -> str:
    """Where the next page of a queue begins."""
    return _token(" ".join(last))


def _queue_place(token: str) -> Place:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return _FIRST
    try:
        need_by, accept_by, asked = _untoken(token).split(" ")
        needed = need_by if need_by == "infinity" else _moment(need_by)
        return Place(needed, _moment(accept_by), asked)
    except (ValueError, OverflowError):
        raise _no_token("page_token") from None


def _moment(text: str) -> str:
    """A moment as the database reads it; ISO 8601 knows more forms."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def _token(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode()


def _untoken(token: str) -> str:
    """ValueError where it is none of ours (UnicodeDecodeError and binascii.Error are such)."""
    place = base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    if not place.isprintable():
        raise ValueError(token)
    return place


def _no_token(field: str) -> InvalidField:
    return InvalidField(field, f"{field} must be one that this service gave; begin without one")


def _updated(recorded: Recorded[Entry]) -> pb.UpdateDecisionMakerResponse:
    return pb.UpdateDecisionMakerResponse(version=recorded.version)


def _available(recorded: Recorded[Entry]) -> pb.SetAvailabilityResponse:
    return pb.SetAvailabilityResponse(version=recorded.version)


def _revoked(recorded: Recorded[Grants]) -> pb.RevokeAuthorityResponse:
    return pb.RevokeAuthorityResponse(version=recorded.version)


def _declined(recorded: Recorded[Assignments]) -> pb.DeclineAssignmentResponse:
    return pb.DeclineAssignmentResponse(
        escalation_id=recorded.stream.subject, version=recorded.version
    )
