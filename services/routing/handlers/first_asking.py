"""First asking: the first holder is asked as soon as routing hears of a case.

What is not asked here (the case came late, an owner was away, this process died) the workflow asks
for with RouteEscalation after a moment; what was asked here it finds (ADR 12).
"""

from collections.abc import Sequence
from datetime import timedelta

import grpc
from google.protobuf.empty_pb2 import Empty

from amends import telemetry
from amends.clock import Clock
from amends.eventstore.records import Envelope
from amends.eventstore.tracing import ids_of
from amends.telemetry import traces
from amends.values.identity import (
    Actor,
    AlarmId,
    AssignmentId,
    Call,
    EscalationId,
    Role,
    Subject,
    derived_request_id,
)
from amends.values.refusal import Refusal
from services.routing.domain.assigning import RouteEscalation
from services.routing.domain.assignment import NONE
from services.routing.handlers.routing import RoutingHandlers

OPENED = "amends.v1.EscalationOpened"
_MYSELF = Subject("service:routing")
_NEW = timedelta(minutes=1)


class FirstAsking:
    """Routes each case that was opened a moment ago; harmless when repeated."""

    def __init__(self, routing: RoutingHandlers, clock: Clock) -> None:
        self._routing = routing
        self._clock = clock

    def hear(self, envelopes: Sequence[Envelope]) -> None:
        """Asks for each new case among what was taken in.

        Raises:
            What the database raises: the world broke; hear the same again.
        """
        for one in envelopes:
            if one.type == OPENED and self._clock.now() - one.meta.occurred_at < _NEW:
                with telemetry.bound(ids_of(one)), traces.within(one.traceparent):
                    self._ask(one)

    def _ask(self, opened: Envelope) -> None:
        rpc = RouteEscalation.__name__
        call = Call(
            actor=Actor(_MYSELF, opened.tenant, Role.SERVICE),
            rpc=rpc,
            # As the workflow derives it: whoever comes first makes the same assignment.
            request_id=derived_request_id(opened.event_id, rpc, opened.subject),
            request_digest=b"",
            causation_id=opened.event_id,
        )
        command = RouteEscalation(
            escalation=EscalationId(opened.subject),
            replaces=NONE,
            assignment=AssignmentId(call.new_id("asg_")),
            alarm=AlarmId(call.new_id("alm_")),
            at=self._clock.now(),
        )
        try:
            self._routing.route(command, call, lambda _recorded, _known: Empty())
        except (Refusal, grpc.RpcError) as error:
            telemetry.log().warning("left_to_the_workflow", reason=type(error).__name__)
