"""Cases: what is said about a case that is open."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from google.protobuf.message import Message

from amends.eventstore.inbox import Inbox
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.records import to_timestamp
from amends.eventstore.streams import case_stream
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Call, EscalationId, Role
from services.intake.domain import contact, problem
from services.intake.domain.case import Case, Standing
from services.intake.domain.contact import RecordContact
from services.intake.domain.escalation import evolve
from services.intake.domain.problem import ConfirmProblem, RestateProblem
from services.intake.read_models.cases import Queries


class AboutCase(Protocol):
    """A command that names its case."""

    @property
    def escalation(self) -> EscalationId:
        """The case."""


C = TypeVar("C", bound=AboutCase)
R = TypeVar("R", bound=Message)

CONTACTS: Aggregate[Case, RecordContact] = Aggregate(Case(), contact.decide, evolve)
RESTATEMENTS: Aggregate[Case, RestateProblem] = Aggregate(Case(), problem.restate, evolve)
CONFIRMATIONS: Aggregate[Case, ConfirmProblem] = Aggregate(Case(), problem.confirm, evolve)


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


def _restated(recorded: Recorded[Case]) -> pb.RestateProblemResponse:
    event: Any = recorded.events[-1]
    return pb.RestateProblemResponse(
        version=recorded.version,
        restatement=event.restatement,
        confirm_by=to_timestamp(event.confirm_by),
    )
