"""What operations read in Temporal: what is waited for, what each step is, and what is wrong."""

import json
from datetime import UTC

from temporalio.api.sdk.v1 import WorkflowMetadata

from tests.workflows.conftest import Populate
from tests.workflows.logs import DAY, HOUR, MINUTE, TENANT
from tests.workflows.test_counter_stories import resolved, understood
from tests.workflows.world import World
from workflows import names
from workflows.deadlines import CLEARS_WHEN
from workflows.messages import LifecycleInput
from workflows.starting import start

_METADATA = "__temporal_workflow_metadata"


async def test_every_activity_and_timer_says_in_words_what_it_is_for(populate: Populate) -> None:
    async with populate() as world:
        world.faults["RouteEscalation"] = 1
        world.open()
        await world.waiting("for Maya to accept")
        world.hand_over()
        await world.accept()
        world.restate()
        world.confirm()
        world.promise()
        world.agree(world.offer("REFUND", "COUPON"))
        await world.happened("RemedyCompleted")
        world.agree(world.offer("COUPON", in_place_of="rem_11"))
        await world.happened("RemedyCompensated")
        await world.answer_and_deliver()
        world.credited.add("rem_10")
        await world.move(13 * HOUR)
        await world.happened("EscalationResolved")
        await world.happened("FollowUpScheduled")
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        steps = await summaries(world)
        assert [each for each, words in steps if not words] == []
        told = {words for _, words in steps}
        assert {
            "Maya has time to accept",
            "ask whoever can decide",
            "carry out the refund",
            "how far is the refund",
            "take back the coupon that another remedy replaces",
            "until the refund is looked at",
            "until a promise breaks",
            "until the alarm DELIVERY_OVERDUE",
            "ask the owner what can be learned",
        } <= told


async def test_the_details_say_what_is_waited_for_beside_what_by_whom_and_what_is_wrong(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        world.hand_over()
        world.promise()
        await world.waiting_beside(
            "for Helen to accept the hand-over from Maya; for Maya to keep a promise"
        )
        await world.happened("ResponseSent")
        world.deliver_said()
        await world.move(46 * MINUTE)
        await world.happened("AlarmRaised")
        await world.waiting_beside("for Maya to keep a promise")
        until = "%H:%M %a"
        offer = world.said("ProblemConfirmed")[-1].offer_by.ToDatetime().strftime(until)
        promise = world.said("PromiseMade")[-1].due_by.ToDatetime().strftime(until)
        assert (await details(world)).split("\n\n") == [
            f"**Waiting for Maya to make an offer, until {offer}.**",
            "Owner: Maya",
            f"Beside: Waiting for Maya to keep a promise, until {promise}.",
            f"Alarm at resolution: PROMISE_AT_RISK; clears when {CLEARS_WHEN['PROMISE_AT_RISK']}.",
        ]


async def test_what_was_refused_is_named_with_its_alarm(populate: Populate) -> None:
    async with populate() as world:
        world.refusals["ScheduleFollowUp"] = "NOT_RESOLVED"
        await world.come_to_an_agreement("COUPON")
        await world.answer_and_deliver()
        await world.happened("AlarmRaised")
        await world.waiting("to be scheduled")
        assert "ScheduleFollowUp was refused with NOT_RESOLVED" in await details(world)


async def test_a_run_is_named_for_its_case_from_the_first_moment_on(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        opened = await world.handle.describe()
        assert await opened.static_summary() == "phone: damaged, priority 1"
        assert await opened.static_details() == f"The case file: `amends show {world.id}`"
        await world.handle.terminate("wiped")
        await start(world.client, LifecycleInput(TENANT, world.id))
        again = await world.handle.describe()
        assert await again.static_summary() == "taken up again from the logs"


async def test_what_was_told_together_with_the_opening_is_shown_as_well(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.unheard.update(names.SERVICES)
        world.open()
        world.ask_somebody()
        await world.deliver(world.events[names.INTAKE][0], world.events[names.ROUTING][0])
        await world.waiting("for Maya to accept")
        seen = (await world.handle.describe()).typed_search_attributes
        asked = world.said("DecisionMakerAssigned")[-1]
        assert seen[names.STAGE] == "routing"
        assert seen[names.DUE_BY] == asked.accept_by.ToDatetime(UTC)
        assert (seen[names.PRIORITY], seen[names.TENANT]) == (1, TENANT)


async def test_each_change_is_shown_and_what_stays_is_not_written_again(populate: Populate) -> None:
    async with populate() as world:
        await understood(world)
        await world.knows_everything()
        seen = (await world.handle.describe()).typed_search_attributes
        assert (seen[names.STAGE], seen[names.OWNER]) == ("resolution", "dm_maya")
        assert (seen[names.CAUSE], seen[names.PRIORITY]) == ("damaged", 1)
        written = [each for keys in await upserts(world) for each in keys]
        assert written.count(names.OWNER.name) == 1
        assert names.CAUSE.name not in written


async def upserts(world: World) -> list[set[str]]:
    """The search attributes that each update of the run writes."""
    return [
        set(
            event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
        )
        for event in (await world.handle.fetch_history()).events
        if event.WhichOneof("attributes") == "upsert_workflow_search_attributes_event_attributes"
    ]


async def details(world: World) -> str:
    """What stands in Temporal now."""
    found = await world.handle.query(_METADATA, result_type=WorkflowMetadata)
    return str(found.current_details)


async def summaries(world: World) -> list[tuple[str, str]]:
    """What each activity and timer of the history is, and what it says it is for."""
    found = []
    for event in (await world.handle.fetch_history()).events:
        kind = event.WhichOneof("attributes")
        if kind == "activity_task_scheduled_event_attributes":
            named = event.activity_task_scheduled_event_attributes.activity_type.name
        elif kind == "timer_started_event_attributes":
            named = f"timer {event.event_id}"
        elif kind == "marker_recorded_event_attributes":
            named = event.marker_recorded_event_attributes.marker_name
            if named != "core_local_activity":
                continue
        else:
            continue
        payload = event.user_metadata.summary
        found.append((named, json.loads(payload.data) if payload.data else ""))
    return found
