"""Responses: everything that is said to the customer."""

from functools import partial

from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId
from services.resolution.domain import delivering, resolving, responses
from services.resolution.domain.resolving import Resolution
from services.resolution.domain.responses import ConfirmDelivery, Responses, SendResponse
from services.resolution.read_models import KnownCases
from services.resolution.wire.responses import sent_response

SAYING: Aggregate[Responses, SendResponse] = Aggregate(
    Responses(), responses.decide, responses.evolve
)
DELIVERING: Aggregate[Resolution, ConfirmDelivery] = Aggregate(
    Resolution(), delivering.decide, resolving.evolve
)


class ResponseHandlers:
    """Everything that is said to the customer."""

    def __init__(self, log: EventLog, known: KnownCases) -> None:
        self._log = log
        self._known = known

    def send(
        self, call: Call, escalation: EscalationId, command: SendResponse
    ) -> pb.SendResponseResponse:
        """Has it said, by the policy's words where it has none."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            SAYING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(sent_response, command),
        )

    def confirm(
        self, call: Call, escalation: EscalationId, command: ConfirmDelivery
    ) -> pb.ConfirmDeliveryResponse:
        """The platform says that it was delivered; the case is resolved where that was all."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            DELIVERING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=lambda recorded: pb.ConfirmDeliveryResponse(version=recorded.version),
        )
