"""What routing knows of a case, as intake and the others told it, and what the case needs."""

from dataclasses import dataclass
from datetime import datetime

from amends.values.authority import Need
from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import EscalationId
from amends.values.money import Money
from amends.values.remedy import ACTION_OF, CREDITS, Action, RemedyKind, RemedySought
from services.routing.domain.policy import Policy, policy_of

_NOTHING_SAID = RemedySought()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case; `over` once it is resolved or closed and until it is reopened."""

    escalation: EscalationId
    channel: Channel
    cause: Cause
    priority: int
    need_by: NeedBy | None = None
    remedy_sought: RemedySought | None = None
    policy_version: int = 1
    over: bool = False

    @property
    def policy(self) -> Policy:
        """The policy under which it was opened."""
        return policy_of(self.policy_version)

    def not_past_need(self, due: datetime, at: datetime) -> datetime:
        """A deadline for staff, set `at`: never past the moment at which it is needed."""
        if self.need_by is not None and self.need_by.by > at:
            return min(due, self.need_by.by)
        return due


def needs_of(case: Case, at: datetime) -> tuple[Need, ...]:
    """The authority that what is sought needs, each action once.

    A replacement that is needed soon needs faster shipping too, at a price not known yet. Where
    nothing was sought, whoever decides must be able to refund and to reship (S26).
    """
    sought = case.remedy_sought or _NOTHING_SAID
    kinds = sought.kinds or (RemedyKind.REPLACEMENT, RemedyKind.REFUND)
    needs = [Need(ACTION_OF[kind], _amount(kind, kinds, sought.amount)) for kind in kinds]
    if sought.kinds and RemedyKind.REPLACEMENT in kinds and _soon(case, at):
        needs.append(Need(Action.EXPEDITED_SHIPPING))
    return tuple(needs)


def _amount(kind: RemedyKind, kinds: tuple[RemedyKind, ...], amount: Money | None) -> Money | None:
    """What is at stake is what goods or refund are worth; a credit beside them is not."""
    beside = kind in CREDITS and len(kinds) > 1
    return None if beside else amount


def _soon(case: Case, at: datetime) -> bool:
    return case.need_by is not None and case.need_by.by - at <= case.policy.expedite_within
