"""What the stories ask of a case that was played: its events, its owners, its deadlines."""

from typing import TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from amends.client import LOGS
from amends.rpc.eventlog import read_events
from amends.v1 import (
    commerce_service_pb2,
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
)
from deploy.demo.birthday import Birthday
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.not_credited import NotCredited
from deploy.demo.story import Story

E = TypeVar("E", bound=Message)

_EVENTS = (
    event_pb2,
    intake_events_pb2,
    routing_events_pb2,
    resolution_events_pb2,
    followup_events_pb2,
)

_OWNING = (
    routing_events_pb2.AssignmentAccepted,
    routing_events_pb2.OwnershipHandedOver,
    routing_events_pb2.OwnershipTaken,
    routing_events_pb2.EscalationDeescalated,
)

# The events after which the case waits for somebody or something, and the deadline of that wait.
_WAITS = {
    "EscalationOpened": "assign_by",
    "DecisionMakerAssigned": "accept_by",
    "NoDecisionMakerFound": "retry_at",
    "HandOverOffered": "return_by",
    "AssignmentAccepted": "restate_by",
    "ProblemRestated": "confirm_by",
    "ProblemConfirmed": "offer_by",
    "OfferMade": "expires_by",
    "OfferAccepted": "carry_out_by",
    "OfferCountered": "offer_by",
    "OfferDeclined": "offer_by",
    "OfferExpired": "offer_by",
    "ReplacementOrdered": "check_by",
    "ReplacementShipped": "check_by",
    "ReplacementDelayed": "check_by",
    "RemedyFailed": "offer_by",
    "ResponseSent": "deliver_by",
    "FollowUpScheduled": "ask_by",
    "FollowUpAsked": "answer_by",
    "OfferDrafted": "approve_by",
    "OfferRejected": "offer_by",
    "OfferWithdrawn": "offer_by",
    "RefundSubmitted": "expected_by",
    "PromiseMade": "due_by",
    "EscalationReopened": "offer_by",
    "DebriefRequested": "due_by",
}


def play(story: FootballShoes) -> None:
    """The whole of C1 after `prepare`."""
    play_until_understood(story)
    story.weighs()
    story.offers()
    story.accepts_offer()
    finish(story)


def play_until_understood(story: Story) -> None:
    """From the call until the customer confirmed the problem."""
    story.opens()
    story.is_assigned()
    story.is_acknowledged()
    story.accepts()
    story.restates()
    story.confirms()


def finish(story: FootballShoes) -> None:
    """From the accepted offer to the closed case."""
    story.is_carried_out()
    story.answers()
    story.is_answered()
    story.ships()
    story.arrives()
    finish_followed_up(story)


def finish_money_back(story: Birthday | NotCredited) -> None:
    """From the accepted offer to the closed case, where money goes back."""
    story.money_is_sent()
    story.answers()
    story.is_answered()
    story.money_arrives()
    finish_followed_up(story)


def finish_followed_up(story: Story) -> None:
    """From the last remedy to the closed case."""
    story.is_resolved()
    story.three_weeks_pass()
    story.is_pleased()
    story.is_closed()


def unpack(story: Story) -> list[event_pb2.EventEnvelope]:
    """Every event of the case, service by service, each in the order of its stream."""
    logs, tenant = story.cast.workflow.logs, story.cast.as_tenant()
    return [
        event
        for name in LOGS
        for event in read_events(logs[name], story.escalation, metadata=tenant)
    ]


def events_of(story: Story, kind: type[E]) -> list[E]:
    """The case's events of one type."""
    return [
        kind.FromString(event.data)
        for event in unpack(story)
        if event.type == kind.DESCRIPTOR.full_name
    ]


def owners_of(story: Story) -> list[str]:
    """Who owned the case, in order."""
    told = map(message_of, unpack(story))
    return [event.decision_maker_id for event in told if isinstance(event, _OWNING)]


def waits_without_deadline(story: Story) -> list[str]:
    """Events of the case after which something is waited for without a time."""
    missing = []
    for event in unpack(story):
        message = message_of(event)
        deadline = _WAITS.get(type(message).__name__, "")
        stamp: Timestamp | None = getattr(message, deadline) if deadline else None
        if stamp is not None and not stamp.seconds:
            missing.append(f"{type(message).__name__}.{deadline}")
    return missing


def message_of(event: event_pb2.EventEnvelope) -> Message:
    """The event's own message."""
    name = event.type.rsplit(".", 1)[1]
    kind: type[Message] = next(getattr(module, name) for module in _EVENTS if hasattr(module, name))
    return kind.FromString(event.data)


def stock_left(story: Story) -> int:
    """How many pairs the shop has now."""
    order = story.cast.workflow.commerce.GetOrder(
        commerce_service_pb2.GetOrderRequest(order=story.order), metadata=story.cast.as_tenant()
    )
    return order.lines[0].in_stock
