"""EventLogService: what a service said about one subject; alike in every event-sourced service."""

import grpc

from amends.eventstore.log import EventLog
from amends.eventstore.streams import stream_of
from amends.rpc.identity import call_of
from amends.v1 import event_pb2, eventlog_service_pb2_grpc


class EventLogServicer(eventlog_service_pb2_grpc.EventLogServiceServicer):
    """Answers from one log, in the caller's tenant only."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def ReadEvents(  # noqa: N802 - gRPC's name
        self, request: event_pb2.ReadEventsRequest, context: grpc.ServicerContext
    ) -> event_pb2.ReadEventsResponse:
        """What came after a version; nothing for a subject that was never spoken of."""
        stream = stream_of(call_of(context, request).actor.tenant, request.subject)
        events = self._log.read_envelopes(stream, request.after_version)
        return event_pb2.ReadEventsResponse(events=events)
