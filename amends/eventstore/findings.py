"""What a verification tells: which checks ran, how much they looked at, and what is wrong.

Nothing here names a person or holds a word: ids, versions, positions and hashes only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

_MOST = 1_000
"""Findings that are listed; the rest of a store that is broken throughout is counted."""


class Wrong(Enum):
    """What is wrong: first what somebody did to rows that are never changed, then the rest."""

    CHANGED = "CHANGED"
    SWAPPED = "SWAPPED"
    MISSING = "MISSING"
    CUT_OFF = "CUT_OFF"
    REWRITTEN = "REWRITTEN"
    INSERTED = "INSERTED"

    PAID_TWICE = "PAID_TWICE"
    NOT_PAID = "NOT_PAID"
    PAID_OTHERWISE = "PAID_OTHERWISE"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    LOST = "LOST"
    SILENT = "SILENT"
    MISSED = "MISSED"
    IMPOSSIBLE = "IMPOSSIBLE"
    DIFFERS = "DIFFERS"
    NOT_PUBLISHED = "NOT_PUBLISHED"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    NOT_RUNNING = "NOT_RUNNING"
    STILL_RUNNING = "STILL_RUNNING"
    IN_CLEAR = "IN_CLEAR"
    FOREIGN = "FOREIGN"


_OF_ROWS = frozenset(list(Wrong)[:6])
# Found once per stream, however many of its events it concerns.
_OF_A_STREAM = frozenset({Wrong.CUT_OFF, Wrong.REWRITTEN, Wrong.NOT_PUBLISHED, Wrong.OUT_OF_ORDER})
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
    """One thing that is wrong. `version` is the first that it concerns, 0 where none is known.

    `about` names what it concerns beside events: a key of the merchant, a workflow, a row, a file.
    """

    place: Place
    wrong: Wrong
    what: str
    stream: str = ""
    version: int = 0
    event_id: str = ""
    position: int = 0
    about: str = ""
    witnesses: tuple[str, ...] = ()

    @property
    def next_step(self) -> str:
        """What operations do about it."""
        copied = self.place.table != "events" and self.wrong in _OF_ROWS
        return _NEXT[None if copied else self.wrong].format(
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
    Wrong.PAID_TWICE: "have the merchant take one of the two back, find out under which key each "
    "was asked for",
    Wrong.NOT_PAID: "look at the case (`amends show`) and at the merchant: the customer was told "
    "that they have it",
    Wrong.PAID_OTHERWISE: "compare the case (`amends show`) with the merchant's own books before "
    "anybody is told more",
    Wrong.UNKNOWN_KEY: "find out who asked the merchant for it, have it taken back if nobody may",
    Wrong.LOST: "it was acknowledged and is not there: restore {service} from its backup, and "
    "look whether its PostgreSQL acknowledges before it writes (fsync)",
    Wrong.SILENT: "`amends verify --repair` starts its workflow, which raises the alarm; then "
    "`amends take-over`",
    Wrong.MISSED: "look why nobody heard of it: the workflow of the case, its worker, its bridge",
    Wrong.IMPOSSIBLE: "no {service} of a release says this: find out which program wrote it, keep "
    "a copy of the database as evidence",
    Wrong.DIFFERS: "`python -m services.{service} rebuild`, verify again",
    Wrong.NOT_PUBLISHED: "`amends verify --repair`, or see why the relay of {service} waits",
    Wrong.OUT_OF_ORDER: "`amends verify --repair` publishes the stream again from there",
    Wrong.NOT_RUNNING: "`amends verify --repair`, and see why the reconciler did not: its log",
    Wrong.STILL_RUNNING: "look at the run in the Temporal UI: it should have ended with its case",
    Wrong.IN_CLEAR: "find out who wrote it there, remove it, rotate what was exposed",
    Wrong.FOREIGN: "stop {service}, find out how it came there, tell the tenant whose it is",
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
    key = (finding.place, finding.stream, finding.wrong, finding.about)
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
