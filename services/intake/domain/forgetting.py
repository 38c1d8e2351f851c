"""Forgetting: when a customer may be forgotten, what the law has kept, and that it was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from amends.values.forgetting import ASK_AGAIN, OpenClaim
from amends.values.identity import EscalationId
from services.intake.domain.case import Case, require_known
from services.intake.domain.facts import Fact
from services.intake.domain.policy import Policy
from services.intake.domain.progress import Progress
from services.intake.domain.waiting import waiting

_PAID = frozenset({"CreditIssued", "RefundSucceeded"})
"""Events by which something of money value was given, so that its record must be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForgotten:
    """The customer of the case was forgotten; `record_until` is None where nothing is kept."""

    escalation: EscalationId
    record_until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerForgotten:
    """Nobody can read the customer's words any more."""

    escalation: EscalationId
    forgotten_at: datetime
    record_until: datetime | None


def decide(case: Case, command: NoteForgotten, _known: object) -> Sequence[CustomerForgotten]:
    """That it was done; once.

    Raises:
        EscalationNotFound: there is no such case.
    """
    require_known(case, command.escalation)
    if case.forgotten:
        return []
    return [
        CustomerForgotten(
            escalation=command.escalation,
            forgotten_at=command.at,
            record_until=command.record_until,
        )
    ]


def evolve(case: Case, _event: CustomerForgotten) -> Case:
    """The case without a customer who could say more."""
    return replace(case, forgotten=True)


def open_claim(escalation: EscalationId, progress: Progress, at: datetime) -> OpenClaim | None:
    """A case that is not made right; it holds its customer's words until its next deadline."""
    if progress.resolved or progress.closed:
        return None
    until = waiting(progress).until
    return OpenClaim(escalation, until if until is not None and until > at else at + ASK_AGAIN)


def record_until(facts: Iterable[Fact], policy: Policy) -> datetime | None:
    """When the last of a case's payments may be forgotten; None where nothing was paid."""
    paid = [fact.at for fact in facts if fact.name in _PAID]
    if not paid:
        return None
    first_day_after = max(paid).astimezone(UTC).year + policy.payment_record_years + 1
    return datetime(first_day_after, 1, 1, tzinfo=UTC)
