"""What travels through Temporal: ids, versions, times, amounts and public names, never words.

Every field that is added later needs a default: histories of weeks ago are read with today's code.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LifecycleInput:
    """Starts a run. `fresh`: the case was opened a moment ago, so there is nothing to read yet.

    `code` says which code began it (`workflows.changes`); 0 is what did not tell.
    """

    tenant: str
    escalation_id: str
    fresh: bool = False
    code: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """One event that the workflow acts on, as a service said it.

    `facts` are its whitelisted fields by name; times in them are ISO texts in UTC. `now` is the
    service's business time when the signal was sent. `after` is the version of the signal before
    this one in the same stream; None where the sender does not know.
    """

    service: str
    version: int
    event: str
    event_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    after: int | None = None

    def moment(self, name: str) -> datetime | None:
        """A time among the facts; None where the service named none."""
        found = self.facts.get(name)
        return datetime.fromisoformat(found) if found else None


@dataclass(frozen=True, slots=True)
class Command:
    """What an activity asks of a service; only the fields that its RPC has are filled.

    `cause` is the id of the event that it follows from, and `request_id` is derived from it.
    """

    tenant: str
    escalation_id: str
    service: str
    request_id: str
    cause: str
    target: str = ""
    """The assignment, offer, remedy, promise, follow-up or alarm kind that is meant."""
    text: str = ""
    """The kind of a response; what clears an alarm."""
    known: int | None = None
    """The version up to which the run knows the service's log; None where it will not listen."""


@dataclass(frozen=True, slots=True)
class Question:
    """Asks a service what it said about the case after a version."""

    tenant: str
    escalation_id: str
    service: str
    after_version: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a service said: the news among it, and the version up to which that is everything.

    `more` where the service said more than one answer holds.
    """

    version: int = 0
    now: datetime | None = None
    news: list[News] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: its stream's version and its business time; the rest where given.

    `heard` is what the service has said since the run knew it last, the command's effect included.
    """

    version: int = 0
    now: datetime | None = None
    state: str = ""
    look_again_at: datetime | None = None
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a case stands, as its workflow knows it."""

    stage: str
    waiting: str
    due_by: datetime | None
    owner: str
    alarms: list[str]
    versions: dict[str, int]
    beside: str = ""
    """What is waited for beside that; several with a semicolon between."""
