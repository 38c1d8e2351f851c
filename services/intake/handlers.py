"""Handlers: load, decide, append; one transaction each."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from google.protobuf.message import Message

from amends.eventstore.inbox import Inbox
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.records import to_timestamp
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import case_stream
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Call, EscalationId, Role
from amends.values.refusal import VersionConflict
from amends.values.remedy import RemedySought
from services.intake.case_files import CaseFiles
from services.intake.domain import contact, context, opening, problem
from services.intake.domain.case import Case, Standing
from services.intake.domain.contact import RecordContact
from services.intake.domain.context import Found, RecordContext
from services.intake.domain.escalation import evolve
from services.intake.domain.opening import OpenEscalation
from services.intake.domain.problem import ConfirmProblem, RestateProblem
from services.intake.gateways import Merchant
from services.intake.queries import Queries
from services.intake.read_models import OpenAlready


class AboutCase(Protocol):
    """A command that names its case."""

    @property
    def escalation(self) -> EscalationId:
        """The case."""


C = TypeVar("C", bound=AboutCase)
R = TypeVar("R", bound=Message)

_TRIES = 3


def _opened(_case: Case, command: OpenEscalation, _known: object) -> list[object]:
    return list(opening.decide(command))


OPENINGS = Aggregate(Case(), _opened, evolve)
CONTACTS: Aggregate[Case, RecordContact] = Aggregate(Case(), contact.decide, evolve)
CONTEXTS: Aggregate[Case, RecordContext] = Aggregate(Case(), context.decide, evolve)
RESTATEMENTS: Aggregate[Case, RestateProblem] = Aggregate(Case(), problem.restate, evolve)
CONFIRMATIONS: Aggregate[Case, ConfirmProblem] = Aggregate(Case(), problem.confirm, evolve)


class OpeningHandlers:
    """A customer is heard: a new case, or another contact in the one that is open."""

    def __init__(self, log: EventLog, queries: Queries, vault: Vault) -> None:
        self._log = log
        self._queries = queries
        self._vault = vault

    def open(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        """The case that is open now. Whoever loses the race for its place joins the winner."""
        tenant = call.actor.tenant
        order = self._vault.reference_digest(tenant, "order", command.order.value)
        for _ in range(_TRIES):
            found = self._queries.open_case(tenant, command.customer_digest, order, command.cause)
            if found is not None:
                return self._join(found, command, call)
            try:
                return self._begin(command, call)
            except OpenAlready:
                continue
        raise VersionConflict(0, 0)

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

    def catch_up(self) -> bool:
        """True where one of those in doubt had something new to say."""
        asked = [
            self._inbox.catch_up(source, self._call.actor.tenant, self._escalation)
            for source in self._in_doubt()
        ]
        return any(asked)

    def _in_doubt(self) -> Iterator[str]:
        who = self._call.who
        if self._standing.closed:
            yield "followup"
        if who.role is Role.DECISION_MAKER and who.subject != self._standing.owner:
            yield "routing"


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
