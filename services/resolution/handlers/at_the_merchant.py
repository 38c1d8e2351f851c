"""What is done at the merchant for a remedy, and taken back: looked up by its key first."""

from collections.abc import Callable

from amends.clock import Clock
from amends.rpc.refusals import RemoteRefusal
from amends.values.identity import Call, EscalationId
from amends.values.remedy import ACTION_OF, Action
from services.resolution.domain import compensating
from services.resolution.domain.carrying_out import (
    Outcome,
    RecordCredit,
    RecordFailure,
    RecordNothing,
    RecordOrder,
    RecordRefund,
)
from services.resolution.domain.compensating import (
    NOT_REVERSIBLE,
    RecordNoChange,
    RecordStays,
    RecordTakenBack,
)
from services.resolution.domain.merchant import CreditState, OrderNotFound
from services.resolution.domain.remedies import GONE, Progress, RemedyState
from services.resolution.gateways.case_files import CaseFile
from services.resolution.gateways.merchant import KEPT_BY_CUSTOMER, REFUSED_FOR_GOOD, Merchant

_VOIDED = "CREDIT_VOIDED"


class AtTheMerchant:
    """Acts under the remedy's key; whatever happened before under it is found, never repeated."""

    def __init__(self, merchant: Merchant, clock: Clock) -> None:
        self._merchant = merchant
        self._clock = clock

    def carry_out(
        self,
        call: Call,
        escalation: EscalationId,
        file: Callable[[], CaseFile],
        progress: Progress,
    ) -> Outcome:
        """What the merchant did or does about a started remedy; nothing where it is past that."""
        remedy = progress.remedy.remedy
        if progress.state is not RemedyState.STARTED:
            return RecordNothing(remedy)
        try:
            match ACTION_OF[progress.remedy.kind]:
                case Action.RESHIP:
                    return self._ordered(call, file(), progress)
                case Action.REFUND:
                    return self._refunded(call, escalation, file(), progress)
                case _:
                    return self._credited(call, file(), progress)
        except RemoteRefusal as refusal:
            if refusal.reason not in REFUSED_FOR_GOOD:
                raise
            return self._failure(progress, refusal.reason)

    def take_back(self, call: Call, progress: Progress) -> compensating.Outcome:
        """Whether the merchant could take back what a remedy did; harmless when repeated."""
        remedy, at = progress.remedy.remedy, self._clock.now()
        if progress.state in GONE:
            return RecordNoChange(remedy)
        try:
            match ACTION_OF[progress.remedy.kind]:
                case Action.RESHIP:
                    self._merchant.cancel_replacement(call, remedy)
                case Action.REFUND:
                    return RecordStays(remedy, NOT_REVERSIBLE, at)
                case _:
                    self._merchant.void_credit(call, remedy)
        except RemoteRefusal as refusal:
            if refusal.reason not in KEPT_BY_CUSTOMER:
                raise
            return RecordStays(remedy, refusal.reason, at)
        return RecordTakenBack(remedy, at)

    def _ordered(self, call: Call, file: CaseFile, progress: Progress) -> Outcome:
        """The replacement under the remedy's key, ordered where there is none yet."""
        wanted, order = progress.remedy, file.order
        key, service = wanted.remedy, wanted.shipping.service if wanted.shipping else ""
        took = self._merchant.find_replacement(call, key)
        if took is None:
            if not order:
                return self._failure(progress, OrderNotFound.reason)
            took = self._merchant.order_replacement(call, key, order, wanted.sku, service)
        returning = self._merchant.request_return(call, key, order, wanted.sku)
        return RecordOrder(key, took, returning, self._clock.now())

    def _refunded(
        self, call: Call, escalation: EscalationId, file: CaseFile, progress: Progress
    ) -> Outcome:
        """The refund under the remedy's key, sent off where there is none yet."""
        key = progress.remedy.remedy
        sent = self._merchant.find_refund(call, key)
        if sent is None:
            if not file.order:
                return self._failure(progress, OrderNotFound.reason)
            sent = self._merchant.send_refund(call, progress.remedy, file.order, escalation)
        return RecordRefund(key, sent, self._clock.now())

    def _credited(self, call: Call, file: CaseFile, progress: Progress) -> Outcome:
        """The credit under the remedy's key, given where there is none yet."""
        key = progress.remedy.remedy
        gave = self._merchant.find_credit(call, key)
        if gave is None:
            if not file.customer:
                return self._failure(progress, "CUSTOMER_NOT_FOUND")
            gave = self._merchant.issue_credit(call, progress.remedy, file.customer)
        if gave.state is CreditState.VOIDED:
            return self._failure(progress, _VOIDED)
        return RecordCredit(key, gave, self._clock.now())

    def _failure(self, progress: Progress, reason: str) -> RecordFailure:
        return RecordFailure(progress.remedy.remedy, reason, self._clock.now())
