"""What people agree with each other: drafts, promises, take-overs, what is learned."""

from tests.workflows.conftest import Populate
from tests.workflows.logs import DAY, HOUR, MINUTE
from tests.workflows.test_counter_stories import resolved
from workflows import names


async def test_a_draft_waits_for_another_holder_and_is_offered_once_it_is_approved(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        world.draft()
        found = await world.waiting("for another holder to approve Maya's draft")
        assert found.due_by is not None
        assert abs(found.due_by - world.now() - HOUR) < MINUTE
        await world.happened("ResponseSent")
        world.deliver_said()
        await world.move(HOUR + MINUTE)
        raised = await world.happened("AlarmRaised")
        assert raised.kind == "APPROVAL_OVERDUE"
        offered = world.approve()
        await world.waiting("for the customer to answer the offer")
        await world.no_alarm()
        world.agree(offered)
        await world.happened("RemedyCompleted")


async def test_a_draft_that_is_rejected_is_followed_by_another_offer_of_the_owner(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        world.draft()
        await world.waiting("for another holder to approve Maya's draft")
        world.reject()
        await world.waiting("for Maya to make an offer")
        world.agree(world.offer("COUPON"))
        await world.happened("RemedyCompleted")


async def test_an_offer_that_is_withdrawn_does_not_lapse_and_another_is_made(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        world.offer("REFUND")
        await world.waiting("for the customer to answer the offer")
        world.withdraw()
        await world.waiting("for Maya to make an offer")
        await world.move(HOUR + MINUTE)
        world.agree(world.offer("COUPON"))
        await world.happened("RemedyCompleted")
        assert not world.calls_of("ExpireOffer")


async def test_a_promise_at_risk_is_an_alarm_before_it_breaks_and_a_broken_one_until_it_is_kept(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        world.promise()
        await world.waiting_beside("for Maya to keep a promise")
        await world.happened("ResponseSent")
        world.deliver_said()
        await world.move(46 * MINUTE)
        assert (await world.happened("AlarmRaised")).kind == "PROMISE_AT_RISK"
        assert not world.said("PromiseBroken")
        await world.move(15 * MINUTE)
        await world.happened("PromiseBroken")
        await world.until(lambda: world.alarms()[names.RESOLUTION] == ["PROMISE_BROKEN"], "alarm")
        await world.waiting_beside("for Maya to keep the promise that broke")
        world.keep()
        await world.no_alarm()
        assert len(world.calls_of("BreakPromise")) == 1


async def test_a_promise_that_is_kept_in_time_is_never_broken(populate: Populate) -> None:
    async with populate() as world:
        await world.understand()
        world.promise()
        await world.waiting_beside("for Maya to keep a promise")
        world.keep()
        await world.waiting_beside("")
        await world.move(HOUR + MINUTE)
        await world.happened("AlarmRaised")  # what was said is not delivered
        assert not world.calls_of("BreakPromise")


async def test_a_promise_that_its_service_calls_early_breaks_when_its_time_has_come(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        world.promise()
        await world.waiting_beside("for Maya to keep a promise")
        ahead = world.now() + HOUR + MINUTE
        await world.handle.signal(names.CLOCK_MOVED, ahead.isoformat())
        await world.called("BreakPromise")
        await world.move(HOUR + MINUTE)
        await world.happened("PromiseBroken")
        assert len({call.request_id for call in world.calls_of("BreakPromise")}) == 1


async def test_a_case_that_is_taken_over_while_somebody_is_asked_asks_nobody_more(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        world.take_over("Ravi")
        found = await world.waiting("for Ravi to restate the problem")
        assert found.owner == "Ravi"
        await world.move(16 * MINUTE)
        world.restate()
        await world.waiting("for the customer to confirm")
        shown = (await world.handle.describe()).typed_search_attributes
        assert shown[names.OWNER] == "dm_ravi"
        assert not world.calls_of("ExpireAssignment")
        assert len(world.said("DecisionMakerAssigned")) == 1


async def test_a_case_that_nobody_could_decide_goes_on_with_whoever_it_was_given_to(
    populate: Populate,
) -> None:
    async with populate(holders=()) as world:
        world.open()
        await world.waiting("for somebody who can decide")
        world.take_over("Ravi")
        await world.waiting("for Ravi to restate the problem")
        await world.move(16 * MINUTE)
        world.restate()
        await world.waiting("for the customer to confirm")
        assert not world.calls_of("RouteEscalation")


async def test_a_case_that_is_deescalated_goes_on_with_its_deadlines(populate: Populate) -> None:
    async with populate() as world:
        await world.understand()
        world.hand_over()
        await world.waiting_beside("for Helen to accept the hand-over from Maya")
        world.deescalate("Ravi")
        found = await world.waiting("for Ravi to make an offer")
        assert (found.owner, found.beside) == ("Ravi", "")
        shown = (await world.handle.describe()).typed_search_attributes
        assert shown[names.OWNER] == "dm_ravi"


async def test_the_owner_is_asked_what_can_be_learned_before_the_case_is_closed(
    populate: Populate,
) -> None:
    async with populate() as world:
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        assert world.played.index("RequestDebrief") < world.played.index("CloseEscalation")
        assert len(world.said("DebriefRequested")) == 1


async def test_the_case_of_a_forgotten_customer_is_closed_without_being_asked_about(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.forgotten = True
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        await world.move(8 * DAY)
        await world.handle.result()
        assert len(world.calls_of("RequestDebrief")) == 1
        assert not world.said("DebriefRequested")
