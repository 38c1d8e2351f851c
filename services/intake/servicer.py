"""The gRPC edge of intake: translate, call, translate."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce

import grpc

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import StreamId, case_stream
from amends.eventstore.watch import Wake
from amends.rpc.identity import call_of
from amends.rpc.streams import stays_open
from amends.v1 import intake_service_pb2 as pb
from amends.v1.intake_service_pb2_grpc import IntakeServiceServicer
from amends.values.identity import EscalationId, OrderDigest
from amends.values.refusal import EscalationNotFound, InvalidField
from services.intake import wire
from services.intake.domain.advance import advance
from services.intake.domain.context import RecordContext
from services.intake.domain.facts import Fact
from services.intake.domain.parts import Asked
from services.intake.domain.problem import ConfirmProblem, RestateProblem
from services.intake.domain.progress import Progress
from services.intake.domain.timeline import in_order, tell
from services.intake.handlers.case_files import FROM_THE_START, CaseFiles
from services.intake.handlers.cases import CaseHandlers
from services.intake.handlers.contexts import ContextHandlers
from services.intake.handlers.openings import OpeningHandlers
from services.intake.read_models.cases import SOURCE, Queries

_LOOK_AGAIN = 1.0  # seconds; another process of the service may have committed
_PART = re.compile(r"([a-z]+):(\d{1,9})")


class Watching:
    """Follows a case live: every event of every service, each once.

    A watch token is one version per service. It only says what was sent, so it may be used later,
    at another server, and by another caller of the tenant.
    """

    def __init__(self, files: CaseFiles, wake: Wake) -> None:
        self._files = files
        self._wake = wake

    def follow(
        self, stream: StreamId, token: str, stays_open: Callable[[], bool]
    ) -> Iterator[pb.WatchEscalationResponse]:
        """Sends what came after the token until the case is closed and all of it was sent.

        Ends sooner when `stays_open` says so; the last token that was sent resumes it.

        Raises:
            InvalidField: the token is none of ours.
            EscalationNotFound: there is no such case in this tenant.
        """
        sent = Sent.at(token)
        facts = self._before(stream, sent)
        progress = reduce(advance, facts, Progress())
        while stays_open():
            seen, known = self._wake.count, len(facts)
            fresh = self._files.since(stream, sent.versions)
            yield from self._told(stream, facts, fresh, sent)
            progress = reduce(advance, facts[known:], progress)
            if not progress.closed:
                self._wake.wait(seen, _LOOK_AGAIN, str(stream))
            elif not fresh:
                return

    def _before(self, stream: StreamId, sent: "Sent") -> list[Fact]:
        """What was sent before, since later sentences speak of it."""
        everything = self._files.since(stream, FROM_THE_START)
        if not any(one.source == SOURCE for one in everything):
            raise EscalationNotFound(stream.subject)
        return [wire.fact(one) for one in everything if sent.has(one)]

    def _told(
        self, stream: StreamId, facts: list[Fact], fresh: list[Envelope], sent: "Sent"
    ) -> Iterator[pb.WatchEscalationResponse]:
        if not fresh:
            return
        envelopes = {(one.source, one.version): one for one in fresh}
        news = in_order([wire.fact(one) for one in fresh])
        facts.extend(news)
        speech = self._files.speech(stream.tenant, facts)
        for fact in news:
            envelope = envelopes[fact.source, fact.version]
            sent.add(envelope)
            yield pb.WatchEscalationResponse(
                entry=wire.timeline_entry(tell(fact, speech)),
                event=envelope.to_message(),
                watch_token=sent.token,
            )


@dataclass(slots=True)
class Sent:
    """How far a watcher was told: the version of each service's stream."""

    versions: dict[str, int]

    @classmethod
    def at(cls, token: str) -> "Sent":
        """Where a token stands; nothing was sent where it is empty.

        Raises:
            InvalidField: it is none of ours.
        """
        versions = dict(FROM_THE_START)
        for part in token.split(".") if token else ():
            found = _PART.fullmatch(part)
            if found is None or found[1] not in versions:
                message = "watch_token must be one of this stream; begin without one"
                raise InvalidField("watch_token", message)
            versions[found[1]] = int(found[2])
        return cls(versions)

    @property
    def token(self) -> str:
        """Resumes after what was sent."""
        return ".".join(f"{source}:{version}" for source, version in self.versions.items())

    def has(self, envelope: Envelope) -> bool:
        """Whether it was sent before."""
        return envelope.version <= self.versions[envelope.source]

    def add(self, envelope: Envelope) -> None:
        """It was sent."""
        self.versions[envelope.source] = envelope.version


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
        vault: Vault,
        now: Callable[[], datetime],
    ) -> None:
        self._openings = openings
        self._cases = cases
        self._contexts = contexts
        self._files = files
        self._queries = queries
        self._watching = watching
        self._vault = vault
        self._now = now

    def OpenEscalation(
        self, request: pb.OpenEscalationRequest, context: grpc.ServicerContext
    ) -> pb.OpenEscalationResponse:
        call = call_of(context, request)
        tenant = call.actor.tenant
        command = wire.open_escalation(
            request,
            call.new_id("esc_"),
            self._now(),
            customer_digest=self._vault.customer_digest(tenant, request.customer),
            order_digest=OrderDigest(self._vault.reference_digest(tenant, "order", request.order)),
        )
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
        reader = call_of(context, request).actor
        stream = case_stream(reader.tenant, EscalationId(request.escalation_id))
        asked = Asked(request.timeline_page_size, request.timeline_page_token)
        return self._files.show(stream, asked, reader.role, self._now())

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
