"""What follow-up must know of a case that other services decide: is it made right, and answered."""

from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import DecisionMakerId, EscalationId
from amends.values.refusal import Refusal
from services.followup.domain.policy import POLICIES, Policy


class AnswerNotDelivered(Refusal):
    """No case ends without an answer that the customer has (S48)."""

    reason = "ANSWER_NOT_DELIVERED"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"the customer of {escalation} has no answer yet; send one and confirm its delivery",
            escalation_id=escalation,
        )


class NotResolved(Refusal):
    """The case is not made right, or was reopened since."""

    reason = "NOT_RESOLVED"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"escalation {escalation} is not resolved; ResolveEscalation says when it is",
            escalation_id=escalation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as its services have told it so far; the latest of each moment, or None."""

    escalation: EscalationId
    policy_version: int
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    owner: DecisionMakerId | None = None
    """Who owned it last, as routing says."""
    forgotten: bool = False
    """Intake says that its customer was forgotten."""

    @property
    def policy(self) -> Policy:
        """The policy that the case was opened under."""
        return POLICIES[self.policy_version]

    def made_right(self, reopened_at: datetime | None) -> datetime:
        """When it was resolved, after it was reopened if it ever was.

        Raises:
            AnswerNotDelivered: no answer was delivered since.
            NotResolved: it is not resolved since.
        """
        if not _since(self.answered_at, reopened_at):
            raise AnswerNotDelivered(self.escalation)
        if self.resolved_at is None or not self.is_made_right(reopened_at):
            raise NotResolved(self.escalation)
        return self.resolved_at

    def is_made_right(self, reopened_at: datetime | None) -> bool:
        """True where it was resolved, after it was reopened if it ever was."""
        return _since(self.resolved_at, reopened_at)


def _since(moment: datetime | None, reopened_at: datetime | None) -> bool:
    return moment is not None and (reopened_at is None or moment > reopened_at)
