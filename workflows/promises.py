"""Breaks promises whose time has passed, beside the story (S52). Workflow code.

That one is at risk is an alarm before (`deadlines.py`); a broken one can still be kept.
"""

from workflows import names, waits
from workflows.running import RunningCase
from workflows.state import Due, Promise
from workflows.steps import Step


class Promises:
    """The promises of one case, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running

    async def follow(self) -> None:
        """Each one is kept, or broken when its time has passed."""
        while True:
            await self._running.until(lambda: self._next() is not None)
            found = self._next()
            if found and not await self._settled(found):
                await self._break(found[0])

    def _next(self) -> tuple[Promise, Due] | None:
        return waits.next_promise(self._running.case)

    async def _settled(self, found: tuple[Promise, Due]) -> bool:
        return await self._running.until(
            lambda: self._next() != found, found[1], "until a promise breaks"
        )

    async def _break(self, promise: Promise) -> None:
        words = "the promise was not kept in time"
        step = Step(rpc=names.BREAK_PROMISE, words=words, cause=promise.event, target=promise.id)
        await self._running.do(step)
