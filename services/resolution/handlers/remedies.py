"""Remedies: carried out once under one key, and followed until they are final."""

from dataclasses import replace
from functools import cache, partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId, RemedyId
from services.resolution.domain import carrying_out, checking
from services.resolution.domain import remedies as remedies_idea
from services.resolution.domain.checking import RecordCheck
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedies import UNDER_WAY, Remedies
from services.resolution.gateways.case_files import CaseFiles
from services.resolution.gateways.merchant import Merchant
from services.resolution.handlers.at_the_merchant import AtTheMerchant
from services.resolution.read_models import KnownCases
from services.resolution.wire.remedies import remedy_response

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

    def __init__(  # noqa: PLR0913, PLR0917 - a remedy needs everyone
        self,
        log: EventLog,
        known: KnownCases,
        case_files: CaseFiles,
        merchant: Merchant,
        acting: AtTheMerchant,
        clock: Clock,
    ) -> None:
        self._log = log
        self._known = known
        self._case_files = case_files
        self._merchant = merchant
        self._acting = acting
        self._clock = clock

    def carry_out(
        self, call: Call, escalation: EscalationId, remedy: RemedyId
    ) -> pb.CarryOutRemedyResponse:
        """Commits the intent, asks the merchant, commits the outcome."""
        case = self._known.of(call, escalation)
        # Asked at most once, and not at all by a repeat that finds its answer.
        file = cache(partial(self._case_files.of, call, escalation))
        respond = partial(
            remedy_response, remedy, pb.CarryOutRemedyResponse, POLICIES[case.policy_version]
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
        outcome = self._acting.carry_out(call, escalation, file, progress)
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
            remedy_response, remedy, pb.CheckReplacementResponse, POLICIES[case.policy_version]
        )
        if standing.state.of(remedy).state not in UNDER_WAY:
            return respond(standing)
        seen = self._merchant.replacement(call, remedy)
        command = RecordCheck(remedy, seen, self._clock.now())
        return self._log.decide(
            stream, CHECKING, command, call, knowing=lambda: case, respond=respond
        )
