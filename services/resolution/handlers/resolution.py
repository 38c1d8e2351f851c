"""The case as a whole: that it is resolved, everything decided in it, its part in forgetting."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.forgetting import ASK_AGAIN, OpenClaim
from amends.values.identity import Call, EscalationId
from services.resolution.domain import resolving
from services.resolution.domain.resolving import Resolution, ResolveEscalation
from services.resolution.read_models import KnownCases
from services.resolution.wire.resolution import resolved_response

RESOLVING: Aggregate[Resolution, ResolveEscalation] = Aggregate(
    Resolution(), resolving.decide, resolving.evolve
)


class ResolutionHandlers:
    """The case as a whole: that it is resolved, and everything that was decided in it."""

    def __init__(self, log: EventLog, known: KnownCases, clock: Clock) -> None:
        self._log = log
        self._known = known
        self._clock = clock

    def resolve(self, call: Call, escalation: EscalationId) -> pb.ResolveEscalationResponse:
        """That it is made right, once."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            RESOLVING,
            ResolveEscalation(self._clock.now()),
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=resolved_response,
        )

    def get(self, call: Call, escalation: EscalationId) -> Recorded[Resolution]:
        """Everything that stands; words are sealed."""
        self._known.of(call, escalation)
        return self._log.load(case_stream(call.actor.tenant, escalation), RESOLVING)


class ForgettingHandlers:
    """Resolution's part in forgetting: nothing is forgotten before the case is made right."""

    def __init__(self, log: EventLog, known: KnownCases) -> None:
        self._log = log
        self._known = known

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        """A case that is neither resolved since it was last reopened nor closed."""
        known = self._known.asked(case)
        found = self._log.load(case, RESOLVING)
        if known is None or known.closed or found.state.resolved_now(known):
            return None
        return OpenClaim(known.escalation, found.now + ASK_AGAIN)

    def record_until(self, _cases: Sequence[StreamId]) -> datetime | None:
        """What identifies a payment is intake's."""
        return None

    def tell(self, case: StreamId, record_until: datetime | None, call: Call) -> None:
        """Resolution has nothing to say about it."""
