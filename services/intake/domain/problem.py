"""The problem: said back in the handler's words, and confirmed by the customer.

Who restates is never who confirms, and a confirmation is of one restatement only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.values.identity import Actor, EscalationId, Role, Subject
from amends.values.personal import Personal
from amends.values.refusal import NotTheOwner, Refusal
from services.intake.domain.case import Case, Standing, require_open


@dataclass(frozen=True, slots=True, kw_only=True)
class RestateProblem:
    """The problem in the words of `who`."""

    escalation: EscalationId
    words: Personal[str]
    who: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmProblem:
    """The customer's yes to one restatement, passed on by `who`."""

    escalation: EscalationId
    restatement: int
    evidence: str
    who: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRestated:
    """The problem was said back; an earlier confirmation is void."""

    escalation: EscalationId
    restatement: int
    words: Personal[str]
    restated_by: Subject
    confirm_by: datetime
    restated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemConfirmed:
    """The customer confirmed the restatement: remedies may be carried out."""

    escalation: EscalationId
    restatement: int
    evidence: str
    offer_by: datetime
    confirmed_at: datetime


class RestatementOutdated(Refusal):
    """What the customer confirmed is not what is written there now."""

    reason = "RESTATEMENT_OUTDATED"

    def __init__(self, named: int, current: int) -> None:
        stands = f"number {current} stands" if current else "nothing was restated yet"
        super().__init__(
            f"restatement {named} cannot be confirmed: {stands}; read it to the customer first",
            restatement=str(named),
            current=str(current),
        )


class SelfConfirmation(Refusal):
    """Who restated the problem cannot say for the customer that it is right."""

    reason = "SELF_CONFIRMATION"

    def __init__(self, restatement: int) -> None:
        super().__init__(
            f"restatement {restatement} is yours; the customer confirms it through somebody else",
            restatement=str(restatement),
        )


class EvidenceRequired(Refusal):
    """Where nothing is written, a confirmation needs something that proves it."""

    reason = "EVIDENCE_REQUIRED"
    field = "evidence"

    def __init__(self, channel: str) -> None:
        super().__init__(
            f"a confirmation by {channel} has no evidence; name what proves it, such as the call "
            "recording's reference",
            channel=channel,
        )


def restate(case: Case, command: RestateProblem, standing: Standing) -> Sequence[ProblemRestated]:
    """The next restatement, and by when the customer should have confirmed it.

    Raises:
        EscalationNotFound, EscalationClosed: there is no such open case.
        NotTheOwner: a decision-maker restates a case that is somebody else's.
    """
    require_open(case, standing, command.escalation)
    if command.who.role is Role.DECISION_MAKER and command.who.subject != standing.owner:
        raise NotTheOwner(command.escalation, standing.owner_name)
    return [
        ProblemRestated(
            escalation=command.escalation,
            restatement=case.restatement + 1,
            words=command.words,
            restated_by=command.who.subject,
            confirm_by=command.at + case.policy.confirm_after(case.channel),
            restated_at=command.at,
        )
    ]


def confirm(case: Case, command: ConfirmProblem, standing: Standing) -> Sequence[ProblemConfirmed]:
    """The confirmation; what is confirmed already is not confirmed again.

    Raises:
        EscalationNotFound, EscalationClosed: there is no such open case.
        RestatementOutdated: another restatement stands, or none.
        SelfConfirmation: the restater confirms.
        EvidenceRequired: heard by phone or in person, and nothing proves it.
    """
    require_open(case, standing, command.escalation)
    if not case.restatement or command.restatement != case.restatement:
        raise RestatementOutdated(command.restatement, case.restatement)
    if command.who.subject == case.restated_by:
        raise SelfConfirmation(case.restatement)
    if case.confirmed == case.restatement:
        return []
    if case.channel in case.policy.evidence_channels and not command.evidence.strip():
        raise EvidenceRequired(case.channel.name.lower().replace("_", " "))
    return [
        ProblemConfirmed(
            escalation=command.escalation,
            restatement=command.restatement,
            evidence=command.evidence,
            offer_by=command.at + case.policy.offer_within,
            confirmed_at=command.at,
        )
    ]


def evolve(case: Case, event: ProblemRestated | ProblemConfirmed) -> Case:
    """The case with its latest restatement and whether that one is confirmed."""
    if isinstance(event, ProblemConfirmed):
        return replace(case, confirmed=event.restatement)
    return replace(case, restatement=event.restatement, restated_by=event.restated_by, confirmed=0)
