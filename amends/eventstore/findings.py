"""What a verification tells: which checks ran, how much they looked at, and what is wrong.

Nothing here names a person or holds a word: ids, versions, positions and hashes only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Protocol

_MOST = 1_000
"""Findings that are listed; the rest of a store that is broken throughout is counted."""


class Wrong(Enum):
    """What somebody did to rows that are never changed."""

    CHANGED = "CHANGED"
    SWAPPED = "SWAPPED"
    MISSING = "MISSING"
    CUT_OFF = "CUT_OFF"
    REWRITTEN = "REWRITTEN"
    INSERTED = "INSERTED"


# Found once per stream, however many of its events it concerns.
_OF_A_STREAM = frozenset({Wrong.CUT_OFF, Wrong.REWRITTEN})
_SEEN_BY_THE_CHAIN = (Wrong.CHANGED, Wrong.SWAPPED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows lie: a table of a service; `source` says whose copies an inbox's rows are."""

    service: str
    table: str = "events"
    source: str = ""

    def __str__(self) -> str:
        named = f", from {self.source}" if self.source else ""
        return f"{self.service} ({self.table}{named})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong. `version` is the first that it concerns, 0 where none is known."""

    place: Place
    wrong: Wrong
    what: str
    stream: str = ""
    version: int = 0
    event_id: str = ""
    position: int = 0
    witnesses: tuple[str, ...] = ()

    @property
    def next_step(self) -> str:
        """What operations do about it."""
        return _NEXT[self.wrong if self.place.table == "events" else None].format(
            service=self.place.service, source=self.place.source or "the owner"
        )


def finding_at(place: Place, wrong: Wrong, row: Any, what: str, witness: str) -> Finding:  # noqa: ANN401 - has those columns
    """About a row: a link of a chain, or what a query found."""
    return Finding(
        place=place,
        wrong=wrong,
        what=what,
        stream=row.stream,
        version=row.version,
        event_id=row.event_id,
        position=row.position,
        witnesses=(witness,),
    )


_KEEP = "keep a copy of {service}'s database as evidence, look in PostgreSQL's log for who wrote, "
_NEXT: dict[Wrong | None, str] = {
    Wrong.CHANGED: f"{_KEEP}put the row back from a backup or a witness, verify again",
    Wrong.SWAPPED: f"{_KEEP}put both rows back from a backup or a witness, verify again",
    Wrong.MISSING: f"{_KEEP}put the rows back from a backup or a witness, verify again",
    Wrong.CUT_OFF: f"{_KEEP}stop {{service}} before it appends anew, put the rows back, "
    "verify again",
    Wrong.REWRITTEN: f"{_KEEP}compare with the witnesses and a backup, put the true rows back, "
    "verify again",
    Wrong.INSERTED: f"{_KEEP}find out what it caused before it is taken out, verify again",
    None: "keep a copy of {service}'s database as evidence, put the rows back as {source} has "
    "them, `python -m services.{service} rebuild`, verify again",
}


class Findings:
    """Collects findings; what several witnesses say of the same is one finding."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Finding] = {}
        self.unlisted = 0
        """How many were found beyond those that are listed."""

    def add(self, finding: Finding) -> None:
        """One more; what the chain itself shows at the same place is said by the witness too."""
        if finding.wrong is Wrong.REWRITTEN:
            for wrong in _SEEN_BY_THE_CHAIN:
                known = self._found.get(_key(replace(finding, wrong=wrong)))
                if known is not None:
                    finding = replace(known, witnesses=finding.witnesses)
        key = _key(finding)
        known = self._found.get(key)
        if known is None and len(self._found) >= _MOST:
            self.unlisted += 1
            return
        self._found[key] = finding if known is None else _both(known, finding)

    def all(self) -> list[Finding]:
        """By place, stream and version."""
        return sorted(
            self._found.values(), key=lambda one: (str(one.place), one.stream, one.version)
        )


def _key(finding: Finding) -> tuple[object, ...]:
    key = (finding.place, finding.stream, finding.wrong)
    if finding.wrong in _OF_A_STREAM:
        return key
    return (*key, finding.version, "" if finding.version else finding.position)


def _both(known: Finding, more: Finding) -> Finding:
    """The earlier of two that are the same, with the witnesses of both."""
    first, second = (more, known) if more.version < known.version else (known, more)
    return replace(
        first,
        event_id=first.event_id or second.event_id,
        position=first.position or second.position,
        witnesses=tuple(dict.fromkeys((*known.witnesses, *more.witnesses))),
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """How much was looked at: (intake, "events", 1204)."""

    where: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check has to tell; `unchecked` says what it could not look at, and why."""

    name: str
    looked: Sequence[Looked] = ()
    findings: Sequence[Finding] = ()
    unchecked: Sequence[str] = ()
    unlisted: int = field(default=0)


class Check(Protocol):
    """Something that `amends verify` looks at; it only reads, and needs bounded memory."""

    @property
    def name(self) -> str:
        """As the command's option names it ("chain")."""

    def run(self) -> Checked:
        """Looks at everything that answers; never raises for a part that is away."""
