"""Forgetting: follow-up's part in it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from google.protobuf.empty_pb2 import Empty

from amends.clock import Clock
from amends.eventstore.streams import StreamId
from amends.values.forgetting import ASK_AGAIN, OpenClaim
from amends.values.identity import Call, EscalationId
from services.followup.domain.forgetting import EndForgotten, is_open
from services.followup.gateways import Owners
from services.followup.handlers.follow_ups import FollowUpHandlers


class ForgettingHandlers:
    """Follow-up's part in forgetting: who was forgotten is not asked, and their cases end."""

    def __init__(
        self,
        handlers: FollowUpHandlers,
        owners: Owners,
        reopen_due: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._handlers = handlers
        self._owners = owners
        self._reopen_due = reopen_due
        self._clock = clock

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        """A case that was reopened, or that is not resolved at all."""
        escalation = EscalationId(case.subject)
        self._owners.ask_intake(case)
        self._owners.ask_resolution(case)
        self._reopen_due()
        found = self._handlers.load(case.tenant, escalation)
        if not is_open(found.state, self._handlers.known(case)):
            return None
        return OpenClaim(escalation, found.now + ASK_AGAIN)

    def record_until(self, _cases: Sequence[StreamId]) -> datetime | None:
        """What identifies a payment is intake's."""
        return None

    def tell(self, case: StreamId, _record_until: datetime | None, call: Call) -> None:
        """The question is withdrawn and the case closed, where it was not."""
        escalation, command = EscalationId(case.subject), EndForgotten(at=self._clock.now())
        self._handlers.decide(escalation, command, call, lambda _recorded: Empty())
