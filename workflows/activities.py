"""Activities: each is one call of one RPC; its name in Temporal is the RPC's.

A refusal ends the activity for good, under its reason; whatever else goes wrong is a fault that
its retry policy repeats, with the same request id. No activity sees or returns a word.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from grpc import aio
from temporalio import activity
from temporalio.exceptions import ApplicationError

from amends.eventstore.records import Envelope
from amends.rpc.channel import as_tenant
from amends.rpc.channel_aio import AsyncChannels
from amends.rpc.status import refusal_of
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
from amends.values.refusal import DependencyUnavailable, Refusal, VersionConflict
from workflows import names
from workflows.messages import Answer, Command, Heard, Question
from workflows.news import news_of

# What another attempt of the same request may well be answered.
_REPEATED = (DependencyUnavailable.reason, VersionConflict.reason)
_LONGEST = 25.0  # seconds; less than the attempt of an ordinary activity
_MARGIN = 0.2

# A unary call of a generated stub; those of grpc.aio have no types.
Method = Callable[..., Any]


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
            self.check_replacement,
            self.resolve_escalation,
            self.schedule_follow_up,
            self.ask_follow_up,
            self.miss_follow_up,
            self.close_escalation,
            self.raise_alarm,
            self.clear_alarm,
        ]

    @activity.defn(name=names.READ_EVENTS.name)
    async def read_events(self, question: Question) -> Heard:
        """What a service said after a version, as much as one answer holds."""
        request = event_pb2.ReadEventsRequest(
            subject=question.escalation_id, after_version=question.after_version
        )
        method = self._logs[question.service].ReadEvents
        response, now = await _call(method, request, question.tenant, "", question.service)
        envelopes = [Envelope.from_message(each) for each in response.events]
        return Heard(
            version=envelopes[-1].version if envelopes else question.after_version,
            now=now,
            news=[news for each in envelopes if (news := news_of(each))],
            more=response.next_after_version > 0,
        )

    @activity.defn(name=names.RECORD_CONTEXT.name)
    async def record_context(self, command: Command) -> Answer:
        request = intake_service_pb2.RecordContextRequest(**_case(command))
        return await _ask(self._intake.RecordContext, request, command)

    @activity.defn(name=names.ROUTE_ESCALATION.name)
    async def route_escalation(self, command: Command) -> Answer:
        request = routing_service_pb2.RouteEscalationRequest(
            **_case(command), replaces_assignment_id=command.target
        )
        return await _ask(self._routing.RouteEscalation, request, command)

    @activity.defn(name=names.EXPIRE_ASSIGNMENT.name)
    async def expire_assignment(self, command: Command) -> Answer:
        request = routing_service_pb2.ExpireAssignmentRequest(
            **_case(command), assignment_id=command.target
        )
        return await _ask(self._routing.ExpireAssignment, request, command)

    @activity.defn(name=names.RETURN_HAND_OVER.name)
    async def return_hand_over(self, command: Command) -> Answer:
        request = routing_service_pb2.ReturnHandOverRequest(
            request_id=command.request_id, hand_over_id=command.target
        )
        return await _ask(self._routing.ReturnHandOver, request, command)

    @activity.defn(name=names.SEND_RESPONSE.name)
    async def send_response(self, command: Command) -> Answer:
        request = resolution_service_pb2.SendResponseRequest(
            **_case(command), kind=f"RESPONSE_KIND_{command.text}"
        )
        return await _ask(self._resolution.SendResponse, request, command)

    @activity.defn(name=names.EXPIRE_OFFER.name)
    async def expire_offer(self, command: Command) -> Answer:
        request = resolution_service_pb2.ExpireOfferRequest(
            **_case(command), offer_id=command.target
        )
        return await _ask(self._resolution.ExpireOffer, request, command)

    @activity.defn(name=names.CARRY_OUT_REMEDY.name)
    async def carry_out_remedy(self, command: Command) -> Answer:
        request = resolution_service_pb2.CarryOutRemedyRequest(
            **_case(command), remedy_id=command.target
        )
        return await _ask(self._resolution.CarryOutRemedy, request, command)

    @activity.defn(name=names.CHECK_REPLACEMENT.name)
    async def check_replacement(self, command: Command) -> Answer:
        request = resolution_service_pb2.CheckReplacementRequest(
            escalation_id=command.escalation_id, remedy_id=command.target
        )
        return await _ask(self._resolution.CheckReplacement, request, command)

    @activity.defn(name=names.RESOLVE_ESCALATION.name)
    async def resolve_escalation(self, command: Command) -> Answer:
        request = resolution_service_pb2.ResolveEscalationRequest(**_case(command))
        return await _ask(self._resolution.ResolveEscalation, request, command)

    @activity.defn(name=names.SCHEDULE_FOLLOW_UP.name)
    async def schedule_follow_up(self, command: Command) -> Answer:
        request = followup_service_pb2.ScheduleFollowUpRequest(**_case(command))
        return await _ask(self._followup.ScheduleFollowUp, request, command)

    @activity.defn(name=names.ASK_FOLLOW_UP.name)
    async def ask_follow_up(self, command: Command) -> Answer:
        request = followup_service_pb2.AskFollowUpRequest(
            **_case(command), follow_up_id=command.target
        )
        return await _ask(self._followup.AskFollowUp, request, command)

    @activity.defn(name=names.MISS_FOLLOW_UP.name)
    async def miss_follow_up(self, command: Command) -> Answer:
        request = followup_service_pb2.MissFollowUpRequest(
            **_case(command), follow_up_id=command.target
        )
        return await _ask(self._followup.MissFollowUp, request, command)

    @activity.defn(name=names.CLOSE_ESCALATION.name)
    async def close_escalation(self, command: Command) -> Answer:
        request = followup_service_pb2.CloseEscalationRequest(**_case(command))
        return await _ask(self._followup.CloseEscalation, request, command)

    @activity.defn(name=names.RAISE_ALARM.name)
    async def raise_alarm(self, command: Command) -> Answer:
        request = event_pb2.RaiseAlarmRequest(
            **_case(command), kind=command.target, clears_when=command.text
        )
        return await _ask(self._alarms[command.service].RaiseAlarm, request, command)

    @activity.defn(name=names.CLEAR_ALARM.name)
    async def clear_alarm(self, command: Command) -> Answer:
        request = event_pb2.ClearAlarmRequest(**_case(command), kind=command.target)
        return await _ask(self._alarms[command.service].ClearAlarm, request, command)


def _case(command: Command) -> dict[str, str]:
    return {"request_id": command.request_id, "escalation_id": command.escalation_id}


async def _ask(method: Method, request: Message, command: Command) -> Answer:
    response, now = await _call(method, request, command.tenant, command.cause, command.service)
    return Answer(
        version=response.version,
        now=now,
        state=_state(response),
        look_again_at=_moment(response, "check_by"),
    )


async def _call(
    method: Method, request: Message, tenant: str, cause: str, service: str
) -> tuple[Any, datetime | None]:
    """The answer and the service's business time.

    Raises:
        ApplicationError: under the refusal's reason, repeated only where the world was at fault.
    """
    call = method(request, timeout=_time_left(), metadata=as_tenant(tenant, cause))
    try:
        response = await call
    except aio.AioRpcError as error:
        raise _failure(refusal_of(error, service)) from None
    return response, _now(await call.trailing_metadata())


def _failure(refusal: Refusal) -> ApplicationError:
    return ApplicationError(
        refusal.message,
        type=refusal.reason,
        non_retryable=refusal.reason not in _REPEATED,
    )


def _time_left() -> float:
    """Seconds for the call, so that it ends before its activity does."""
    limit = activity.info().start_to_close_timeout
    return min(limit.total_seconds() - _MARGIN, _LONGEST) if limit else _LONGEST


def _now(trailers: aio.Metadata) -> datetime | None:
    said = trailers.get(names.BUSINESS_TIME)
    return datetime.fromisoformat(str(said)) if said else None


def _state(response: Message) -> str:
    """ASSIGNMENT_STATE_OFFERED -> OFFERED; empty where the answer names no state."""
    field = response.DESCRIPTOR.fields_by_name.get("state")
    if field is None or field.enum_type is None:
        return ""
    values = field.enum_type.values_by_number
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return str(values[getattr(response, "state")].name.removeprefix(prefix))  # noqa: B009


def _moment(response: Message, name: str) -> datetime | None:
    if name not in response.DESCRIPTOR.fields_by_name or not response.HasField(name):
        return None
    found: Timestamp = getattr(response, name)
    return found.ToDatetime(UTC)
