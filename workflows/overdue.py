"""Alarms for whatever is overdue, raised and cleared on the service that owns it. Workflow code."""

from collections.abc import Awaitable, Callable, Sequence

from workflows import names, waits
from workflows.running import RunningCase
from workflows.steps import Step
from workflows.waits import Expected

Tell = Callable[[Step], Awaitable[None]]


class Overdue:
    """Compares what must have happened by now with the alarms that stand, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running

    async def watch(self) -> None:
        """An alarm stands exactly while something is overdue."""
        while True:
            expected = self._expected()
            if self._unsaid(self._overdue(expected)):
                # A no is checked with the owners: what is overdue may only be unheard.
                await self._running.catch_up(*names.SERVICES)
                expected = self._expected()
            overdue = self._overdue(expected)
            await self._set(overdue, self._running.tell)
            ahead = [each.due for each in expected if each not in overdue]
            await self._running.until(
                lambda: self._expected() != expected,  # noqa: B023 - awaited within the round
                min(ahead, key=self._running.left, default=None),
                "until something is overdue",
            )

    async def clear(self) -> None:
        """Clears what stands once the case is closed."""
        await self._set([], self._running.at_the_end)

    def _expected(self) -> list[Expected]:
        return [*waits.expected(self._running.case), *self._running.stuck.values()]

    def _overdue(self, expected: Sequence[Expected]) -> list[Expected]:
        return [each for each in expected if self._running.passed(each.due)]

    def _unsaid(self, overdue: Sequence[Expected]) -> list[Expected]:
        standing = self._running.case.alarms
        return [each for each in overdue if (each.service, each.kind) not in standing]

    async def _set(self, overdue: Sequence[Expected], tell: Tell) -> None:
        for each in self._unsaid(overdue):
            again = self._running.case.cleared.get((each.service, each.kind), 0)
            await tell(_raise(each, again))
        wanted = {(each.service, each.kind) for each in overdue}
        for (service, kind), raised in self._running.case.alarms.items():
            if kind in waits.CLEARS_WHEN and (service, kind) not in wanted:
                await tell(_clear(service, kind, raised))


def _raise(late: Expected, again: int) -> Step:
    return Step(
        rpc=names.RAISE_ALARM,
        words=f"alarm: {late.kind}",
        service=late.service,
        cause=late.due.cause,
        target=late.kind,
        text=late.clears_when,
        attempt=again,
    )


def _clear(service: str, kind: str, raised: str) -> Step:
    return Step(
        rpc=names.CLEAR_ALARM,
        words=f"no longer: {kind}",
        service=service,
        cause=raised,
        target=kind,
    )
