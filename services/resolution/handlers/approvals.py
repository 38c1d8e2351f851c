"""Drafts, decided by another holder; their authority is set aside before the offer exists."""

from functools import partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId
from services.resolution.domain import approving, offers
from services.resolution.domain.approving import ApproveOffer, Backed, Rejecting, RejectOffer
from services.resolution.domain.offers import Offers
from services.resolution.gateways.authority import Authority
from services.resolution.handlers.reserved import offered_in_time
from services.resolution.read_models import KnownCases
from services.resolution.wire.offers import approved_response, offer_response

APPROVING: Aggregate[Offers, ApproveOffer] = Aggregate(Offers(), approving.approve, offers.evolve)
REJECTING: Aggregate[Offers, RejectOffer] = Aggregate(Offers(), approving.reject, offers.evolve)


class ApprovalHandlers:
    """Yes or no to another's draft; of two at once one decides."""

    def __init__(
        self, log: EventLog, known: KnownCases, authority: Authority, clock: Clock
    ) -> None:
        self._log = log
        self._known = known
        self._authority = authority
        self._clock = clock

    def approve(
        self, call: Call, escalation: EscalationId, command: ApproveOffer
    ) -> pb.ApproveOfferResponse:
        """Reserves for the approver, and commits the offer soon after, or none."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            APPROVING,
            command,
            call,
            knowing=partial(self._backed, call, escalation, command),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(approved_response, command.offer),
            rows=offered_in_time(),
        )

    def reject(
        self, call: Call, escalation: EscalationId, command: RejectOffer
    ) -> pb.RejectOfferResponse:
        """The draft is none any more."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            REJECTING,
            command,
            call,
            knowing=partial(self._rejecting, call, escalation, command),
            respond=partial(offer_response, command.offer, pb.RejectOfferResponse),
        )

    def _rejecting(self, call: Call, escalation: EscalationId, command: RejectOffer) -> Rejecting:
        """Refuses what can be refused before routing is asked who the caller is."""
        case = self._known.of(call, escalation)
        standing = self._log.load(case_stream(call.actor.tenant, escalation), REJECTING)
        approving.draft_for(standing.state, command.offer, command.by)
        return Rejecting(case, self._known.person(call) or self._authority.own_entry(call))

    def _backed(self, call: Call, escalation: EscalationId, command: ApproveOffer) -> Backed:
        """Refuses what can be refused before anything is set aside."""
        case = self._known.of(call, escalation)
        standing = self._log.load(case_stream(call.actor.tenant, escalation), APPROVING)
        draft, plan = approving.approvable(standing.state, command, case, self._clock.now())
        held = self._authority.reserve(
            call, escalation, plan.uses, self._clock.now(), drafted_by=draft.maker_subject
        )
        return Backed(case, held.reservation, held.decision_maker, self._clock.now())
