"""Routing as the contract spells it, where names alone do not say it."""

import base64
from datetime import datetime

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import from_timestamp, to_timestamp
from amends.v1 import routing_events_pb2 as events_pb
from amends.v1 import routing_service_pb2 as pb
from amends.v1 import types_pb2
from amends.values.identity import (
    AlarmId,
    AssignmentId,
    Call,
    GrantId,
    ReservationId,
)
from amends.values.refusal import InvalidField
from services.routing.domain.answering import ExpireAssignment
from services.routing.domain.assigning import Preview, RouteEscalation
from services.routing.domain.assignment import Assignment, Assignments, AssignmentState, Known
from services.routing.domain.calendar import ALWAYS
from services.routing.domain.case import Case
from services.routing.domain.directory import Entry, SetAvailability, UpdateDecisionMaker
from services.routing.domain.grants import Grant, GrantAuthority, Grants, RevokeAuthority
from services.routing.domain.matching import PassedOver
from services.routing.domain.reservations import Reservations, ReserveAuthority
from services.routing.domain.urgency import urgency
from services.routing.rows import FIRST, Item, Listed, Place

_CASE_ASIDE = ("remedy_sought", "policy_version", "over")
_BEFORE_ALL = (0, "")


def update_decision_maker(request: pb.UpdateDecisionMakerRequest) -> UpdateDecisionMaker:
    """The command of a request."""
    return from_message(
        request.decision_maker, UpdateDecisionMaker, allow_missing=request.allow_missing
    )


def set_availability(
    request: pb.SetAvailabilityRequest, call: Call, at: datetime
) -> SetAvailability:
    """The command of a request."""
    return from_message(request, SetAvailability, by=call.who, at=at)


def grant_authority(request: pb.GrantAuthorityRequest, call: Call) -> GrantAuthority:
    """The command of a request."""
    return from_message(request, GrantAuthority, grant=GrantId(call.new_id("grn_")))


def revoke_authority(request: pb.RevokeAuthorityRequest) -> RevokeAuthority:
    """The command of a request."""
    return from_message(request, RevokeAuthority)


def route_escalation(
    request: pb.RouteEscalationRequest, call: Call, at: datetime
) -> RouteEscalation:
    """The command of a request, with the ids of what it may make."""
    return from_message(
        request,
        RouteEscalation,
        replaces=AssignmentId(request.replaces_assignment_id),
        assignment=AssignmentId(call.new_id("asg_")),
        alarm=AlarmId(call.new_id("alm_")),
        at=at,
    )


def expire_assignment(request: pb.ExpireAssignmentRequest, at: datetime) -> ExpireAssignment:
    """The command of a request."""
    return from_message(request, ExpireAssignment, at=at)


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


def updated(recorded: Recorded[Entry]) -> pb.UpdateDecisionMakerResponse:
    return pb.UpdateDecisionMakerResponse(version=recorded.version)


def available(recorded: Recorded[Entry]) -> pb.SetAvailabilityResponse:
    return pb.SetAvailabilityResponse(version=recorded.version)


def granted(command: GrantAuthority, recorded: Recorded[Grants]) -> pb.GrantAuthorityResponse:
    """The grant that stands, which may be an earlier one of the same limit."""
    stands = recorded.state.same(command.action, command.per_case.currency)
    grant = stands.grant if stands else ""
    return pb.GrantAuthorityResponse(grant_id=grant, version=recorded.version)


def revoked(recorded: Recorded[Grants]) -> pb.RevokeAuthorityResponse:
    return pb.RevokeAuthorityResponse(version=recorded.version)


def routed(recorded: Recorded[Assignments], known: Known) -> pb.RouteEscalationResponse:
    """Who was asked last, however that stands; else when to look again."""
    answer = pb.RouteEscalationResponse(version=recorded.version)
    state = recorded.state
    if state.retry_at is not None:
        answer.retry_at.CopyFrom(to_timestamp(state.retry_at))
    elif state.current is not None:
        answer.assignment.CopyFrom(_current(state.current, known, recorded.now))
    return answer


def expired(
    assignment_id: AssignmentId, recorded: Recorded[Assignments]
) -> pb.ExpireAssignmentResponse:
    """How the assignment stands, expired or not."""
    state = recorded.state.by_id[assignment_id].state
    return pb.ExpireAssignmentResponse(state=_state(state), version=recorded.version)


def accepted(
    assignment_id: AssignmentId, recorded: Recorded[Assignments]
) -> pb.AcceptAssignmentResponse:
    """By when the new owner should say the problem back."""
    stands = recorded.state.by_id[assignment_id]
    return pb.AcceptAssignmentResponse(
        escalation_id=recorded.stream.subject,
        version=recorded.version,
        restate_by=None if stands.restate_by is None else to_timestamp(stands.restate_by),
    )


def declined(recorded: Recorded[Assignments]) -> pb.DeclineAssignmentResponse:
    return pb.DeclineAssignmentResponse(
        escalation_id=recorded.stream.subject, version=recorded.version
    )


def reserved(
    reservation: ReservationId, recorded: Recorded[Reservations]
) -> pb.ReserveAuthorityResponse:
    """What is set aside, with the grants that cover it."""
    stands = recorded.state.by_id[reservation]
    owner = recorded.state.owner
    return pb.ReserveAuthorityResponse(
        reservation_id=reservation,
        decision_maker_id=stands.decision_maker,
        public_name=owner.public_name if owner else "",
        uses=[to_message(use, events_pb.AuthorityUse) for use in stands.uses],
        version=recorded.version,
    )


def previewed(seen: Preview) -> pb.PreviewRouteResponse:
    """Who would get it, and why each other would not."""
    chosen = seen.found.chosen
    answer = pb.PreviewRouteResponse(passed_over=_passed_over(seen.found.passed_over))
    answer.needs.extend(to_message(need, types_pb2.AuthorityNeed) for need in seen.needs)
    if chosen is None:
        answer.retry_at.CopyFrom(to_timestamp(seen.retry_at))
    else:
        answer.decision_maker_id = chosen.decision_maker
        answer.public_name = chosen.public_name
    return answer


def decision_maker(entry: Listed, at: datetime) -> pb.DecisionMaker:
    """One entry of the directory as it stands now."""
    holder = entry.holder
    away = holder.away(at)
    known_end = holder.away_until if away else None
    return pb.DecisionMaker(
        decision_maker_id=holder.decision_maker,
        kind=f"DECISION_MAKER_KIND_{entry.kind.name}",
        public_name=holder.public_name,
        subjects=sorted(holder.subjects),
        seniority=holder.seniority,
        capacity=holder.capacity,
        calendar=None if entry.calendar is None else to_message(entry.calendar, events_pb.Calendar),
        manager=entry.manager,
        stand_in=entry.stand_in,
        skills=entry.skills,
        languages=entry.languages,
        available=not away,
        away_until=None if known_end is None else to_timestamp(known_end),
        grants=[_grant(grant) for grant in entry.grants],
        load=holder.load,
    )


def assignment(item: Item, at: datetime) -> pb.Assignment:
    """One assignment in a queue."""
    return _assignment(item.assigned, item.state, item.case, item.holder_zone, at)


def directory_token(last: Listed) -> str:
    """Where the next page of the directory begins."""
    return _token(f"{last.holder.seniority} {last.holder.decision_maker}")


def directory_place(token: str) -> tuple[int, str]:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return _BEFORE_ALL
    try:
        seniority, decision_maker = _untoken(token).split(" ")
        return int(seniority), decision_maker
    except ValueError:
        raise _no_token("page_token") from None


def queue_token(last: Place) -> str:
    """Where the next page of a queue begins."""
    return _token(" ".join(last))


def queue_place(token: str) -> Place:
    """Back from a token; the beginning where there is none.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token:
        return FIRST
    try:
        need_by, accept_by, asked = _untoken(token).split(" ")
        if need_by != "infinity":
            datetime.fromisoformat(need_by)
        datetime.fromisoformat(accept_by)
    except ValueError:
        raise _no_token("page_token") from None
    return Place(need_by, accept_by, asked)


def watch_position(token: str) -> int:
    """How far a watcher had seen.

    Raises:
        InvalidField: the token is none of ours.
    """
    if not token.isascii() or not token.isdecimal() or int(token) >= 1 << 63:
        raise _no_token("watch_token")
    return int(token)


def _current(current: Assignment, known: Known, at: datetime) -> pb.Assignment:
    assigned = to_message(current.assigned, events_pb.DecisionMakerAssigned)
    asked = (one for one in known.holders if one.decision_maker == current.decision_maker)
    zone = next((one.calendar.zone for one in asked), ALWAYS.zone)
    return _assignment(assigned, current.state, known.case, zone, at)


def _assignment(
    assigned: events_pb.DecisionMakerAssigned,
    state: AssignmentState,
    case: Case | None,
    zone: str,
    at: datetime,
) -> pb.Assignment:
    answer = pb.Assignment(
        assignment_id=assigned.assignment_id,
        escalation_id=assigned.escalation_id,
        decision_maker_id=assigned.decision_maker_id,
        public_name=assigned.public_name,
        state=_state(state),
        hop=assigned.hop,
        needs=assigned.needs,
        assigned_at=assigned.assigned_at,
        accept_by=assigned.accept_by,
        passed_over=assigned.passed_over,
    )
    if case is not None:
        answer.MergeFrom(to_message(case, pb.Assignment, without=_CASE_ASIDE))
    need_by = None if case is None else case.need_by
    answer.urgency = urgency(state, need_by, from_timestamp(assigned.accept_by), zone, at)
    return answer


def _grant(grant: Grant) -> pb.Grant:
    answer = to_message(grant.limit, pb.Grant)
    answer.grant_id = grant.grant
    return answer


def _state(state: AssignmentState) -> str:
    return f"ASSIGNMENT_STATE_{state.name}"


def _passed_over(passed: tuple[PassedOver, ...]) -> list[events_pb.PassedOver]:
    return [to_message(one, events_pb.PassedOver) for one in passed]


def _token(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode()


def _untoken(token: str) -> str:
    """ValueError where it is none of ours (UnicodeDecodeError and binascii.Error are such)."""
    return base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()


def _no_token(field: str) -> InvalidField:
    return InvalidField(field, f"{field} is none that this service gave; begin without one")
