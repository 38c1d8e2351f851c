"""What the other services say while the football shoes are made right, step by step."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from google.type import money_pb2

from amends.eventstore.records import Envelope
from amends.v1 import event_pb2, followup_events_pb2, types_pb2
from amends.v1 import resolution_events_pb2 as resolution
from amends.v1 import routing_events_pb2 as routing
from tests.services.intake.conftest import Intake

MINUTE = timedelta(minutes=1)


def pounds(units: int, pence: int = 0) -> money_pb2.Money:
    return money_pb2.Money(currency_code="GBP", units=units, nanos=pence * 10**7)


class Others:
    """Routing, resolution and follow-up, speaking of one case from `start` on."""

    def __init__(self, intake: Intake, case: str, start: datetime) -> None:
        self._intake = intake
        self._case = case
        self.start = start

    def after(self, minutes: float) -> datetime:
        """So long after the call."""
        return self.start + MINUTE * minutes

    def assigned(self) -> Envelope:
        event = routing.DecisionMakerAssigned(
            escalation_id=self._case,
            assignment_id="asg_1",
            decision_maker_id="dm_maya",
            public_name="Maya",
            hop=1,
            passed_over=[
                routing.PassedOver(
                    decision_maker_id="dm_tom",
                    public_name="Tom",
                    reason="AUTHORITY_MISSING",
                    detail="no authority for expedited shipping",
                ),
                routing.PassedOver(
                    decision_maker_id="dm_helen", public_name="Helen", reason="MORE_SENIOR"
                ),
            ],
            assigned_at=self.after(0.1),
            accept_by=self.after(15),
        )
        return self._intake.routing.say(self._case, event, at=self.after(0.1))

    def accepted(self) -> Envelope:
        event = routing.AssignmentAccepted(
            escalation_id=self._case,
            assignment_id="asg_1",
            decision_maker_id="dm_maya",
            public_name="Maya",
            owner_subject="maya",
            accepted_at=self.after(1),
            restate_by=self.after(31),
        )
        return self._intake.routing.say(self._case, event, at=self.after(1))

    def offered(self) -> Envelope:
        exception = types_pb2.PolicyException(
            action=types_pb2.ACTION_EXPEDITED_SHIPPING, reason="kick-off", cost=pounds(14, 90)
        )
        pair = resolution.Remedy(
            remedy_id="rem_pair",
            kind=types_pb2.REMEDY_KIND_REPLACEMENT,
            amount=pounds(64, 90),
            shipping=resolution.Shipping(
                service="same-day-courier",
                price=pounds(14, 90),
                arrives_from=self.after(170),
                arrives_by=self.after(350),
            ),
            exceptions=[exception],
        )
        coupon = resolution.Remedy(
            remedy_id="rem_coupon", kind=types_pb2.REMEDY_KIND_COUPON, amount=pounds(10)
        )
        event = resolution.OfferMade(
            escalation_id=self._case,
            offer_id="off_1",
            remedies=[pair, coupon],
            maker="dm_maya",
            made_at=self.after(6),
            expires_by=self.after(50),
        )
        return self._intake.resolution.say(self._case, event, at=self.after(6))

    def offer_accepted(self) -> Envelope:
        event = resolution.OfferAccepted(
            escalation_id=self._case,
            offer_id="off_1",
            remedy_ids=["rem_pair", "rem_coupon"],
            accepted_at=self.after(7),
            carry_out_by=self.after(37),
            answer_by=self.after(67),
        )
        return self._intake.resolution.say(self._case, event, at=self.after(7))

    def coupon_given(self) -> Iterator[Envelope]:
        say = self._intake.resolution.say
        at = self.after(8)
        yield say(
            self._case,
            resolution.CreditIssued(
                escalation_id=self._case, remedy_id="rem_coupon", amount=pounds(10)
            ),
            at=at,
        )
        yield say(self._case, self._completed("rem_coupon"), at=at)

    def pair_ordered(self) -> Envelope:
        event = resolution.ReplacementOrdered(
            escalation_id=self._case,
            remedy_id="rem_pair",
            service="same-day-courier",
            arrives_by=self.after(350),
            check_by=self.after(60),
        )
        return self._intake.resolution.say(self._case, event, at=self.after(8))

    def pair_shipped(self) -> Envelope:
        event = resolution.ReplacementShipped(
            escalation_id=self._case,
            remedy_id="rem_pair",
            shipped_at=self.after(50),
            arrives_by=self.after(350),
            before_return=True,
            check_by=self.after(350),
        )
        return self._intake.resolution.say(self._case, event, at=self.after(50))

    def pair_arrived(self) -> Iterator[Envelope]:
        say = self._intake.resolution.say
        at = self.after(200)
        yield say(
            self._case,
            resolution.ReplacementDelivered(
                escalation_id=self._case, remedy_id="rem_pair", delivered_at=at, in_time=True
            ),
            at=at,
        )
        yield say(self._case, self._completed("rem_pair"), at=at)

    def answer(self) -> Envelope:
        event = resolution.ResponseSent(
            escalation_id=self._case,
            response_id="rsp_1",
            kind=resolution.RESPONSE_KIND_ANSWER,
            channel=types_pb2.CHANNEL_PHONE,
            deliver_by=self.after(24),
        )
        return self._intake.resolution.say(self._case, event, at=self.after(9))

    def answer_delivered(self) -> Envelope:
        event = resolution.ResponseDelivered(
            escalation_id=self._case, response_id="rsp_1", kind=resolution.RESPONSE_KIND_ANSWER
        )
        return self._intake.resolution.say(self._case, event, at=self.after(10))

    def resolved(self) -> Envelope:
        event = resolution.EscalationResolved(
            escalation_id=self._case, resolved_at=self.after(201), made_right=True
        )
        return self._intake.resolution.say(self._case, event, at=self.after(201))

    def follow_up(self) -> Iterator[Envelope]:
        say = self._intake.followup.say
        ask_by = self.after(202) + timedelta(days=21)
        scheduled = followup_events_pb2.FollowUpScheduled(
            escalation_id=self._case, follow_up_id="fup_1", ask_by=ask_by
        )
        yield say(self._case, scheduled, at=self.after(202))
        asked = followup_events_pb2.FollowUpAsked(
            escalation_id=self._case, follow_up_id="fup_1", answer_by=ask_by + timedelta(days=7)
        )
        yield say(self._case, asked, at=ask_by)
        answered = followup_events_pb2.FollowUpAnswered(
            escalation_id=self._case,
            solved=True,
            pleased=True,
            staying=followup_events_pb2.STAYING_YES,
        )
        yield say(self._case, answered, at=ask_by + timedelta(minutes=5))
        closed = followup_events_pb2.EscalationClosed(
            escalation_id=self._case,
            outcome=followup_events_pb2.OUTCOME_HAPPY,
            closed_at=ask_by + timedelta(minutes=6),
        )
        yield say(self._case, closed, at=ask_by + timedelta(minutes=6))

    def alarm(self) -> Envelope:
        event = event_pb2.AlarmRaised(
            alarm_id="alm_1",
            kind="NOT_RESTATED",
            since=self.after(31),
            clears_when="it is restated",
        )
        return self._intake.routing.say(self._case, event, at=self.after(31))

    def alarm_over(self) -> Envelope:
        event = event_pb2.AlarmCleared(alarm_id="alm_1", kind="NOT_RESTATED")
        return self._intake.routing.say(self._case, event, at=self.after(32))

    def _completed(self, remedy: str) -> resolution.RemedyCompleted:
        return resolution.RemedyCompleted(escalation_id=self._case, remedy_id=remedy)
