"""Routing and its assignments as the contract spells them."""

from datetime import datetime

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import intake_events_pb2 as intake_pb
from amends.v1 import routing_events_pb2 as events_pb
from amends.v1 import routing_service_pb2 as pb
from amends.v1 import types_pb2
from amends.values.identity import AlarmId, AssignmentId, Call
from services.routing.domain.answering import ExpireAssignment
from services.routing.domain.assigning import Preview, RouteEscalation
from services.routing.domain.assignments import Assignment, Assignments, Known
from services.routing.domain.calendar import ALWAYS
from services.routing.domain.case import Case
from services.routing.domain.matching import PassedOver
from services.routing.wire.queue import assigned_as, state_of


def case(opened: bytes, *, over: bool) -> Case:
    """A case from intake's EscalationOpened, as it stands by now."""
    return from_message(intake_pb.EscalationOpened.FromString(opened), Case, over=over)


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
    return pb.ExpireAssignmentResponse(state=state_of(state), version=recorded.version)


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


def _current(current: Assignment, known: Known, at: datetime) -> pb.Assignment:
    assigned = to_message(current.assigned, events_pb.DecisionMakerAssigned)
    asked = (one for one in known.holders if one.decision_maker == current.decision_maker)
    zone = next((one.calendar.zone for one in asked), ALWAYS.zone)
    return assigned_as(assigned, current.state, known.case, zone, at)


def _passed_over(passed: tuple[PassedOver, ...]) -> list[events_pb.PassedOver]:
    return [to_message(one, events_pb.PassedOver) for one in passed]
