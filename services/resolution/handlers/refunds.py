"""Refunds: followed until the money is credited, and looked at again where it comes back."""

from functools import partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId, RemedyId
from services.resolution.domain import refunding
from services.resolution.domain import remedies as remedies_idea
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.refunding import FOLLOWED, FollowRefund, Seen
from services.resolution.domain.remedies import Remedies
from services.resolution.gateways.merchant import Merchant
from services.resolution.read_models import KnownCases
from services.resolution.wire.remedies import RefundStands, remedy_response

FOLLOWING: Aggregate[Remedies, FollowRefund] = Aggregate(
    Remedies(), refunding.follow, remedies_idea.evolve
)


class RefundHandlers:
    """Whoever says that something happened to a refund: the merchant's ledger is what counts."""

    def __init__(self, log: EventLog, known: KnownCases, merchant: Merchant, clock: Clock) -> None:
        self._log = log
        self._known = known
        self._merchant = merchant
        self._clock = clock

    def check(
        self, call: Call, escalation: EscalationId, remedy: RemedyId
    ) -> pb.CheckRefundResponse:
        """The clock's look."""
        return self._follow(call, escalation, remedy, pb.CheckRefundResponse)

    def report(
        self, call: Call, escalation: EscalationId, remedy: RemedyId
    ) -> pb.ReportRefundResponse:
        """The merchant's news: the same look, now."""
        return self._follow(call, escalation, remedy, pb.ReportRefundResponse)

    def _follow(
        self,
        call: Call,
        escalation: EscalationId,
        remedy: RemedyId,
        kind: type[RefundStands],
    ) -> RefundStands:
        case = self._known.of(call, escalation)
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            FOLLOWING,
            FollowRefund(remedy, self._clock.now()),
            call,
            knowing=partial(self._seen, call, escalation, remedy),
            respond=partial(remedy_response, remedy, kind, POLICIES[case.policy_version]),
        )

    def _seen(self, call: Call, escalation: EscalationId, remedy: RemedyId) -> Seen:
        """Asked only where there is something to ask."""
        stream = case_stream(call.actor.tenant, escalation)
        case, found = self._known.of(call, escalation), self._log.load(stream, FOLLOWING)
        progress = found.state.of(remedy)
        if progress.money is None or progress.state not in FOLLOWED:
            return Seen(case, None)
        return Seen(case, self._merchant.refund(call, remedy))
