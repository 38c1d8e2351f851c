"""EscalationLifecycle: an escalation from its first word to its close, one durable process.

The services decide whether, what and by when; here is only who is asked next and how long is
waited. Every step waits for a state of the case with a deadline that stands in an event, so that
a run that resumes finds its place by itself. Changes go behind `workflow.patched`.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from workflows import names, policy, waits
    from workflows.hand_overs import HandOvers
    from workflows.messages import LifecycleInput, News, Progress
    from workflows.names import Rpc
    from workflows.overdue import Overdue
    from workflows.replacements import Replacements
    from workflows.running import Over, RunningCase
    from workflows.showing import Showing, progress_of
    from workflows.state import Assignment, Case, Due, FollowUp, Offer, Remedy
    from workflows.steps import Step


@workflow.defn(name=names.WORKFLOW_TYPE)
class EscalationLifecycle:
    """One escalation."""

    @workflow.init
    def __init__(self, begin: LifecycleInput) -> None:
        self._running = RunningCase(begin)
        self._overdue = Overdue(self._running)
        self._showing = Showing(self._running)
        self._replacements = Replacements(self._running)
        self._hand_overs = HandOvers(self._running)

    @workflow.run
    async def run(self, begin: LifecycleInput) -> None:
        """Ends when the case is closed; a run that finds it closed ends at once."""
        await _while_open(self._running.catch_up())
        await asyncio.gather(
            _while_open(self._story()),
            _while_open(self._acknowledge()),
            _while_open(self._gather_context()),
            _while_open(self._replacements.follow()),
            _while_open(self._hand_overs.follow()),
            _while_open(self._overdue.watch()),
            _while_open(self._showing.keep()),
            _while_open(self._running.keep_up()),
        )
        if self._case.closed:
            await self._overdue.clear()
            self._showing.publish()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._case.closed:
            workflow.continue_as_new(LifecycleInput(begin.tenant, begin.escalation_id))

    @workflow.signal(dynamic=True)
    def news(self, _name: str, args: Sequence[RawValue]) -> None:
        """What a service said, in a signal that is named for its event."""
        told = _news_in(args)
        if told:
            self._running.hear(told)

    @workflow.signal(name=names.CLOCK_MOVED)
    def clock_moved(self, now: str) -> None:
        """Business time is at least `now` (ISO) from here on (local stack only)."""
        self._running.clock_moved(now)

    @workflow.query(name=names.PROGRESS)
    def progress(self) -> Progress:
        """Where the case stands."""
        return progress_of(self._case)

    @property
    def _case(self) -> Case:
        return self._running.case

    # The story: who is asked next.

    async def _story(self) -> None:
        await self._opened()
        while True:
            await self._next_step()

    async def _next_step(self) -> None:
        """Returns when the case has moved, or when it is to be looked at again."""
        case = self._case
        if case.routing.owner is None:
            await self._find_an_owner()
        elif not waits.needs_resolution(case):
            await self._follow_up(case.followup)
        elif remedy := waits.may_carry_out(case):
            await self._carry_out(remedy)
        elif case.resolution.offer:
            await self._await_answer(case.resolution.offer)
        elif waits.is_carried_out(case):
            await self._resolve()
        else:
            # The owner's or the customer's turn: to restate, to confirm or to offer.
            await self._running.until(lambda: waits.goes_on(self._case))

    async def _opened(self) -> str:
        await self._running.until(lambda: bool(self._case.intake.opened))
        return self._case.intake.opened

    async def _find_an_owner(self) -> None:
        """One holder after the other, until one of them owns the case."""
        routing = self._case.routing
        if routing.asked:
            await self._await_acceptance(routing.asked)
        elif routing.nobody and not self._running.passed(routing.nobody):
            await self._running.until(
                lambda: self._case.routing.nobody != routing.nobody,
                routing.nobody,
                "nobody can decide; until it is tried again",
            )
        else:
            await self._ask_a_holder(routing.assignment, routing.cause)

    async def _ask_a_holder(self, last: Assignment | None, cause: str) -> None:
        words = "ask the next holder" if last else "ask whoever can decide"
        cause = cause or self._case.intake.opened
        await self._do(names.ROUTE_ESCALATION, words, cause, last.id if last else "")

    async def _await_acceptance(self, asked: Assignment) -> None:
        """The holder answers, or the assignment expires."""
        answered = await self._running.until(
            lambda: self._case.routing.asked != asked,
            asked.accept,
            f"{asked.public_name} has time to accept",
        )
        if not answered:
            words = f"{asked.public_name} did not accept in time"
            await self._do(names.EXPIRE_ASSIGNMENT, words, asked.event, asked.id)

    async def _await_answer(self, offer: Offer) -> None:
        """The customer answers, or the offer expires; also one beside what is agreed already."""
        answered = await self._running.until(
            lambda: (
                self._case.resolution.offer != offer or waits.may_carry_out(self._case) is not None
            ),
            offer.expires,
            "the customer has time to answer the offer",
        )
        if not answered:
            await self._do(names.EXPIRE_OFFER, "no answer came in time", offer.event, offer.id)

    async def _carry_out(self, remedy: Remedy) -> None:
        """Each remedy by itself, in the offer's order: one call, one key."""
        words = f"carry out the {remedy.kind.lower()}"
        await self._do(names.CARRY_OUT_REMEDY, words, remedy.cause, remedy.id)

    async def _resolve(self) -> None:
        """Made right once the answer is delivered and every remedy is final."""
        await self._running.until(
            lambda: (
                waits.may_be_resolved(self._case)
                or not waits.is_carried_out(self._case)
                or self._case.resolution.offer is not None
            )
        )
        if waits.may_be_resolved(self._case):
            agreed = self._case.resolution.agreed
            await self._do(names.RESOLVE_ESCALATION, "it is made right", agreed)

    async def _follow_up(self, part: FollowUp) -> None:
        """Weeks later the customer is asked; "not solved" goes on with the same owner."""
        match part.state:
            case "":
                resolved = self._case.resolution.resolved_by
                await self._do(names.SCHEDULE_FOLLOW_UP, "schedule the follow-up", resolved)
            case "SCHEDULED":
                if not await self._followed(part, part.ask, "until the customer is asked"):
                    await self._do(names.ASK_FOLLOW_UP, "the time to ask", part.event, part.id)
            case "ASKED" if waits.follow_up_unsaid(self._case):
                await self._say("FOLLOW_UP", part.event)
            case "ASKED":
                if not await self._followed(part, part.answer, "the customer has time to answer"):
                    await self._do(names.MISS_FOLLOW_UP, "no answer came", part.event, part.id)
            case "ANSWERED" if not part.solved:
                await self._reopened(part)
            case _:
                await self._do(names.CLOSE_ESCALATION, "close the case", part.event)

    async def _followed(self, part: FollowUp, due: Due | None, summary: str) -> bool:
        return await self._running.until(lambda: self._case.followup != part, due, summary)

    async def _reopened(self, part: FollowUp) -> None:
        """The service reopens in the same breath; only its news may still be under way."""
        if not await self._running.within(
            policy.NEWS_PATIENCE, lambda: self._case.followup != part, "until it is reopened"
        ):
            await self._running.catch_up(names.FOLLOW_UP)

    async def _do(self, rpc: Rpc, words: str, cause: str, target: str = "") -> None:
        await self._running.do(Step(rpc=rpc, words=words, cause=cause, target=target))

    # Beside the story.

    async def _acknowledge(self) -> None:
        """The customer hears at once that they were heard; routing never waits for it."""
        opened = await self._opened()
        while not self._case.resolution.sent.get("ACKNOWLEDGEMENT"):
            await self._say("ACKNOWLEDGEMENT", opened)

    async def _say(self, kind: str, cause: str) -> None:
        words = f"send the {kind.lower().replace('_', '-')}"
        await self._running.do(Step(rpc=names.SEND_RESPONSE, words=words, cause=cause, text=kind))

    async def _gather_context(self) -> None:
        """Intake looks up order and customer; routing never waits for it."""
        step = Step(
            rpc=names.RECORD_CONTEXT,
            words="look up order and customer",
            cause=await self._opened(),
        )
        while not self._case.intake.context_known and not await self._running.record(step):
            continue


def _news_in(args: Sequence[RawValue]) -> News | None:
    """None where somebody signalled by hand what is no news: that must not hold a case up."""
    try:
        told: News = workflow.payload_converter().from_payload(args[0].payload, News)
    except (IndexError, TypeError, ValueError, RuntimeError) as error:  # what the converter raises
        workflow.logger.warning("signal ignored", extra={"error": type(error).__name__})
        return None
    return told


async def _while_open(part: Coroutine[Any, Any, None]) -> None:
    try:
        await part
    except Over:
        return
