"""Acknowledging: a customer is heard as soon as resolution hears of their case (ADR 12)."""

from functools import partial

from amends.clock import Clock
from amends.eventstore.records import Envelope
from amends.eventstore.unasked import Unasked
from amends.values.identity import Call, EscalationId, ResponseId
from services.resolution.domain.responses import ResponseKind, SendResponse
from services.resolution.handlers.responses import ResponseHandlers

OPENED = "amends.v1.EscalationOpened"


def acknowledging(service: str, responses: ResponseHandlers, clock: Clock) -> Unasked:
    """Has the customer of each case acknowledged that was opened a moment ago."""
    do = partial(_say, responses, clock)
    return Unasked(service, OPENED, SendResponse.__name__, do, clock.now)


def _say(responses: ResponseHandlers, clock: Clock, call: Call, opened: Envelope) -> None:
    command = SendResponse(
        response=ResponseId(call.new_id("rsp_")),
        kind=ResponseKind.ACKNOWLEDGEMENT,
        words=None,
        by=call.who,
        at=clock.now(),
    )
    responses.send(call, EscalationId(opened.subject), command)
