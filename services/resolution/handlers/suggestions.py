"""Suggestions: what could be offered. Changes nothing."""

from dataclasses import replace

from amends.values.authority import Limit
from amends.values.identity import Call, EscalationId
from services.resolution.domain.merchant import OrderNotFound
from services.resolution.domain.suggestions import Suggestions, suggest
from services.resolution.gateways.case_files import CaseFiles
from services.resolution.gateways.merchant import Merchant
from services.resolution.read_models import KnownCases


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
