"""Progress: where a case stands and what it waits for, from the facts of all services.

Facts of one service come in order, those of different services in any: each service has its own
part here that only its facts change (`advance`), and stage and waiting are read from all parts
together (`waiting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from amends.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What intake said."""

    assign_by: datetime | None = None
    restatement: int = 0
    confirm_by: datetime | None = None
    confirmed_at: datetime | None = None
    offer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody was asked to own the case."""

    name: str
    accept_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The one accountable person, by `subject` and by public name."""

    decision_maker: str
    name: str
    subject: str
    since: datetime
    restate_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """The owner offers the case to somebody else, and owns it until that one accepts."""

    from_name: str
    to_name: str
    return_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What routing said; `nobody_until` is when it looks again after finding nobody.

    `hand_over` is set while one waits to be accepted.
    """

    asked: Asked | None = None
    nobody_until: datetime | None = None
    owner: Owner | None = None
    hand_over: HandOver | None = None
    hops: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer in the ledger.

    `state` is "draft", "rejected", "open", "accepted", "declined", "countered", "expired" or
    "withdrawn". Until it is approved a draft has `approve_by`, then `expires_by`.
    """

    offer: str
    state: str
    made_at: datetime
    expires_by: datetime | None
    kinds: tuple[str, ...]
    approve_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money on its way: "submitted", "succeeded" or "failed"."""

    remedy: str
    state: str
    amount: Money | None
    expected_by: datetime | None = None
    credited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise of `maker`, a decision-maker: "open", "kept", "kept late" or "broken"."""

    promise: str
    maker: str
    state: str
    promised_at: datetime
    due_by: datetime | None
    warn_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRight:
    """What resolution said.

    `offer_by` is set while a new offer is due; `remedies` are those promised and not final, with
    when each should have gone on; `answer_by` is set until the answer is delivered.
    """

    offers: tuple[Offer, ...] = ()
    offer_by: datetime | None = None
    remedies: Mapping[str, datetime | None] = field(default_factory=dict)
    on_their_way: tuple[str, ...] = ()
    answer_by: datetime | None = None
    answer_sent: bool = False
    resolved_at: datetime | None = None
    refunds: tuple[Refund, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What follow-up said."""

    ask_by: datetime | None = None
    answer_by: datetime | None = None
    reopened_at: datetime | None = None
    offer_by: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that stands, on the service `source`."""

    source: str
    kind: str
    since: datetime
    clears_when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything that is known of a case's way."""

    heard: Heard = field(default_factory=Heard)
    routed: Routed = field(default_factory=Routed)
    made_right: MadeRight = field(default_factory=MadeRight)
    followed: Followed = field(default_factory=Followed)
    alarms: tuple[Alarm, ...] = ()

    @property
    def closed(self) -> bool:
        """Nothing about the case changes any more."""
        return self.followed.closed_at is not None

    @property
    def resolved(self) -> bool:
        """Made right, and not reopened since."""
        resolved_at, reopened_at = self.made_right.resolved_at, self.followed.reopened_at
        return resolved_at is not None and (reopened_at is None or resolved_at > reopened_at)
