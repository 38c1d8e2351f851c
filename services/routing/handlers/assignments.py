"""Assignments: what whoever was asked answers, or the clock for them."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import AssignmentId, Call, EscalationId
from services.routing.domain import answering, assignments
from services.routing.domain.answering import ExpireAssignment
from services.routing.domain.assignment import AssignmentNotFound
from services.routing.domain.assignments import Assignments, Known
from services.routing.gateways import Owners
from services.routing.read_models.queries import Queries

R = TypeVar("R", bound=Message)

ANSWERING: Aggregate[Assignments, answering.Command] = Aggregate(
    Assignments(), answering.decide, assignments.evolve
)


class AssignmentHandlers:
    """What whoever was asked answers, or the clock for them."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners

    def case_of(self, which: AssignmentId, call: Call) -> EscalationId:
        """The case that an assignment asks for; AssignmentNotFound, RequestIdReused."""
        asked = self._queries.cases.asked(call.actor.tenant, which)
        if asked is None:
            self._log.refuse_reuse(call)
            raise AssignmentNotFound(which)
        return asked[0]

    def decide(
        self,
        command: answering.Command,
        call: Call,
        respond: Callable[[Recorded[Assignments]], R],
    ) -> R:
        """Takes the answer, or answers what stands where it is repeated or the clock is late.

        Raises:
            EscalationNotFound, AssignmentNotFound, NotYourAssignment, DecidedAlready,
            EscalationClosed
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        clock = isinstance(command, ExpireAssignment)
        return self._log.decide(
            stream,
            ANSWERING,
            command,
            call,
            respond=respond,
            knowing=partial(self._known, stream, command.assignment),
            # Only the clock names a case that this service may not have heard of.
            refresh=partial(self._owners.ask_intake, stream) if clock else None,
        )

    def _known(self, stream: StreamId, which: AssignmentId) -> Known:
        case = self._queries.cases.case(stream.tenant, EscalationId(stream.subject))
        asked = self._queries.cases.asked(stream.tenant, which)
        found = self._queries.directory.listed(stream.tenant, asked[1]) if asked else None
        return Known(case, (found.holder,) if found else ())
