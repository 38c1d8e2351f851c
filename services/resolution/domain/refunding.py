"""Sending money back: submitted once under one key, then followed until it is credited (S44).

The merchant is asked again and again; only what changed becomes an event. What was credited is
still looked at where the merchant says that something happened: money comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import RemedyId
from services.resolution.domain.case import Case
from services.resolution.domain.ending import completed, failed
from services.resolution.domain.merchant import Refund, RefundState, code_of
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.refunds import RefundFailed, RefundSubmitted, RefundSucceeded
from services.resolution.domain.remedies import Event, Progress, Remedies, RemedyState

_UNNAMED_FAILURE = "REFUND_FAILED"
FOLLOWED = frozenset({RemedyState.SUBMITTED, RemedyState.COMPLETED})
"""Where the merchant may have something new to say about a refund."""


@dataclass(frozen=True, slots=True)
class FollowRefund:
    """Somebody looks how far the money is."""

    remedy: RemedyId
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What the merchant says now; None where there was nothing to ask."""

    case: Case
    refund: Refund | None


def submitted(found: Progress, sent: Refund, case: Case, at: datetime) -> Sequence[Event]:
    """It was sent off, and at once what came of it, where the merchant knows that already."""
    policy = POLICIES[case.policy_version]
    off = RefundSubmitted(
        escalation=case.escalation,
        remedy=found.remedy.remedy,
        refund=sent.refund,
        amount=sent.amount,
        method=sent.method,
        submitted_at=sent.created_at,
        expected_by=sent.expected_by,
        check_by=policy.look_at_money(sent.expected_by, at),
    )
    return (off, *_came(found, sent, case, at))


def follow(remedies: Remedies, command: FollowRefund, known: Seen) -> Sequence[Event]:
    """What happened since the last look; nothing where nothing did."""
    found = remedies.of(command.remedy)
    if known.refund is None or found.money is None or found.state not in FOLLOWED:
        return ()
    if found.state is RemedyState.COMPLETED and known.refund.state is not RefundState.FAILED:
        return ()
    return _came(found, known.refund, known.case, command.at)


def _came(found: Progress, seen: Refund, case: Case, at: datetime) -> Sequence[Event]:
    remedy = found.remedy.remedy
    match seen.state:
        case RefundState.SUBMITTED:
            return ()
        case RefundState.SUCCEEDED:
            credited_at = seen.credited_at or at
            return (
                RefundSucceeded(case.escalation, remedy, seen.refund, seen.amount, credited_at),
                completed(found, case, at),
            )
        case RefundState.FAILED:
            reason = code_of(seen.failure, _UNNAMED_FAILURE)
            fell_through = RefundFailed(
                escalation=case.escalation,
                remedy=remedy,
                refund=seen.refund,
                amount=seen.amount,
                reason=reason,
                failed_at=seen.failed_at or at,
                after_credit=seen.credited_at is not None,
            )
            return (fell_through, failed(found, case, reason, at))
