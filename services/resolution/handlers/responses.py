"""Responses: everything that is said to the customer."""

from functools import partial

from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId
from services.resolution.domain import responses
from services.resolution.domain.responses import Responses
from services.resolution.read_models import KnownCases
from services.resolution.wire.responses import sent_response

SAYING: Aggregate[Responses, responses.Command] = Aggregate(
    Responses(), responses.decide, responses.evolve
)


class ResponseHandlers:
    """Everything that is said to the customer."""

    def __init__(self, log: EventLog, known: KnownCases) -> None:
        self._log = log
        self._known = known

    def send(
        self, call: Call, escalation: EscalationId, command: responses.SendResponse
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
        self, call: Call, escalation: EscalationId, command: responses.ConfirmDelivery
    ) -> pb.ConfirmDeliveryResponse:
        """The platform says that it was delivered."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            SAYING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            respond=lambda recorded: pb.ConfirmDeliveryResponse(version=recorded.version),
        )
