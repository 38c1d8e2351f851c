"""What may come between: nobody accepts or can, offers lapse, promises fail, services refuse."""

from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Populate
from tests.workflows.logs import DAY, HOUR, MINUTE
from tests.workflows.world import World
from workflows import names


async def test_a_holder_who_does_not_accept_in_time_is_replaced_by_the_next(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        await world.move(16 * MINUTE)
        asked = await world.happened("DecisionMakerAssigned", 2)
        assert asked.replaces_assignment_id == "asg_1"
        await world.accept(2)
        assert (await world.waiting("to restate")).owner == "Helen"


async def test_a_holder_who_declines_is_replaced_at_once(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.decline()
        asked = await world.happened("DecisionMakerAssigned", 2)
        assert asked.public_name == "Helen"
        assert not world.said("AssignmentExpired")


async def test_an_assignment_that_its_service_calls_early_is_expired_when_its_time_has_come(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.waiting("for Maya to accept")
        ahead = world.now() + 16 * MINUTE
        await world.handle.signal(names.CLOCK_MOVED, ahead.isoformat())
        await world.called("ExpireAssignment")
        assert len(world.said("DecisionMakerAssigned")) == 1
        await world.move(16 * MINUTE)
        await world.happened("DecisionMakerAssigned", 2)
        calls = world.calls_of("ExpireAssignment")
        assert len(calls) > 1
        assert len({call.request_id for call in calls}) == 1  # a refusal is not remembered


async def test_a_hand_over_that_nobody_accepts_returns_and_the_story_goes_on_meanwhile(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        await world.waiting("to restate")
        world.hand_over()
        found = await world.waiting_beside("for Helen to accept the hand-over from Maya")
        assert (found.owner, found.waiting) == ("Maya", "for Maya to restate the problem")
        world.restate()
        await world.waiting("for the customer to confirm")
        await world.move(31 * MINUTE)
        await world.happened("HandOverReturned")
        assert (await world.waiting_beside("")).owner == "Maya"
        world.hand_over()
        await world.waiting_beside("for Helen to accept the hand-over from Maya")
        await world.move(31 * MINUTE)
        await world.happened("HandOverReturned", 2)


async def test_a_hand_over_that_is_accepted_changes_the_owner_and_is_not_returned(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        world.hand_over()
        await world.waiting_beside("for Helen to accept the hand-over from Maya")
        world.accept_hand_over()
        found = await world.waiting("for Helen to restate the problem")
        assert found.owner == "Helen"
        attributes = (await world.handle.describe()).typed_search_attributes
        assert attributes[names.OWNER] == "dm_helen"
        await world.move(31 * MINUTE)
        await world.happened("AlarmRaised")
        assert not world.calls_of("ReturnHandOver")


async def test_a_hand_over_whose_acceptance_was_not_heard_of_is_asked_for_and_then_known(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        world.hand_over()
        await world.waiting_beside("for Helen to accept the hand-over from Maya")
        world.unheard.add(names.ROUTING)
        world.accept_hand_over()
        await world.move(31 * MINUTE)
        await world.waiting("for Helen to restate the problem")
        assert not world.said("HandOverReturned")


async def test_a_hand_over_that_its_service_calls_early_returns_when_its_time_has_come(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        world.hand_over()
        await world.waiting_beside("for Helen to accept the hand-over from Maya")
        ahead = world.now() + 31 * MINUTE
        await world.handle.signal(names.CLOCK_MOVED, ahead.isoformat())
        await world.called("ReturnHandOver")
        await world.move(31 * MINUTE)
        await world.happened("HandOverReturned")
        calls = world.calls_of("ReturnHandOver")
        assert len(calls) > 1
        assert len({call.request_id for call in calls}) == 1  # a refusal is not remembered


async def test_nobody_able_waits_with_routings_alarm_until_somebody_is(populate: Populate) -> None:
    async with populate(holders=()) as world:
        world.open()
        await world.waiting("for somebody who can decide")
        await world.warns_of("NO_DECISION_MAKER")
        world.holders.append("Ravi")
        world.unblock("dm_ravi")
        await world.waiting("for Ravi to accept")
        await world.no_alarm()


async def test_nobody_able_is_tried_again_when_its_time_has_come(populate: Populate) -> None:
    async with populate(holders=()) as world:
        world.open()
        await world.waiting("for somebody who can decide")
        await world.move(16 * MINUTE)
        await world.happened("NoDecisionMakerFound", 2)
        world.holders.append("Ravi")
        await world.move(16 * MINUTE)
        await world.waiting("for Ravi to accept")


async def test_an_offer_that_is_not_answered_expires_and_another_is_waited_for(
    populate: Populate,
) -> None:
    async with populate() as world:
        await understood(world)
        world.offer("REPLACEMENT")
        await world.waiting("for the customer to answer the offer")
        await world.move(HOUR + MINUTE)
        await world.happened("OfferExpired")
        await world.waiting("for Maya to make an offer")
        world.agree(world.offer("COUPON"))
        await world.happened("RemedyCompleted")


async def test_an_offer_that_its_service_calls_early_lapses_when_its_time_has_come(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.happened("ContextRecorded")
        await world.accept()
        world.restate()
        world.confirm()
        await world.happened("ResponseSent")
        world.deliver_said()
        world.offer("COUPON")
        await world.waiting("for the customer to answer the offer")
        ahead = world.now() + HOUR + MINUTE
        await world.handle.signal(names.CLOCK_MOVED, ahead.isoformat())
        await world.called("ExpireOffer")
        await world.move(HOUR + MINUTE)
        await world.happened("OfferExpired")
        assert not world.said("AlarmRaised")


async def test_an_offer_beside_what_is_agreed_lapses_too_and_holds_nothing_up(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("COUPON")
        await world.happened("RemedyCompleted")
        world.offer("COUPON")
        await world.answer_and_deliver()
        await world.waiting("for the customer to answer the offer")
        await world.move(HOUR + MINUTE)
        await world.happened("OfferExpired")
        await world.happened("EscalationResolved")
        assert not world.said("AlarmRaised")


async def test_an_offer_lapses_also_while_nothing_is_confirmed(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        world.offer("COUPON")
        await world.move(HOUR + MINUTE)
        await world.happened("OfferExpired")
        world.restate()
        world.confirm()
        await world.waiting("for Maya to make an offer")


async def test_what_is_overdue_raises_an_alarm_that_clears_when_it_has_happened(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        await world.happened("ResponseSent")
        world.deliver_said()
        await world.waiting("for Maya to restate")
        await world.move(31 * MINUTE)
        raised = await world.happened("AlarmRaised")
        assert raised.kind == "RESTATEMENT_OVERDUE"
        assert raised.clears_when == "the owner has restated the problem"
        world.restate()
        await world.happened("AlarmCleared")
        assert not (await world.waiting("for the customer to confirm")).alarms


async def test_a_remedy_that_fails_goes_on_with_a_new_offer_of_the_same_owner(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("REPLACEMENT")
        await world.happened("ReplacementOrdered")
        world.fail("rem_10")
        found = await world.waiting("for Maya to make an offer")
        assert found.stage == "resolution"
        world.agree(world.offer("COUPON"))
        await world.answer_and_deliver()
        await world.happened("EscalationResolved")


async def test_not_solved_reopens_the_case_with_the_same_owner(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=False)
        found = await world.waiting("for Maya to make an offer")
        assert found.stage == "resolution"
        world.agree(world.offer("COUPON"))
        await world.answer_and_deliver()
        await world.happened("EscalationResolved", 2)
        await world.happened("FollowUpScheduled", 2)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked", 2)
        world.tell(solved=True)
        await world.handle.result()
        assert len(world.said("DecisionMakerAssigned")) == 1


async def test_a_customer_who_does_not_answer_the_follow_up_ends_the_case(
    populate: Populate,
) -> None:
    async with populate() as world:
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        await world.move(8 * DAY)
        await world.handle.result()
        assert world.said("FollowUpMissed")
        assert world.closed()


async def test_a_late_no_reopens_a_closed_case_as_a_new_run(populate: Populate) -> None:
    async with populate() as world:
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        await world.move(8 * DAY)
        await world.handle.result()
        closed = await world.run_id()
        world.tell(solved=False)
        await world.another_run(closed)
        await world.waiting("for Maya to make an offer")


async def test_an_unexpected_refusal_stands_as_an_alarm_and_the_next_news_let_it_go_on(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.refusals["ScheduleFollowUp"] = "NOT_RESOLVED"
        await world.come_to_an_agreement("COUPON")
        await world.answer_and_deliver()
        raised = await world.happened("AlarmRaised")
        assert raised.kind == "UNEXPECTED_REFUSAL"
        assert "ScheduleFollowUp was refused with NOT_RESOLVED" in raised.clears_when
        assert world.alarms()[names.FOLLOW_UP] == ["UNEXPECTED_REFUSAL"]
        del world.refusals["ScheduleFollowUp"]
        world.send("UPDATE")
        await world.happened("FollowUpScheduled")
        await world.no_alarm()


async def test_a_service_that_is_away_keeps_no_alarm_from_the_others(populate: Populate) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        await world.happened("ResponseSent")
        world.deliver_said()
        await world.knows_everything()
        world.away |= {names.ROUTING, names.RESOLUTION, names.FOLLOW_UP}
        await world.move(31 * MINUTE)
        raised = await world.happened("AlarmRaised")
        assert raised.kind == "RESTATEMENT_OVERDUE"


async def test_an_alarm_that_is_refused_holds_nothing_up(populate: Populate) -> None:
    async with populate() as world:
        world.refusals["RaiseAlarm"] = "ESCALATION_NOT_FOUND"
        world.open()
        await world.accept()
        await world.waiting("to restate")
        await world.move(31 * MINUTE)
        await world.called("RaiseAlarm")
        world.restate()
        world.confirm()
        world.agree(world.offer("COUPON"))
        await world.happened("RemedyCompleted")


async def test_no_alarm_outlives_its_case(populate: Populate, env: WorkflowEnvironment) -> None:
    async with populate() as world:
        world.refusals["RecordContext"] = "ORDER_NOT_FOUND"
        await resolved(world)
        await world.until(lambda: bool(world.alarms()[names.INTAKE]), "an alarm at intake")
        del world.refusals["RecordContext"]
        world.faults["RecordContext"] = 1_000
        asked = len(world.calls_of("RecordContext"))
        await env.fast_forward(world.handle, 6 * MINUTE)
        await world.until(lambda: len(world.calls_of("RecordContext")) > asked, "another attempt")
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        assert not any(world.alarms().values())


async def test_no_remedy_before_the_customer_confirmed_again(populate: Populate) -> None:
    async with populate() as world:
        world.unheard.add(names.INTAKE)
        world.refusals["CarryOutRemedy"] = "PROBLEM_NOT_CONFIRMED"
        world.unheard.clear()
        await understood(world)
        world.unheard.add(names.INTAKE)
        world.restate(2)
        world.unheard.clear()
        world.agree(world.offer("COUPON"))
        raised = await world.happened("AlarmRaised")
        assert raised.kind == "PROBLEM_NOT_CONFIRMED"
        assert not world.said("RemedyStarted")
        del world.refusals["CarryOutRemedy"]
        world.confirm(2)
        await world.happened("RemedyCompleted")
        await world.no_alarm()


async def test_a_service_that_is_away_is_asked_until_it_is_back(populate: Populate) -> None:
    async with populate() as world:
        world.faults["RouteEscalation"] = 3
        world.open()
        await world.waiting("for Maya to accept")
        assert len({call.request_id for call in world.calls_of("RouteEscalation")}) == 1


async def test_a_merchant_that_is_away_does_not_hold_up_the_routing_or_the_end(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.faults["RecordContext"] = 1_000
        await resolved(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        assert not world.said("ContextRecorded")


async def understood(world: World) -> None:
    """Until the owner makes an offer."""
    world.open()
    await world.accept()
    world.restate()
    world.confirm()
    await world.waiting("to make an offer")


async def resolved(world: World) -> None:
    """Until the follow-up is scheduled."""
    await world.come_to_an_agreement("COUPON")
    await world.answer_and_deliver()
    await world.waiting("to ask the customer")
