"""Routing's authority, set aside for an offer before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
from amends.values.refusal import DependencyUnavailable
from services.resolution.domain.offering import Use
from services.resolution.gateways.asking import asking

_NOBODY = Subject("")
_FRESH = timedelta(seconds=20)
"""An offer may name what was set aside so long ago; it is committed within 30 s after that."""
_FREED = timedelta(seconds=60)
"""Routing frees what no offer named for so long (docs of ReserveAuthority)."""
_ANEW = 20
"""Attempts of one call that died on their way, each after the one before was freed."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Authority set aside, and whose it is."""

    reservation: ReservationId
    decision_maker: DecisionMakerId
    reserved_at: datetime


class Authority:
    """Routing, which knows who owns a case and what they may grant."""

    def __init__(self, channels: Channels) -> None:
        self._routing = RoutingServiceStub(channels.to("routing"))

    def reserve(
        self,
        call: Call,
        escalation: EscalationId,
        uses: Sequence[Use],
        at: datetime,
        *,
        drafted_by: Subject = _NOBODY,
    ) -> Reservation:
        """Sets the caller's authority aside; the same uses of the same call only once.

        The caller owns the case, or stands in for the draft of whom `drafted_by` names. `at` is
        now: what an earlier attempt set aside too long ago is freed by routing, so that it is
        never named; authority is set aside anew then.

        Raises:
            RemoteRefusal: NOT_THE_OWNER, AUTHORITY_EXCEEDED or CURRENCY_NOT_GRANTED; for a draft
                also DECISION_MAKER_NOT_FOUND or SELF_APPROVAL.
            DependencyUnavailable: what was set aside is too old to be named and not free yet.
        """
        # What is asked is part of the target: quotes that changed since are another question.
        asked = "|".join(f"{use.remedy},{use.need.action.name},{use.need.amount}" for use in uses)
        target = f"{call.who.subject}|{escalation}|{asked}"
        for _ in range(_ANEW):
            held = self._reserved(call, escalation, uses, target, drafted_by)
            if at - held.reserved_at < _FRESH:
                return held
            if at - held.reserved_at < _FREED:
                raise DependencyUnavailable("routing")
            target += f"|{held.reservation}"
        raise DependencyUnavailable("routing")

    def own_entry(self, call: Call) -> DecisionMakerId:
        """Who the caller is in the directory.

        Raises:
            RemoteRefusal: DECISION_MAKER_NOT_FOUND, nobody.
        """
        request = routing_service_pb2.GetOwnEntryRequest()
        with asking("routing"):
            answer = self._routing.GetOwnEntry(request, metadata=as_caller(call))
        return DecisionMakerId(answer.decision_maker_id)

    def _reserved(
        self,
        call: Call,
        escalation: EscalationId,
        uses: Sequence[Use],
        target: str,
        drafted_by: Subject,
    ) -> Reservation:
        request = routing_service_pb2.ReserveAuthorityRequest(
            request_id=derived_request_id(call.request_id, "ReserveAuthority", target),
            escalation_id=escalation,
            uses=[_use(use) for use in uses],
            drafted_by=drafted_by,
        )
        with asking("routing"):
            answer = self._routing.ReserveAuthority(request, metadata=as_caller(call))
        return Reservation(
            ReservationId(answer.reservation_id),
            DecisionMakerId(answer.decision_maker_id),
            answer.reserved_at.ToDatetime(UTC),
        )


def _use(use: Use) -> routing_events_pb2.AuthorityUse:
    need = to_message(use.need, types_pb2.AuthorityNeed)
    return routing_events_pb2.AuthorityUse(
        remedy_id=use.remedy, action=need.action, amount=need.amount
    )
