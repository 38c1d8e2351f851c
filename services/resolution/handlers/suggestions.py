"""Suggestions: what could be offered. Changes nothing."""

from dataclasses import replace

from amends.eventstore.log import EventLog
from amends.eventstore.streams import case_stream
from amends.values.authority import Limit
from amends.values.identity import Call, EscalationId
from amends.values.remedy import RemedySought
from services.resolution.domain.suggestion import Situation
from services.resolution.domain.suggestions import Suggestions, suggest
from services.resolution.gateways.case_files import CaseFiles
from services.resolution.gateways.merchant import Merchant
from services.resolution.handlers.resolution import RESOLVING
from services.resolution.read_models import KnownCases


class SuggestionHandlers:
    """What could be offered; changes nothing."""

    def __init__(
        self, log: EventLog, known: KnownCases, case_files: CaseFiles, merchant: Merchant
    ) -> None:
        self._log = log
        self._known = known
        self._case_files = case_files
        self._merchant = merchant

    def suggest(
        self, call: Call, escalation: EscalationId
    ) -> tuple[Suggestions, tuple[Limit, ...]]:
        """Suggestions for the owner, and the owner's limits."""
        owner = self._known.checked(call, escalation, lambda case: case.for_owner(call.who))
        file = self._case_files.of(call, escalation)
        order = file.order_of(escalation)
        limits = self._known.limits(call, owner.decision_maker)
        standing = self._log.load(case_stream(call.actor.tenant, escalation), RESOLVING)
        situation = Situation(
            case=replace(self._known.of(call, escalation), need_by=file.need_by),
            order=self._merchant.order(call, order),
            limits=limits,
            at=standing.now,
            sought=file.remedy_sought or RemedySought(),
            standing=standing.state.remedies,
        )
        return suggest(situation), limits
