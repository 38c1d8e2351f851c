"""Take-overs: a case gets another owner at once, who is told and not asked (S28, S35).

Their events and refusals. Who may give a case to whom is decided in `taking_over`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.authority import Need
from amends.values.identity import AssignmentId, DecisionMakerId, EscalationId, Subject
from amends.values.personal import Personal
from amends.values.refusal import Refusal


class TakeOverReason(Enum):
    """Why a case is given to another owner without asking."""

    OVERDUE = auto()
    ABSENCE = auto()
    CONFLICT_OF_INTEREST = auto()
    SENIORITY = auto()
    NO_LONGER_NEEDED = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipTaken:
    """Operations gave the case to another holder; `from_decision_maker` is empty for nobody."""

    escalation: EscalationId
    from_decision_maker: DecisionMakerId
    from_public_name: str
    decision_maker: DecisionMakerId
    public_name: str
    owner_subject: Subject
    reason: TakeOverReason
    note: Personal[str] | None
    taken_at: datetime
    restate_by: datetime
    assignment: AssignmentId
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDeescalated:
    """The case went to a less senior holder; no deadline moves."""

    escalation: EscalationId
    from_decision_maker: DecisionMakerId
    from_public_name: str
    decision_maker: DecisionMakerId
    public_name: str
    owner_subject: Subject
    reason: TakeOverReason
    note: Personal[str] | None
    deescalated_at: datetime
    assignment: AssignmentId
    needs: tuple[Need, ...]


EVENTS: tuple[type, ...] = (OwnershipTaken, EscalationDeescalated)
Event = OwnershipTaken | EscalationDeescalated


def given_at(event: Event) -> datetime:
    """Since when the next owner owns the case."""
    return event.taken_at if isinstance(event, OwnershipTaken) else event.deescalated_at


class AlreadyTheOwner(Refusal):
    """Whoever owns the case cannot be given it."""

    reason = "ALREADY_THE_OWNER"

    def __init__(self, escalation: EscalationId, owner: str) -> None:
        super().__init__(
            f"{owner} owns escalation {escalation} already; name somebody else, as PreviewRoute "
            "shows them",
            escalation_id=escalation,
            owner=owner,
        )


class NotLessSenior(Refusal):
    """To somebody as senior or more a case is handed over or taken over."""

    reason = "NOT_LESS_SENIOR"

    def __init__(self, receiver: str, seniority: int, owner: str, owners: int) -> None:
        super().__init__(
            f"{receiver} has seniority {seniority} and {owner}, who owns the case, {owners}; name "
            "somebody less senior, or offer it with HandOver",
            receiver=receiver,
            seniority=str(seniority),
            owner=owner,
            owner_seniority=str(owners),
        )


class ReceiverCurrencyNotGranted(Refusal):
    """The receiver holds the action, but in no such currency."""

    reason = "CURRENCY_NOT_GRANTED"

    def __init__(self, receiver: str, lacking: Sequence[Need], detail: str) -> None:
        super().__init__(
            f"{receiver} {detail}; give the case to a holder whose authority covers it, as "
            "PreviewRoute shows them",
            receiver=receiver,
            lacking=", ".join(need.action.name for need in lacking),
            amount=", ".join(str(need.amount) for need in lacking if need.amount),
        )
