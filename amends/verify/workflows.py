"""I7: every open case has a running workflow, and no closed one has.

Who was opened or closed a moment ago may not have begun or ended yet: what seems wrong is looked at
again, in the logs and at Temporal, and counts only once it is older than the reconciler's round.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.eventstore.streams import StreamId
from amends.verify.cases import INTAKE, Case
from amends.verify.report import Report, of_case

_RUNNING = "WorkflowType = 'EscalationLifecycle' AND ExecutionStatus = 'Running'"
_TENANT = SearchAttributeKey.for_keyword("AmendsTenant")
_PREFIX = "escalation/"
_PLACE = Place("temporal", "workflows")


class Temporal(NamedTuple):
    """Where the workflows run."""

    address: str
    namespace: str


class WorkflowCheck:
    """The check `workflows`; `now` is business time."""

    name = "workflows"

    def __init__(
        self, temporal: Temporal | None, now: Callable[[], datetime], *, grace: timedelta
    ) -> None:
        self._temporal = temporal
        self._now = now
        self._grace = grace
        self._open: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self._report = Report(self.name)

    def before(self) -> None:
        """Needs nothing before the logs."""

    def look(self, case: Case) -> None:
        """Notes whether it should run."""
        self._seen_as(case)
        self._report.count(INTAKE, "open cases" if case.is_open else "closed cases")

    def after(self, again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """Compares the open cases with what runs."""
        if self._temporal is None:
            self._report.unchecked("Temporal: AMENDS_TEMPORAL_ADDRESS is not set")
            return
        try:
            asyncio.run(self._compare(self._temporal, again))
        except (RuntimeError, RPCError) as error:  # what the SDK raises where nobody listens
            self._report.unchecked(f"Temporal could not be read ({type(error).__name__})")

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()

    def _seen_as(self, case: Case) -> None:
        if case.is_open:
            self._open[case.id] = str(case.stream)
        else:
            self._seen[case.id] = str(case.stream)

    async def _compare(
        self, temporal: Temporal, again: Callable[[Sequence[str]], Iterable[Case]]
    ) -> None:
        client = await Client.connect(temporal.address, namespace=temporal.namespace)
        running = set()
        async for run in client.list_workflows(_RUNNING):
            running.add(run.id.removeprefix(_PREFIX))
            self._whose(run)
        self._report.count("temporal", "running workflows", len(running))
        missing = [stream for case, stream in self._open.items() if case not in running]
        stray = [case for case in running if case not in self._open]
        known = [self._seen[case] for case in stray if case in self._seen]
        for case in again([*missing, *known]):
            await self._judge(client, case)
        for case_id in sorted(set(stray) - self._seen.keys()):
            await self._nobodys(client, case_id)

    def _whose(self, run: WorkflowExecution) -> None:
        """The tenant that operations see must be the case's own (I10)."""
        case = run.id.removeprefix(_PREFIX)
        stream = self._open.get(case) or self._seen.get(case)
        seen = run.typed_search_attributes.get(_TENANT)
        if stream is not None and seen and seen != StreamId.parse(stream).tenant:
            what = "its run is shown as another tenant's"
            self._report.found(
                Finding(place=_PLACE, wrong=Wrong.FOREIGN, what=what, stream=stream, about=run.id)
            )

    async def _judge(self, client: Client, case: Case) -> None:
        runs = await is_running(client, case.id)
        if runs == case.is_open or self._now() - _settled_at(case) < self._grace:
            return
        wrong = Wrong.NOT_RUNNING if case.is_open else Wrong.STILL_RUNNING
        what = "it is open and no workflow runs" if case.is_open else "it is closed and one runs"
        self._report.found(
            of_case(wrong, case, _PLACE, what, about=f"{_PREFIX}{case.id}", by=["Temporal"])
        )

    async def _nobodys(self, client: Client, case_id: str) -> None:
        """A run of a case that no log knows; it may have been opened since the logs were read."""
        handle = client.get_workflow_handle(f"{_PREFIX}{case_id}")
        started = (await handle.describe()).start_time
        if datetime.now(started.tzinfo) - started < self._grace:
            return
        what = "a workflow runs for a case that intake never opened"
        about = f"{_PREFIX}{case_id}"
        self._report.found(Finding(place=_PLACE, wrong=Wrong.STILL_RUNNING, what=what, about=about))


async def is_running(client: Client, case_id: str) -> bool:
    """Whether the case's workflow runs now."""
    try:
        run = await client.get_workflow_handle(f"{_PREFIX}{case_id}").describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return run.status is WorkflowExecutionStatus.RUNNING


def _settled_at(case: Case) -> datetime:
    """When it was opened, closed or reopened last."""
    said = case.all("EscalationOpened", "EscalationClosed", "EscalationReopened")
    return max(one.at for one in said)
