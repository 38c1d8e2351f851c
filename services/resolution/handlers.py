"""Handlers: load, decide, append; one transaction each, and whom to ask before it.

A yes may rest on what others told; before a no that rests on it, they are asked. Three things are
always asked: authority and ownership for an offer, the confirmed restatement for a remedy.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Connection

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.rpc.refusals import RemoteRefusal
from amends.v1 import resolution_service_pb2 as pb
from amends.values.authority import Limit
from amends.values.forgetting import ASK_AGAIN, OpenClaim
from amends.values.identity import Call, EscalationId, RemedyId
from amends.values.refusal import (
    DependencyUnavailable,
    VersionConflict,
)
from amends.values.remedy import RemedyKind
from services.resolution import wire
from services.resolution.domain import (
    answering,
    carrying_out,
    checking,
    making,
    offers,
    resolving,
    responses,
)
from services.resolution.domain import remedies as remedies_idea
from services.resolution.domain.checking import RecordCheck
from services.resolution.domain.making import MakeOffer, Prepared, may_offer
from services.resolution.domain.merchant import Goods, OrderNotFound
from services.resolution.domain.offering import plan
from services.resolution.domain.offers import Offers
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedies import UNDER_WAY, Progress, Remedies, RemedyState
from services.resolution.domain.resolving import Resolution, ResolveEscalation
from services.resolution.domain.responses import Responses
from services.resolution.domain.suggestions import Suggestions, suggest
from services.resolution.gateways import REFUSED_FOR_GOOD, Authority, CaseFile, CaseFiles, Merchant
from services.resolution.read_models import KnownCases

OFFERING: Aggregate[Offers, MakeOffer] = Aggregate(Offers(), making.make, offers.evolve)
ANSWERING: Aggregate[Offers, answering.Command] = Aggregate(
    Offers(), answering.decide, offers.evolve
)
STARTING: Aggregate[Remedies, carrying_out.StartRemedy] = Aggregate(
    Remedies(), carrying_out.start, remedies_idea.evolve
)
CONCLUDING: Aggregate[Remedies, carrying_out.Outcome] = Aggregate(
    Remedies(), carrying_out.conclude, remedies_idea.evolve
)
CHECKING: Aggregate[Remedies, RecordCheck] = Aggregate(
    Remedies(), checking.check, remedies_idea.evolve
)
SAYING: Aggregate[Responses, responses.Command] = Aggregate(
    Responses(), responses.decide, responses.evolve
)
RESOLVING: Aggregate[Resolution, ResolveEscalation] = Aggregate(
    Resolution(), resolving.decide, resolving.evolve
)

_OFFER_WITHIN = 30.0  # seconds from the reservation to the offer, or there is none (formats.md)


class SuggestionHandlers:
    """What could be offered; changes nothing."""

    def __init__(self, known: KnownCases, case_files: CaseFiles, merchant: Merchant) -> None:
        self._known = known
        self._case_files = case_files
        self._merchant = merchant

    def suggest(
        self, call: Call, escalation: EscalationId
    ) -> tuple[Suggestions, tuple[Limit, ...]]:
        """Suggestions for the owner, and the owner's limits."""
        owner = self._known.checked(call, escalation, lambda case: case.for_owner(call.who))
        file = self._case_files.of(call, escalation)
        if not file.order:
            raise OrderNotFound(escalation)
        goods = self._merchant.goods(call, file.order)
        limits = self._known.limits(call, owner.decision_maker)
        case = replace(self._known.of(call, escalation), need_by=file.need_by)
        return suggest(case, goods, limits), limits


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
        """Finds prices and arrivals, reserves, and commits the offer soon after, or none."""
        began = time.monotonic()

        def in_time(_conn: Connection, _recorded: Recorded[Offers]) -> None:
            if time.monotonic() - began > _OFFER_WITHIN:
                raise DependencyUnavailable("routing")

        return self._log.decide(
            _stream(call, escalation),
            OFFERING,
            command,
            call,
            knowing=partial(self._prepared, call, escalation, command),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(wire.made_response, command.offer),
            rows=in_time,
        )

    def decide(
        self,
        call: Call,
        escalation: EscalationId,
        command: answering.Command,
        kind: type[wire.OfferStands],
    ) -> wire.OfferStands:
        """The customer's answer, or the clock's."""
        return self._log.decide(
            _stream(call, escalation),
            ANSWERING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=partial(wire.offer_response, command.offer, kind),
        )

    def _prepared(self, call: Call, escalation: EscalationId, command: MakeOffer) -> Prepared:
        """Refuses what can be refused before anything is set aside."""
        case = self._known.of(call, escalation)
        standing = self._log.load(_stream(call, escalation), OFFERING)
        if call.expected_version not in {0, standing.version}:
            raise VersionConflict(call.expected_version, standing.version)
        may_offer(standing.state, case, call.who)
        file = self._case_files.of(call, escalation)
        planned = plan(
            replace(case, need_by=file.need_by),
            command.remedies,
            self._goods(call, escalation, file, command),
            late_is_agreed=command.late_is_agreed,
            new_id=lambda n: RemedyId(call.new_id("rem_", n)),
        )
        held = self._authority.reserve(call, escalation, planned.uses)
        return Prepared(case, planned, held.reservation, held.decision_maker, self._clock.now())

    def _goods(
        self, call: Call, escalation: EscalationId, file: CaseFile, command: MakeOffer
    ) -> tuple[Goods, ...]:
        wanted = [one.sku for one in command.remedies if one.kind is RemedyKind.REPLACEMENT]
        if not wanted:
            return ()
        if not file.order:
            raise OrderNotFound(escalation)
        return self._merchant.goods(call, file.order, wanted)


class RemedyHandlers:
    """Remedies, each carried out once under one key, and followed until it is final.

    A crash leaves a remedy started and nothing lost: whoever comes next finds by the key what the
    merchant did and records it. The answer is remembered with the outcome only.
    """

    def __init__(
        self,
        log: EventLog,
        known: KnownCases,
        case_files: CaseFiles,
        merchant: Merchant,
        clock: Clock,
    ) -> None:
        self._log = log
        self._known = known
        self._case_files = case_files
        self._merchant = merchant
        self._clock = clock

    def carry_out(
        self, call: Call, escalation: EscalationId, remedy: RemedyId
    ) -> pb.CarryOutRemedyResponse:
        """Commits the intent, asks the merchant, commits the outcome."""
        case = self._known.of(call, escalation)
        # Asked at most once, and not at all by a repeat that finds its answer.
        file = cache(partial(self._case_files.of, call, escalation))
        respond = partial(
            wire.remedy_response, remedy, pb.CarryOutRemedyResponse, POLICIES[case.policy_version]
        )
        stream = _stream(call, escalation)
        self._log.decide(
            stream,
            STARTING,
            carrying_out.StartRemedy(remedy, self._clock.now()),
            replace(call, rpc=f"{call.rpc}/intent"),
            knowing=lambda: carrying_out.Confirmation(case, file().confirmed),
            respond=respond,
        )
        progress = self._log.load(stream, STARTING).state.of(remedy)
        outcome = self._outcome(call, file, progress)
        return self._log.decide(
            stream, CONCLUDING, outcome, call, knowing=lambda: case, respond=respond
        )

    def check(
        self, call: Call, escalation: EscalationId, remedy: RemedyId
    ) -> pb.CheckReplacementResponse:
        """Asks the merchant how far it is and records what changed."""
        case = self._known.of(call, escalation)
        stream = _stream(call, escalation)
        standing = self._log.load(stream, CHECKING)
        respond = partial(
            wire.remedy_response, remedy, pb.CheckReplacementResponse, POLICIES[case.policy_version]
        )
        if standing.state.of(remedy).state not in UNDER_WAY:
            return respond(standing)
        seen = self._merchant.replacement(call, remedy)
        command = RecordCheck(remedy, seen, self._clock.now())
        return self._log.decide(
            stream, CHECKING, command, call, knowing=lambda: case, respond=respond
        )

    def _outcome(
        self, call: Call, file: Callable[[], CaseFile], progress: Progress
    ) -> carrying_out.Outcome:
        """What the merchant did or does about a started remedy; nothing where it is past that."""
        remedy = progress.remedy.remedy
        if progress.state is not RemedyState.STARTED:
            return carrying_out.RecordNothing(remedy)
        replaces = progress.remedy.kind is RemedyKind.REPLACEMENT
        act = self._ordered if replaces else self._credited
        try:
            return act(call, file(), progress)
        except RemoteRefusal as refusal:
            if refusal.reason not in REFUSED_FOR_GOOD:
                raise
            return carrying_out.RecordFailure(remedy, refusal.reason, self._clock.now())

    def _ordered(self, call: Call, file: CaseFile, progress: Progress) -> carrying_out.Outcome:
        """The replacement under the remedy's key, ordered where there is none yet."""
        wanted, order = progress.remedy, file.order
        key, service = wanted.remedy, wanted.shipping.service if wanted.shipping else ""
        took = self._merchant.find_replacement(call, key)
        if took is None:
            if not order:
                return carrying_out.RecordFailure(key, OrderNotFound.reason, self._clock.now())
            took = self._merchant.order_replacement(call, key, order, wanted.sku, service)
        returning = self._merchant.request_return(call, key, order, wanted.sku)
        return carrying_out.RecordOrder(key, took, returning, self._clock.now())

    def _credited(self, call: Call, file: CaseFile, progress: Progress) -> carrying_out.Outcome:
        """The coupon under the remedy's key, given where there is none yet."""
        key, amount = progress.remedy.remedy, progress.remedy.amount
        gave = self._merchant.find_credit(call, key)
        if gave is None:
            if not file.customer:
                return carrying_out.RecordFailure(key, "CUSTOMER_NOT_FOUND", self._clock.now())
            gave = self._merchant.issue_credit(call, key, file.customer, amount)
        return carrying_out.RecordCredit(key, gave, self._clock.now())


class ResponseHandlers:
    """Everything that is said to the customer."""

    def __init__(self, log: EventLog, known: KnownCases) -> None:
        self._log = log
        self._known = known

    def send(
        self, call: Call, escalation: EscalationId, command: responses.SendResponse
    ) -> pb.SendResponseResponse:
        """Has it said, by the policy's words where it has none."""
        return self._log.decide(
            _stream(call, escalation),
            SAYING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(wire.sent_response, command),
        )

    def confirm(
        self, call: Call, escalation: EscalationId, command: responses.ConfirmDelivery
    ) -> pb.ConfirmDeliveryResponse:
        """The platform says that it was delivered."""
        return self._log.decide(
            _stream(call, escalation),
            SAYING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=lambda recorded: pb.ConfirmDeliveryResponse(version=recorded.version),
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
            _stream(call, escalation),
            RESOLVING,
            ResolveEscalation(self._clock.now()),
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=wire.resolved_response,
        )

    def get(self, call: Call, escalation: EscalationId) -> Recorded[Resolution]:
        """Everything that stands; words are sealed."""
        self._known.of(call, escalation)
        return self._log.load(_stream(call, escalation), RESOLVING)


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


def _stream(call: Call, escalation: EscalationId) -> StreamId:
    return case_stream(call.actor.tenant, escalation)
