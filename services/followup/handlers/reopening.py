"""Reopening: a refund that failed after the case was resolved makes it go on.

The subscription writes such a refund down in the transaction that takes the event in; here it is
said in follow-up's own log right after, before the consumer's offset is committed.
"""

from google.protobuf.empty_pb2 import Empty

from amends.clock import Clock
from amends.values.identity import Actor, Call, Role, Subject, derived_request_id
from services.followup.domain.reopening import ReopenForRefund
from services.followup.handlers.follow_ups import FollowUpHandlers
from services.followup.read_models import FailedRefund, FailedRefunds

_MYSELF = Subject("service:followup")


class Reopening:
    """Reopens each case once for each refund that failed.

    The request id comes from resolution's event, so that a repeat and a second thread say nothing
    more; what a fault leaves over is said with the next batch.
    """

    def __init__(self, handlers: FollowUpHandlers, refunds: FailedRefunds, clock: Clock) -> None:
        self._handlers = handlers
        self._refunds = refunds
        self._clock = clock

    def reopen_due(self) -> None:
        """Says it of everything that is due."""
        while found := self._refunds.due():
            for refund in found:
                self._say(refund)
                self._refunds.done(refund)

    def _say(self, refund: FailedRefund) -> None:
        rpc = ReopenForRefund.__name__
        call = Call(
            actor=Actor(_MYSELF, refund.tenant, Role.SERVICE),
            rpc=rpc,
            request_id=derived_request_id(refund.event_id, rpc, refund.remedy),
            request_digest=b"",
            causation_id=refund.event_id,
        )
        command = ReopenForRefund(
            remedy=refund.remedy, resolved_at=refund.resolved_at, at=self._clock.now()
        )
        self._handlers.decide(refund.escalation, command, call, lambda _recorded: Empty())
