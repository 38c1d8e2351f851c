"""Offers: made, answered, lapsed, taken back; authority is set aside before one exists."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.rpc.refusals import RemoteRefusal
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId, RemedyId
from amends.values.refusal import VersionConflict
from amends.values.remedy import RemedyKind
from services.resolution.domain import answering, making, offers
from services.resolution.domain.answering import WithdrawOffer
from services.resolution.domain.making import ABOVE, MakeOffer, Prepared, may_offer
from services.resolution.domain.merchant import Order
from services.resolution.domain.offering import plan
from services.resolution.domain.offers import Offers
from services.resolution.gateways.authority import Authority
from services.resolution.gateways.case_files import CaseFile, CaseFiles
from services.resolution.gateways.merchant import Merchant
from services.resolution.handlers.reserved import OfferedAsPlanned, PlanOutdated
from services.resolution.handlers.resolution import RESOLVING
from services.resolution.read_models import KnownCases
from services.resolution.wire.offers import OfferStands, made_response, offer_response

OFFERING: Aggregate[Offers, MakeOffer] = Aggregate(Offers(), making.make, offers.evolve)
ANSWERING: Aggregate[Offers, answering.Command] = Aggregate(
    Offers(), answering.decide, offers.evolve
)

_TRIES = 3


class OfferHandlers:
    """Offers of one escalation; authority is set aside before an offer exists."""

    def __init__(  # noqa: PLR0913, PLR0917 - an offer needs everyone
        self,
        log: EventLog,
        known: KnownCases,
        case_files: CaseFiles,
        authority: Authority,
        merchant: Merchant,
        clock: Clock,
    ) -> None:
        self._log = log
        self._known = known
        self._case_files = case_files
        self._authority = authority
        self._merchant = merchant
        self._clock = clock

    def make(
        self, call: Call, escalation: EscalationId, command: MakeOffer
    ) -> pb.MakeOfferResponse:
        """Finds prices and arrivals, reserves, and commits the offer soon after, or none.

        What routing says is above the owner's authority is committed as a draft.

        Raises:
            PlanOutdated: the case has moved each time while it was planned.
        """
        for _ in range(_TRIES - 1):
            with suppress(PlanOutdated):
                return self._made(call, escalation, command)
        return self._made(call, escalation, command)

    def _made(
        self, call: Call, escalation: EscalationId, command: MakeOffer
    ) -> pb.MakeOfferResponse:
        as_planned = OfferedAsPlanned()
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            OFFERING,
            command,
            call,
            knowing=partial(self._prepared, call, escalation, command, as_planned),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(made_response, command.offer),
            rows=as_planned,
        )

    def decide(
        self,
        call: Call,
        escalation: EscalationId,
        command: answering.Command,
        kind: type[OfferStands],
    ) -> OfferStands:
        """The customer's answer, or the clock's."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            ANSWERING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=partial(offer_response, command.offer, kind),
        )

    def withdraw(
        self, call: Call, escalation: EscalationId, command: WithdrawOffer
    ) -> pb.WithdrawOfferResponse:
        """Its owner takes it back."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            ANSWERING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(offer_response, command.offer, pb.WithdrawOfferResponse),
        )

    def _prepared(
        self,
        call: Call,
        escalation: EscalationId,
        command: MakeOffer,
        as_planned: OfferedAsPlanned,
    ) -> Prepared:
        """Refuses what can be refused before anything is set aside; what does not exist first."""
        case = self._known.of(call, escalation)
        standing = self._log.load(case_stream(call.actor.tenant, escalation), RESOLVING)
        if call.expected_version not in {0, standing.version}:
            raise VersionConflict(call.expected_version, standing.version)
        for one in command.remedies:
            if one.in_place_of:
                standing.state.remedies.of(one.in_place_of)
            if one.in_place_of or one.kind is RemedyKind.REFUND:
                as_planned.planned_on(standing.version)
        may_offer(standing.state.offers, case, call.who)
        file = self._case_files.of(call, escalation)
        planned = plan(
            replace(case, need_by=file.need_by),
            command.remedies,
            self._order(call, escalation, file, command),
            standing.state.remedies,
            late_is_agreed=command.late_is_agreed,
            new_id=lambda n: RemedyId(call.new_id("rem_", n)),
        )
        owner = case.for_owner(call.who).decision_maker
        return self._authorised(call, Prepared(case, planned, None, owner, self._clock.now()))

    def _authorised(self, call: Call, found: Prepared) -> Prepared:
        """With the owner's authority set aside, or without where it does not cover it."""
        try:
            held = self._authority.reserve(
                call, found.case.escalation, found.plan.uses, self._clock.now()
            )
        except RemoteRefusal as refusal:
            if refusal.reason not in ABOVE:
                raise
            return replace(found, at=self._clock.now())
        return Prepared(
            found.case, found.plan, held.reservation, held.decision_maker, self._clock.now()
        )

    def _order(
        self, call: Call, escalation: EscalationId, file: CaseFile, command: MakeOffer
    ) -> Order:
        """The merchant's order, where what is offered needs it."""
        if not any(one.needs_order for one in command.remedies):
            return Order()
        wanted = [one.sku for one in command.remedies if one.kind is RemedyKind.REPLACEMENT]
        return self._merchant.order(call, file.order_of(escalation), wanted)
