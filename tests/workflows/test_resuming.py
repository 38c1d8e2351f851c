"""Whatever is lost, repeated or turned around on the way: the same case goes on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from amends.cli.clock import wake_workflows
from tests.workflows.conftest import LONG_HISTORY, Populate
from tests.workflows.logs import DAY, HOUR, MINUTE, TENANT, WORKER
from tests.workflows.test_counter_stories import resolved, understood
from tests.workflows.world import BusinessTimes, World
from workflows import names, policy
from workflows.bridge import Bridge
from workflows.lifecycle import EscalationLifecycle
from workflows.messages import LifecycleInput
from workflows.starting import start


class Away:
    """Nobody who could tell the time."""

    async def now(self, _service: str, _tenant: str, _subject: str) -> datetime:
        raise ConnectionError


async def test_a_wiped_run_is_built_anew_from_the_logs_and_goes_on(populate: Populate) -> None:
    async with populate() as world:
        await understood(world)
        await world.happened("ContextRecorded")
        await world.happened("ResponseSent")
        await world.knows_everything()
        await world.handle.terminate("wiped")
        calls = len(world.calls)
        await start(world.client, LifecycleInput(TENANT, world.id))
        found = await world.waiting("for Maya to make an offer")
        assert found.versions == {name: len(said) for name, said in world.events.items()}
        assert len(world.calls) == calls, "what was done is not asked for again"
        world.agree(world.offer("COUPON"))
        await world.answer_and_deliver()
        await world.happened("EscalationResolved")


async def test_news_of_a_case_without_a_run_start_one_that_reads_the_rest(
    populate: Populate,
) -> None:
    async with populate() as world:
        await understood(world)
        await world.handle.terminate("wiped")
        world.offer("COUPON")
        await world.waiting("for the customer to answer the offer")


async def test_starting_a_case_that_runs_changes_nothing(populate: Populate) -> None:
    async with populate() as world:
        await understood(world)
        run = await world.run_id()
        await start(world.client, LifecycleInput(TENANT, world.id))
        assert await world.run_id() == run


async def test_a_ghost_of_a_closed_case_ends_at_once(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        calls = len(world.calls)
        await start(world.client, LifecycleInput(TENANT, world.id))
        await world.handle.result()
        assert len(world.calls) == calls


async def test_a_closed_case_is_told_nothing_more(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        run = await world.run_id()
        await world.settled()
        await world.deliver(world.events[names.RESOLUTION][-1])
        assert await world.run_id() == run


async def test_repeated_signals_change_nothing(populate: Populate) -> None:
    async with populate() as world:
        await understood(world)
        played = list(world.played)
        for said in world.events.values():
            await world.deliver(*reversed(said))
        found = await world.waiting("for Maya to make an offer")
        assert found.stage == "resolution"
        assert world.played == played


async def test_a_signal_that_is_no_news_changes_nothing(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        await world.handle.signal("assignment_acepted")
        await world.handle.signal("assignment_acepted", "by hand")
        await world.handle.signal("assignment_acepted", {"event": "AssignmentAccepted"})
        await world.accept()
        await world.waiting("for Maya to restate the problem")


async def test_a_signal_that_was_lost_is_read_from_the_log_when_the_next_one_comes(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        await world.waiting("to restate")
        await world.settled()
        world.forget_what_was_sent()
        world.unheard.add(names.INTAKE)
        world.restate()
        world.unheard.clear()
        world.confirm()
        await world.waiting("for Maya to make an offer")
        assert "intake" in world.reads


async def test_an_event_is_handled_once_its_signal_is_in_temporal(populate: Populate) -> None:
    async with populate() as world:
        world.unheard.add(names.INTAKE)
        world.open()
        bridge = Bridge(world.client, Away(), worker=WORKER)
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(bridge.handle, world.events[names.INTAKE])
        bridge = Bridge(world.client, BusinessTimes(world.now), worker=WORKER)
        await asyncio.to_thread(bridge.handle, world.events[names.INTAKE])
        assert await world.is_running()


async def test_news_that_nobody_can_read_hold_up_nothing_and_are_read_from_the_log_with_the_next(
    populate: Populate,
) -> None:
    async with populate() as world:
        await understood(world)
        await world.settled()
        world.unheard.add(names.RESOLUTION)
        offered = world.offer("COUPON")
        world.unheard.clear()
        await world.deliver(replace(world.events[names.RESOLUTION][-1], data=b"\xff"))
        world.agree(offered)
        await world.happened("RemedyCompleted")


async def test_versions_that_move_no_case_cost_no_look_at_a_log(
    populate: Populate, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine: news that comes late must not be what causes a look.
    monkeypatch.setattr(policy, "NEWS_PATIENCE", timedelta(minutes=5))
    async with populate() as world:
        await world.come_to_an_agreement("COUPON")
        await world.happened("RemedyCompleted")
        await world.waiting("to send the answer")
        assert not world.reads


async def test_what_no_signal_tells_is_read_before_an_alarm_is_raised(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        await world.happened("ResponseSent")
        world.deliver_said()
        await world.waiting("to restate")
        world.unheard.add(names.INTAKE)
        world.restate()
        await world.move(31 * MINUTE)
        await world.waiting("for the customer to confirm")
        assert not [each for each in world.said("AlarmRaised") if "RESTATE" in each.kind]


async def test_the_clock_wakes_every_open_case(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        await world.visible()
        world.move_only(16 * MINUTE)
        await wake_workflows(world.client, world.now())
        await world.happened("DecisionMakerAssigned", 2)


async def test_deadlines_pass_by_themselves_as_time_does(
    populate: Populate, env: WorkflowEnvironment
) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        world.move_only(16 * MINUTE)
        await env.fast_forward(world.handle, timedelta(minutes=16))
        await world.happened("DecisionMakerAssigned", 2)


async def test_operations_find_the_case_by_its_search_attributes(populate: Populate) -> None:
    async with populate() as world:
        await understood(world)
        found = (await world.handle.describe()).typed_search_attributes
        assert found[names.STAGE] == "resolution"
        assert found[names.OWNER] == "dm_maya"
        assert found[names.CAUSE] == "damaged"
        assert found[names.PRIORITY] == 1
        assert found[names.TENANT] == TENANT
        assert abs(found[names.DUE_BY] - world.now() - 2 * HOUR) < MINUTE


async def test_an_open_case_goes_on_in_another_run_when_its_history_is_long(
    populate: Populate,
) -> None:
    async with populate() as world:
        await understood(world)
        first = await world.run_id()
        news = world.events[names.INTAKE][0]
        await asyncio.gather(*(world.deliver(news) for _ in range(LONG_HISTORY)))
        await world.another_run(first)
        assert await world.is_running()
        world.agree(world.offer("COUPON"))
        await world.happened("RemedyCompleted")


@contextlib.asynccontextmanager
async def watched(world: World) -> AsyncIterator[None]:
    """Somebody looks at the case all the time, as the Temporal UI does."""

    async def look() -> None:
        while True:
            with contextlib.suppress(RPCError):  # it is about to start
                await world.handle.query(names.PROGRESS)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()


@pytest.mark.parametrize("_case", range(8))
async def test_a_case_that_is_looked_at_all_the_time_leaves_a_history_that_replays(
    populate: Populate, _case: int
) -> None:
    """With activities inside the workflow task half of them do not (ADR 10)."""
    async with populate() as world:
        async with watched(world):
            await resolved(world)
        history = await world.handle.fetch_history()
    await Replayer(workflows=[EscalationLifecycle]).replay_workflow(history)
