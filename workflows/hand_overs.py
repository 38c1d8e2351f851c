"""Returns hand-overs that nobody accepted in time, beside the story (S28). Workflow code.

Who owns the case meanwhile is the same as before, so nothing of the story waits for it.
"""

from workflows import names
from workflows.running import RunningCase
from workflows.state import HandOver
from workflows.steps import Step


class HandOvers:
    """The hand-overs of one case, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running

    async def follow(self) -> None:
        """Each one is accepted, returned by its people, or returned when its time has passed."""
        while True:
            await self._running.until(lambda: self._open is not None)
            offered = self._open
            if offered and not await self._settled(offered):
                await self._return(offered)

    @property
    def _open(self) -> HandOver | None:
        return self._running.case.routing.hand_over

    async def _settled(self, offered: HandOver) -> bool:
        words = f"{offered.to_name} has time to accept the hand-over"
        return await self._running.until(lambda: self._open != offered, offered.back, words)

    async def _return(self, offered: HandOver) -> None:
        words = f"{offered.to_name} did not accept the hand-over in time"
        step = Step(rpc=names.RETURN_HAND_OVER, words=words, cause=offered.event, target=offered.id)
        await self._running.do(step)
