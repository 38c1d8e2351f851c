"""What the worker's own commands cause is heard as their answer, and by no signal."""

import json
from typing import Any

from temporalio.api.enums.v1 import EventType

from tests.workflows.conftest import Populate
from tests.workflows.logs import WORKER
from tests.workflows.test_counter_stories import resolved
from tests.workflows.world import World
from workflows import names
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


async def test_what_comes_together_of_a_case_is_one_signal_in_its_order(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.unheard.update(names.SERVICES)
        world.open()
        world.ask_somebody()
        await world.accept()
        world.restate()
        world.confirm()
        opened, *others = world.events[names.INTAKE]
        assigned, *answered = world.events[names.ROUTING]
        await world.deliver(opened, assigned, *answered, *others)
        await world.waiting("for Maya to make an offer")
        told = [(news["service"], news["version"], news["after"]) for news in await _signals(world)]
        assert told == [
            ("intake", 1, None),
            ("routing", 1, None),
            ("routing", 2, 1),
            ("intake", 2, 1),
            ("intake", 3, 2),
        ]
        assert await _count(world) == 1
        assert not world.reads
        assert not world.calls_of("RouteEscalation")


async def _count(world: World) -> int:
    events = (await world.handle.fetch_history()).events
    return sum(event.event_type == _SIGNALLED for event in events)


async def _signals(world: World) -> list[dict[str, Any]]:
    history = await world.handle.fetch_history()
    told = [event for event in history.events if event.event_type == _SIGNALLED]
    return [
        json.loads(payload.data)
        for each in told
        for payload in each.workflow_execution_signaled_event_attributes.input.payloads
    ]


async def test_the_first_holder_is_asked_by_routing_itself(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        assert not world.calls_of("RouteEscalation")


async def test_what_services_do_by_themselves_is_not_asked_for(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        assert not world.calls_of("SendResponse")
        assert not world.calls_of("ScheduleFollowUp")


async def test_what_services_do_not_do_by_themselves_is_asked_for(populate: Populate) -> None:
    async with populate() as world:
        world.asleep = True
        await resolved(world)
        assert len(world.calls_of("SendResponse")) == 1
        assert len(world.calls_of("ScheduleFollowUp")) == 1


async def test_routing_is_told_to_ask_where_it_asks_nobody_by_itself(populate: Populate) -> None:
    async with populate() as world:
        world.asleep = True
        world.open()
        await world.waiting("for Maya to accept")
        assert len(world.calls_of("RouteEscalation")) == 1
