"""First asking: the first holder is asked as soon as routing hears of a case (ADR 12)."""

from functools import partial

from google.protobuf.empty_pb2 import Empty

from amends.clock import Clock
from amends.eventstore.records import Envelope
from amends.eventstore.unasked import Unasked
from amends.values.identity import AlarmId, AssignmentId, Call, EscalationId
from services.routing.domain.assigning import RouteEscalation
from services.routing.domain.assignment import NONE
from services.routing.handlers.routing import RoutingHandlers

OPENED = "amends.v1.EscalationOpened"


def first_asking(service: str, routing: RoutingHandlers, clock: Clock) -> Unasked:
    """Routes each case that was opened a moment ago."""
    do = partial(_ask, routing, clock)
    return Unasked(service, OPENED, RouteEscalation.__name__, do, clock.now)


def _ask(routing: RoutingHandlers, clock: Clock, call: Call, opened: Envelope) -> None:
    command = RouteEscalation(
        escalation=EscalationId(opened.subject),
        replaces=NONE,
        assignment=AssignmentId(call.new_id("asg_")),
        alarm=AlarmId(call.new_id("alm_")),
        at=clock.now(),
    )
    routing.route(command, call, lambda _recorded, _known: Empty())
