"""EventLogService: what a service said about one subject; alike in every event-sourced service."""

from collections.abc import Iterator

import grpc

from amends.eventstore.log import EventLog
from amends.eventstore.streams import stream_of
from amends.rpc.channel import Metadata
from amends.rpc.identity import call_of
from amends.v1 import event_pb2, eventlog_service_pb2_grpc

_MOST_EVENTS = 500
# Well below the 4 MiB that a gRPC client takes unless it says otherwise.
_MOST_BYTES = 1 << 20


class EventLogServicer(eventlog_service_pb2_grpc.EventLogServiceServicer):
    """Answers from one log, in the caller's tenant only."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def ReadEvents(  # noqa: N802 - gRPC's name
        self, request: event_pb2.ReadEventsRequest, context: grpc.ServicerContext
    ) -> event_pb2.ReadEventsResponse:
        """What came after a version; nothing for a subject that was never spoken of."""
        stream = stream_of(call_of(context, request).actor.tenant, request.subject)
        most = request.page_size or _MOST_EVENTS
        return self._log.read_page(stream, request.after_version, most=most, most_bytes=_MOST_BYTES)


def read_events(
    log: eventlog_service_pb2_grpc.EventLogServiceStub,
    subject: str,
    after_version: int = 0,
    *,
    metadata: Metadata,
) -> Iterator[event_pb2.EventEnvelope]:
    """Everything that a service said about a subject after a version, page after page."""
    while True:
        request = event_pb2.ReadEventsRequest(subject=subject, after_version=after_version)
        page = log.ReadEvents(request, metadata=metadata)
        yield from page.events
        after_version = page.next_after_version
        if not after_version:
            return
