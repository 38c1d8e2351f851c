"""EscalationLifecycle: an escalation from its first word to its close, one durable process.

The services decide whether, what and by when; here is only who is asked next and how long is
waited. Every step waits for a state of the case with a deadline that stands in an event, so that
a run that resumes finds its place by itself. Changes go behind `workflows.changes`.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from workflows import names, policy, waits
    from workflows.changes import NEWEST, ROUTING_FIRST, UNASKED
    from workflows.follow_up import FollowingUp
    from workflows.hand_overs import HandOvers
    from workflows.messages import LifecycleInput, News, Progress
    from workflows.names import Rpc
    from workflows.overdue import Overdue
    from workflows.promises import Promises
    from workflows.running import Over, RunningCase
    from workflows.showing import Showing, progress_of
    from workflows.state import Assignment, Case, Offer, Remedy
    from workflows.steps import Step, in_words
    from workflows.under_way import UnderWay


@workflow.defn(name=names.WORKFLOW_TYPE)
class EscalationLifecycle:
    """One escalation."""

    @workflow.init
    def __init__(self, begin: LifecycleInput) -> None:
        self._running = RunningCase(begin)
        self._overdue = Overdue(self._running)
        self._showing = Showing(self._running)
        self._following_up = FollowingUp(self._running)
        self._under_way = UnderWay(self._running)
        self._hand_overs = HandOvers(self._running)
        self._promises = Promises(self._running)
        self._routing_may_ask = begin.fresh

    @workflow.run
    async def run(self, begin: LifecycleInput) -> None:
        """Ends when the case is closed; a run that finds it closed ends at once."""
        await _while_open(self._running.catch_up())
        await asyncio.gather(
            _while_open(self._story()),
            _while_open(self._acknowledge()),
            _while_open(self._gather_context()),
            _while_open(self._under_way.follow()),
            _while_open(self._hand_overs.follow()),
            _while_open(self._promises.follow()),
            _while_open(self._overdue.watch()),
            _while_open(self._showing.keep()),
            _while_open(self._running.keep_up()),
        )
        if self._case.closed:
            await self._overdue.clear()
            self._showing.publish()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._case.closed:
            workflow.continue_as_new(LifecycleInput(begin.tenant, begin.escalation_id, code=NEWEST))

    @workflow.signal(dynamic=True)
    def news(self, _name: str, args: Sequence[RawValue]) -> None:
        """What services said, in a signal that is named for the last event of it."""
        for arg in args:
            if told := _news_in(arg):
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
            await self._following_up.next_step()
        elif remedy := waits.may_carry_out(case):
            await self._carry_out(remedy)
        elif case.resolution.offer:
            await self._await_answer(case.resolution.offer)
        elif waits.is_carried_out(case):
            await self._resolve()
        else:
            # People's turn: to restate, to confirm, to offer, to approve a draft.
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
        if await self._was_asked():
            return
        words = "ask the next holder" if last else "ask whoever can decide"
        cause = cause or self._case.intake.opened
        await self._do(names.ROUTE_ESCALATION, words, cause, last.id if last else "")

    async def _was_asked(self) -> bool:
        """Whether routing asks the first holder by itself, as soon as it hears of the case."""
        if not self._routing_may_ask or not self._running.holds(ROUTING_FIRST):
            return False
        self._routing_may_ask = False
        before = self._case.routing
        return await self._running.within(
            policy.UNASKED_PATIENCE,
            lambda: self._case.routing != before,
            "until routing has asked somebody",
        )

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
        """Each remedy by itself, in the offer's order: one call, one key.

        What it comes in place of is taken back before; where that cannot be, this one fails.
        """
        if replaced := waits.to_compensate(self._case, remedy):
            words = f"take back the {in_words(replaced.kind)} that another remedy replaces"
            await self._do(names.COMPENSATE_REMEDY, words, remedy.cause, replaced.id)
        else:
            words = f"carry out the {in_words(remedy.kind)}"
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

    async def _do(self, rpc: Rpc, words: str, cause: str, target: str = "") -> None:
        await self._running.do(Step(rpc=rpc, words=words, cause=cause, target=target))

    # Beside the story.

    async def _acknowledge(self) -> None:
        """The customer hears at once that they were heard; routing never waits for it.

        Resolution has them told by itself, as soon as it hears of the case.
        """
        opened = await self._opened()
        if self._running.begin.fresh and self._running.holds(UNASKED):
            await self._running.within(
                policy.UNASKED_PATIENCE, self._acknowledged, "until resolution has acknowledged"
            )
        while not self._acknowledged():
            await self._running.say("ACKNOWLEDGEMENT", opened)

    def _acknowledged(self) -> bool:
        return self._case.resolution.sent.get("ACKNOWLEDGEMENT", 0) > 0

    async def _gather_context(self) -> None:
        """Intake looks up order and customer; routing never waits for it."""
        step = Step(
            rpc=names.RECORD_CONTEXT,
            words="look up order and customer",
            cause=await self._opened(),
        )
        while not self._case.intake.context_known and not await self._running.record(step):
            continue


def _news_in(arg: RawValue) -> News | None:
    """None where somebody signalled by hand what is no news: that must not hold a case up."""
    try:
        told: News = workflow.payload_converter().from_payload(arg.payload, News)
    except (TypeError, ValueError, RuntimeError) as error:  # what the converter raises
        workflow.logger.warning("signal ignored", extra={"error": type(error).__name__})
        return None
    return told


async def _while_open(part: Coroutine[Any, Any, None]) -> None:
    try:
        await part
    except Over:
        return
