"""What resolution must know of a case that other services decide: whose it is, by when, till when.

Intake says channel, cause and need-by, routing says who owns it, follow-up says reopened or closed.
"""

from dataclasses import dataclass
from datetime import datetime

from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import Actor, DecisionMakerId, EscalationId, Role, Subject
from amends.values.refusal import EscalationClosed, NotTheOwner


@dataclass(frozen=True, slots=True)
class Owner:
    """The one accountable person: who they are in the directory, and as a caller."""

    decision_maker: DecisionMakerId
    subject: Subject
    public_name: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the other services have told it so far; `owner` None while nobody accepted."""

    escalation: EscalationId
    channel: Channel
    cause: Cause
    policy_version: int
    need_by: NeedBy | None = None
    owner: Owner | None = None
    reopened_at: datetime | None = None
    closed: bool = False

    def for_owner(self, who: Actor) -> Owner:
        """The owner, who must be the one that asks.

        Raises:
            NotTheOwner: it is someone else, or nobody yet.
        """
        if self.owner is None or self.owner.subject != who.subject:
            raise NotTheOwner(self.escalation, self.owner.public_name if self.owner else "")
        return self.owner

    def still_open(self) -> None:
        """Promises that the case is not closed.

        Raises:
            EscalationClosed: it is.
        """
        if self.closed:
            raise EscalationClosed(self.escalation)

    def reopened_since(self, moment: datetime) -> bool:
        """True where the customer said "not solved" after that moment."""
        return self.reopened_at is not None and self.reopened_at > moment

    def arrives_in_time(self, arrives_by: datetime) -> bool:
        """True where it is there before it is needed, or no need-by is known (S38)."""
        return self.need_by is None or arrives_by < self.need_by.by


def is_service(who: Actor) -> bool:
    """True where a program speaks, not a person."""
    return who.role is Role.SERVICE
