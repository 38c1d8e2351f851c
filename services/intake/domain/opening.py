"""Opening: a customer is heard for the first time about this, in their own words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import CustomerDigest, EscalationId, OrderDigest
from amends.values.money import InvalidMoney
from amends.values.personal import Personal
from amends.values.remedy import RemedySought
from services.intake.domain.case import Case
from services.intake.domain.need_by import require_ahead
from services.intake.domain.policy import CURRENT, POLICIES, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEscalation:
    """What the customer said, and `at` which moment."""

    escalation: EscalationId
    channel: Channel
    cause: Cause
    customer_digest: CustomerDigest
    order_digest: OrderDigest
    customer: Personal[str]
    order: Personal[str]
    words: Personal[str]
    stake: Personal[str]
    expected_outcome: Personal[str]
    need_by: NeedBy | None
    occasion: Personal[str]
    remedy_sought: RemedySought
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationOpened:
    """A customer was heard and the case is open."""

    escalation: EscalationId
    channel: Channel
    cause: Cause
    customer_digest: CustomerDigest
    order_digest: OrderDigest
    customer: Personal[str]
    order: Personal[str]
    words: Personal[str]
    stake: Personal[str]
    expected_outcome: Personal[str]
    need_by: NeedBy | None
    occasion: Personal[str]
    remedy_sought: RemedySought
    priority: int
    policy_version: int
    acknowledge_by: datetime
    assign_by: datetime
    opened_at: datetime


def decide(command: OpenEscalation) -> Sequence[EscalationOpened]:
    """The case, with by when the customer is acknowledged and somebody is asked.

    Raises:
        NeedByInThePast: it cannot be in time any more.
        InvalidMoney: an amount that is not above zero.
    """
    require_ahead(command.need_by, command.at)
    require_amount(command.remedy_sought)
    policy = POLICIES[CURRENT]
    return [
        EscalationOpened(
            escalation=command.escalation,
            channel=command.channel,
            cause=command.cause,
            customer_digest=command.customer_digest,
            order_digest=command.order_digest,
            customer=command.customer,
            order=command.order,
            words=command.words,
            stake=command.stake,
            expected_outcome=command.expected_outcome,
            need_by=command.need_by,
            occasion=command.occasion,
            remedy_sought=command.remedy_sought,
            priority=priority(policy, command.cause, command.need_by, command.at),
            policy_version=CURRENT,
            acknowledge_by=command.at + policy.acknowledge_within,
            assign_by=command.at + policy.assign_within,
            opened_at=command.at,
        )
    ]


def evolve(case: Case, event: EscalationOpened) -> Case:
    """The case as it begins."""
    return replace(
        case,
        opened=True,
        channel=event.channel,
        cause=event.cause,
        need_by=event.need_by,
        remedy_sought=event.remedy_sought,
        priority=event.priority,
        policy_version=event.policy_version,
    )


def priority(policy: Policy, cause: Cause, need_by: NeedBy | None, at: datetime) -> int:
    """1 (most urgent) to 5: how soon it is needed, or else what went wrong."""
    by_cause = policy.cause_priority.get(cause, policy.usual_priority)
    if need_by is None:
        return by_cause
    left = need_by.by - at
    by_time = (level for within, level in policy.urgent_within if left <= within)
    return min(by_cause, next(by_time, by_cause))


def require_amount(sought: RemedySought) -> None:
    """Refuses an amount of nothing or less."""
    if sought.amount is not None and sought.amount.minor <= 0:
        field = "remedy_sought.amount"
        raise InvalidMoney(f"{field} must be above zero", field=field)
