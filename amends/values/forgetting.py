"""Forgetting: what is kept of a person by class, and the two refusals that come with it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from amends.values.identity import EscalationId
from amends.values.refusal import Refusal

ASK_AGAIN = timedelta(days=1)
"""When an open case is worth another look, for a service that knows no deadline of it."""


class PersonalData(Enum):
    """What is kept of a person; each class has a key of its own, since it ends at its own time.

    WORDS are everything that was said, RECORD is what identifies a payment.
    """

    WORDS = auto()
    RECORD = auto()


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A case of the customer that is not made right yet, and when it may be worth asking again."""

    escalation: EscalationId
    until: datetime


class KeptByLaw(Refusal):
    """Nothing of a customer is forgotten while one of their cases is open."""

    reason = "KEPT_BY_LAW"

    def __init__(self, claim: OpenClaim) -> None:
        until = claim.until.astimezone(UTC).isoformat()
        super().__init__(
            f"escalation {claim.escalation} of this customer is still open and nothing was "
            f"forgotten; ask again once it is resolved, not before {until}",
            because="OPEN_CLAIM",
            escalation_id=claim.escalation,
            kept_until=until,
        )


class CustomerIsForgotten(Refusal):
    """New words of a forgotten customer could not be kept: their key is never made again."""

    reason = "CUSTOMER_FORGOTTEN"

    def __init__(self) -> None:
        super().__init__(
            "this customer was forgotten and their words can be kept no more; "
            "open what is new under a new customer reference"
        )
