"""Routing as the contract spells it, where names alone do not say it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import from_timestamp, to_timestamp
from amends.v1 import intake_events_pb2 as intake_pb
from amends.v1 import routing_events_pb2 as events_pb
from amends.v1 import routing_service_pb2 as pb
from amends.v1 import types_pb2
from amends.values.authority import Limit
from amends.values.identity import (
    AlarmId,
    AssignmentId,
    Call,
    GrantId,
    HandOverId,
    ReservationId,
)
from amends.values.personal import Personal
from services.routing.domain.answering import ExpireAssignment
from services.routing.domain.assigning import Preview, RouteEscalation
from services.routing.domain.assignment import Assignment, Assignments, AssignmentState, Known
from services.routing.domain.calendar import ALWAYS
from services.routing.domain.case import Case
from services.routing.domain.directory import (
    AvailabilityChanged,
    DecisionMakerUpdated,
    SetAvailability,
    UpdateDecisionMaker,
)
from services.routing.domain.grants import (
    AuthorityGranted,
    Grant,
    GrantAuthority,
    Grants,
    RevokeAuthority,
)
from services.routing.domain.handing_over import OfferHandOver
from services.routing.domain.matching import Holder, PassedOver
from services.routing.domain.ownership import Ownership
from services.routing.domain.reservations import Reservations, ReserveAuthority
from services.routing.domain.told import Change
from services.routing.domain.urgency import urgency

_CASE_ASIDE = ("remedy_sought", "policy_version")
Clear = Callable[[Personal[str]], str]
"""Opens words for those who may read them (`Opener.clear`)."""


class Place(NamedTuple):
    """A place in the order of urgency; ISO times, "infinity" where nothing is needed by."""

    need_by: str
    accept_by: str
    assignment: str

    @classmethod
    def of(cls, need_by: datetime | None, accept_by: datetime, which: AssignmentId) -> "Place":
        """The place of an assignment."""
        needed = "infinity" if need_by is None else need_by.isoformat()
        return cls(needed, accept_by.isoformat(), which)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the directory: as it was entered, and as it stands."""

    entered: DecisionMakerUpdated
    grants: tuple[Grant, ...]
    holder: Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One assignment in somebody's queue; `tx` tells one change of it from the next.

    `offered` is the hand-over by which it is asked, or the owner's that waits; the note, sealed, is
    that of the hand-over, or of whoever declined.
    """

    assigned: events_pb.DecisionMakerAssigned
    state: AssignmentState
    case: Case | None
    zone: str
    place: Place
    tx: int
    offered: pb.HandOver | None = None
    note: Personal[str] | None = None

    @property
    def change(self) -> Change:
        """What a watcher knows it by."""
        return self.tx, self.assigned.assignment_id


def case(opened: bytes, *, over: bool) -> Case:
    """A case from intake's EscalationOpened, as it stands by now."""
    return from_message(intake_pb.EscalationOpened.FromString(opened), Case, over=over)


def listed(
    entered: bytes, presence: bytes | None, granted: Iterable[bytes], *, load: int
) -> Listed:
    """An entry of the directory from the events that say it."""
    entry = from_message(events_pb.DecisionMakerUpdated.FromString(entered), DecisionMakerUpdated)
    decoded = (
        from_message(events_pb.AuthorityGranted.FromString(one), AuthorityGranted)
        for one in granted
    )
    grants = sorted(decoded, key=lambda one: (one.action.value, one.per_case.currency))
    limits = tuple(Limit(grant.action, grant.per_case) for grant in grants)
    holder = Holder(
        decision_maker=entry.decision_maker,
        public_name=entry.public_name,
        subjects=frozenset(entry.subjects),
        seniority=entry.seniority,
        capacity=entry.capacity,
        load=load,
        calendar=entry.calendar or ALWAYS,
        stand_in=entry.stand_in,
        limits=limits,
    )
    held = tuple(map(Grant, (grant.grant for grant in grants), limits))
    return Listed(entry, held, holder if presence is None else _with_presence(holder, presence))


def item(  # noqa: PLR0913 - one row of a queue
    assigned: bytes,
    state: AssignmentState,
    known: Case | None,
    entered: bytes,
    *,
    place: Place,
    tx: int,
) -> Item:
    """An assignment in a queue from the events that say it."""
    holder = events_pb.DecisionMakerUpdated.FromString(entered)
    return Item(
        assigned=events_pb.DecisionMakerAssigned.FromString(assigned),
        state=state,
        case=known,
        zone=holder.calendar.zone or ALWAYS.zone,
        place=place,
        tx=tx,
    )


def asked_by_owner(offered: bytes) -> bytes:
    """A HandOverOffered as the assignment that it is for its receiver."""
    said = events_pb.HandOverOffered.FromString(offered)
    asked = events_pb.DecisionMakerAssigned(
        escalation_id=said.escalation_id,
        assignment_id=said.hand_over_id,
        decision_maker_id=said.to_decision_maker_id,
        public_name=said.to_public_name,
        needs=said.needs,
        assigned_at=said.offered_at,
        accept_by=said.return_by,
    )
    return asked.SerializeToString(deterministic=True)


def offered(said: bytes) -> pb.HandOver:
    """A HandOverOffered as queues show it, without its note."""
    event = events_pb.HandOverOffered.FromString(said)
    return pb.HandOver(
        hand_over_id=event.hand_over_id,
        from_decision_maker_id=event.from_decision_maker_id,
        from_public_name=event.from_public_name,
        to_decision_maker_id=event.to_decision_maker_id,
        to_public_name=event.to_public_name,
        reason=event.reason,
        offered_at=event.offered_at,
        return_by=event.return_by,
    )


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


def hand_over(request: pb.HandOverRequest, call: Call, at: datetime) -> OfferHandOver:
    """The command of a request."""
    return from_message(
        request,
        OfferHandOver,
        hand_over=HandOverId(call.new_id("hov_")),
        by=call.who.subject,
        at=at,
    )


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


def granted(command: GrantAuthority, recorded: Recorded[Grants]) -> pb.GrantAuthorityResponse:
    """The grant that stands, which may be an earlier one of the same limit."""
    stands = recorded.state.same(command.action, command.per_case.currency)
    grant = stands.grant if stands else ""
    return pb.GrantAuthorityResponse(grant_id=grant, version=recorded.version)


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


def hand_over_offered(
    hand_over_id: HandOverId, recorded: Recorded[Ownership]
) -> pb.HandOverResponse:
    """Until when the receiver may accept."""
    stands = recorded.state.by_id[hand_over_id].offered
    return pb.HandOverResponse(
        hand_over_id=hand_over_id,
        return_by=to_timestamp(stands.return_by),
        version=recorded.version,
    )


def hand_over_accepted(recorded: Recorded[Ownership]) -> pb.AcceptHandOverResponse:
    """The caller owns the case."""
    return pb.AcceptHandOverResponse(
        escalation_id=recorded.stream.subject, version=recorded.version
    )


def hand_over_returned(
    hand_over_id: HandOverId, recorded: Recorded[Ownership]
) -> pb.ReturnHandOverResponse:
    """How the hand-over stands, returned or not."""
    state = recorded.state.by_id[hand_over_id].state
    return pb.ReturnHandOverResponse(
        escalation_id=recorded.stream.subject,
        state=f"HAND_OVER_STATE_{state.name}",
        version=recorded.version,
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


def decision_maker(found: Listed, at: datetime) -> pb.DecisionMaker:
    """One entry of the directory as it stands now."""
    holder, away = found.holder, found.holder.away(at)
    answer = to_message(found.entered, pb.DecisionMaker)
    answer.stand_in, answer.load, answer.available = holder.stand_in, holder.load, not away
    answer.grants.extend(_grant(grant) for grant in found.grants)
    if away and holder.away_until is not None:
        answer.away_until.CopyFrom(to_timestamp(holder.away_until))
    return answer


def assignment(found: Item, at: datetime, clear: Clear | None = None) -> pb.Assignment:
    """One assignment in a queue; the note where `clear` opens it."""
    answer = _assignment(found.assigned, found.state, found.case, found.zone, at)
    if found.offered is not None:
        answer.hand_over.CopyFrom(found.offered)
    if clear is not None and found.note is not None:
        noted = answer if found.offered is None else answer.hand_over
        noted.note = clear(found.note)
    return answer


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


def _with_presence(holder: Holder, presence: bytes) -> Holder:
    said = from_message(events_pb.AvailabilityChanged.FromString(presence), AvailabilityChanged)
    return replace(
        holder,
        available=said.available,
        away_until=said.away_until,
        stand_in=said.stand_in or holder.stand_in,
    )


def _grant(grant: Grant) -> pb.Grant:
    answer = to_message(grant.limit, pb.Grant)
    answer.grant_id = grant.grant
    return answer


def _state(state: AssignmentState) -> str:
    return f"ASSIGNMENT_STATE_{state.name}"


def _passed_over(passed: tuple[PassedOver, ...]) -> list[events_pb.PassedOver]:
    return [to_message(one, events_pb.PassedOver) for one in passed]
