"""Case C3, the birthday: it cannot be there in time, and nobody pretends that it could.

Tuesday 16:20, email. The dance shoes for a birthday have not come; it is tomorrow at 09:00, and no
service arrives before 13:00. The next rung: the whole price back and a gift certificate; the
customer would rather have half off the next order, which is above Maya's limit.
"""

from datetime import time as wall_time
from datetime import timedelta

import grpc
from google.type import money_pb2

from amends.client import new_request_id
from amends.rpc.refusals import RemoteRefusal
from amends.rpc.status import refusal_of
from amends.v1 import intake_service_pb2, resolution_service_pb2, routing_service_pb2, types_pb2
from deploy.demo.cast import TUESDAY, patiently, wait_for
from deploy.demo.money_back import MoneyBack
from deploy.demo.story import in_london, instant

BIRTHDAY = 9
CUSTOMER = "C-4419"
PRICE = money_pb2.Money(currency_code="GBP", units=74, nanos=500_000_000)
CERTIFICATE = money_pb2.Money(currency_code="GBP", units=20)
HALF = 50  # percent
_EXPLANATION = "Your parcel was sorted to the wrong depot, and we only saw it when you wrote."
_APOLOGY = "I am sorry: a present that comes after the birthday is not what you ordered."


class Birthday(MoneyBack):
    """One run of the story."""

    BEGINS = TUESDAY, wall_time(16, 20)
    SEED = "present"
    RESTATED = (
        "The dance shoes are a birthday present for tomorrow at nine, and they have not come."
    )
    ANSWER = (
        "The money is on its way to your card and should be there within three working days; I "
        "shall see that it is. Half off your next order is in your account. Happy birthday. Maya"
    )
    PLEASED = "The money came when you said, and the new ones were half the price."

    def opening(self) -> intake_service_pb2.OpenEscalationRequest:
        return intake_service_pb2.OpenEscalationRequest(
            request_id=self.request_id,
            channel=types_pb2.CHANNEL_EMAIL,
            cause=types_pb2.CAUSE_LATE_DELIVERY,
            customer=CUSTOMER,
            order=self.order,
            words="The dance shoes are for my daughter's birthday tomorrow, and they are not here.",
            stake="She turns nine, and it is the only present she wished for.",
            expected_outcome="To have them on the breakfast table.",
            need_by=intake_service_pb2.NeedBy(
                by=in_london(self.began + timedelta(days=1), BIRTHDAY), occasion="Birthday"
            ),
            remedy_sought=types_pb2.RemedySought(
                kinds=[types_pb2.REMEDY_KIND_REPLACEMENT], amount=PRICE
            ),
        )

    def cannot_ship(self) -> RemoteRefusal:
        """Even who tries is told that it would come too late: never a silent late parcel."""
        ways = [one for one in self.suggestions.suggestions if one.shipping.service]
        fastest = min(ways, key=lambda one: instant(one.shipping.arrives_by))
        late = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_REPLACEMENT, shipping_service=fastest.shipping.service
        )
        try:
            self.makes_offer(late, explanation=_EXPLANATION, apology=_APOLOGY)
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            if isinstance(refusal, RemoteRefusal):
                return refusal
            raise
        msg = "a parcel that comes too late was offered"
        raise AssertionError(msg)

    def offers(self) -> resolution_service_pb2.MakeOfferResponse:
        """Maya offers the whole price back and a gift certificate."""
        certificate = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_GIFT_CERTIFICATE, amount=CERTIFICATE
        )
        return self._makes_offer_with(certificate)

    def counters(self) -> resolution_service_pb2.AnswerOfferResponse:
        """The customer would rather have half off the next order than the certificate."""
        sought = types_pb2.RemedySought(
            kinds=[types_pb2.REMEDY_KIND_REFUND, types_pb2.REMEDY_KIND_PERCENTAGE_OFF],
            amount=PRICE,
            percent=HALF,
        )
        return self.answers_offer(resolution_service_pb2.OFFER_ANSWER_COUNTER, sought)

    def drafts(self) -> resolution_service_pb2.MakeOfferResponse:
        """Maya offers what is asked; half of it is above her limit, so that it is a draft."""
        half = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_PERCENTAGE_OFF, percent=HALF
        )
        return self._makes_offer_with(half)

    def _makes_offer_with(
        self, beside: resolution_service_pb2.OfferedRemedy
    ) -> resolution_service_pb2.MakeOfferResponse:
        money = resolution_service_pb2.OfferedRemedy(kind=types_pb2.REMEDY_KIND_REFUND)
        return self.makes_offer(money, beside, explanation=_EXPLANATION, apology=_APOLOGY)

    def is_seen_by_helen(self) -> routing_service_pb2.Assignment:
        """The draft stands in the queue of who may approve it."""
        return wait_for(self._helens_draft, "the draft is in Helen's queue")

    def _helens_draft(self) -> routing_service_pb2.Assignment | None:
        request = routing_service_pb2.ListAssignmentsRequest(page_size=500)
        queue = patiently(self.cast.helen.routing.ListAssignments, request).assignments
        return next((one for one in queue if one.draft_offer_id == self.offer.offer_id), None)

    def is_approved(self) -> resolution_service_pb2.ApproveOfferResponse:
        """Helen stands in for it with her own limit: only now the customer hears of it."""
        return patiently(
            self.cast.helen.resolution.ApproveOffer,
            resolution_service_pb2.ApproveOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                offer_id=self.offer.offer_id,
            ),
        )

    def half_off_is_given(self) -> resolution_service_pb2.OfferedRemedyState:
        """Half off the next order is the customer's."""
        done = resolution_service_pb2.REMEDY_STATE_COMPLETED
        return wait_for(
            lambda: self.remedy(types_pb2.REMEDY_KIND_PERCENTAGE_OFF, done), "half off is given"
        )
