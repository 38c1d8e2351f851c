"""Handlers: load, decide, append; one transaction each. And whole cases, read from the events."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any, Protocol, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from sqlalchemy import Engine

from amends.eventstore import received
from amends.eventstore.codec import to_message
from amends.eventstore.inbox import Inbox
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.records import Envelope, to_timestamp
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import StreamId, case_stream
from amends.v1 import intake_service_pb2 as pb
from amends.values.forgetting import OpenClaim
from amends.values.identity import Call, EscalationId, Role, Tenant
from amends.values.refusal import DependencyUnavailable, EscalationNotFound, VersionConflict
from amends.values.remedy import RemedySought
from services.intake import wire
from services.intake.domain import contact, context, forgetting, opening, problem, timeline
from services.intake.domain.advance import advance
from services.intake.domain.case import Case, Standing
from services.intake.domain.case_file import case_file
from services.intake.domain.contact import RecordContact
from services.intake.domain.context import Found, RecordContext
from services.intake.domain.escalation import evolve
from services.intake.domain.facts import Fact
from services.intake.domain.forgetting import NoteForgotten
from services.intake.domain.opening import EscalationOpened, OpenEscalation
from services.intake.domain.parts import Asked, Place, part
from services.intake.domain.problem import ConfirmProblem, RestateProblem
from services.intake.domain.progress import Progress
from services.intake.gateways import Merchant
from services.intake.read_models import OTHERS, SOURCE, OpenAlready, Queries


class AboutCase(Protocol):
    """A command that names its case."""

    @property
    def escalation(self) -> EscalationId:
        """The case."""


C = TypeVar("C", bound=AboutCase)
R = TypeVar("R", bound=Message)

FROM_THE_START: Mapping[str, int] = dict.fromkeys((SOURCE, *OTHERS), 0)
"""The version of each service's stream before anything was said."""
_TRIES = 5  # each of them three of the log's own


def _opened(_case: Case, command: OpenEscalation, _known: object) -> list[object]:
    return list(opening.decide(command))


OPENINGS = Aggregate(Case(), _opened, evolve)
CONTACTS: Aggregate[Case, RecordContact] = Aggregate(Case(), contact.decide, evolve)
CONTEXTS: Aggregate[Case, RecordContext] = Aggregate(Case(), context.decide, evolve)
RESTATEMENTS: Aggregate[Case, RestateProblem] = Aggregate(Case(), problem.restate, evolve)
CONFIRMATIONS: Aggregate[Case, ConfirmProblem] = Aggregate(Case(), problem.confirm, evolve)
FORGETTING: Aggregate[Case, NoteForgotten] = Aggregate(Case(), forgetting.decide, evolve)


class OpeningHandlers:
    """A customer is heard: a new case, or another contact in the one that is open."""

    def __init__(self, log: EventLog, queries: Queries, inbox: Inbox) -> None:
        self._log = log
        self._queries = queries
        self._inbox = inbox

    def open(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        """The case that is open now. Whoever loses the race for its place joins the winner."""
        for _ in range(_TRIES - 1):
            with suppress(OpenAlready, VersionConflict):
                return self._once(command, call)
        return self._once(command, call)

    def _once(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        found = self._open_now(command, call.actor.tenant)
        return self._begin(command, call) if found is None else self._join(found, command, call)

    def _open_now(self, command: OpenEscalation, tenant: Tenant) -> EscalationId | None:
        """The case that is open; nobody would hear who joins one that was closed just now.

        Without follow-up's answer the view counts: a customer is heard in any case.
        """
        digests = (command.customer_digest, command.order_digest, command.cause)
        found = self._queries.open_case(tenant, *digests)
        if found is None or not self._queries.standing(tenant, found).resolved:
            return found
        with suppress(DependencyUnavailable, grpc.RpcError):
            self._inbox.catch_up("followup", tenant, found)
        return self._queries.open_case(tenant, *digests)

    def _begin(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        return self._log.decide(
            case_stream(call.actor.tenant, command.escalation),
            OPENINGS,
            command,
            call,
            respond=lambda recorded: pb.OpenEscalationResponse(
                escalation_id=command.escalation, version=recorded.version
            ),
            person=command.customer_digest,
        )

    def _join(
        self, escalation: EscalationId, command: OpenEscalation, call: Call
    ) -> pb.OpenEscalationResponse:
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            CONTACTS,
            _as_contact(escalation, command),
            call,
            knowing=Standing,  # its place says that it is open
            respond=lambda recorded: pb.OpenEscalationResponse(
                escalation_id=escalation, version=recorded.version, already_open=True
            ),
        )


class CaseHandlers:
    """What is said about a case that is open."""

    def __init__(self, log: EventLog, queries: Queries, inbox: Inbox) -> None:
        self._log = log
        self._queries = queries
        self._inbox = inbox

    def record_contact(self, command: RecordContact, call: Call) -> pb.RecordContactResponse:
        """The contact is in the case."""
        return self._decide(
            CONTACTS,
            command,
            call,
            lambda recorded: pb.RecordContactResponse(version=recorded.version),
        )

    def restate(self, command: RestateProblem, call: Call) -> pb.RestateProblemResponse:
        """The restatement that now waits for the customer's yes."""
        return self._decide(RESTATEMENTS, command, call, _restated)

    def confirm(self, command: ConfirmProblem, call: Call) -> pb.ConfirmProblemResponse:
        """Remedies may be carried out from now on."""
        return self._decide(
            CONFIRMATIONS,
            command,
            call,
            lambda recorded: pb.ConfirmProblemResponse(version=recorded.version),
        )

    def _decide(
        self,
        aggregate: Aggregate[Case, C],
        command: C,
        call: Call,
        respond: Callable[[Recorded[Case]], R],
    ) -> R:
        about = _About(self._queries, self._inbox, command.escalation, call)
        return self._log.decide(
            case_stream(call.actor.tenant, command.escalation),
            aggregate,
            command,
            call,
            knowing=about.standing,
            refresh=about.catch_up,
            respond=respond,
        )


class CaseFiles:
    """Whole cases, told from the events of all services.

    Nothing is kept for them: the own log and the inbox are read each time, so a case file is never
    older than what has arrived, and there is no second copy of anybody's words.
    """

    def __init__(self, engine: Engine, log: EventLog, vault: Vault) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._log = log
        self._vault = vault

    def show(self, stream: StreamId, asked: Asked, reader: Role) -> pb.GetEscalationResponse:
        """The case with a part of its timeline, its words clear.

        A forgotten customer's read as forgotten; references that the law has kept are there for
        auditors alone.

        Raises:
            EscalationNotFound: there is no such case in this tenant.
            InvalidField: the part is none of this case's timeline.
        """
        stored = self._log.read_stream(stream)
        own = [self._log.decoded(one) for one in stored]
        if not any(isinstance(event, EscalationOpened) for event in own):
            raise EscalationNotFound(stream.subject)
        said = [one.envelope(SOURCE) for one in stored]
        said += self._received(stream, FROM_THE_START)
        facts = [wire.fact(one) for one in said]
        told = part(timeline.told(facts), asked, _sizes(said))
        file = case_file(own, facts, told.entries)
        opener = self._vault.opener(of_records=reader is Role.AUDITOR)
        file = replace(
            file, customer=opener.reference(file.customer), order=opener.reference(file.order)
        )
        return pb.GetEscalationResponse(
            case_file=to_message(file, pb.CaseFile, words=opener.clear),
            next_timeline_page_token=told.earlier,
        )

    def since(self, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
        """What every service said after the version beside it, in order for each service."""
        own = self._log.read_stream(stream, after[SOURCE])
        return [*(one.envelope(SOURCE) for one in own), *self._received(stream, after)]

    def facts(self, stream: StreamId) -> list[Fact]:
        """Everything that any service said of the case, as far as it has arrived."""
        return [wire.fact(one) for one in self.since(stream, FROM_THE_START)]

    def references(self, stream: StreamId) -> tuple[str, str]:
        """The tenant's clear references of customer and order; empty where forgotten.

        Raises:
            EscalationNotFound: there is no such case in this tenant.
        """
        for stored in self._log.read_stream(stream):
            event = self._log.decoded(stored)
            if isinstance(event, EscalationOpened):
                opener = self._vault.opener()
                return opener.reference(event.customer).value, opener.reference(event.order).value
        raise EscalationNotFound(stream.subject)

    def _received(self, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
        others = {source: version for source, version in after.items() if source != SOURCE}
        with self._engine.connect() as conn:
            return received.of_stream(conn, stream, others)


class ContextHandlers:
    """What the merchant knows, looked up before the transaction."""

    def __init__(self, log: EventLog, files: CaseFiles, merchant: Merchant) -> None:
        self._log = log
        self._files = files
        self._merchant = merchant

    def record(self, command: RecordContext, call: Call) -> pb.RecordContextResponse:
        """What was found is in the case."""
        stream = case_stream(call.actor.tenant, command.escalation)

        def found() -> Found:
            customer, order = self._files.references(stream)
            return self._merchant.find(stream.tenant, customer, order)

        return self._log.decide(
            stream, CONTEXTS, command, call, knowing=found, respond=_context_recorded
        )


class ForgettingHandlers:
    """Intake's part in forgetting: it knows what each case waits for, and what was paid."""

    def __init__(
        self, log: EventLog, files: CaseFiles, inbox: Inbox, now: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._files = files
        self._inbox = inbox
        self._now = now

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        """A case that is not made right, as its owners say now."""
        for source in OTHERS:
            self._inbox.catch_up(source, case.tenant, case.subject)
        progress = reduce(advance, self._files.facts(case), Progress())
        return forgetting.open_claim(EscalationId(case.subject), progress, self._now())

    def record_until(self, cases: Sequence[StreamId]) -> datetime | None:
        """When the last payment of any of the cases may be forgotten."""
        found = [until for case in cases if (until := self._record_until(case)) is not None]
        return max(found, default=None)

    def tell(self, case: StreamId, record_until: datetime | None, call: Call) -> None:
        """The timeline shows it; the other services hear of it."""
        escalation = EscalationId(case.subject)
        self._log.decide(
            case,
            FORGETTING,
            NoteForgotten(escalation=escalation, record_until=record_until, at=self._now()),
            call,
            respond=lambda _recorded: Empty(),
        )

    def _record_until(self, case: StreamId) -> datetime | None:
        policy = self._log.load(case, FORGETTING).state.policy
        return forgetting.record_until(self._files.facts(case), policy)


class _About:
    """What others said about one case, and whom to ask before a no that rests on it stands."""

    def __init__(
        self, queries: Queries, inbox: Inbox, escalation: EscalationId, call: Call
    ) -> None:
        self._queries = queries
        self._inbox = inbox
        self._escalation = escalation
        self._call = call
        self._standing = Standing()

    def standing(self) -> Standing:
        """As far as it has arrived."""
        self._standing = self._queries.standing(self._call.actor.tenant, self._escalation)
        return self._standing

    def catch_up(self) -> None:
        """Asks those in doubt what is new."""
        for source in self._in_doubt():
            self._inbox.catch_up(source, self._call.actor.tenant, self._escalation)

    def _in_doubt(self) -> Iterator[str]:
        who = self._call.who
        if self._standing.closed:
            yield "followup"
        if who.role is Role.DECISION_MAKER and who.subject != self._standing.owner:
            yield "routing"


def _sizes(said: Iterable[Envelope]) -> dict[Place, int]:
    return {(one.source, one.version): len(one.data) for one in said}


def _as_contact(escalation: EscalationId, command: OpenEscalation) -> RecordContact:
    """What a second opening says about the case that is open already."""
    sought = command.remedy_sought
    return RecordContact(
        escalation=escalation,
        channel=command.channel,
        words=command.words,
        need_by=command.need_by,
        occasion=command.occasion,
        remedy_sought=sought if sought != RemedySought() else None,
        at=command.at,
    )


def _restated(recorded: Recorded[Case]) -> pb.RestateProblemResponse:
    event: Any = recorded.events[-1]
    return pb.RestateProblemResponse(
        version=recorded.version,
        restatement=event.restatement,
        confirm_by=to_timestamp(event.confirm_by),
    )


def _context_recorded(recorded: Recorded[Case]) -> pb.RecordContextResponse:
    event: Any = recorded.events[-1]
    return pb.RecordContextResponse(version=recorded.version, order_found=event.order_found)
