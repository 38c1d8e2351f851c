"""The gRPC edge: translate, call, translate."""

from functools import partial

import grpc

from amends.clock import Clock
from amends.eventstore.sealing import Vault
from amends.rpc.identity import call_of
from amends.v1 import followup_service_pb2 as pb
from amends.v1.followup_service_pb2_grpc import FollowUpServiceServicer
from amends.values.identity import DebriefId, EscalationId, FollowUpId
from services.followup import wire
from services.followup.domain.asking import ScheduleFollowUp
from services.followup.domain.closing import CloseEscalation
from services.followup.domain.debriefing import RequestDebrief
from services.followup.handlers.follow_ups import FollowUpHandlers

Context = grpc.ServicerContext


class FollowUpServicer(FollowUpServiceServicer):
    """FollowUpService."""

    def __init__(self, handlers: FollowUpHandlers, clock: Clock, vault: Vault) -> None:
        self._handlers = handlers
        self._clock = clock
        self._vault = vault

    def ScheduleFollowUp(
        self, request: pb.ScheduleFollowUpRequest, context: Context
    ) -> pb.ScheduleFollowUpResponse:
        """The follow-up that stands."""
        call = call_of(context, request)
        command = ScheduleFollowUp(follow_up=FollowUpId(call.new_id("fup_")), at=self._clock.now())
        return self._handlers.decide(
            EscalationId(request.escalation_id), command, call, wire.scheduled
        )

    def AskFollowUp(
        self, request: pb.AskFollowUpRequest, context: Context
    ) -> pb.AskFollowUpResponse:
        """By when the customer should answer."""
        command = wire.ask_follow_up(request, self._clock.now())
        return self._handlers.decide(
            EscalationId(request.escalation_id),
            command,
            call_of(context, request),
            partial(wire.asked, command.follow_up),
        )

    def RecordFollowUp(
        self, request: pb.RecordFollowUpRequest, context: Context
    ) -> pb.RecordFollowUpResponse:
        """Whether what the customer said reopened the case."""
        return self._handlers.decide(
            EscalationId(request.escalation_id),
            wire.record_follow_up(request, self._clock.now()),
            call_of(context, request),
            wire.answered,
        )

    def MissFollowUp(
        self, request: pb.MissFollowUpRequest, context: Context
    ) -> pb.MissFollowUpResponse:
        """How the follow-up stands."""
        command = wire.miss_follow_up(request, self._clock.now())
        return self._handlers.decide(
            EscalationId(request.escalation_id),
            command,
            call_of(context, request),
            partial(wire.missed, command.follow_up),
        )

    def RequestDebrief(
        self, request: pb.RequestDebriefRequest, context: Context
    ) -> pb.RequestDebriefResponse:
        """The debrief that stands."""
        call = call_of(context, request)
        command = RequestDebrief(debrief=DebriefId(call.new_id("dbr_")), at=self._clock.now())
        return self._handlers.decide(
            EscalationId(request.escalation_id), command, call, wire.debrief_requested
        )

    def RecordDebrief(
        self, request: pb.RecordDebriefRequest, context: Context
    ) -> pb.RecordDebriefResponse:
        """What was learned is in the case."""
        call = call_of(context, request)
        return self._handlers.decide(
            EscalationId(request.escalation_id),
            wire.record_debrief(request, call.who.subject, self._clock.now()),
            call,
            lambda recorded: pb.RecordDebriefResponse(version=recorded.version),
        )

    def CloseEscalation(
        self, request: pb.CloseEscalationRequest, context: Context
    ) -> pb.CloseEscalationResponse:
        """How the case ended."""
        return self._handlers.decide(
            EscalationId(request.escalation_id),
            CloseEscalation(at=self._clock.now()),
            call_of(context, request),
            wire.closed,
        )

    def GetFollowUp(
        self, request: pb.GetFollowUpRequest, context: Context
    ) -> pb.GetFollowUpResponse:
        """How the latest follow-up stands, with the customer's words and what was learned."""
        reader = call_of(context, request).actor
        found = self._handlers.load(reader.tenant, EscalationId(request.escalation_id))
        return wire.told(found, self._vault.opener().clear, reader.role)
