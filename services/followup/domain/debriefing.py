"""Debriefing: the owner is asked what can be learned, and tells it with a colleague (S61)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.forgetting import CustomerIsForgotten
from amends.values.identity import DebriefId, DecisionMakerId, EscalationId, Subject
from amends.values.personal import Personal
from amends.values.refusal import InvalidField, Refusal
from services.followup.domain.case import Case
from services.followup.domain.closing import require_answered
from services.followup.domain.debrief import DebriefRecorded, DebriefRequested
from services.followup.domain.follow_up import FollowUps


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDebrief:
    """The case is about to be closed; `debrief` is its id if none stands."""

    debrief: DebriefId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDebrief:
    """What `who` learned with a colleague; `better` None where they said no more."""

    how: Personal[str]
    better: Personal[str] | None
    process_broken: bool
    colleague: Subject
    who: Subject
    at: datetime


class DebriefNotFound(Refusal):
    """Nobody was asked yet what can be learned."""

    reason = "DEBRIEF_NOT_FOUND"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"no debrief of escalation {escalation} was requested yet; "
            "it is once the customer has answered whether it is solved",
            escalation_id=escalation,
        )


class ToldAlready(Refusal):
    """The debrief was recorded before."""

    reason = "DECIDED_ALREADY"

    def __init__(self, debrief: DebriefId, recorded_at: datetime) -> None:
        super().__init__(
            f"debrief {debrief} was recorded at {recorded_at.isoformat()}; GetFollowUp tells it",
            debrief_id=debrief,
            recorded_at=recorded_at.isoformat(),
        )


def request(
    follow_ups: FollowUps, command: RequestDebrief, case: Case
) -> Sequence[DebriefRequested]:
    """That the owner was asked; where a debrief stands, or nobody may be named, no event.

    What was learned before a case was reopened is not all: it is asked again.

    Raises:
        FollowUpOpen: the customer has not answered yet and still may.
    """
    if case.forgotten or _stands(follow_ups):
        return ()
    if follow_ups.closed is None:
        require_answered(follow_ups, case)
    return (
        DebriefRequested(
            escalation=case.escalation,
            debrief=command.debrief,
            owner=case.owner or DecisionMakerId(""),
            requested_at=command.at,
            due_by=command.at + case.policy.debrief_within,
        ),
    )


def record(follow_ups: FollowUps, command: RecordDebrief, case: Case) -> Sequence[DebriefRecorded]:
    """What was learned, once, also after the case was closed.

    Raises:
        InvalidField: the colleague is the one who tells it.
        CustomerIsForgotten: nothing that may name them can be kept.
        DebriefNotFound: none was requested.
        ToldAlready: it was recorded before.
    """
    if command.colleague.strip() in {"", command.who}:
        raise InvalidField(
            "colleague", "colleague must be another person than the caller; name who it was"
        )
    if case.forgotten:
        raise CustomerIsForgotten
    debrief = follow_ups.debrief
    if debrief is None:
        raise DebriefNotFound(case.escalation)
    if debrief.recorded is not None:
        raise ToldAlready(debrief.requested.debrief, debrief.recorded.recorded_at)
    return (
        DebriefRecorded(
            escalation=case.escalation,
            debrief=debrief.requested.debrief,
            how=command.how,
            better=command.better,
            process_broken=command.process_broken,
            recorded_by=command.who,
            colleague=Subject(command.colleague.strip()),
            recorded_at=command.at,
        ),
    )


def _stands(follow_ups: FollowUps) -> bool:
    """Asked, and not told before the case was reopened."""
    debrief, reopened_at = follow_ups.debrief, follow_ups.reopened_at
    if debrief is None:
        return False
    told = debrief.recorded
    return told is None or reopened_at is None or told.recorded_at > reopened_at
