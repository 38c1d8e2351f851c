"""Weeks later: the customer is asked, the owner learns, the case is closed. Workflow code."""

from workflows import names, policy, waits
from workflows.changes import DEBRIEF, UNASKED
from workflows.running import RunningCase
from workflows.state import Due, FollowUp
from workflows.steps import Step


class FollowingUp:
    """The end of the story, for one run."""

    def __init__(self, running: RunningCase) -> None:
        self._running = running
        self._asked_to_learn = ""
        """The end of the follow-up after which the owner was asked what can be learned."""

    async def next_step(self) -> None:
        """Returns when the case has moved; "not solved" goes on with the same owner."""
        part = self._running.case.followup
        match part.state:
            case "":
                await self._schedule(part)
            case "SCHEDULED":
                if not await self._followed(part, part.ask, "until the customer is asked"):
                    await self._do(names.ASK_FOLLOW_UP, "the time to ask", part.event, part.id)
            case "ASKED" if waits.follow_up_unsaid(self._running.case):
                await self._running.say("FOLLOW_UP", part.event)
            case "ASKED":
                if not await self._followed(part, part.answer, "the customer has time to answer"):
                    await self._do(names.MISS_FOLLOW_UP, "no answer came", part.event, part.id)
            case "ANSWERED" if not part.solved:
                await self._reopened(part)
            case "CANCELLED" if part.reopening:
                await self._reopened(part)
            case "ANSWERED" | "MISSED" if self._must_learn(part):
                await self._learn(part)
            case _:
                await self._do(names.CLOSE_ESCALATION, "close the case", part.event)

    async def _schedule(self, part: FollowUp) -> None:
        """Follow-up does it by itself, as soon as it hears that the case is made right."""
        if self._running.holds(UNASKED) and await self._running.within(
            policy.UNASKED_PATIENCE,
            lambda: self._running.case.followup != part,
            "until the follow-up is scheduled",
        ):
            return
        resolved = self._running.case.resolution.resolved_by
        await self._do(names.SCHEDULE_FOLLOW_UP, "schedule the follow-up", resolved)

    async def _followed(self, part: FollowUp, due: Due | None, summary: str) -> bool:
        return await self._running.until(lambda: self._running.case.followup != part, due, summary)

    async def _reopened(self, part: FollowUp) -> None:
        """The service reopens in the same breath; only its news may still be under way."""
        if not await self._running.within(
            policy.NEWS_PATIENCE,
            lambda: self._running.case.followup != part,
            "until it is reopened",
        ):
            await self._running.catch_up(names.FOLLOW_UP)

    def _must_learn(self, part: FollowUp) -> bool:
        # Cases that came to their end before there were debriefs are closed without.
        unasked = not part.debrief and self._asked_to_learn != part.event
        return unasked and self._running.holds(DEBRIEF)

    async def _learn(self, part: FollowUp) -> None:
        """Asked before the close, told whenever; a forgotten customer's case is not asked about."""
        words = "ask the owner what can be learned"
        step = Step(rpc=names.REQUEST_DEBRIEF, words=words, cause=part.event)
        if await self._running.look(step) is not None:
            self._asked_to_learn = part.event

    async def _do(self, rpc: names.Rpc, words: str, cause: str, target: str = "") -> None:
        await self._running.do(Step(rpc=rpc, words=words, cause=cause, target=target))
