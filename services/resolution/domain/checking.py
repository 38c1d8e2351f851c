"""Following a replacement until it is with the customer (S38, S39).

The merchant is asked again and again; only what changed becomes an event. What was cancelled for
another remedy in its place was taken back; what the merchant cancelled by itself has failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import RemedyId
from services.resolution.domain.case import Case
from services.resolution.domain.ending import compensated, completed, failed
from services.resolution.domain.merchant import Replacement, ReplacementState, code_of
from services.resolution.domain.policy import POLICIES, next_look
from services.resolution.domain.remedies import (
    UNDER_WAY,
    Event,
    Progress,
    Remedies,
    RemedyState,
)
from services.resolution.domain.replacements import (
    ReplacementDelayed,
    ReplacementDelivered,
    ReplacementFailed,
    ReplacementShipped,
)

_UNNAMED_FAILURE = "REPLACEMENT_FAILED"
_CANCELLED = "REPLACEMENT_CANCELLED"


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """What the merchant says now."""

    remedy: RemedyId
    replacement: Replacement
    at: datetime


def check(remedies: Remedies, command: RecordCheck, case: Case) -> Sequence[Event]:
    """Everything that happened since the last look, in its order; nothing where nothing did."""
    found = remedies.of(command.remedy)
    if found.state not in UNDER_WAY:
        return ()
    if command.replacement.state is ReplacementState.FAILED:
        reason = code_of(command.replacement.failure, _UNNAMED_FAILURE)
        return _failed(found, reason, command, case)
    if command.replacement.state is ReplacementState.CANCELLED:
        if remedies.replacing(command.remedy):
            return (compensated(found, case, command.at),)
        return _failed(found, _CANCELLED, command, case)
    return (*_shipped(found, command, case), *_arrival(found, command, case))


def _failed(found: Progress, reason: str, command: RecordCheck, case: Case) -> Sequence[Event]:
    return (
        ReplacementFailed(case.escalation, command.remedy, reason),
        failed(found, case, reason, command.at),
    )


def _shipped(found: Progress, command: RecordCheck, case: Case) -> Sequence[Event]:
    seen = command.replacement
    if found.state is RemedyState.SHIPPED or seen.shipped_at is None:
        return ()
    return (
        ReplacementShipped(
            escalation=case.escalation,
            remedy=command.remedy,
            shipped_at=seen.shipped_at,
            arrives_by=seen.arrives_by,
            before_return=not seen.return_received,
            check_by=_look_again(command, case),
        ),
    )


def _arrival(found: Progress, command: RecordCheck, case: Case) -> Sequence[Event]:
    """It is there, or it comes later than was said before, or nothing new."""
    seen = command.replacement
    if seen.delivered_at is not None:
        in_time = case.arrives_in_time(seen.delivered_at)
        return (
            ReplacementDelivered(case.escalation, command.remedy, seen.delivered_at, in_time),
            completed(found, case, command.at),
        )
    if found.arrives_by is None or seen.arrives_by <= found.arrives_by:
        return ()
    check_by = _look_again(command, case)
    return (ReplacementDelayed(case.escalation, command.remedy, seen.arrives_by, check_by),)


def _look_again(command: RecordCheck, case: Case) -> datetime:
    policy = POLICIES[case.policy_version]
    seen = command.replacement
    if seen.shipped_at is None:
        return next_look(seen.ships_by, command.at, policy.look_again_unshipped)
    return next_look(seen.arrives_by, command.at, policy.look_again_on_the_way)
