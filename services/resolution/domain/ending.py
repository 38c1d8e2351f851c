"""How a remedy ends: everything about it is done, or it failed and another should be offered."""

from datetime import datetime

from services.resolution.domain.case import Case
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedies import (
    Progress,
    RemedyCompensated,
    RemedyCompleted,
    RemedyFailed,
)


def completed(found: Progress, case: Case, at: datetime) -> RemedyCompleted:
    """Everything about it is done."""
    return RemedyCompleted(case.escalation, found.remedy.remedy, found.reservation, at)


def failed(found: Progress, case: Case, reason: str, at: datetime) -> RemedyFailed:
    """It cannot be carried out, or did not last; by when another should be offered."""
    return RemedyFailed(
        escalation=case.escalation,
        remedy=found.remedy.remedy,
        reservation=found.reservation,
        reason=reason,
        offer_by=at + POLICIES[case.policy_version].offer_by,
    )


def compensated(found: Progress, case: Case, at: datetime) -> RemedyCompensated:
    """It was taken back, for another in its place."""
    return RemedyCompensated(case.escalation, found.remedy.remedy, found.reservation, at)
