"""The case as intake's own rules see it: what was said so far, without the words."""

from dataclasses import dataclass, field

from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.forgetting import CustomerIsForgotten
from amends.values.identity import EscalationId, Subject
from amends.values.refusal import EscalationClosed, EscalationNotFound
from amends.values.remedy import RemedySought
from services.intake.domain.policy import CURRENT, POLICIES, Policy

NOBODY = Subject("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Folded from intake's events of one escalation; `opened` is false before the first.

    `channel` is where the customer was heard last.
    """

    opened: bool = False
    channel: Channel = Channel.WEB
    cause: Cause = Cause.OTHER
    need_by: NeedBy | None = None
    remedy_sought: RemedySought = field(default_factory=RemedySought)
    priority: int = 5
    policy_version: int = CURRENT
    restatement: int = 0
    restated_by: Subject = NOBODY
    confirmed: int = 0
    forgotten: bool = False

    @property
    def policy(self) -> Policy:
        """The policy that the case was opened under."""
        return POLICIES[self.policy_version]


@dataclass(frozen=True, slots=True)
class Standing:
    """What other services said that intake's rules depend on."""

    resolved: bool = False
    closed: bool = False
    owner: Subject = NOBODY
    owner_name: str = ""


def require_known(case: Case, escalation: EscalationId) -> None:
    """Refuses what is said about a case that was never opened."""
    if not case.opened:
        raise EscalationNotFound(escalation)


def require_open(case: Case, standing: Standing, escalation: EscalationId) -> None:
    """Refuses what is said about a case that was never opened, or is over, or of nobody now."""
    require_known(case, escalation)
    if case.forgotten:
        raise CustomerIsForgotten
    if standing.closed:
        raise EscalationClosed(escalation)
