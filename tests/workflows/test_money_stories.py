"""Money that is paid once: followed until it is there, replaced, taken back, come back."""

from datetime import UTC

from tests.workflows.conftest import Populate
from tests.workflows.logs import DAY, HOUR, MINUTE, TENANT
from tests.workflows.world import World
from workflows import names
from workflows.messages import LifecycleInput
from workflows.starting import start


async def test_a_refund_and_a_credit_after_a_counter_are_followed_until_the_money_is_there(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.understand()
        countered = world.offer("REFUND", "GIFT_CERTIFICATE")
        await world.waiting("for the customer to answer the offer")
        world.counter(countered)
        await world.waiting("for Maya to make an offer")
        world.agree(world.offer("REFUND", "PERCENTAGE_OFF"))
        await world.happened("RemedyCompleted")
        await world.answer_and_deliver()
        found = await world.waiting("for the refund to be credited")
        assert found.due_by == world.said("RefundSubmitted")[-1].expected_by.ToDatetime(UTC)
        await world.move(13 * HOUR)
        await world.called("CheckRefund")
        world.credited.add("rem_20")
        await world.move(13 * HOUR)
        await world.happened("EscalationResolved")
        assert [each.target for each in world.calls_of("CarryOutRemedy")] == ["rem_20", "rem_21"]
        assert len(world.said("RefundSubmitted")) == 1
        assert not world.said("AlarmRaised")


async def test_money_that_is_late_raises_an_alarm_and_is_looked_at_until_it_is_there(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("REFUND")
        await world.happened("RefundSubmitted")
        await world.answer_and_deliver()
        await world.waiting("for the refund to be credited")
        await world.move(3 * DAY + MINUTE)
        raised = await world.happened("AlarmRaised")
        assert raised.kind == "REFUND_OVERDUE"
        assert "credited, or has failed" in raised.clears_when
        looked = len(world.calls_of("CheckRefund"))
        await world.move(13 * HOUR)
        await world.until(lambda: len(world.calls_of("CheckRefund")) > looked, "another look")
        assert world.alarms()[names.RESOLUTION] == ["REFUND_OVERDUE"]
        world.credited.add("rem_10")
        await world.move(13 * HOUR)
        await world.happened("EscalationResolved")
        await world.no_alarm()


async def test_a_refund_that_fails_is_offered_another_way_and_what_was_done_beside_it_stays(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("REFUND", "COUPON")
        await world.happened("RemedyCompleted")
        world.fail_refund("rem_10")
        await world.waiting("for Maya to make an offer")
        world.agree(world.offer("REFUND", in_place_of="rem_10"))
        await world.happened("RefundSubmitted", 2)
        world.credited.add("rem_20")
        await world.answer_and_deliver()
        await world.move(13 * HOUR)
        await world.happened("EscalationResolved")
        carried_out = [each.target for each in world.calls_of("CarryOutRemedy")]
        assert carried_out == ["rem_10", "rem_11", "rem_20"]
        assert not world.calls_of("CompensateRemedy"), "what failed left nothing to take back"


async def test_what_a_remedy_replaces_is_taken_back_before_it_is_carried_out(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("REPLACEMENT")
        await world.happened("ReplacementOrdered")
        world.faults["CompensateRemedy"] = 2
        world.agree(world.offer("COUPON", in_place_of="rem_10"))
        await world.happened("CreditIssued")
        said = [each.type.rpartition(".")[2] for each in world.events[names.RESOLUTION]]
        assert said.index("RemedyCompensated") < said.index("CreditIssued")
        [request] = {each.request_id for each in world.calls_of("CompensateRemedy")}
        assert request, "the same request however often it is repeated"
        await world.answer_and_deliver()
        await world.happened("EscalationResolved")
        assert not world.said("AlarmRaised")


async def test_what_cannot_be_taken_back_stays_and_another_offer_is_made(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("REPLACEMENT")
        await world.happened("ReplacementOrdered")
        world.not_reversible.add("rem_10")
        world.agree(world.offer("REFUND", in_place_of="rem_10"))
        await world.happened("RemedyFailed")
        await world.waiting("for Maya to make an offer")
        await world.waiting_beside("for the replacement to arrive")
        assert not world.said("RefundSubmitted"), "never both"


async def test_a_promised_remedy_that_is_replaced_is_never_carried_out(
    populate: Populate,
) -> None:
    async with populate() as world:
        world.open()
        await world.accept()
        world.agree(world.offer("REFUND"))
        world.agree(world.offer("COUPON", in_place_of="rem_10"))
        await world.waiting("for Maya to restate the problem")
        world.restate()
        world.confirm()
        await world.happened("CreditIssued")
        assert [each.target for each in world.calls_of("CarryOutRemedy")] == ["rem_20"]


async def test_money_that_came_back_before_the_case_is_resolved_needs_another_offer(
    populate: Populate,
) -> None:
    async with populate() as world:
        await world.come_to_an_agreement("REFUND")
        world.credited.add("rem_10")
        await world.happened("RefundSubmitted")
        await world.move(13 * HOUR)
        await world.happened("RemedyCompleted")
        world.money_came_back("rem_10")
        await world.waiting("for Maya to make an offer")
        world.agree(world.offer("COUPON", in_place_of="rem_10"))
        await world.answer_and_deliver()
        await world.happened("EscalationResolved")


async def test_money_that_came_back_reopens_a_case_that_waits_for_its_follow_up(
    populate: Populate,
) -> None:
    async with populate() as world:
        await refunded(world)
        world.money_came_back("rem_10")
        found = await world.waiting("for Maya to make an offer")
        assert (found.stage, found.owner) == ("resolution", "Maya")
        world.agree(world.offer("COUPON", in_place_of="rem_10"))
        world.send("ANSWER")
        world.deliver_said()
        await world.happened("EscalationResolved", 2)
        await world.happened("FollowUpScheduled", 2)
        assert not world.calls_of("CloseEscalation"), "cancelled is not closed"


async def test_money_that_came_back_after_the_close_goes_on_in_another_run_with_all_of_it(
    populate: Populate,
) -> None:
    async with populate() as world:
        await refunded(world)
        first = await world.run_id()
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        world.money_came_back("rem_10")
        await world.another_run(first)
        found = await world.waiting("for Maya to make an offer")
        assert (found.stage, found.owner) == ("resolution", "Maya")
        assert found.versions == {name: len(said) for name, said in world.events.items()}
        described = await world.handle.describe()
        assert await described.static_summary() == "reopened after its close"
        shown = described.typed_search_attributes
        assert (shown[names.STAGE], shown[names.OWNER]) == ("resolution", "dm_maya")
        assert (shown[names.CAUSE], shown[names.PRIORITY]) == ("damaged", 1)
        assert abs(shown[names.DUE_BY] - world.now() - 2 * HOUR) < MINUTE
        world.agree(world.offer("COUPON", in_place_of="rem_10"))
        world.send("ANSWER")
        world.deliver_said()
        await world.happened("EscalationResolved", 2)
        await world.happened("FollowUpScheduled", 2)
        assert not world.calls_of("CompensateRemedy"), "what failed in an earlier round is known"


async def test_a_reopening_that_nobody_heard_of_is_taken_up_by_whoever_starts_what_is_open(
    populate: Populate,
) -> None:
    async with populate() as world:
        await refunded(world)
        await world.move(22 * DAY)
        await world.happened("FollowUpAsked")
        world.tell(solved=True)
        await world.handle.result()
        world.unheard |= {names.RESOLUTION, names.FOLLOW_UP}
        world.money_came_back("rem_10")
        await start(world.client, LifecycleInput(TENANT, world.id))
        found = await world.waiting("for Maya to make an offer")
        assert found.versions == {name: len(said) for name, said in world.events.items()}


async def refunded(world: World) -> None:
    """Until a follow-up waits for the customer of a case that was made right with money."""
    await world.come_to_an_agreement("REFUND")
    await world.happened("RefundSubmitted")
    world.credited.add("rem_10")
    await world.answer_and_deliver()
    await world.move(13 * HOUR)
    await world.waiting("to ask the customer")
