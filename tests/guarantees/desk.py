"""A desk: what the people of a shop do in their cases, step by step."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any

from google.type import money_pb2

from amends.client import Caller, new_request_id
from amends.v1 import (
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.values.identity import Role
from deploy.demo.cast import wait_for

SAID = "Zebulon Quist of 12 Larch Row"
"""Stands in every text that a person says here, and may stand in no refusal and no log."""
CHIEF = "dm_chief"
"""Whom a case is handed over to."""
_TEN_POUNDS = money_pb2.Money(currency_code="GBP", units=10)


class Desk(ABC):
    """The steps of a case; whoever takes one has credentials of their own."""

    @abstractmethod
    def caller(self, role: Role, subject: str = "") -> Caller:
        """A program of somebody in this role."""

    def opening(self, **fields: Any) -> intake_service_pb2.OpenEscalationRequest:  # noqa: ANN401
        """A customer says that something is wrong."""
        given: dict[str, Any] = {
            "request_id": new_request_id(),
            "channel": types_pb2.CHANNEL_CHAT,
            "cause": types_pb2.CAUSE_DAMAGED,
            "customer": SAID,
            "words": f"{SAID}: it fell apart",
            **fields,
        }
        return intake_service_pb2.OpenEscalationRequest(**given)

    def open(self, **fields: Any) -> str:  # noqa: ANN401 - what each field takes
        """A case of a customer of its own."""
        customer = f"{SAID} {new_request_id()}"
        request = self.opening(**{"customer": customer, **fields})
        return self.caller(Role.PLATFORM).intake.OpenEscalation(request).escalation_id

    def assigned(self, escalation: str) -> str:
        """The assignment that waits for somebody of the crew."""
        request = routing_service_pb2.ListAssignmentsRequest(page_size=500)

        def waiting() -> str:
            queue = self.caller(Role.DECISION_MAKER).routing.ListAssignments(request)
            return next(
                (one.assignment_id for one in queue.assignments if one.escalation_id == escalation),
                "",
            )

        return wait_for(waiting, f"{escalation} is assigned")

    def accepted(self, assignment: str) -> routing_service_pb2.AcceptAssignmentResponse:
        """Rhea takes it."""
        request = routing_service_pb2.AcceptAssignmentRequest(
            request_id=new_request_id(), assignment_id=assignment
        )
        return self.caller(Role.DECISION_MAKER).routing.AcceptAssignment(request)

    def restated(self, escalation: str) -> intake_service_pb2.RestateProblemResponse:
        """Rhea says it back."""
        request = intake_service_pb2.RestateProblemRequest(
            request_id=new_request_id(), escalation_id=escalation, words=f"{SAID} has it broken"
        )
        return self.caller(Role.DECISION_MAKER).intake.RestateProblem(request)

    def offered(self, escalation: str) -> resolution_service_pb2.MakeOfferResponse:
        """Rhea offers a coupon."""
        coupon = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_COUPON, amount=_TEN_POUNDS
        )
        request = resolution_service_pb2.MakeOfferRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            remedies=[coupon],
            explanation=f"{SAID} was unlucky",
            apology=f"{SAID}, we are sorry",
        )
        return self.caller(Role.DECISION_MAKER).resolution.MakeOffer(request)

    def told(self, escalation: str) -> str:
        """Rhea writes the answer and the platform delivers it; the response's id."""
        sent = self.caller(Role.DECISION_MAKER).resolution.SendResponse(
            resolution_service_pb2.SendResponseRequest(
                request_id=new_request_id(),
                escalation_id=escalation,
                kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
                words=f"{SAID}, it is on its way",
            )
        )
        self.caller(Role.PLATFORM).resolution.ConfirmDelivery(
            resolution_service_pb2.ConfirmDeliveryRequest(
                request_id=new_request_id(),
                escalation_id=escalation,
                response_id=sent.response_id,
            )
        )
        return sent.response_id

    def promised(self, escalation: str) -> str:
        """Rhea promises a call; the promise's id."""
        request = resolution_service_pb2.MakePromiseRequest(
            request_id=new_request_id(), escalation_id=escalation, what=f"I call {SAID}"
        )
        request.due_by.FromDatetime(datetime(2090, 1, 1, tzinfo=UTC))
        return self.caller(Role.DECISION_MAKER).resolution.MakePromise(request).promise_id

    def kept(self, escalation: str, promise: str) -> None:
        """Rhea called."""
        request = resolution_service_pb2.KeepPromiseRequest(
            request_id=new_request_id(), escalation_id=escalation, promise_id=promise
        )
        self.caller(Role.DECISION_MAKER).resolution.KeepPromise(request)

    def handed_over(self, escalation: str) -> str:
        """Rhea offers it to the chief; the hand-over's id."""
        request = routing_service_pb2.HandOverRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            to_decision_maker_id=CHIEF,
            reason=routing_events_pb2.HAND_OVER_REASON_WORKLOAD,
            note=f"{SAID} is waiting",
        )
        return self.caller(Role.DECISION_MAKER).routing.HandOver(request).hand_over_id

    def answered(self, escalation: str, offer: str) -> None:
        """The customer takes what is offered."""
        request = resolution_service_pb2.AnswerOfferRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            offer_id=offer,
            answer=resolution_service_pb2.OFFER_ANSWER_ACCEPT,
        )
        self.caller(Role.PLATFORM).resolution.AnswerOffer(request)

    def confirmed(self, escalation: str) -> None:
        """The customer says yes to the first restatement."""
        request = intake_service_pb2.ConfirmProblemRequest(
            request_id=new_request_id(), escalation_id=escalation, restatement=1, evidence=SAID
        )
        self.caller(Role.PLATFORM).intake.ConfirmProblem(request)

    def follow_up(
        self, escalation: str, state: followup_service_pb2.FollowUpState
    ) -> followup_service_pb2.GetFollowUpResponse:
        """The follow-up, once it has come to that."""
        request = followup_service_pb2.GetFollowUpRequest(escalation_id=escalation)

        def there() -> followup_service_pb2.GetFollowUpResponse | None:
            found = self.caller(Role.OPERATIONS).followup.GetFollowUp(request)
            return found if found.state == state else None

        return wait_for(there, f"the follow-up of {escalation} comes to {state}")

    def pleased(self, escalation: str) -> None:
        """The customer says that it is solved."""
        request = followup_service_pb2.RecordFollowUpRequest(
            request_id=new_request_id(),
            escalation_id=escalation,
            solved=True,
            pleased=True,
            staying=followup_events_pb2.STAYING_YES,
            words=f"{SAID} says thank you",
        )
        self.caller(Role.PLATFORM).followup.RecordFollowUp(request)

    def case_file(self, escalation: str) -> intake_service_pb2.CaseFile:
        """The whole case as it stands."""
        request = intake_service_pb2.GetEscalationRequest(escalation_id=escalation)
        return self.caller(Role.OPERATIONS).intake.GetEscalation(request).case_file

    def closed(self, escalation: str) -> None:
        """Waits until the case is closed."""
        wait_for(
            lambda: self.case_file(escalation).stage == types_pb2.STAGE_CLOSED,
            f"{escalation} is closed",
        )
