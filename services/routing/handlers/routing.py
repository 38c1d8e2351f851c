"""Routing: who is asked next, and what happens when the directory changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from sqlalchemy import Connection

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import Call, DecisionMakerId, EscalationId, derived_request_id
from services.routing.domain import assigning, assignments
from services.routing.domain.assigning import Preview, RouteEscalation, UnblockRouting
from services.routing.domain.assignment import DecisionMakerAssigned, NoDecisionMakerFound
from services.routing.domain.assignments import Assignments, Known
from services.routing.gateways import Owners
from services.routing.handlers.look import Look
from services.routing.handlers.places import lock_place
from services.routing.handlers.trying import until_up_to_date
from services.routing.read_models.directory import Outdated
from services.routing.read_models.holders import directory_changed
from services.routing.read_models.queries import Queries

R = TypeVar("R", bound=Message)

ASSIGNING: Aggregate[Assignments, assigning.Command] = Aggregate(
    Assignments(), assigning.decide, assignments.evolve
)


class RoutingHandlers:
    """Who is asked next, and what happens when the directory changes."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners

    def route(
        self,
        command: RouteEscalation,
        call: Call,
        respond: Callable[[Recorded[Assignments], Known], R],
    ) -> R:
        """Asks the next holder, or answers who was asked already, or when to look again.

        Raises:
            EscalationNotFound: intake has no such case.
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        look = Look(partial(self._known, stream), Known(None))
        return until_up_to_date(
            lambda: self._log.decide(
                stream,
                ASSIGNING,
                command,
                call,
                respond=lambda recorded: respond(recorded, look.known),
                knowing=look,
                refresh=partial(self._owners.ask_intake, stream),
                rows=partial(_check_room, look),
            )
        )

    def preview(self, stream: StreamId, at: datetime) -> Preview:
        """Who would get the case now; changes nothing.

        Raises:
            EscalationNotFound: intake has no such case.
        """
        escalation = EscalationId(stream.subject)
        known = self._known(stream)
        if known.case is None:
            self._owners.ask_intake(stream)
            known = self._known(stream)
        state = self._log.load(stream, ASSIGNING).state
        return assigning.preview(state, escalation, known, at)

    def unblock(self, decision_maker: DecisionMakerId, call: Call) -> None:
        """Tells each case that waits that somebody may be able to decide now.

        A repeat of the same call tells each case once. Should this process die in between, the
        case is looked at again at its `retry_at`.
        """
        for escalation in self._queries.cases.waiting(call.actor.tenant):
            self._log.decide(
                case_stream(call.actor.tenant, escalation),
                ASSIGNING,
                UnblockRouting(escalation, decision_maker),
                _caused_by(call, "UnblockRouting", escalation),
                respond=lambda _recorded: Empty(),
            )

    def _known(self, stream: StreamId) -> Known:
        return Known(*self._queries.cases.known(stream.tenant, EscalationId(stream.subject)))


def _check_room(look: Look[Known], conn: Connection, recorded: Recorded[Assignments]) -> None:
    """Outdated where the last place of whoever was asked is gone, or nobody was found too soon."""
    tenant = recorded.stream.tenant
    for event in recorded.events:
        match event:
            case DecisionMakerAssigned(decision_maker=asked):
                lock_place(conn, tenant, asked)
            case NoDecisionMakerFound():
                if directory_changed(conn, tenant, look.known.holders):
                    raise Outdated


def _caused_by(call: Call, rpc: str, target: str) -> Call:
    """The call that a call causes: the same for each repeat of it."""
    request_id = derived_request_id(call.request_id, rpc, target)
    return replace(
        call, rpc=rpc, request_id=request_id, request_digest=b"", causation_id=call.request_id
    )
