"""Case C1, the football shoes: from the first call to the closed case.

Saturday 15:10, phone. Football shoes arrived yesterday with damaged soles; the Sunday league kicks
off tomorrow at 10:00. Each method is one step of the story, through the public gRPC APIs.
"""

import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from functools import partial

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import datetime_pb2, money_pb2

from amends.client import new_request_id, whole_case
from amends.v1 import (
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_service_pb2,
    types_pb2,
)
from deploy.demo.cast import LONDON, Cast, next_saturday, patiently, wait_for

CALL_AT = wall_time(15, 10)
KICK_OFF = wall_time(10, 0)
CUSTOMER = "C-1042"
WORDS = (
    "My football shoes came yesterday and the soles are coming off. The Sunday league kicks off "
    "tomorrow at ten and I have no money for another pair."
)
COUPON = money_pb2.Money(currency_code="GBP", units=10)


class FootballShoes:
    """One run of the story; remembers what each step learned for the next."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.began = cast.now()
        self.order = ""
        self.request_id = new_request_id()
        self.called = 0.0
        self.to_assignment = 0.0
        """Seconds from the call to its place in the queue, by the clock on the wall."""
        self.escalation = ""
        self.assignment = routing_service_pb2.Assignment()
        self.offer = resolution_service_pb2.MakeOfferResponse()
        self.suggestions = resolution_service_pb2.SuggestRemediesResponse()

    def prepare(self) -> datetime:
        """Saturday 15:10 in London, the shop and its people as they are then."""
        self.began = next_saturday(self.cast.now(), CALL_AT)
        self.cast.move_to(self.began)
        self.order = f"SM-{self.began:%y%m%d}"
        self.cast.stock_shop(self.began, self.order)
        self.cast.enter_directory()
        return self.began

    def opens(self) -> str:
        """The platform opens the case in the customer's own words; repeated it is the same case."""
        kick_off = self.began.astimezone(LONDON).date() + timedelta(days=1)
        request = intake_service_pb2.OpenEscalationRequest(
            request_id=self.request_id,
            channel=types_pb2.CHANNEL_PHONE,
            cause=types_pb2.CAUSE_DAMAGED,
            customer=CUSTOMER,
            order=self.order,
            words=WORDS,
            stake="No money for another pair, and the team is one short already.",
            expected_outcome="To play tomorrow.",
            need_by=intake_service_pb2.NeedBy(
                by=datetime_pb2.DateTime(
                    year=kick_off.year,
                    month=kick_off.month,
                    day=kick_off.day,
                    hours=KICK_OFF.hour,
                    time_zone=datetime_pb2.TimeZone(id="Europe/London"),
                ),
                occasion="Sunday league kick-off",
            ),
            remedy_sought=types_pb2.RemedySought(
                kinds=[types_pb2.REMEDY_KIND_REPLACEMENT],
                amount=money_pb2.Money(currency_code="GBP", units=64, nanos=900_000_000),
            ),
        )
        self.called = time.perf_counter()
        self.escalation = patiently(self.cast.platform.intake.OpenEscalation, request).escalation_id
        return self.escalation

    def is_assigned(self, *, to: str = "dm_maya") -> routing_service_pb2.Assignment:
        """The case stands in the queue of the least senior holder whose authority covers it."""
        self.assignment = wait_for(
            lambda: self._waiting_assignment(to), f"{self.escalation} is assigned to {to}"
        )
        self.to_assignment = time.perf_counter() - self.called
        return self.assignment

    def _waiting_assignment(self, to: str) -> routing_service_pb2.Assignment | None:
        queue = patiently(
            self.cast.operator.routing.ListAssignments,
            routing_service_pb2.ListAssignmentsRequest(page_size=500),
        )
        for item in queue.assignments:
            offered = item.state == routing_service_pb2.ASSIGNMENT_STATE_OFFERED
            if (item.escalation_id, item.decision_maker_id) == (self.escalation, to) and offered:
                return item
        return None

    def is_acknowledged(self) -> resolution_service_pb2.Response:
        """The acknowledgement goes out at once; the platform says it and confirms."""
        return self.is_told(resolution_events_pb2.RESPONSE_KIND_ACKNOWLEDGEMENT)

    def is_told(self, kind: int) -> resolution_service_pb2.Response:
        """The platform delivers the newest response of a kind and confirms it."""
        sent = wait_for(lambda: self._undelivered(kind), f"a response of kind {kind} is sent")
        patiently(
            self.cast.platform.resolution.ConfirmDelivery,
            resolution_service_pb2.ConfirmDeliveryRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                response_id=sent.response_id,
            ),
        )
        return sent

    def _undelivered(self, kind: int) -> resolution_service_pb2.Response | None:
        for response in self.resolution().responses:
            if response.kind == kind and not response.delivered_at.seconds:
                return response
        return None

    def accepts(self) -> routing_service_pb2.AcceptAssignmentResponse:
        """Maya takes the case: the one owner from now on."""
        return patiently(
            self.cast.maya.routing.AcceptAssignment,
            routing_service_pb2.AcceptAssignmentRequest(
                request_id=new_request_id(), assignment_id=self.assignment.assignment_id
            ),
        )

    def restates(self) -> intake_service_pb2.RestateProblemResponse:
        """Maya says the problem back in her own words."""
        return patiently(
            self.cast.maya.intake.RestateProblem,
            intake_service_pb2.RestateProblemRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                words="New shoes, soles came off on the first day, and they are needed by ten "
                "tomorrow morning.",
            ),
        )

    def confirms(self) -> intake_service_pb2.ConfirmProblemResponse:
        """The customer says yes, on the recorded line."""
        return patiently(
            self.cast.platform.intake.ConfirmProblem,
            intake_service_pb2.ConfirmProblemRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                restatement=1,
                evidence="recording/2211-0042",
            ),
        )

    def weighs(self) -> resolution_service_pb2.SuggestRemediesResponse:
        """Maya looks at what would arrive before kick-off."""
        self.suggestions = patiently(
            self.cast.maya.resolution.SuggestRemedies,
            resolution_service_pb2.SuggestRemediesRequest(escalation_id=self.escalation),
        )
        return self.suggestions

    def offers(self) -> resolution_service_pb2.MakeOfferResponse:
        """Maya offers a pair by same-day courier, as an exception, and a coupon."""
        self.offer = patiently(
            self.cast.maya.resolution.MakeOffer,
            resolution_service_pb2.MakeOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                remedies=[
                    resolution_service_pb2.OfferedRemedy(
                        kind=types_pb2.REMEDY_KIND_REPLACEMENT,
                        shipping_service="same-day-courier",
                    ),
                    resolution_service_pb2.OfferedRemedy(
                        kind=types_pb2.REMEDY_KIND_COUPON, amount=COUPON
                    ),
                ],
                explanation="A batch of these soles was glued badly and passed our check.",
                apology="I am sorry that we sent you shoes that cannot be played in.",
            ),
        )
        return self.offer

    def accepts_offer(self) -> resolution_service_pb2.AnswerOfferResponse:
        """The customer considers that fair."""
        return patiently(
            self.cast.platform.resolution.AnswerOffer,
            resolution_service_pb2.AnswerOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                offer_id=self.offer.offer_id,
                answer=resolution_service_pb2.OFFER_ANSWER_ACCEPT,
            ),
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

    def answers(self) -> resolution_service_pb2.SendResponseResponse:
        """Maya tells the customer what happens, in writing."""
        return patiently(
            self.cast.maya.resolution.SendResponse,
            resolution_service_pb2.SendResponseRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
                words="A new pair is with you between six and nine tonight. Keep the old ones "
                "until the return label comes; no hurry. Good luck tomorrow. Maya",
            ),
        )

    def is_answered(self) -> resolution_service_pb2.Response:
        """The answer reaches the customer."""
        return self.is_told(resolution_events_pb2.RESPONSE_KIND_ANSWER)

    def ships(self) -> resolution_service_pb2.OfferedRemedyState:
        """The pair leaves within the hour, before the return."""
        self.cast.move_to(self.cast.now() + timedelta(hours=1))
        return wait_for(
            lambda: self._replacement(resolution_service_pb2.REMEDY_STATE_SHIPPED), "it is shipped"
        )

    def arrives(self) -> resolution_service_pb2.OfferedRemedyState:
        """By nine in the evening the pair is with the customer."""
        self.cast.move_to(
            instant(self.offer.remedies[0].shipping.arrives_by) + timedelta(minutes=5)
        )
        return wait_for(
            lambda: self._replacement(resolution_service_pb2.REMEDY_STATE_COMPLETED), "it arrives"
        )

    def _replacement(self, state: int) -> resolution_service_pb2.OfferedRemedyState | None:
        found = self._offer().remedies[0]
        return found if found.state == state else None

    def is_resolved(self) -> followup_service_pb2.GetFollowUpResponse:
        """Everything promised is done; the question for later is scheduled."""
        return wait_for(
            lambda: self._follow_up(followup_service_pb2.FOLLOW_UP_STATE_SCHEDULED),
            "the follow-up is scheduled",
        )

    def three_weeks_pass(self) -> resolution_service_pb2.Response:
        """Three weeks later the customer is asked."""
        self.cast.move_to(instant(self.follow_up().ask_by) + timedelta(minutes=1))
        self.is_asked()
        return self.is_told(resolution_events_pb2.RESPONSE_KIND_FOLLOW_UP)

    def is_asked(self) -> followup_service_pb2.GetFollowUpResponse:
        """The question is out."""
        return wait_for(
            lambda: self._follow_up(followup_service_pb2.FOLLOW_UP_STATE_ASKED), "they are asked"
        )

    def is_pleased(self) -> followup_service_pb2.RecordFollowUpResponse:
        """Solved, and pleased."""
        return patiently(
            self.cast.platform.followup.RecordFollowUp,
            followup_service_pb2.RecordFollowUpRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                solved=True,
                pleased=True,
                staying=followup_events_pb2.STAYING_YES,
                words="Played, won two-one. Bought the tracksuit with the coupon.",
            ),
        )

    def is_closed(self) -> intake_service_pb2.CaseFile:
        """The case is closed with its outcome."""
        return wait_for(self._closed, "the case is closed")

    def _closed(self) -> intake_service_pb2.CaseFile | None:
        case = self.case()
        return case if case.stage == types_pb2.STAGE_CLOSED else None

    def _follow_up(self, state: int) -> followup_service_pb2.GetFollowUpResponse | None:
        found = self.follow_up()
        return found if found.state == state else None

    def _offer(self) -> resolution_service_pb2.Offer:
        return self.resolution().offers[-1]

    def case(self) -> intake_service_pb2.CaseFile:
        """The case file now."""
        return patiently(partial(whole_case, self.cast.operator.intake), self.escalation)

    def resolution(self) -> resolution_service_pb2.GetResolutionResponse:
        """Offers, remedies and responses now."""
        request = resolution_service_pb2.GetResolutionRequest(escalation_id=self.escalation)
        return patiently(self.cast.operator.resolution.GetResolution, request)

    def follow_up(self) -> followup_service_pb2.GetFollowUpResponse:
        """The follow-up now."""
        request = followup_service_pb2.GetFollowUpRequest(escalation_id=self.escalation)
        return patiently(self.cast.operator.followup.GetFollowUp, request)


def instant(stamp: Timestamp) -> datetime:
    """A timestamp as an aware moment."""
    return stamp.ToDatetime(tzinfo=UTC)
