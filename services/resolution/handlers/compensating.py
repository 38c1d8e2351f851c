"""Taking back a remedy that another one comes in place of; one transaction per step."""

from dataclasses import replace
from functools import cache, partial

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId, RemedyId
from services.resolution.domain import compensating
from services.resolution.domain import remedies as remedies_idea
from services.resolution.domain.compensating import LeaveUnstarted
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedies import Progress, Remedies, RemedyState
from services.resolution.gateways.case_files import CaseFiles
from services.resolution.handlers.at_the_merchant import AtTheMerchant
from services.resolution.handlers.remedies import CONCLUDING
from services.resolution.read_models import KnownCases
from services.resolution.wire.remedies import remedy_response

COMPENSATING: Aggregate[Remedies, compensating.Command] = Aggregate(
    Remedies(), compensating.decide, remedies_idea.evolve
)


class CompensationHandlers:
    """Takes back what a remedy did; a crash in between leaves nothing that a repeat does twice."""

    def __init__(
        self,
        log: EventLog,
        known: KnownCases,
        case_files: CaseFiles,
        acting: AtTheMerchant,
        clock: Clock,
    ) -> None:
        self._log = log
        self._known = known
        self._case_files = case_files
        self._acting = acting
        self._clock = clock

    def compensate(
        self, call: Call, escalation: EscalationId, remedy: RemedyId
    ) -> pb.CompensateRemedyResponse:
        """What was not begun never begins; the rest is taken back at the merchant."""
        case = self._known.of(call, escalation)
        stream = case_stream(call.actor.tenant, escalation)
        respond = partial(
            remedy_response, remedy, pb.CompensateRemedyResponse, POLICIES[case.policy_version]
        )
        self._log.decide(
            stream,
            COMPENSATING,
            LeaveUnstarted(remedy, self._clock.now()),
            replace(call, rpc=f"{call.rpc}/unstarted"),
            knowing=lambda: case,
            respond=respond,
        )
        progress = self._finished(call, escalation, remedy)
        outcome = self._acting.take_back(call, progress)
        return self._log.decide(
            stream, COMPENSATING, outcome, call, knowing=lambda: case, respond=respond
        )

    def _finished(self, call: Call, escalation: EscalationId, remedy: RemedyId) -> Progress:
        """The remedy, once what was begun has come to an outcome.

        What was begun may be at the merchant already, or reach it any moment: only what stands
        there can be taken back for good.
        """
        stream = case_stream(call.actor.tenant, escalation)
        progress = self._log.load(stream, COMPENSATING).state.of(remedy)
        if progress.state is not RemedyState.STARTED:
            return progress
        case = self._known.of(call, escalation)
        file = cache(partial(self._case_files.of, call, escalation))
        self._log.decide(
            stream,
            CONCLUDING,
            self._acting.carry_out(call, escalation, file, progress),
            replace(call, rpc=f"{call.rpc}/outcome"),
            knowing=lambda: case,
            respond=partial(
                remedy_response,
                remedy,
                pb.CompensateRemedyResponse,
                POLICIES[case.policy_version],
            ),
        )
        return self._log.load(stream, COMPENSATING).state.of(remedy)
