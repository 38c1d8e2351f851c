"""The fact that a case is made right: what ends the offering, until the customer reopens it."""

from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import EscalationId


@dataclass(frozen=True, slots=True)
class EscalationResolved:
    """An answer is delivered and every remedy is final."""

    escalation: EscalationId
    resolved_at: datetime
    made_right: bool
