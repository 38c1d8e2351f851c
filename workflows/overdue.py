"""Alarms for whatever is overdue, raised and cleared on the service that owns it. Workflow code."""

from workflows import deadlines, names
from workflows.deadlines import Expected
from workflows.running import RunningCase
from workflows.state import Due
from workflows.steps import Step


class Overdue:
    """Compares what must have happened by now with the alarms that stand, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running

    async def watch(self) -> None:
        """An alarm stands exactly while something is overdue."""
        while True:
            if late := self._to_raise():
                # A no is checked with the owners: what is overdue may only be unheard. Not with
                # all of them: a service that is away would keep every alarm from the others.
                await self._running.catch_up(*(each.ended_by for each in late))
            await self._set()
            first = self._ahead()
            due = _due(first)
            await self._running.until(
                lambda: _due(self._ahead()) != due or self._is_wrong(),  # noqa: B023 - awaited here
                due,
                f"until the alarm {first.kind}" if first else None,
            )

    async def clear(self) -> None:
        """Clears what stands once the case is closed."""
        for service, kind, raised in self._to_clear():
            await self._running.at_the_end(_clear(service, kind, raised))

    async def _set(self) -> None:
        for late in self._to_raise():
            again = self._running.case.cleared.get((late.service, late.kind), 0)
            await self._running.tell(_raise(late, again))
        for service, kind, raised in self._to_clear():
            await self._running.tell(_clear(service, kind, raised))

    def _expected(self) -> list[Expected]:
        if self._running.case.closed:
            return []
        return [*deadlines.expected(self._running.case), *self._running.stuck.values()]

    def _overdue(self) -> list[Expected]:
        return [each for each in self._expected() if self._running.passed(each.due)]

    def _ahead(self) -> Expected | None:
        """What is overdue next."""
        ahead = [each for each in self._expected() if not self._running.passed(each.due)]
        return min(ahead, key=lambda each: self._running.left(each.due), default=None)

    def _is_wrong(self) -> bool:
        return bool(self._to_raise() or self._to_clear())

    def _to_raise(self) -> list[Expected]:
        standing = self._running.case.alarms
        return [each for each in self._overdue() if (each.service, each.kind) not in standing]

    def _to_clear(self) -> list[tuple[str, str, str]]:
        """(service, kind, id of AlarmRaised) of our own alarms that stand for nothing."""
        wanted = {(each.service, each.kind) for each in self._overdue()}
        return [
            (service, kind, raised)
            for (service, kind), raised in self._running.case.alarms.items()
            if kind in deadlines.CLEARS_WHEN and (service, kind) not in wanted
        ]


def _due(expected: Expected | None) -> Due | None:
    return expected.due if expected else None


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
