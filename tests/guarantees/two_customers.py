"""Cases of two customers in a tenant of their own; whatever can be said in them is planted."""

import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import psycopg
from google.protobuf.message import Message
from google.type import datetime_pb2, money_pb2
from sqlalchemy import insert

from amends.client import Caller, new_request_id
from amends.v1 import (
    followup_service_pb2,
    intake_service_pb2,
    privacy_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from deploy.demo.cast import Cast, gather, patiently, wait_for
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack
from services.commerce import seed, tables
from services.commerce.bootstrap import engine_of
from tests.guarantees.planted import REFERENCES, Person

A = TypeVar("A", bound=Message)

COUPON = money_pb2.Money(currency_code="GBP", units=10)
_ABOVE_EVERYBODY = money_pb2.Money(currency_code="GBP", units=2_000)
_SHOES = "FB-PREDATOR-42"


class Case:
    """One case, step by step; every text that is said in it is planted."""

    def __init__(self, cast: Cast, person: Person) -> None:
        self.cast = cast
        self.person = person
        self.order = person.reference()
        self.opening = self._opening()
        self.escalation = ""
        self.owner = cast.helen

    def _opening(self) -> intake_service_pb2.OpenEscalationRequest:
        return self.person.says(
            intake_service_pb2.OpenEscalationRequest(
                request_id=new_request_id(),
                channel=types_pb2.CHANNEL_CHAT,
                cause=types_pb2.CAUSE_DAMAGED,
                customer=self.person.customer,
                order=self.order,
                need_by=self._in_a_year(),
                remedy_sought=types_pb2.RemedySought(
                    kinds=[types_pb2.REMEDY_KIND_COUPON], amount=COUPON
                ),
            )
        )

    def _in_a_year(self) -> intake_service_pb2.NeedBy:
        day = self.cast.now() + timedelta(days=365)
        zone = datetime_pb2.TimeZone(id="Europe/London")
        return intake_service_pb2.NeedBy(
            by=datetime_pb2.DateTime(
                year=day.year, month=day.month, day=day.day, hours=10, time_zone=zone
            )
        )

    def opens(self) -> None:
        """The customer is heard, and comes back at once with more."""
        opened = patiently(self.cast.platform.intake.OpenEscalation, self.opening)
        self.escalation = opened.escalation_id
        contact = intake_service_pb2.RecordContactRequest(
            channel=types_pb2.CHANNEL_CHAT, need_by=self._in_a_year()
        )
        self._says(self.cast.platform.intake.RecordContact, contact)

    def is_owned(self) -> None:
        """Whoever is asked leaves it; the next takes it and offers it back; then it is given."""
        asked, people = self._asks(), self._people()
        first = people[asked.decision_maker_id]
        self._says(
            first.routing.DeclineAssignment,
            routing_service_pb2.DeclineAssignmentRequest(
                assignment_id=asked.assignment_id, reason="CONFLICT_OF_INTEREST"
            ),
        )
        then = self._asks()
        self.owner = people[then.decision_maker_id]
        self.owner.routing.AcceptAssignment(
            routing_service_pb2.AcceptAssignmentRequest(
                request_id=new_request_id(), assignment_id=then.assignment_id
            )
        )
        offered = self._says(
            self.owner.routing.HandOver,
            routing_service_pb2.HandOverRequest(
                to_decision_maker_id=asked.decision_maker_id,
                reason=routing_events_pb2.HAND_OVER_REASON_WORKLOAD,
            ),
        )
        first.routing.ReturnHandOver(
            routing_service_pb2.ReturnHandOverRequest(
                request_id=new_request_id(), hand_over_id=offered.hand_over_id
            )
        )
        self._is_given_to(asked.decision_maker_id)

    def _is_given_to(self, less_senior: str) -> None:
        """By operations, without asking anybody: by way of Helen, who is above them all."""
        for holder in (less_senior, "dm_helen"):
            self._says(
                self.cast.operator.routing.TakeOver,
                routing_service_pb2.TakeOverRequest(
                    to_decision_maker_id=holder, reason="TAKE_OVER_REASON_ABSENCE"
                ),
            )
        self._says(
            self.cast.operator.routing.Deescalate,
            routing_service_pb2.DeescalateRequest(
                to_decision_maker_id=less_senior, reason="TAKE_OVER_REASON_NO_LONGER_NEEDED"
            ),
        )
        self.owner = self._people()[less_senior]

    def _asks(self) -> routing_service_pb2.Assignment:
        """Waits until somebody is asked to decide."""
        return wait_for(self._asked, "somebody is asked to decide")

    def _asked(self) -> routing_service_pb2.Assignment | None:
        request = routing_service_pb2.ListAssignmentsRequest(page_size=500)
        queue = self.cast.operator.routing.ListAssignments(request).assignments
        return next((one for one in queue if one.escalation_id == self.escalation), None)

    def _people(self) -> dict[str, Caller]:
        cast = self.cast
        people = {"dm_tom": cast.tom, "dm_maya": cast.maya, "dm_ravi": cast.ravi}
        return {**people, "dm_helen": cast.helen}

    def is_understood(self) -> None:
        """Said back, and confirmed."""
        self._says(self.owner.intake.RestateProblem, intake_service_pb2.RestateProblemRequest())
        request = intake_service_pb2.ConfirmProblemRequest(restatement=1)
        self._says(self.cast.platform.intake.ConfirmProblem, request)

    def is_thought_over(self) -> None:
        """What is far too much is a draft that another holder rejects; a promise is kept."""
        much = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_COUPON, amount=_ABOVE_EVERYBODY
        )
        offer = resolution_service_pb2.MakeOfferRequest(remedies=[much])
        draft = self._says(self.owner.resolution.MakeOffer, offer)
        another = next(one for one in self._people().values() if one is not self.owner)
        no = resolution_service_pb2.RejectOfferRequest(
            offer_id=draft.offer_id, reason=resolution_events_pb2.REJECT_REASON_TOO_MUCH
        )
        self._says(another.resolution.RejectOffer, no)
        promise = resolution_service_pb2.MakePromiseRequest()
        promise.due_by.FromDatetime(self.cast.now() + timedelta(hours=8))
        made = self._says(self.owner.resolution.MakePromise, promise)
        kept = resolution_service_pb2.KeepPromiseRequest(promise_id=made.promise_id)
        self._says(self.owner.resolution.KeepPromise, kept)

    def is_countered(self) -> None:
        """The first offer is not what was hoped for."""
        answer = resolution_service_pb2.OFFER_ANSWER_COUNTER
        self._answers(answer, remedy_sought=self.opening.remedy_sought)

    def is_agreed(self) -> None:
        """The second is; the coupon is given."""
        self._answers(resolution_service_pb2.OFFER_ANSWER_ACCEPT)
        wait_for(self._is_paid, "the coupon is given")

    def _answers(self, answer: Any, **more: Any) -> None:  # noqa: ANN401 - an enum's value; any field
        coupon = resolution_service_pb2.OfferedRemedy(
            kind=types_pb2.REMEDY_KIND_COUPON, amount=COUPON
        )
        offer = resolution_service_pb2.MakeOfferRequest(remedies=[coupon])
        made = self._says(self.owner.resolution.MakeOffer, offer)
        said = resolution_service_pb2.AnswerOfferRequest(
            offer_id=made.offer_id, answer=answer, **more
        )
        self._says(self.cast.platform.resolution.AnswerOffer, said)

    def _is_paid(self) -> bool:
        remedies = [one for offer in self.resolution().offers for one in offer.remedies]
        return any(one.state == resolution_service_pb2.REMEDY_STATE_COMPLETED for one in remedies)

    def is_resolved(self) -> None:
        """The customer has the answer, and will be asked in three weeks."""
        answer = resolution_service_pb2.SendResponseRequest(
            kind=resolution_events_pb2.RESPONSE_KIND_ANSWER
        )
        self._says(self.owner.resolution.SendResponse, answer)
        self.is_told()
        wait_for(lambda: self.follow_up().follow_up_id, "the follow-up is scheduled")

    def is_told(self) -> None:
        """Whatever was sent reaches the customer."""
        for sent in self.resolution().responses:
            if not sent.delivered_at.seconds:
                request = resolution_service_pb2.ConfirmDeliveryRequest(
                    response_id=sent.response_id
                )
                self._says(self.cast.platform.resolution.ConfirmDelivery, request)

    def is_closed(self) -> None:
        """Asked, and pleased; what can be learned is told."""
        asked = followup_service_pb2.FOLLOW_UP_STATE_ASKED
        wait_for(lambda: self.follow_up().state == asked, "the customer is asked")
        request = followup_service_pb2.RecordFollowUpRequest(solved=True, pleased=True)
        self._says(self.cast.platform.followup.RecordFollowUp, request)
        wait_for(lambda: self.follow_up().closed_at.seconds, "the case is closed")
        learned = followup_service_pb2.RecordDebriefRequest(colleague="a colleague")
        self._says(self.owner.followup.RecordDebrief, learned)

    def begins(self) -> None:
        """Up to the confirmed problem, and to what is not offered."""
        self.opens()
        self.is_owned()
        self.is_understood()
        self.is_thought_over()

    def is_made_right(self) -> None:
        """From there to the scheduled follow-up."""
        self.is_countered()
        self.is_agreed()
        self.is_resolved()

    def case(self, caller: Caller | None = None) -> intake_service_pb2.CaseFile:
        request = intake_service_pb2.GetEscalationRequest(escalation_id=self.escalation)
        return (caller or self.cast.operator).intake.GetEscalation(request).case_file

    def resolution(self) -> resolution_service_pb2.GetResolutionResponse:
        request = resolution_service_pb2.GetResolutionRequest(escalation_id=self.escalation)
        return self.cast.operator.resolution.GetResolution(request)

    def follow_up(self) -> followup_service_pb2.GetFollowUpResponse:
        request = followup_service_pb2.GetFollowUpRequest(escalation_id=self.escalation)
        return self.cast.operator.followup.GetFollowUp(request)

    def _says(self, call: Callable[[Any], A], request: Message) -> A:
        """The request about this case, planted words and all."""
        said: Any = self.person.says(request)
        said.request_id = new_request_id()
        if "escalation_id" in said.DESCRIPTOR.fields_by_name:
            said.escalation_id = self.escalation
        return patiently(call, said)


@dataclass
class TwoCustomers:
    """Ann, who is to be forgotten, and Ben, who is not."""

    cast: Cast
    ann: Person = field(default_factory=lambda: Person("ann"))
    ben: Person = field(default_factory=lambda: Person("ben"))

    def __post_init__(self) -> None:
        self.over = Case(self.cast, self.ann)
        """Closed, with a coupon paid."""
        self.resolved = Case(self.cast, self.ann)
        """Waits for its follow-up."""
        self.bens = Case(self.cast, self.ben)
        """Closed."""
        self.bens_open = Case(self.cast, self.ben)
        """Waits for its owner's offer."""

    @property
    def anns(self) -> tuple[Case, Case]:
        return self.over, self.resolved

    @property
    def cases(self) -> tuple[Case, ...]:
        return self.over, self.resolved, self.bens, self.bens_open

    def play(self) -> None:
        """Everything up to the moment in which Ann asks to be forgotten."""
        self._stock_shop()
        self.cast.enter_directory()
        _together(case.begins for case in (self.over, self.bens, self.bens_open))
        closing = (self.over, self.bens)
        _together(case.is_made_right for case in closing)
        due = max(case.follow_up().ask_by.ToDatetime(UTC) for case in closing)
        self.cast.move_to(due + timedelta(minutes=1))
        _together(case.is_closed for case in closing)
        self.resolved.begins()

    def resolve(self) -> None:
        """Ann's second case is made right, and waits for its follow-up."""
        self.resolved.is_made_right()

    def forget(
        self, service: str = "intake", request_id: str = ""
    ) -> privacy_service_pb2.ForgetCustomerResponse:
        """Ann is forgotten by one service."""
        request = privacy_service_pb2.ForgetCustomerRequest(
            request_id=request_id or new_request_id(), customer=self.ann.customer
        )
        return self.cast.operator.privacy[service].ForgetCustomer(request)

    def _stock_shop(self) -> None:
        """The merchant knows both customers and their orders."""
        engine, tenant, at = engine_of(self.cast.settings), self.cast.settings.tenant, _long_ago()
        seed.sow(engine, self.cast.now(), tenant=tenant)
        with engine.begin() as conn:
            for person in (self.ann, self.ben):
                known = {"customer": person.customer, "name": "", "since": at, "claims": 0}
                conn.execute(
                    insert(tables.customers).values(tenant=tenant, zone="Europe/London", **known)
                )
            for case in self.cases:
                order = {"order_ref": case.order, "customer": case.person.customer}
                facts = {"ordered_at": at, "currency": "GBP", "delivery_zone": "city"}
                conn.execute(insert(tables.orders).values(tenant=tenant, **order, **facts))
                line = {"sku": _SHOES, "quantity": 1, "price_minor": 6490}
                conn.execute(
                    insert(tables.order_lines).values(tenant=tenant, order_ref=case.order, **line)
                )
                note = {"note": case.order, "at": at, "department": "desk"}
                # Marked as a reference: the merchant's own tables hold it, and no other.
                what = {"what": f"{REFERENCES} was here", "customer": case.person.customer}
                conn.execute(
                    insert(tables.notes).values(tenant=tenant, order_ref=case.order, **note, **what)
                )
        engine.dispose()


def two_customers(stack: Stack) -> TwoCustomers:
    """The two, in a tenant in which nobody else is."""
    tenant = f"planted-{uuid.uuid4().hex[:8]}"
    return TwoCustomers(gather({**stack.env(), "AMENDS_TENANT": tenant}))


def connected(stack: Stack, database: str) -> psycopg.Connection:
    """A connection that may look at everything; each statement by itself."""
    address = Postgres(stack.home, stack.ports).address(ADMIN)
    return psycopg.connect(address + database, autocommit=True)


def _long_ago() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


def _together(steps: Iterable[Callable[[], None]]) -> None:
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(step) for step in steps]:
            done.result()
