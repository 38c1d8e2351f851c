"""Routing's authority, set aside for an offer before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from amends.eventstore.codec import to_message
from amends.rpc.channel import Channels, as_caller
from amends.v1 import routing_events_pb2, routing_service_pb2, types_pb2
from amends.v1.routing_service_pb2_grpc import RoutingServiceStub
from amends.values.identity import (
    Call,
    DecisionMakerId,
    EscalationId,
    ReservationId,
    Subject,
    derived_request_id,
)
from services.resolution.domain.offering import Use
from services.resolution.gateways.asking import asking

_NOBODY = Subject("")


@dataclass(frozen=True, slots=True)
class Reservation:
    """Authority set aside, and whose it is."""

    reservation: ReservationId
    decision_maker: DecisionMakerId


class Authority:
    """Routing, which knows who owns a case and what they may grant."""

    def __init__(self, channels: Channels) -> None:
        self._routing = RoutingServiceStub(channels.to("routing"))

    def reserve(
        self,
        call: Call,
        escalation: EscalationId,
        uses: Sequence[Use],
        *,
        drafted_by: Subject = _NOBODY,
    ) -> Reservation:
        """Sets the caller's authority aside; the same uses of the same call only once.

        The caller owns the case, or stands in for the draft of whom `drafted_by` names.

        Raises:
            RemoteRefusal: NOT_THE_OWNER, AUTHORITY_EXCEEDED or CURRENCY_NOT_GRANTED; for a draft
                also DECISION_MAKER_NOT_FOUND or SELF_APPROVAL.
        """
        wanted = [_use(use) for use in uses]
        # What is asked is part of the target: quotes that changed since are another question.
        asked = "|".join(f"{use.remedy},{use.need.action.name},{use.need.amount}" for use in uses)
        request = routing_service_pb2.ReserveAuthorityRequest(
            request_id=derived_request_id(
                call.request_id, "ReserveAuthority", f"{call.who.subject}|{escalation}|{asked}"
            ),
            escalation_id=escalation,
            uses=wanted,
            drafted_by=drafted_by,
        )
        with asking("routing"):
            answer = self._routing.ReserveAuthority(request, metadata=as_caller(call))
        return Reservation(
            ReservationId(answer.reservation_id), DecisionMakerId(answer.decision_maker_id)
        )


def _use(use: Use) -> routing_events_pb2.AuthorityUse:
    need = to_message(use.need, types_pb2.AuthorityNeed)
    return routing_events_pb2.AuthorityUse(
        remedy_id=use.remedy, action=need.action, amount=need.amount
    )
