"""What operations see of a case in Temporal: search attributes and details in words.

Workflow code. Few upserts, since each is a write of the visibility store: one when the stage, the
owner, the alarm or the deadline that is waited for has changed.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from workflows import deadlines, names, waits
from workflows.changes import SHOWN_BEFORE
from workflows.messages import Progress
from workflows.running import RunningCase
from workflows.state import Case
from workflows.waits import Waiting

_CLEARS_WHEN = {**deadlines.CLEARS_WHEN, **deadlines.OF_OTHERS}


class Shown(NamedTuple):
    """The search attributes that change during a case; empty or None is unset."""

    stage: str
    owner: str
    alarm: str
    due_by: datetime | None
    cause: str
    priority: int
    partner: str


_KEYS: tuple[SearchAttributeKey[Any], ...] = (
    names.STAGE,
    names.OWNER,
    names.ALARM,
    names.DUE_BY,
    names.CAUSE,
    names.PRIORITY,
    names.PARTNER,
)
"""As the fields of `Shown`."""
_UNKNOWN = (object(),) * len(_KEYS)


class Showing:
    """Keeps what operations see true, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running
        self._shown: Shown | None = None

    async def keep(self) -> None:
        """For as long as the run lasts. The starter of a fresh run has shown its beginning."""
        running = self._running
        await running.until(lambda: bool(running.case.intake.opened))
        if running.begin.fresh:
            self._shown = self._begun()
        while True:
            self.publish()
            view = _view(running.case)
            await running.until(lambda: _view(running.case) != view)  # noqa: B023 - awaited here

    def _begun(self) -> Shown:
        """What the starter of a fresh run has shown."""
        if not self._running.holds(SHOWN_BEFORE):
            return shown(self._running.case)
        seen = workflow.info().typed_search_attributes
        return Shown(
            stage=seen.get(names.STAGE, ""),
            owner=seen.get(names.OWNER, ""),
            alarm=seen.get(names.ALARM, ""),
            due_by=seen.get(names.DUE_BY),
            cause=seen.get(names.CAUSE, ""),
            priority=seen.get(names.PRIORITY, 0),
            partner=seen.get(names.PARTNER, ""),
        )

    def publish(self) -> None:
        """Shows where the case stands now."""
        found = shown(self._running.case)
        if found.due_by is None and self._shown and not self._running.case.closed:
            # Between two waits: the next one follows at once and names its own deadline.
            found = found._replace(due_by=self._shown.due_by)
        if found != self._shown:
            workflow.upsert_search_attributes(self._updates(found))
            self._shown = found
        workflow.set_current_details(self._details())

    def _updates(self, found: Shown) -> list[SearchAttributeUpdate[Any]]:
        """What has changed; all of it in a run that does not know what was shown before."""
        changed = [
            (key, value)
            for key, value, before in zip(_KEYS, found, self._shown or _UNKNOWN, strict=True)
            if value != before
        ]
        updates = [key.value_set(value) if value else key.value_unset() for key, value in changed]
        if self._shown is None:
            updates.append(names.TENANT.value_set(self._running.begin.tenant))
        return updates

    def _details(self) -> str:
        case = self._running.case
        owner = case.routing.owner
        lines = [f"**{self._sentence(waits.waiting(case))}**"]
        lines += [f"Owner: {owner.public_name}"] if owner else []
        lines += [f"Beside: {self._sentence(each)}" for each in waits.beside(case)]
        lines += [self._alarm(service, kind) for service, kind in case.alarms]
        return "\n\n".join(lines)

    def _alarm(self, service: str, kind: str) -> str:
        """With what would clear it; of a refusal also what was refused, where this run knows."""
        refused = self._running.stuck.values()
        stuck = {(each.service, each.kind): each.clears_when for each in refused}
        clears_when = f"clears when {_CLEARS_WHEN.get(kind, 'its service says so')}"
        return f"Alarm at {service}: {kind}; {stuck.get((service, kind), clears_when)}."

    def _sentence(self, waiting: Waiting) -> str:
        """As in "Waiting for Helen to accept, until 16:40 Sat."."""
        if waiting.due is None:
            return f"Waiting {waiting.words}."
        today = self._running.now(waiting.due.service)
        until = waits.until_words(waiting.due, self._running.case.intake.zone, today)
        return f"Waiting {waiting.words}, until {until}."


def _view(case: Case) -> tuple[object, ...]:
    """Whatever is shown, so that it is shown anew when it changes."""
    return shown(case), waits.waiting(case), waits.beside(case), case.alarms


def shown(case: Case) -> Shown:
    """The search attributes of a case as it stands."""
    due = waits.due_first(case)
    owner = case.routing.owner
    alarms = () if case.closed else case.alarms
    return Shown(
        stage=waits.stage(case),
        owner=owner.decision_maker if owner else "",
        alarm=next((kind for _, kind in alarms), ""),
        due_by=due.by.astimezone(UTC) if due else None,
        cause=case.intake.cause.lower(),
        priority=case.intake.priority,
        partner=waits.partner(case),
    )


def progress_of(case: Case) -> Progress:
    """Where a case stands, for a query."""
    waiting, owner = waits.waiting(case), case.routing.owner
    return Progress(
        stage=waits.stage(case),
        waiting=waiting.words,
        due_by=waiting.due.by if waiting.due else None,
        owner=owner.public_name if owner else "",
        alarms=[kind for _, kind in case.alarms],
        versions=dict(case.marks),
        beside="; ".join(each.words for each in waits.beside(case)),
    )
