"""The gRPC edge of intake: translate, call, translate."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import grpc

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.streams import case_stream
from amends.rpc.identity import call_of
from amends.rpc.streams import stays_open
from amends.v1 import intake_service_pb2 as pb
from amends.v1.intake_service_pb2_grpc import IntakeServiceServicer
from amends.values.identity import CustomerDigest, EscalationId, Tenant
from services.intake import wire
from services.intake.case_files import CaseFiles
from services.intake.domain.context import RecordContext
from services.intake.domain.problem import ConfirmProblem, RestateProblem
from services.intake.handlers import CaseHandlers, ContextHandlers, OpeningHandlers
from services.intake.queries import Queries
from services.intake.watching import Watching

Digest = Callable[[Tenant, str], CustomerDigest]


class IntakeServicer(IntakeServiceServicer):
    """Answers IntakeService."""

    def __init__(  # noqa: PLR0913 - bootstrap's wiring
        self,
        *,
        openings: OpeningHandlers,
        cases: CaseHandlers,
        contexts: ContextHandlers,
        files: CaseFiles,
        queries: Queries,
        watching: Watching,
        digest: Digest,
        now: Callable[[], datetime],
    ) -> None:
        self._openings = openings
        self._cases = cases
        self._contexts = contexts
        self._files = files
        self._queries = queries
        self._watching = watching
        self._digest = digest
        self._now = now

    def OpenEscalation(
        self, request: pb.OpenEscalationRequest, context: grpc.ServicerContext
    ) -> pb.OpenEscalationResponse:
        call = call_of(context, request)
        customer = self._digest(call.actor.tenant, request.customer)
        command = wire.open_escalation(request, call.new_id("esc_"), customer, self._now())
        return self._openings.open(command, call)

    def RecordContact(
        self, request: pb.RecordContactRequest, context: grpc.ServicerContext
    ) -> pb.RecordContactResponse:
        call = call_of(context, request)
        return self._cases.record_contact(wire.record_contact(request, self._now()), call)

    def RecordContext(
        self, request: pb.RecordContextRequest, context: grpc.ServicerContext
    ) -> pb.RecordContextResponse:
        call = call_of(context, request)
        return self._contexts.record(from_message(request, RecordContext, at=self._now()), call)

    def RestateProblem(
        self, request: pb.RestateProblemRequest, context: grpc.ServicerContext
    ) -> pb.RestateProblemResponse:
        call = call_of(context, request)
        command = from_message(request, RestateProblem, who=call.who, at=self._now())
        return self._cases.restate(command, call)

    def ConfirmProblem(
        self, request: pb.ConfirmProblemRequest, context: grpc.ServicerContext
    ) -> pb.ConfirmProblemResponse:
        call = call_of(context, request)
        command = from_message(request, ConfirmProblem, who=call.who, at=self._now())
        return self._cases.confirm(command, call)

    def GetEscalation(
        self, request: pb.GetEscalationRequest, context: grpc.ServicerContext
    ) -> pb.GetEscalationResponse:
        tenant = call_of(context, request).actor.tenant
        stream = case_stream(tenant, EscalationId(request.escalation_id))
        return pb.GetEscalationResponse(case_file=self._files.show(stream))

    def ListEscalations(
        self, request: pb.ListEscalationsRequest, context: grpc.ServicerContext
    ) -> pb.ListEscalationsResponse:
        tenant = call_of(context, request).actor.tenant
        page = self._queries.page(wire.wanted(request, tenant))
        return pb.ListEscalationsResponse(
            escalations=[to_message(one, pb.EscalationSummary) for one in page.cases],
            next_page_token=page.next_token,
        )

    def WatchEscalation(
        self, request: pb.WatchEscalationRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchEscalationResponse]:
        tenant = call_of(context, request).actor.tenant
        stream = case_stream(tenant, EscalationId(request.escalation_id))
        return self._watching.follow(stream, request.watch_token, partial(stays_open, context))
