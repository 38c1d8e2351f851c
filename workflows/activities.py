"""Activities: each is one call of one RPC; its name in Temporal is the RPC's.

No activity sees or returns a word.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from google.protobuf.message import Message
from temporalio import activity

from amends.crash_points import crash_point
from amends.rpc.channel import as_tenant
from amends.rpc.channel_aio import AsyncChannels
from amends.v1 import (
    event_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_service_pb2,
    routing_service_pb2,
)
from amends.v1.alarm_service_pb2_grpc import AlarmServiceStub
from amends.v1.eventlog_service_pb2_grpc import EventLogServiceStub
from amends.v1.followup_service_pb2_grpc import FollowUpServiceStub
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.v1.resolution_service_pb2_grpc import ResolutionServiceStub
from amends.v1.routing_service_pb2_grpc import RoutingServiceStub
from workflows import names
from workflows.messages import Answer, Command, Heard, Question
from workflows.unary import Method, ask, call, heard


class Services:
    """The workflow's hands: the services as it calls them, by a service's own token."""

    def __init__(self, channels: AsyncChannels) -> None:
        self._intake = IntakeServiceStub(channels.to(names.INTAKE))
        self._routing = RoutingServiceStub(channels.to(names.ROUTING))
        self._resolution = ResolutionServiceStub(channels.to(names.RESOLUTION))
        self._followup = FollowUpServiceStub(channels.to(names.FOLLOW_UP))
        self._alarms = {name: AlarmServiceStub(channels.to(name)) for name in names.SERVICES}
        self._logs = {name: EventLogServiceStub(channels.to(name)) for name in names.SERVICES}

    def all(self) -> list[Callable[..., Any]]:
        """Every activity, for a worker to register."""
        return [
            self.read_events,
            self.record_context,
            self.route_escalation,
            self.expire_assignment,
            self.return_hand_over,
            self.send_response,
            self.expire_offer,
            self.carry_out_remedy,
            self.compensate_remedy,
            self.check_replacement,
            self.check_refund,
            self.break_promise,
            self.resolve_escalation,
            self.schedule_follow_up,
            self.ask_follow_up,
            self.miss_follow_up,
            self.request_debrief,
            self.close_escalation,
            self.raise_alarm,
            self.clear_alarm,
        ]

    @activity.defn(name=names.READ_EVENTS.name)
    async def read_events(self, question: Question) -> Heard:
        """What a service said after a version, as much as one answer holds."""
        return await self._heard(question)

    @activity.defn(name=names.RECORD_CONTEXT.name)
    async def record_context(self, command: Command) -> Answer:
        request = intake_service_pb2.RecordContextRequest(**_case(command))
        return await self._ask(self._intake.RecordContext, request, command)

    @activity.defn(name=names.ROUTE_ESCALATION.name)
    async def route_escalation(self, command: Command) -> Answer:
        request = routing_service_pb2.RouteEscalationRequest(
            **_case(command), replaces_assignment_id=command.target
        )
        return await self._ask(self._routing.RouteEscalation, request, command)

    @activity.defn(name=names.EXPIRE_ASSIGNMENT.name)
    async def expire_assignment(self, command: Command) -> Answer:
        request = routing_service_pb2.ExpireAssignmentRequest(
            **_case(command), assignment_id=command.target
        )
        return await self._ask(self._routing.ExpireAssignment, request, command)

    @activity.defn(name=names.RETURN_HAND_OVER.name)
    async def return_hand_over(self, command: Command) -> Answer:
        request = routing_service_pb2.ReturnHandOverRequest(
            request_id=command.request_id, hand_over_id=command.target
        )
        return await self._ask(self._routing.ReturnHandOver, request, command)

    @activity.defn(name=names.SEND_RESPONSE.name)
    async def send_response(self, command: Command) -> Answer:
        request = resolution_service_pb2.SendResponseRequest(
            **_case(command), kind=f"RESPONSE_KIND_{command.text}"
        )
        return await self._ask(self._resolution.SendResponse, request, command)

    @activity.defn(name=names.EXPIRE_OFFER.name)
    async def expire_offer(self, command: Command) -> Answer:
        request = resolution_service_pb2.ExpireOfferRequest(
            **_case(command), offer_id=command.target
        )
        return await self._ask(self._resolution.ExpireOffer, request, command)

    @activity.defn(name=names.CARRY_OUT_REMEDY.name)
    async def carry_out_remedy(self, command: Command) -> Answer:
        request = resolution_service_pb2.CarryOutRemedyRequest(
            **_case(command), remedy_id=command.target
        )
        crash_point("carry_out.before")
        answer = await self._ask(self._resolution.CarryOutRemedy, request, command)
        crash_point("carry_out.after")
        return answer

    @activity.defn(name=names.COMPENSATE_REMEDY.name)
    async def compensate_remedy(self, command: Command) -> Answer:
        request = resolution_service_pb2.CompensateRemedyRequest(
            **_case(command), remedy_id=command.target
        )
        return await self._ask(self._resolution.CompensateRemedy, request, command)

    @activity.defn(name=names.CHECK_REPLACEMENT.name)
    async def check_replacement(self, command: Command) -> Answer:
        request = resolution_service_pb2.CheckReplacementRequest(
            escalation_id=command.escalation_id, remedy_id=command.target
        )
        return await self._ask(self._resolution.CheckReplacement, request, command)

    @activity.defn(name=names.CHECK_REFUND.name)
    async def check_refund(self, command: Command) -> Answer:
        request = resolution_service_pb2.CheckRefundRequest(
            escalation_id=command.escalation_id, remedy_id=command.target
        )
        return await self._ask(self._resolution.CheckRefund, request, command)

    @activity.defn(name=names.BREAK_PROMISE.name)
    async def break_promise(self, command: Command) -> Answer:
        request = resolution_service_pb2.BreakPromiseRequest(
            **_case(command), promise_id=command.target
        )
        return await self._ask(self._resolution.BreakPromise, request, command)

    @activity.defn(name=names.RESOLVE_ESCALATION.name)
    async def resolve_escalation(self, command: Command) -> Answer:
        request = resolution_service_pb2.ResolveEscalationRequest(**_case(command))
        return await self._ask(self._resolution.ResolveEscalation, request, command)

    @activity.defn(name=names.SCHEDULE_FOLLOW_UP.name)
    async def schedule_follow_up(self, command: Command) -> Answer:
        request = followup_service_pb2.ScheduleFollowUpRequest(**_case(command))
        return await self._ask(self._followup.ScheduleFollowUp, request, command)

    @activity.defn(name=names.ASK_FOLLOW_UP.name)
    async def ask_follow_up(self, command: Command) -> Answer:
        request = followup_service_pb2.AskFollowUpRequest(
            **_case(command), follow_up_id=command.target
        )
        return await self._ask(self._followup.AskFollowUp, request, command)

    @activity.defn(name=names.MISS_FOLLOW_UP.name)
    async def miss_follow_up(self, command: Command) -> Answer:
        request = followup_service_pb2.MissFollowUpRequest(
            **_case(command), follow_up_id=command.target
        )
        return await self._ask(self._followup.MissFollowUp, request, command)

    @activity.defn(name=names.REQUEST_DEBRIEF.name)
    async def request_debrief(self, command: Command) -> Answer:
        request = followup_service_pb2.RequestDebriefRequest(**_case(command))
        return await self._ask(self._followup.RequestDebrief, request, command)

    @activity.defn(name=names.CLOSE_ESCALATION.name)
    async def close_escalation(self, command: Command) -> Answer:
        request = followup_service_pb2.CloseEscalationRequest(**_case(command))
        return await self._ask(self._followup.CloseEscalation, request, command)

    @activity.defn(name=names.RAISE_ALARM.name)
    async def raise_alarm(self, command: Command) -> Answer:
        request = event_pb2.RaiseAlarmRequest(
            **_case(command), kind=command.target, clears_when=command.text
        )
        return await self._ask(self._alarms[command.service].RaiseAlarm, request, command)

    @activity.defn(name=names.CLEAR_ALARM.name)
    async def clear_alarm(self, command: Command) -> Answer:
        request = event_pb2.ClearAlarmRequest(**_case(command), kind=command.target)
        return await self._ask(self._alarms[command.service].ClearAlarm, request, command)

    async def _ask(self, method: Method, request: Message, command: Command) -> Answer:
        """The answer, with what was said since: a command's own effect comes by no other way."""
        answer = await ask(method, request, command)
        if answer.heard or command.known is None or answer.version <= command.known:
            return answer
        since = Question(command.tenant, command.escalation_id, command.service, command.known)
        return replace(answer, heard=await self._heard(since))

    async def _heard(self, question: Question) -> Heard:
        request = event_pb2.ReadEventsRequest(
            subject=question.escalation_id, after_version=question.after_version
        )
        method = self._logs[question.service].ReadEvents
        told = await call(method, request, question.service, as_tenant(question.tenant))
        return heard(told.response, question.after_version, told.now)


def _case(command: Command) -> dict[str, str]:
    return {"request_id": command.request_id, "escalation_id": command.escalation_id}
