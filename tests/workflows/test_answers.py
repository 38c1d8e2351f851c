"""What the worker's own commands cause is heard as their answer, and by no signal."""

import json
from typing import Any

from temporalio.api.enums.v1 import EventType

from tests.workflows.conftest import Populate
from tests.workflows.logs import WORKER
from tests.workflows.test_counter_stories import resolved
from tests.workflows.world import World
from workflows.news import is_signalled

_SIGNALLED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED


async def test_what_a_command_caused_comes_with_its_answer_alone(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        told = {each["event_id"] for each in await _signals(world)}
        said = [each for log in world.events.values() for each in log if is_signalled(each.type)]
        assert told == {each.event_id for each in said if each.meta.actor != WORKER}


async def test_a_signal_names_the_answered_event_before_it_as_its_predecessor(
    populate: Populate,
) -> None:
    async with populate() as world:
        await resolved(world)
        for news in await _signals(world):
            before = [
                each.version
                for each in world.events[news["service"]]
                if each.version < news["version"] and is_signalled(each.type)
            ]
            assert news["after"] == max(before, default=None)


async def _signals(world: World) -> list[dict[str, Any]]:
    history = await world.handle.fetch_history()
    told = [event for event in history.events if event.event_type == _SIGNALLED]
    return [
        json.loads(each.workflow_execution_signaled_event_attributes.input.payloads[0].data)
        for each in told
    ]


async def test_the_first_holder_is_asked_by_routing_itself(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        assert not world.calls_of("RouteEscalation")


async def test_routing_is_told_to_ask_where_it_asks_nobody_by_itself(populate: Populate) -> None:
    async with populate() as world:
        world.asleep = True
        world.open()
        await world.waiting("for Maya to accept")
        assert len(world.calls_of("RouteEscalation")) == 1
