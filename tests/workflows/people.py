"""The people of one case: platform, owner, holders and customer say what the services record."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from amends.v1 import followup_events_pb2 as followup
from amends.v1 import intake_events_pb2, routing_events_pb2
from amends.v1 import resolution_events_pb2 as resolution
from tests.workflows.logs import HOUR, MINUTE
from tests.workflows.services import PlayedServices
from workflows import names

PATIENCE = 20.0


class People(PlayedServices):
    """What people do, and the waiting for what they wait for."""

    async def happened(self, event: str, times: int = 1) -> Any:  # noqa: ANN401 - any event
        """The event's latest message, once it was said so often."""
        await self.until(lambda: len(self.said(event)) >= times, f"{times} x {event}")
        return self.said(event)[-1]

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        limit = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < limit, f"{what}; calls: {self.played}"
            await asyncio.sleep(0.01)

    def open(self, need_by_zone: str = "Europe/London") -> None:
        self.say(
            names.INTAKE,
            intake_events_pb2.EscalationOpened(
                channel="CHANNEL_PHONE",
                cause="CAUSE_DAMAGED",
                priority=1,
                need_by={"by": self.by(19 * HOUR), "zone": need_by_zone},
                acknowledge_by=self.by(5 * MINUTE),
                assign_by=self.by(15 * MINUTE),
            ),
        )

    async def accept(self, times: int = 1) -> None:
        asked = await self.happened("DecisionMakerAssigned", times)
        self.say(
            names.ROUTING,
            routing_events_pb2.AssignmentAccepted(
                assignment_id=asked.assignment_id,
                decision_maker_id=asked.decision_maker_id,
                public_name=asked.public_name,
                restate_by=self.by(30 * MINUTE),
            ),
        )

    def hand_over(self, to: str = "Helen") -> None:
        """Maya offers the case to somebody else."""
        number = len(self.said("HandOverOffered")) + 1
        offered = routing_events_pb2.HandOverOffered(
            hand_over_id=f"hov_{number}",
            from_public_name="Maya",
            to_decision_maker_id=f"dm_{to.lower()}",
            to_public_name=to,
            return_by=self.by(30 * MINUTE),
        )
        self.say(names.ROUTING, offered)

    def accept_hand_over(self) -> None:
        """The receiver accepts the hand-over."""
        offered = self.said("HandOverOffered")[-1]
        taken = routing_events_pb2.OwnershipHandedOver(
            hand_over_id=offered.hand_over_id,
            decision_maker_id=offered.to_decision_maker_id,
            public_name=offered.to_public_name,
        )
        self.say(names.ROUTING, taken)

    def take_over(self, to: str) -> None:
        """Operations give the case to somebody at once."""
        taken = routing_events_pb2.OwnershipTaken(
            decision_maker_id=f"dm_{to.lower()}",
            public_name=to,
            restate_by=self.by(30 * MINUTE),
        )
        self.say(names.ROUTING, taken)

    def deescalate(self, to: str) -> None:
        """The case goes to somebody less senior."""
        given = routing_events_pb2.EscalationDeescalated(
            decision_maker_id=f"dm_{to.lower()}", public_name=to
        )
        self.say(names.ROUTING, given)

    async def decline(self) -> None:
        asked = await self.happened("DecisionMakerAssigned")
        self.say(
            names.ROUTING,
            routing_events_pb2.AssignmentDeclined(
                assignment_id=asked.assignment_id, decision_maker_id=asked.decision_maker_id
            ),
        )

    def restate(self, number: int = 1) -> None:
        restated = intake_events_pb2.ProblemRestated(
            restatement=number, confirm_by=self.by(30 * MINUTE)
        )
        self.say(names.INTAKE, restated)

    def confirm(self, number: int = 1) -> None:
        confirmed = intake_events_pb2.ProblemConfirmed(
            restatement=number, offer_by=self.by(2 * HOUR)
        )
        self.say(names.INTAKE, confirmed)

    def offer(self, *kinds: str, expires: timedelta = HOUR, in_place_of: str = "") -> str:
        """Offers remedies of these kinds, the first in place of an earlier one; the offer's id."""
        number = len(self.said("OfferMade")) + 1
        remedies = [
            resolution.Remedy(
                remedy_id=f"rem_{number}{n}",
                kind=f"REMEDY_KIND_{kind}",
                in_place_of="" if n else in_place_of,
            )
            for n, kind in enumerate(kinds)
        ]
        made = resolution.OfferMade(
            offer_id=f"off_{number}", remedies=remedies, expires_by=self.by(expires)
        )
        self.say(names.RESOLUTION, made)
        return made.offer_id

    def draft(self) -> None:
        """The owner's offer is above their authority."""
        drafted = resolution.OfferDrafted(offer_id="off_1", approve_by=self.by(HOUR))
        self.say(names.RESOLUTION, drafted)

    def approve(self) -> str:
        """Another holder stands in for the draft; the offer's id."""
        self.say(names.RESOLUTION, resolution.OfferApproved(offer_id="off_1"))
        return self.offer("COUPON")

    def reject(self) -> None:
        """Another holder says no to the draft."""
        rejected = resolution.OfferRejected(offer_id="off_1", offer_by=self.by(2 * HOUR))
        self.say(names.RESOLUTION, rejected)

    def withdraw(self) -> None:
        """The owner takes the draft or the offer back."""
        withdrawn = resolution.OfferWithdrawn(offer_id="off_1", offer_by=self.by(2 * HOUR))
        self.say(names.RESOLUTION, withdrawn)

    def counter(self, offer_id: str) -> None:
        """The customer would consider something else fair."""
        countered = resolution.OfferCountered(offer_id=offer_id, offer_by=self.by(2 * HOUR))
        self.say(names.RESOLUTION, countered)

    def promise(self) -> None:
        """The owner promises something within the hour."""
        made = resolution.PromiseMade(
            promise_id="prm_1", warn_by=self.by(45 * MINUTE), due_by=self.by(HOUR)
        )
        self.say(names.RESOLUTION, made)

    def keep(self) -> None:
        """The owner keeps it, maybe late."""
        self.say(names.RESOLUTION, resolution.PromiseKept(promise_id="prm_1"))

    def agree(self, offer_id: str) -> None:
        accepted = resolution.OfferAccepted(
            offer_id=offer_id, carry_out_by=self.by(30 * MINUTE), answer_by=self.by(HOUR)
        )
        self.say(names.RESOLUTION, accepted)

    def deliver_said(self) -> None:
        """The platform delivers everything that was said and confirms it."""
        delivered = {each.response_id for each in self.said("ResponseDelivered")}
        for sent in self.said("ResponseSent"):
            if sent.response_id not in delivered:
                self.say(
                    names.RESOLUTION,
                    resolution.ResponseDelivered(response_id=sent.response_id, kind=sent.kind),
                )

    async def answer_and_deliver(self) -> None:
        """The owner sends the answer; it and the acknowledgement arrive."""
        await self.happened("ResponseSent")
        self.send("ANSWER")
        self.deliver_said()

    def unblock(self, decision_maker: str) -> None:
        """The directory changed."""
        unblocked = routing_events_pb2.RoutingUnblocked(decision_maker_id=decision_maker)
        self.say(names.ROUTING, unblocked)

    def tell(self, *, solved: bool) -> None:
        """The customer answers the follow-up."""
        asked = self.said("FollowUpScheduled")[-1]
        told = followup.FollowUpAnswered(follow_up_id=asked.follow_up_id, solved=solved)
        self.say(names.FOLLOW_UP, told)
        if not solved:
            reopened = followup.EscalationReopened(
                follow_up_id=asked.follow_up_id, offer_by=self.by(2 * HOUR)
            )
            self.say(names.FOLLOW_UP, reopened)

    def money_came_back(self, remedy_id: str) -> None:
        """A refund fails after it was credited; a case that was made right is reopened for it."""
        self.fail_refund(remedy_id, after_credit=True)
        if not self.said("EscalationResolved"):
            return
        if self.said("FollowUpScheduled") and not self.closed():
            cancelled = followup.FollowUpCancelled(
                follow_up_id="fup_1", reason="CANCEL_REASON_REOPENED"
            )
            self.say(names.FOLLOW_UP, cancelled)
        reopened = followup.EscalationReopened(
            reason="REOPEN_REASON_REFUND_FAILED",
            remedy_id=remedy_id,
            offer_by=self.by(2 * HOUR),
        )
        self.say(names.FOLLOW_UP, reopened)

    async def understand(self) -> None:
        """From the opening until an offer is to be made."""
        self.open()
        await self.accept()
        self.restate()
        self.confirm()

    async def come_to_an_agreement(self, *kinds: str) -> None:
        """From the opening to an accepted offer."""
        await self.understand()
        self.agree(self.offer(*kinds))
