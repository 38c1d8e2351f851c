"""A case as the workflow knows it: one part per service, each made of what that service said.

Pure values. `folding.py` makes them out of news; what follows from all of them is in `waits.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from workflows import names
from workflows.messages import News


@dataclass(frozen=True, slots=True)
class Due:
    """A moment on a service's clock, and the event that set it."""

    service: str
    by: datetime
    cause: str

    @classmethod
    def of(cls, news: News, name: str) -> Self | None:
        """The moment that an event names so; None where it names none."""
        by = news.moment(name)
        return cls(news.service, by, news.event_id) if by else None


@dataclass(frozen=True, slots=True)
class Intake:
    """Heard, restated, confirmed."""

    opened: str = ""
    """The id of EscalationOpened; empty until it is known."""
    channel: str = ""
    cause: str = ""
    priority: int = 0
    partner: str = ""
    """Who brought the case, where that was a partner."""
    zone: str = ""
    context_known: bool = False
    acknowledge: Due | None = None
    assign: Due | None = None
    restatement: int = 0
    confirmed: bool = False
    confirm: Due | None = None
    offer: Due | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One holder who was asked; `event` is the one that brought it into its state."""

    id: str
    decision_maker: str
    public_name: str
    event: str
    accept: Due | None
    open: bool = True
    partner: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """The one accountable person."""

    decision_maker: str
    public_name: str
    partner: bool = False


@dataclass(frozen=True, slots=True)
class HandOver:
    """The owner's offer of the case to somebody else, who may accept until `back`."""

    id: str
    event: str
    from_name: str
    to_name: str
    back: Due | None


@dataclass(frozen=True, slots=True)
class Routing:
    """Who was asked and who took it."""

    assignment: Assignment | None = None
    """The latest one."""
    owner: Owner | None = None
    restate: Due | None = None
    nobody: Due | None = None
    """Set while nobody can decide; when to look again at the latest."""
    cause: str = ""
    """The event after which somebody must be found again; empty for the first time."""
    hand_over: HandOver | None = None
    """Set while one waits to be accepted; until then the owner is the owner."""

    @property
    def asked(self) -> Assignment | None:
        """The holder who has not answered yet."""
        return self.assignment if self.assignment and self.assignment.open else None


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that the customer has not answered; `remedies` are kinds by id, in its order."""

    id: str
    event: str
    expires: Due | None
    remedies: Mapping[str, str]
    in_place_of: Mapping[str, str] = field(default_factory=dict)
    """The remedy of an earlier offer that one of these comes in place of, by its id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An offer above its owner's authority; another holder approves or rejects it."""

    id: str
    approve: Due | None


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something promised; `cause` is the acceptance. States as in the contract."""

    id: str
    kind: str
    cause: str
    state: str = "PROMISED"
    check: Due | None = None
    """When to look at it again."""
    expected: Due | None = None
    """A refund on its way: by when it should be credited."""
    in_place_of: str = ""
    """The remedy of an earlier offer that must be undone before this one is carried out."""

    @property
    def final(self) -> bool:
        """Nothing is left to be done for it; money that was credited may still come back."""
        return self.state in {"COMPLETED", "FAILED", "COMPENSATED"}

    @property
    def undone(self) -> bool:
        """The customer has nothing of it: it failed, or was taken back."""
        return self.state in {"FAILED", "COMPENSATED"}


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that the owner will do by `due`; it is gone once it is kept."""

    id: str
    event: str
    warn: Due | None
    due: Due | None
    broken: Due | None = None
    """Since when it is broken."""


@dataclass(frozen=True, slots=True)
class Response:
    """Something said to the customer that is not known to have arrived."""

    kind: str
    deliver: Due | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Offered, agreed, answered: of the round since the case was last resolved."""

    offer: Offer | None = None
    draft: Draft | None = None
    """Set while one waits for another holder."""
    agreed: str = ""
    """The id of OfferAccepted; empty while an offer must be found."""
    offer_again: Due | None = None
    carry_out: Due | None = None
    answer: Due | None = None
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    """Everything that was ever agreed, by id."""
    promises: Mapping[str, Promise] = field(default_factory=dict)
    """Those that are not kept, by id, also broken ones."""
    undelivered: Mapping[str, Response] = field(default_factory=dict)
    sent: Mapping[str, int] = field(default_factory=dict)
    """How often each kind of response was sent, ever."""
    answer_sent: bool = False
    answer_delivered: bool = False
    resolved: int = 0
    """How often the case was made right."""
    resolved_by: str = ""
    """The id of the latest EscalationResolved."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Asked weeks later, reopened, closed."""

    id: str = ""
    event: str = ""
    """The id of the event that brought it into its state."""
    state: str = ""
    """"", SCHEDULED, ASKED, ANSWERED, MISSED or CANCELLED."""
    solved: bool = False
    ask: Due | None = None
    answer: Due | None = None
    asked: int = 0
    reopened: int = 0
    offer_again: Due | None = None
    reopening: bool = False
    """Cancelled because the case goes on; that it is reopened follows at once."""
    debrief: str = ""
    """The id of the debrief that was requested."""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is known of one case; `marks` are the versions up to which it is known."""

    intake: Intake = field(default_factory=Intake)
    routing: Routing = field(default_factory=Routing)
    resolution: Resolution = field(default_factory=Resolution)
    followup: FollowUp = field(default_factory=FollowUp)
    marks: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(names.SERVICES, 0))
    alarms: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The alarms that stand, by (service, kind): the id of AlarmRaised; oldest first."""
    cleared: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How often each alarm was cleared."""
    steps: int = 0
    """How many news that are no alarms moved the case."""

    @property
    def closed(self) -> bool:
        return self.followup.closed
