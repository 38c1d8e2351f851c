"""AlarmService: says that a case is stuck, and that it goes on; alike in every service."""

from collections.abc import Callable
from functools import partial

import grpc
from sqlalchemy import Engine

from amends.clock import Clock
from amends.eventstore.engine import reader
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.sealing import person_of
from amends.eventstore.streams import StreamId, case_stream
from amends.rpc.identity import call_of
from amends.v1 import alarm_service_pb2_grpc, event_pb2
from amends.values import alarm
from amends.values.alarm import Alarms, ClearAlarm, RaiseAlarm
from amends.values.identity import AlarmId, EscalationId, Tenant
from amends.values.refusal import EscalationNotFound

ALARMS: Aggregate[Alarms, RaiseAlarm | ClearAlarm] = Aggregate(Alarms(), alarm.decide, alarm.evolve)


class AlarmHandlers:
    """Alarms of the cases that this service knows.

    `catch_up` asks the owner of cases before one is refused as unknown; the owner itself has
    nobody to ask.
    """

    def __init__(
        self,
        log: EventLog,
        engine: Engine,
        clock: Clock,
        catch_up: Callable[[Tenant, str], None] = lambda _tenant, _escalation: None,
    ) -> None:
        self.log = log
        self.clock = clock
        self._engine = engine
        self._catch_up = catch_up

    def require_known(self, stream: StreamId) -> None:
        """Raises EscalationNotFound for a case of which nobody has ever told this service."""
        if self._knows(stream):
            return
        self._catch_up(stream.tenant, stream.subject)
        if not self._knows(stream):
            raise EscalationNotFound(stream.subject)

    def _knows(self, stream: StreamId) -> bool:
        with reader(self._engine).connect() as conn:
            return person_of(conn, stream) is not None


class AlarmServicer(alarm_service_pb2_grpc.AlarmServiceServicer):
    """The gRPC edge of the alarms."""

    def __init__(self, handlers: AlarmHandlers) -> None:
        self._handlers = handlers

    def RaiseAlarm(  # noqa: N802 - gRPC's name
        self, request: event_pb2.RaiseAlarmRequest, context: grpc.ServicerContext
    ) -> event_pb2.RaiseAlarmResponse:
        """The alarm of that kind that stands now."""
        call = call_of(context, request)
        stream = case_stream(call.actor.tenant, EscalationId(request.escalation_id))
        command = RaiseAlarm(
            alarm_id=AlarmId(call.new_id("alm_")),
            kind=request.kind,
            clears_when=request.clears_when,
            at=self._handlers.clock.now(),
        )
        return self._handlers.log.decide(
            stream,
            ALARMS,
            command,
            call,
            knowing=partial(self._handlers.require_known, stream),
            respond=partial(_raised, request.kind),
        )

    def ClearAlarm(  # noqa: N802 - gRPC's name
        self, request: event_pb2.ClearAlarmRequest, context: grpc.ServicerContext
    ) -> event_pb2.ClearAlarmResponse:
        """The version without it."""
        call = call_of(context, request)
        stream = case_stream(call.actor.tenant, EscalationId(request.escalation_id))
        return self._handlers.log.decide(
            stream,
            ALARMS,
            ClearAlarm(request.kind, self._handlers.clock.now()),
            call,
            knowing=partial(self._handlers.require_known, stream),
            respond=lambda recorded: event_pb2.ClearAlarmResponse(version=recorded.version),
        )


def _raised(kind: str, recorded: Recorded[Alarms]) -> event_pb2.RaiseAlarmResponse:
    stands = recorded.state.standing[kind]
    return event_pb2.RaiseAlarmResponse(alarm_id=stands.alarm_id, version=recorded.version)
