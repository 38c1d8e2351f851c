"""Case C4, the refund that was never credited: looked up, and not paid a second time.

Monday 10:05, phone, the third call. A refund promised twelve days ago never reached the card. What
each desk did is in the case; at the payment provider the earlier refund is found to have failed,
so it goes by another method, and "refunded" is said once it is credited.
"""

from datetime import time as wall_time

from google.type import money_pb2

from amends.v1 import (
    commerce_service_pb2,
    intake_service_pb2,
    resolution_service_pb2,
    types_pb2,
)
from deploy.demo.cast import MONDAY, wait_for
from deploy.demo.money_back import MoneyBack

CUSTOMER = "C-5120"
OWED = money_pb2.Money(currency_code="GBP", units=129)


class NotCredited(MoneyBack):
    """One run of the story."""

    BEGINS = MONDAY, wall_time(10, 5)
    SEED = "owed"
    RESTATED = (
        "The boots went back, the money was promised twelve days ago, and nothing came; this is "
        "the third call about it."
    )
    EVIDENCE = "recording/2311-0107"
    ANSWER = (
        "The first transfer failed because the card had expired, and nobody told you. The money "
        "now goes to your bank account; I follow it until it is there, and I tell you then. Maya"
    )
    PLEASED = "It is in my account. Somebody looked at last."

    def opening(self) -> intake_service_pb2.OpenEscalationRequest:
        return intake_service_pb2.OpenEscalationRequest(
            request_id=self.request_id,
            channel=types_pb2.CHANNEL_PHONE,
            cause=types_pb2.CAUSE_REFUND_NOT_CREDITED,
            customer=CUSTOMER,
            order=self.order,
            words="I call for the third time. You promised my money twelve days ago.",
            stake="The rent is due on Friday.",
            expected_outcome="My money, and that I need not call again.",
            remedy_sought=types_pb2.RemedySought(kinds=[types_pb2.REMEDY_KIND_REFUND], amount=OWED),
        )

    def context_is_known(self) -> intake_service_pb2.CaseFile:
        """What each desk did is in the case file."""
        return wait_for(self._with_history, "the history is in the case")

    def _with_history(self) -> intake_service_pb2.CaseFile | None:
        case = self.case()
        return case if case.history else None

    def offers(self) -> resolution_service_pb2.MakeOfferResponse:
        """Maya offers the same money by another method: the card expired."""
        return self.makes_offer(
            resolution_service_pb2.OfferedRemedy(
                kind=types_pb2.REMEDY_KIND_REFUND,
                method=commerce_service_pb2.REFUND_METHOD_BANK_TRANSFER,
            ),
            explanation="We sent it to a card that had expired; it came back, and nobody looked.",
            apology="I am sorry that you had to call three times for your own money.",
        )
