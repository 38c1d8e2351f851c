"""A case as the logs tell it, made of a few events."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import money_pb2

from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
)
from amends.verify.cases import Case, Said, case_of

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STREAM = "shop/escalation/esc_1"
_MODULES = {
    "intake": intake_events_pb2,
    "routing": routing_events_pb2,
    "resolution": resolution_events_pb2,
    "followup": followup_events_pb2,
}


def at(minutes: float) -> datetime:
    """So many minutes into Monday."""
    return MONDAY + timedelta(minutes=minutes)


def stamp(minutes: float) -> Timestamp:
    moment = Timestamp()
    moment.FromDatetime(at(minutes))
    return moment


def pounds(units: int) -> money_pb2.Money:
    return money_pb2.Money(currency_code="GBP", units=units)


class Told:
    """Collects what was said, service by service, each event a minute after the one before."""

    def __init__(self) -> None:
        self._said: dict[str, list[Said]] = {}
        self._minute = 0.0

    def say(
        self,
        service: str,
        event: str,
        *,
        minute: float | None = None,
        **fields: Any,  # noqa: ANN401 - those of the event
    ) -> "Told":
        """The next event of a service."""
        self._minute = self._minute + 1 if minute is None else minute
        module = event_pb2 if event.startswith("Alarm") else _MODULES[service]
        message: Message = getattr(module, event)(**fields)
        events = self._said.setdefault(service, [])
        events.append(
            Said(
                service=service,
                version=len(events) + 1,
                position=len(events) + 1,
                event_id=str(uuid.uuid4()),
                name=event,
                at=at(self._minute),
                data=message.SerializeToString(),
                message=message,
            )
        )
        return self

    @staticmethod
    def known() -> dict[str, Any]:
        """Every event of the contract, by name."""
        return {
            name: descriptor
            for module in (event_pb2, *_MODULES.values())
            for name, descriptor in module.DESCRIPTOR.message_types_by_name.items()
        }

    @property
    def case(self) -> Case:
        said: Mapping[str, list[Said]] = self._said
        return case_of(STREAM, said)


def opened() -> Told:
    """A case that was opened at nine."""
    return Told().say(
        "intake", "EscalationOpened", escalation_id="esc_1", minute=0, assign_by=stamp(5)
    )


def refunded() -> Told:
    """A refund of forty pounds, accepted and with the customer."""
    remedy = resolution_events_pb2.Remedy(
        remedy_id="rem_1", kind="REMEDY_KIND_REFUND", amount=pounds(40)
    )
    case = opened()
    case.say("routing", "DecisionMakerAssigned", assignment_id="asg_1")
    case.say("routing", "AssignmentAccepted", assignment_id="asg_1")
    case.say("resolution", "OfferMade", offer_id="off_1", remedies=[remedy])
    case.say("resolution", "OfferAccepted", offer_id="off_1", remedy_ids=["rem_1"])
    case.say("resolution", "RemedyStarted", remedy_id="rem_1", key="rem_1")
    case.say("resolution", "RefundSubmitted", remedy_id="rem_1", expected_by=stamp(60))
    case.say("resolution", "RefundSucceeded", remedy_id="rem_1", amount=pounds(40))
    return case.say("resolution", "RemedyCompleted", remedy_id="rem_1")
