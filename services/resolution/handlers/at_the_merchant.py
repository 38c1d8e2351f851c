"""What is done at the merchant for a remedy, and taken back: looked up by its key first."""

from collections.abc import Callable
from typing import assert_never

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
from services.resolution.domain.merchant import (
    Credit,
    CreditState,
    Made,
    OrderNotFound,
    Refund,
    Replacement,
)
from services.resolution.domain.remedies import GONE, Progress, RemedyState
from services.resolution.domain.remedy import Remedy
from services.resolution.gateways.case_files import CaseFile
from services.resolution.gateways.merchant import KEPT_BY_CUSTOMER, REFUSED_FOR_GOOD, Merchant

_VOIDED = "CREDIT_VOIDED"


class _ForNobody(Exception):
    """The case does not name (any more) whom or what it would be for."""

    reason = "CUSTOMER_NOT_FOUND"


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
        """What the merchant did or does about a started remedy; nothing where it is past that.

        It has failed only once its key is closed at the merchant: another process of ours may
        have stopped just before its call, and wake when another remedy was paid in its place.
        """
        if progress.state is not RemedyState.STARTED:
            return RecordNothing(progress.remedy.remedy)
        try:
            stands = self._made(call, escalation, file, progress.remedy)
        except (RemoteRefusal, OrderNotFound, _ForNobody) as why:
            if why.reason not in REFUSED_FOR_GOOD:
                raise
            happened = self._merchant.close(call, progress.remedy)
            if happened is None:
                return self._failure(progress, why.reason)
            stands = happened
        return self._outcome(call, file, progress, stands)

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

    def _made(
        self,
        call: Call,
        escalation: EscalationId,
        file: Callable[[], CaseFile],
        wanted: Remedy,
    ) -> Made:
        """What stands under the remedy's key, made where there is nothing yet."""
        if (stands := self._merchant.find(call, wanted)) is not None:
            return stands
        known = file()
        match ACTION_OF[wanted.kind]:
            case Action.RESHIP:
                order = known.order_of(escalation)
                return self._merchant.order_replacement(call, wanted, order)
            case Action.REFUND:
                order = known.order_of(escalation)
                return self._merchant.send_refund(call, wanted, order, escalation)
            case _:
                if not known.customer:
                    raise _ForNobody
                return self._merchant.issue_credit(call, wanted, known.customer)

    def _outcome(
        self, call: Call, file: Callable[[], CaseFile], progress: Progress, stands: Made
    ) -> Outcome:
        """What is recorded of what stands; faulty goods are asked for back."""
        wanted, at = progress.remedy, self._clock.now()
        match stands:
            case Replacement():
                returning = self._merchant.request_return(call, wanted, file().order)
                return RecordOrder(wanted.remedy, stands, returning, at)
            case Refund():
                return RecordRefund(wanted.remedy, stands, at)
            case Credit(state=CreditState.VOIDED):
                return self._failure(progress, _VOIDED)
            case Credit():
                return RecordCredit(wanted.remedy, stands, at)
            case _:
                assert_never(stands)

    def _failure(self, progress: Progress, reason: str) -> RecordFailure:
        return RecordFailure(progress.remedy.remedy, reason, self._clock.now())
