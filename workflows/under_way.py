"""Follows what is under way until it is with the customer, beside the story. Workflow code.

A parcel and money alike: it is looked at whenever the last word about it says so, also past the
time by which it should have been there, until it is there or known not to come.
"""

from datetime import datetime

from workflows import names, policy, waits
from workflows.names import Rpc
from workflows.running import RunningCase
from workflows.state import Due, Remedy
from workflows.steps import Step, in_words


class UnderWay:
    """The replacements and refunds of one case that are under way, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running
        self._looked: dict[str, datetime] = {}
        """When to look again, by remedy, where a look changed nothing."""

    async def follow(self) -> None:
        """Looks how far each one is whenever the last word about it says to look again."""
        while True:
            await self._running.until(lambda: self._next() is not None)
            found = self._next()
            if found and not await self._settled(found):
                await self._look(found[0])

    def _next(self) -> tuple[Remedy, Due] | None:
        return waits.next_check(self._running.case, self._looked)

    async def _settled(self, found: tuple[Remedy, Due]) -> bool:
        """True where something was heard of it before it had to be looked at."""
        remedy, due = found
        words = f"until the {in_words(remedy.kind)} is looked at"
        return await self._running.until(lambda: self._next() != found, due, words)

    async def _look(self, remedy: Remedy) -> None:
        step = Step(
            rpc=_look_at(remedy),
            words=f"how far is the {in_words(remedy.kind)}",
            cause=remedy.check.cause if remedy.check else remedy.cause,
            target=remedy.id,
        )
        # From before the look: a clock that was moved meanwhile must not put off the next one.
        soonest = self._running.now(names.RESOLUTION) + policy.LOOK_AT_MOST_EVERY
        answer = await self._running.look(step)
        again = answer.look_again_at if answer else None
        self._looked[remedy.id] = max(again or soonest, soonest)


def _look_at(remedy: Remedy) -> Rpc:
    return names.CHECK_REFUND if remedy.kind == "REFUND" else names.CHECK_REPLACEMENT
