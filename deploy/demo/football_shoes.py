"""Case C1, the football shoes: from the first call to the closed case.

Saturday 15:10, phone. Football shoes arrived yesterday with damaged soles; the Sunday league kicks
off tomorrow at 10:00.
"""

from datetime import time as wall_time
from datetime import timedelta

from google.type import money_pb2

from amends.v1 import intake_service_pb2, resolution_service_pb2, types_pb2
from deploy.demo.cast import SATURDAY, wait_for
from deploy.demo.story import Story, in_london, instant

KICK_OFF = 10
CUSTOMER = "C-1042"
WORDS = (
    "My football shoes came yesterday and the soles are coming off. The Sunday league kicks off "
    "tomorrow at ten and I have no money for another pair."
)
COUPON = money_pb2.Money(currency_code="GBP", units=10)


class FootballShoes(Story):
    """One run of the story."""

    BEGINS = SATURDAY, wall_time(15, 10)
    SEED = "shoes"
    RESTATED = (
        "New shoes, soles came off on the first day, and they are needed by ten tomorrow morning."
    )
    EVIDENCE = "recording/2211-0042"
    ANSWER = (
        "A new pair is with you between six and nine tonight. Keep the old ones until the return "
        "label comes; no hurry. Good luck tomorrow. Maya"
    )
    PLEASED = "Played, won two-one. Bought the tracksuit with the coupon."

    def opening(self) -> intake_service_pb2.OpenEscalationRequest:
        return intake_service_pb2.OpenEscalationRequest(
            request_id=self.request_id,
            channel=types_pb2.CHANNEL_PHONE,
            cause=types_pb2.CAUSE_DAMAGED,
            customer=CUSTOMER,
            order=self.order,
            words=WORDS,
            stake="No money for another pair, and the team is one short already.",
            expected_outcome="To play tomorrow.",
            need_by=intake_service_pb2.NeedBy(
                by=in_london(self.began + timedelta(days=1), KICK_OFF),
                occasion="Sunday league kick-off",
            ),
            remedy_sought=types_pb2.RemedySought(
                kinds=[types_pb2.REMEDY_KIND_REPLACEMENT],
                amount=money_pb2.Money(currency_code="GBP", units=64, nanos=900_000_000),
            ),
        )

    def offers(self) -> resolution_service_pb2.MakeOfferResponse:
        """Maya offers a pair by same-day courier, as an exception, and a coupon."""
        return self.makes_offer(
            resolution_service_pb2.OfferedRemedy(
                kind=types_pb2.REMEDY_KIND_REPLACEMENT, shipping_service="same-day-courier"
            ),
            resolution_service_pb2.OfferedRemedy(kind=types_pb2.REMEDY_KIND_COUPON, amount=COUPON),
            explanation="A batch of these soles was glued badly and passed our check.",
            apology="I am sorry that we sent you shoes that cannot be played in.",
        )

    def is_carried_out(self) -> resolution_service_pb2.Offer:
        """The workflow orders the pair and issues the coupon, without another hand-off."""
        return wait_for(self._ordered_and_credited, "the pair is ordered and the coupon issued")

    def _ordered_and_credited(self) -> resolution_service_pb2.Offer | None:
        offer = self._offer()
        ordered = {
            resolution_service_pb2.REMEDY_STATE_ORDERED,
            resolution_service_pb2.REMEDY_STATE_SHIPPED,
            resolution_service_pb2.REMEDY_STATE_COMPLETED,
        }
        return offer if all(item.state in ordered for item in offer.remedies) else None

    def ships(self) -> resolution_service_pb2.OfferedRemedyState:
        """The pair leaves within the hour, before the return."""
        self.cast.move_to(self.cast.now() + timedelta(hours=1))
        return self._pair(resolution_service_pb2.REMEDY_STATE_SHIPPED, "it is shipped")

    def arrives(self) -> resolution_service_pb2.OfferedRemedyState:
        """By nine in the evening the pair is with the customer."""
        arrives_by = instant(self.offer.remedies[0].shipping.arrives_by)
        self.cast.move_to(arrives_by + timedelta(minutes=5))
        return self._pair(resolution_service_pb2.REMEDY_STATE_COMPLETED, "it arrives")

    def _pair(self, state: int, what: str) -> resolution_service_pb2.OfferedRemedyState:
        return wait_for(lambda: self.remedy(types_pb2.REMEDY_KIND_REPLACEMENT, state), what)
