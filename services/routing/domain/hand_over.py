"""Hand-overs: the owner offers a case to another holder, who must accept or it returns (S28).

Their events and refusals. Who may offer, accept and return is decided in `handing_over`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.authority import Need
from amends.values.identity import DecisionMakerId, EscalationId, HandOverId, Subject
from amends.values.personal import Personal
from amends.values.refusal import Refusal


class HandOverReason(Enum):
    """Why an owner offers a case to somebody else."""

    END_OF_SHIFT = auto()
    ABSENCE = auto()
    WORKLOAD = auto()
    EXPERTISE = auto()
    CONFLICT_OF_INTEREST = auto()
    OTHER = auto()


class HandOverState(Enum):
    """How a hand-over stands."""

    OFFERED = auto()
    ACCEPTED = auto()
    RETURNED = auto()


class ReturnedBy(Enum):
    """Who ended a hand-over that was not accepted."""

    CLOCK = auto()
    RECEIVER = auto()
    OWNER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverOffered:
    """The owner offers the case, and owns it until somebody accepts."""

    escalation: EscalationId
    hand_over: HandOverId
    from_decision_maker: DecisionMakerId
    from_public_name: str
    to_decision_maker: DecisionMakerId
    to_public_name: str
    reason: HandOverReason
    note: Personal[str]
    needs: tuple[Need, ...]
    offered_at: datetime
    return_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverReturned:
    """It ended without effect: the case stays with its owner."""

    escalation: EscalationId
    hand_over: HandOverId
    from_decision_maker: DecisionMakerId
    to_decision_maker: DecisionMakerId
    returned_by: ReturnedBy
    returned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipHandedOver:
    """Somebody accepted: the one accountable owner from now on. No deadline moves."""

    escalation: EscalationId
    hand_over: HandOverId
    from_decision_maker: DecisionMakerId
    from_public_name: str
    decision_maker: DecisionMakerId
    public_name: str
    owner_subject: Subject
    handed_over_at: datetime
    partner: bool = False


EVENTS: tuple[type, ...] = (HandOverOffered, HandOverReturned, OwnershipHandedOver)
Event = HandOverOffered | HandOverReturned | OwnershipHandedOver


@dataclass(frozen=True, slots=True)
class HandOver:
    """One hand-over; `decided_at` is set once it is no longer offered."""

    offered: HandOverOffered
    offered_by: Subject
    state: HandOverState = HandOverState.OFFERED
    decided_at: datetime | None = None


class HandOverNotFound(Refusal):
    """No such hand-over in the caller's tenant."""

    reason = "HAND_OVER_NOT_FOUND"

    def __init__(self, hand_over: str) -> None:
        super().__init__(
            f"hand-over {hand_over} does not exist; look it up with ListAssignments",
            hand_over_id=hand_over,
        )


class HandOverOpen(Refusal):
    """One receiver at a time: two who accept would be two owners."""

    reason = "HAND_OVER_OPEN"

    def __init__(self, offered: HandOverOffered) -> None:
        super().__init__(
            f"{offered.to_public_name} may accept hand-over {offered.hand_over} until "
            f"{offered.return_by.isoformat()}; take it back with ReturnHandOver first",
            hand_over_id=offered.hand_over,
            to_decision_maker_id=offered.to_decision_maker,
            return_by=offered.return_by.isoformat(),
        )


class NotYourHandOver(Refusal):
    """Only the receiver may accept; only receiver and owner may end it."""

    reason = "NOT_YOUR_HAND_OVER"

    def __init__(self, offered: HandOverOffered) -> None:
        super().__init__(
            f"hand-over {offered.hand_over} is {offered.to_public_name}'s to accept, and theirs "
            f"and {offered.from_public_name}'s to return; find what asks you with "
            "ListAssignments",
            hand_over_id=offered.hand_over,
            to_decision_maker_id=offered.to_decision_maker,
            from_decision_maker_id=offered.from_decision_maker,
        )


class HandOverDecided(Refusal):
    """Someone was first; the message tells what was decided, and who owns the case."""

    reason = "DECIDED_ALREADY"

    def __init__(self, decided: HandOver, owner: str) -> None:
        at = decided.decided_at.isoformat() if decided.decided_at else ""
        state = decided.state.name
        super().__init__(
            f"hand-over {decided.offered.hand_over} to {decided.offered.to_public_name} stands "
            f"{state.lower()} since {at} and {owner} owns the case; look at your queue with "
            "ListAssignments",
            hand_over_id=decided.offered.hand_over,
            state=state,
            decided_at=at,
            owner=owner,
        )


class ReceiverNotAuthorised(Refusal):
    """What the case needs is more than the receiver may grant: they could not decide it."""

    reason = "AUTHORITY_EXCEEDED"

    def __init__(self, receiver: str, lacking: Sequence[Need], detail: str) -> None:
        super().__init__(
            f"{receiver} {detail}; offer the case to a holder whose authority covers it, as "
            "PreviewRoute shows them",
            receiver=receiver,
            lacking=", ".join(need.action.name for need in lacking),
            amount=", ".join(str(need.amount) for need in lacking if need.amount),
        )


class ReceiverNotAvailable(Refusal):
    """The receiver is away or full: the offer could only return."""

    reason = "DECISION_MAKER_NOT_AVAILABLE"

    def __init__(
        self, decision_maker: DecisionMakerId, receiver: str, why: str, words: str
    ) -> None:
        super().__init__(
            f"{receiver} {words}; offer the case to somebody who can take it, as PreviewRoute "
            "shows them",
            decision_maker_id=decision_maker,
            why=why,
        )


class ReturnNotDue(Refusal):
    """The clock came before its time."""

    reason = "NOT_DUE"

    def __init__(self, offered: HandOverOffered) -> None:
        super().__init__(
            f"hand-over {offered.hand_over} may be accepted until "
            f"{offered.return_by.isoformat()}; come back then",
            hand_over_id=offered.hand_over,
            return_by=offered.return_by.isoformat(),
        )
