"""Routing's part in forgetting a customer."""

from collections.abc import Sequence
from datetime import datetime

from amends.clock import Clock
from amends.eventstore.streams import StreamId
from amends.values.forgetting import ASK_AGAIN, OpenClaim
from amends.values.identity import Call, EscalationId
from services.routing.gateways import Owners
from services.routing.read_models.queries import Queries


class ForgettingHandlers:
    """Routing's part in forgetting: it holds nobody's words, and lets no case go that is open."""

    def __init__(self, queries: Queries, owners: Owners, clock: Clock) -> None:
        self._queries = queries
        self._owners = owners
        self._clock = clock

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        """A case that somebody is asked for, or owns, and that is not over."""
        self._owners.ask_resolution(case)
        self._owners.ask_followup(case)
        escalation = EscalationId(case.subject)
        found = self._queries.cases.case(case.tenant, escalation)
        if found is None or found.over:
            return None
        return OpenClaim(escalation, self._clock.now() + ASK_AGAIN)

    def record_until(self, _cases: Sequence[StreamId]) -> datetime | None:
        """What identifies a payment is intake's."""
        return None

    def tell(self, case: StreamId, record_until: datetime | None, call: Call) -> None:
        """Routing has nothing to say about it."""
