"""I2: nothing that was acknowledged is lost, and no open case stands still in silence.

An open case has an owner, somebody who was asked and may still answer, or an alarm. What a caller
wrote down as acknowledged is looked for: the case, and the answer that is kept for its request id.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, text

from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.verify.cases import INTAKE, OWNING, ROUTING, Case
from amends.verify.report import Report, of_case

_ASKED = ("DecisionMakerAssigned",)
_ANSWERED = ("AssignmentDeclined", "AssignmentExpired")
_BATCH = 5_000
_KEPT = text("SELECT request_id FROM answers WHERE request_id = ANY(:asked)")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One line of a caller's own file."""

    rpc: str
    request_id: str
    escalation: str


class StandingCheck:
    """The check `nothing-lost`; `journal` is a file of JSON lines, each with what was answered.

    `now` is business time; `grace` is how long an open case may have nobody before it counts.
    """

    name = "nothing-lost"

    def __init__(
        self, now: Callable[[], datetime], journal: Path | None, *, grace: timedelta
    ) -> None:
        self._now = now
        self._journal = journal
        self._grace = grace
        self._cases: set[str] = set()
        self._odd: list[str] = []
        self._report = Report(self.name)

    def before(self) -> None:
        """Needs nothing beside the logs."""

    def look(self, case: Case) -> None:
        """Whether somebody has it."""
        if self._journal is not None:
            self._cases.add(case.id)
        self._report.count(INTAKE, "open cases" if case.is_open else "closed cases")
        if self._is_silent(case):
            self._odd.append(str(case.stream))

    def after(self, again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """Looks once more at what was silent."""
        for case in again(self._odd):
            if self._is_silent(case):
                what = "it is open, nobody owns it or is asked, and no alarm stands"
                self._report.found(of_case(Wrong.SILENT, case, Place(ROUTING), what))

    def compare(self, logs: Mapping[str, Connection]) -> None:
        """Looks for everything that was acknowledged."""
        if self._journal is None:
            return
        lines = acknowledged(self._journal)
        while batch := list(islice(lines, _BATCH)):
            self._report.count("the caller's file", "acknowledged", len(batch))
            self._report.found(*self._lost(batch, logs))

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()

    def _lost(
        self, batch: Sequence[Acknowledged], logs: Mapping[str, Connection]
    ) -> Iterator[Finding]:
        asked = [one.request_id for one in batch if one.request_id]
        kept = {
            row.request_id
            for conn in logs.values()
            for row in conn.execute(_KEPT, {"asked": asked})
        }
        for one in batch:
            if one.escalation and one.escalation not in self._cases:
                yield _gone(one, f"{one.rpc} was acknowledged, and there is no such case")
            elif one.request_id and one.request_id not in kept:
                yield _gone(one, f"{one.rpc} was acknowledged, and no answer is kept")

    def _is_silent(self, case: Case) -> bool:
        if not case.is_open or case.alarms:
            return False
        asked, answered = case.last(*_ASKED), case.last(*_ANSWERED)
        owned = case.last(*OWNING)
        if owned is not None:
            return False
        latest = max((one.at for said in case.said.values() for one in said), default=self._now())
        due = asked.moment("accept_by") if asked and not _is_later(answered, asked) else None
        return self._now() > max(due or latest, latest) + self._grace


def acknowledged(journal: Path) -> Iterator[Acknowledged]:
    """What a caller wrote down; a last line that was cut off is passed over."""
    with journal.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                said = json.loads(line)
            except json.JSONDecodeError:
                continue
            yield Acknowledged(
                str(said.get("rpc") or "the call"),
                str(said.get("request_id") or ""),
                str(said.get("escalation") or said.get("escalation_id") or ""),
            )


def _is_later(one: object, other: object) -> bool:
    return one is not None and getattr(one, "version") > getattr(other, "version")  # noqa: B009


def _gone(one: Acknowledged, what: str) -> Finding:
    return Finding(
        place=Place(INTAKE),
        wrong=Wrong.LOST,
        what=what,
        stream=one.escalation,
        about=one.request_id,
        witnesses=("the caller's file",),
    )
