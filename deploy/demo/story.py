"""What every story has: a case that is opened, owned, understood, answered, followed up, closed.

Each method is one step, through the public gRPC APIs; a step that the process does by itself waits
until it is seen.
"""

import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from functools import partial
from typing import ClassVar

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import datetime_pb2

from amends.client import Caller, new_request_id, whole_case
from amends.v1 import (
    commerce_service_pb2,
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_service_pb2,
    types_pb2,
)
from deploy.demo.cast import LONDON, Cast, next_weekday, patiently, wait_for


class Story(ABC):
    """One run of a story; remembers what each step learned for the next."""

    BEGINS: ClassVar[tuple[int, wall_time]]
    """The day of the week (Monday is 0) and the time in London at which it begins."""
    SEED: ClassVar[str]
    """What the shop calls the order that it is about."""
    RESTATED: ClassVar[str]
    """The problem in Maya's words."""
    EVIDENCE: ClassVar[str] = ""
    """What proves the customer's yes, where they gave it by word of mouth."""
    ANSWER: ClassVar[str]
    PLEASED: ClassVar[str]
    """What the customer says three weeks later."""

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
        """Moves the clock to the beginning; the shop and its people are as they are then."""
        self.began = next_weekday(self.cast.now(), *self.BEGINS)
        self.cast.move_to(self.began)
        self.order = f"SM-{self.began:%y%m%d}-{self.SEED}"
        self.cast.stock_shop(self.began, **{self.SEED: self.order})
        self.cast.enter_directory()
        return self.began

    @abstractmethod
    def opening(self) -> intake_service_pb2.OpenEscalationRequest:
        """What the platform opens the case with; each story has its own."""

    def opens(self) -> str:
        """The platform opens the case in the customer's own words; repeated it is the same case."""
        request = self.opening()
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
                request_id=new_request_id(), escalation_id=self.escalation, words=self.RESTATED
            ),
        )

    def confirms(self) -> intake_service_pb2.ConfirmProblemResponse:
        """The customer says yes to the restatement."""
        return patiently(
            self.cast.platform.intake.ConfirmProblem,
            intake_service_pb2.ConfirmProblemRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                restatement=1,
                evidence=self.EVIDENCE,
            ),
        )

    def weighs(self) -> resolution_service_pb2.SuggestRemediesResponse:
        """Maya looks at what could be offered, and what would be there in time."""
        self.suggestions = patiently(
            self.cast.maya.resolution.SuggestRemedies,
            resolution_service_pb2.SuggestRemediesRequest(escalation_id=self.escalation),
        )
        return self.suggestions

    def makes_offer(
        self,
        *remedies: resolution_service_pb2.OfferedRemedy,
        explanation: str,
        apology: str,
        by: Caller | None = None,
    ) -> resolution_service_pb2.MakeOfferResponse:
        """The owner (Maya where nobody is named) offers remedies; it is the story's offer now."""
        self.offer = patiently(
            (by or self.cast.maya).resolution.MakeOffer,
            resolution_service_pb2.MakeOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                remedies=remedies,
                explanation=explanation,
                apology=apology,
            ),
        )
        return self.offer

    def accepts_offer(self) -> resolution_service_pb2.AnswerOfferResponse:
        """The customer considers that fair."""
        return self.answers_offer(resolution_service_pb2.OFFER_ANSWER_ACCEPT)

    def answers_offer(
        self,
        answer: resolution_service_pb2.OfferAnswer,
        sought: types_pb2.RemedySought | None = None,
    ) -> resolution_service_pb2.AnswerOfferResponse:
        """What the customer says to the story's offer, and what would be fair instead."""
        return patiently(
            self.cast.platform.resolution.AnswerOffer,
            resolution_service_pb2.AnswerOfferRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                offer_id=self.offer.offer_id,
                answer=answer,
                remedy_sought=sought,
            ),
        )

    def answers(self) -> resolution_service_pb2.SendResponseResponse:
        """Maya tells the customer what happens, in writing."""
        return patiently(
            self.cast.maya.resolution.SendResponse,
            resolution_service_pb2.SendResponseRequest(
                request_id=new_request_id(),
                escalation_id=self.escalation,
                kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
                words=self.ANSWER,
            ),
        )

    def is_answered(self) -> resolution_service_pb2.Response:
        """The answer reaches the customer."""
        return self.is_told(resolution_events_pb2.RESPONSE_KIND_ANSWER)

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
                words=self.PLEASED,
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

    def remedy(self, kind: int, state: int) -> resolution_service_pb2.OfferedRemedyState | None:
        """The remedy of that kind in the newest offer, once it stands so."""
        found = (one for one in self._offer().remedies if one.remedy.kind == kind)
        return next((one for one in found if one.state == state), None)

    def _offer(self) -> resolution_service_pb2.Offer:
        return self.resolution().offers[-1]

    def refunds(self) -> list[commerce_service_pb2.Refund]:
        """Every refund of the order in the merchant's own ledger, oldest first."""
        request = commerce_service_pb2.GetOrderRequest(order=self.order)
        get_order = partial(self.cast.workflow.commerce.GetOrder, metadata=self.cast.as_tenant())
        return list(patiently(get_order, request).refunds)

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


def in_london(day: datetime, hour: int) -> datetime_pb2.DateTime:
    """An hour of the day in London on which a moment falls, as a need-by takes it."""
    date = day.astimezone(LONDON).date()
    return datetime_pb2.DateTime(
        year=date.year,
        month=date.month,
        day=date.day,
        hours=hour,
        time_zone=datetime_pb2.TimeZone(id="Europe/London"),
    )


def instant(stamp: Timestamp) -> datetime:
    """A timestamp as an aware moment."""
    return stamp.ToDatetime(tzinfo=UTC)
