"""A case as one run of its workflow has it: what was heard, whose clock says what, how to act.

Workflow code. What was heard may be incomplete for a moment, never wrong: a gap is read from the
owner's log. Whoever waits here waits for a state of the case, never for the next signal.
"""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow

from workflows import changes, deadlines, names, policy
from workflows.calls import Abandoned, Refused, ask
from workflows.clocks import Clocks
from workflows.deadlines import Expected
from workflows.folding import fold, is_gap, up_to
from workflows.messages import Answer, Heard, LifecycleInput, News, Question
from workflows.state import Case, Due
from workflows.steps import Step, in_words

_NOT_DUE = "NOT_DUE"
_NOT_FOUND = "ESCALATION_NOT_FOUND"


class Over(Exception):
    """This run has nothing left to wait for: the case is closed, or another run goes on."""


class RunningCase:
    """One case in one run."""

    def __init__(self, begin: LifecycleInput) -> None:
        self.begin = begin
        self.case = Case()
        self.stuck: dict[str, Expected] = {}
        """What was refused against expectation, as what must happen next, by step."""
        self._clocks = Clocks()
        self._clock_steps = 0
        self._unread: set[str] = set() if begin.fresh else set(names.SERVICES)

    @property
    def over(self) -> bool:
        """Whether this run ends here; an open case then goes on in another run."""
        return self.case.closed or workflow.info().is_continue_as_new_suggested()

    def holds(self, change: str) -> bool:
        """Whether this run goes by a change of the code."""
        return changes.holds(change, self.begin)

    # What is heard.

    def hear(self, news: News) -> None:
        """Takes what a signal brought; where something before it is missing, the log is read."""
        self._hear_time(news.service, news.now)
        if is_gap(self.case, news):
            self._unread.add(news.service)
        else:
            self.case = fold(self.case, news)

    def clock_moved(self, now: str) -> None:
        """Business time was moved forward, to `now` (ISO): every wait is for the rest only."""
        self._clocks.moved(datetime.fromisoformat(now), workflow.now())
        self._clock_steps += 1

    async def catch_up(self, *services: str) -> None:
        """Reads the logs that may say more than was heard; where some are named, only those.

        A service that is away then keeps nobody from what another one says.
        """
        named = set(services)
        others = self._unread - named
        only = bool(named and others) and self.holds(changes.NAMED)
        self._unread |= named
        while unread := self._unread & named if only else self._unread:
            if self.over:
                raise Over
            service = min(unread)
            # Taken out before it is asked: a gap that is found meanwhile puts it in again.
            self._unread.discard(service)
            await self._read(service)

    async def keep_up(self) -> None:
        """Closes gaps for as long as the run lasts."""
        while await self.until(lambda: bool(self._unread)):
            await self.catch_up()

    async def _read(self, service: str) -> Heard:
        """Reads a log to its end, a page at a time; the last page."""
        while True:
            heard = await self._read_page(service)
            if not heard.more:
                return heard

    async def _read_page(self, service: str) -> Heard:
        mark = self.case.marks[service]
        question = Question(self.begin.tenant, self.begin.escalation_id, service, mark)
        words = f"read what {service} said after its event {mark}"
        try:
            heard = await ask(
                self.begin, names.READ_EVENTS, question, Heard, words, lambda: self.over
            )
        except Abandoned:
            raise Over from None
        self._take_in(service, heard)
        return heard

    def _take_in(self, service: str, heard: Heard) -> None:
        for news in heard.news:
            self.case = fold(self.case, news)
        self.case = up_to(self.case, service, heard.version)
        self._hear_time(service, heard.now)

    def _hear_time(self, service: str, now: datetime | None) -> None:
        if now and self._clocks.heard(service, now, workflow.now()) > policy.CLOCK_STEP:
            self._clock_steps += 1

    # Waiting.

    def now(self, service: str) -> datetime:
        """The service's business time."""
        return self._clocks.now(service, workflow.now())

    def passed(self, due: Due) -> bool:
        """Whether a deadline is over on its own service's clock."""
        return self.left(due) <= timedelta(0)

    async def until(
        self, happened: Callable[[], bool], due: Due | None = None, summary: str | None = None
    ) -> bool:
        """Waits for a state, at most until a deadline: whether it happened.

        Raises:
            Over: the run ends before.
        """
        while not happened():
            if self.over:
                raise Over
            if due and self.passed(due):
                return False
            clock = self._clock_steps
            try:
                await workflow.wait_condition(
                    lambda: happened() or self.over or self._clock_steps != clock,  # noqa: B023
                    timeout=self.left(due) if due else None,
                    timeout_summary=summary,
                )
            except TimeoutError:
                continue
        return True

    async def within(self, span: timedelta, happened: Callable[[], bool], summary: str) -> bool:
        """Waits for a state for a span of real time, whatever business time does.

        Raises:
            Over: the run ends before.
        """
        try:
            await workflow.wait_condition(
                lambda: happened() or self.over, timeout=span, timeout_summary=summary
            )
        except TimeoutError:
            return False
        if not happened():
            raise Over
        return True

    def left(self, due: Due) -> timedelta:
        """How long a deadline is away on its own service's clock."""
        return due.by + policy.AFTER_DEADLINE - self.now(due.service)

    # Acting.

    async def do(self, step: Step) -> Answer | None:
        """Asks the owner of a step for it and waits until the case knows its effect.

        None where it was refused or changed nothing: then, too, more is known than before, or a
        while has passed, so that the caller looks at the case again.

        Raises:
            Over: the run ends before.
        """
        known = self.case.marks[step.owner]
        answer = await self._asked(step)
        if answer is None or await self._learned(step.owner, answer.version, known):
            return answer
        steps = self.case.steps
        await self.within(policy.LOOK_AGAIN, lambda: self.case.steps != steps, "look again")
        return None

    async def look(self, step: Step) -> Answer | None:
        """As `do`, for what rightly changes nothing most of the time."""
        known = self.case.marks[step.owner]
        answer = await self._asked(step)
        if answer is not None:
            await self._learned(step.owner, answer.version, known)
        return answer

    async def record(self, step: Step) -> bool:
        """As `do`, for what moves no step: its effect is not waited for. Whether it was done."""
        return await self._asked(step) is not None

    async def say(self, kind: str, cause: str) -> None:
        """Says something of a kind to the customer, with the policy's wording."""
        words = f"send the {in_words(kind).replace(' ', '-')}"
        await self.do(Step(rpc=names.SEND_RESPONSE, words=words, cause=cause, text=kind))

    async def tell(self, step: Step) -> None:
        """Raises or clears an alarm; what is refused is tried again later."""
        known = self.case.marks[step.owner]
        try:
            answer = await self._ask(step)
        except Refused as refused:
            workflow.logger.error("alarm refused", extra={"reason": refused.reason})
            await self.within(policy.LOOK_AGAIN, lambda: False, "look again")
            return
        await self._learned(step.owner, answer.version, known)

    async def at_the_end(self, step: Step) -> None:
        """Asks for what is left to be done once the case is closed; a refusal changes nothing."""
        with contextlib.suppress(Refused):
            await ask(
                self.begin, step.rpc, step.command(self.begin), Answer, step.words, lambda: False
            )

    async def _ask(self, step: Step) -> Answer:
        if self.over:
            raise Over
        command = replace(step.command(self.begin), known=self.case.marks[step.owner])
        try:
            answer = await ask(self.begin, step.rpc, command, Answer, step.words, lambda: self.over)
        except Abandoned:
            raise Over from None
        if answer.heard:
            self._take_in(step.owner, answer.heard)
        self._hear_time(step.owner, answer.now)
        return answer

    async def _asked(self, step: Step) -> Answer | None:
        try:
            answer = await self._ask(step)
        except Refused as refused:
            await self._refused(step, refused.reason)
            return None
        self.stuck.pop(step.key, None)
        return answer

    async def _learned(self, service: str, version: int, known: int) -> bool:
        """Waits until the case knows what a command caused; False where it caused nothing."""
        if version <= known:
            return False
        if not await self.within(
            policy.NEWS_PATIENCE,
            lambda: self.case.marks[service] >= version,
            f"news of {service}",
        ):
            await self.catch_up(service)
        return True

    # Refused.

    async def _refused(self, step: Step, reason: str) -> None:
        """Nothing waits in silence: what the owners know may explain it; else an alarm stands."""
        if reason == _NOT_DUE:
            await self._too_early(step.owner)
            return
        steps = self.case.steps
        await self.catch_up(step.owner, names.INTAKE)
        if self.case.steps != steps and reason != deadlines.PROBLEM_NOT_CONFIRMED:
            return
        self.stuck[step.key] = self._unexpected(step, reason)
        if reason == deadlines.PROBLEM_NOT_CONFIRMED:
            await self.until(lambda: self.case.intake.confirmed)
        else:
            await self.within(
                policy.LOOK_AGAIN, lambda: self.case.steps != steps, f"after {reason}"
            )
            # News may come in the instant in which the patience ends.
            if self.case.steps == steps:
                return
        del self.stuck[step.key]

    def _unexpected(self, step: Step, reason: str) -> Expected:
        """The alarm of a refusal; a service that does not know the case cannot hold it."""
        service = names.INTAKE if reason == _NOT_FOUND else step.owner
        confirmed_no_more = reason == deadlines.PROBLEM_NOT_CONFIRMED
        kind = reason if confirmed_no_more else deadlines.UNEXPECTED_REFUSAL
        clears_when = deadlines.CLEARS_WHEN[kind]
        why = f"{step.rpc.name} was refused with {reason}; clears when {clears_when}"
        return Expected(kind, service, Due(service, self.now(service), step.cause), why)

    async def _too_early(self, service: str) -> None:
        """A service's deadline has not come, whatever was heard of its time: asks it anew."""
        heard = await self._read(service)
        if heard.now:
            self._clocks.corrected(service, heard.now, workflow.now())
            self._clock_steps += 1
        await self.within(policy.TOO_EARLY, lambda: False, f"{service} says that it is too early")
