"""Remedies: carried out once under one key, and followed until they are final."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.rpc.refusals import RemoteRefusal
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId, RemedyId
from amends.values.remedy import RemedyKind
from services.resolution import wire
from services.resolution.domain import carrying_out, checking
from services.resolution.domain import remedies as remedies_idea
from services.resolution.domain.checking import RecordCheck
from services.resolution.domain.merchant import OrderNotFound
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedies import UNDER_WAY, Progress, Remedies, RemedyState
from services.resolution.gateways.case_files import CaseFile, CaseFiles
from services.resolution.gateways.merchant import REFUSED_FOR_GOOD, Merchant
from services.resolution.read_models import KnownCases

STARTING: Aggregate[Remedies, carrying_out.StartRemedy] = Aggregate(
    Remedies(), carrying_out.start, remedies_idea.evolve
)
CONCLUDING: Aggregate[Remedies, carrying_out.Outcome] = Aggregate(
    Remedies(), carrying_out.conclude, remedies_idea.evolve
)
CHECKING: Aggregate[Remedies, RecordCheck] = Aggregate(
    Remedies(), checking.check, remedies_idea.evolve
)


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
        stream = case_stream(call.actor.tenant, escalation)
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
        stream = case_stream(call.actor.tenant, escalation)
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
