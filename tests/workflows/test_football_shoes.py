"""C1 through the workflow: the services are played, Temporal is real."""

import pytest

from tests.workflows.conftest import Populate
from tests.workflows.logs import DAY, HOUR, MINUTE


@pytest.mark.parametrize("cached", [100, 0], ids=["cached", "replayed at every task"])
async def test_the_football_shoes_from_the_first_word_to_the_close(
    populate: Populate, cached: int
) -> None:
    async with populate(cached=cached) as world:
        world.open()
        await world.happened("DecisionMakerAssigned")
        await world.happened("ResponseSent")
        await world.happened("ContextRecorded")
        assert (await world.waiting("for Maya to accept")).stage == "routing"
        await world.accept()
        await world.waiting("for Maya to restate the problem")
        world.restate()
        await world.waiting("for the customer to confirm")
        world.confirm()
        await world.waiting("for Maya to make an offer")
        offer = world.offer("REPLACEMENT", "COUPON")
        await world.waiting("for the customer to answer the offer")
        world.agree(offer)
        await world.happened("ReplacementOrdered")
        await world.happened("CreditIssued")
        await world.waiting("for Maya to send the answer")
        world.send("ANSWER")
        world.deliver_said()
        await world.waiting("for the replacement to arrive")
        await world.move(HOUR + MINUTE)
        await world.happened("ReplacementShipped")
        await world.move(4 * HOUR)
        await world.happened("EscalationResolved")
        await world.happened("FollowUpScheduled")
        assert (await world.waiting("to ask the customer")).stage == "follow_up"
        await world.move(21 * DAY)
        await world.happened("FollowUpAsked")
        await world.happened("ResponseSent", 3)
        world.deliver_said()
        world.tell(solved=True)
        await world.happened("EscalationClosed")
        await world.handle.result()
        assert not any(world.alarms().values())
        assert not world.said("AlarmRaised")
        assert len(world.played) == len({call.request_id for call in world.calls})
