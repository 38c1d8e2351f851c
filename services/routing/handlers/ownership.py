"""Ownership: a case is offered by its owner to another holder, or given to one at once."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import Connection

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import Call, EscalationId, HandOverId
from services.routing.domain import handing_over, ownership, taking_over
from services.routing.domain.assignments import Known
from services.routing.domain.hand_over import HandOverNotFound, HandOverOffered
from services.routing.domain.ownership import Ownership
from services.routing.domain.taking_over import Standing
from services.routing.gateways import Owners
from services.routing.handlers.places import lock_place
from services.routing.handlers.trying import until_up_to_date
from services.routing.read_models.queries import Queries

R = TypeVar("R", bound=Message)

OWNERSHIP: Aggregate[Ownership, handing_over.Command] = Aggregate(
    Ownership(), handing_over.decide, ownership.evolve
)
STANDING: Aggregate[Standing, taking_over.Command] = Aggregate(
    Standing(), taking_over.decide, taking_over.evolve
)


class OwnershipHandlers:
    """A case goes from one owner to another."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners

    def case_of(self, which: HandOverId, call: Call) -> EscalationId:
        """The case that a hand-over offers; HandOverNotFound, RequestIdReused."""
        asked = self._queries.cases.asked(call.actor.tenant, which)
        if asked is None:
            self._log.refuse_reuse(call)
            raise HandOverNotFound(which)
        return asked[0]

    def decide(
        self,
        command: handing_over.Command,
        call: Call,
        respond: Callable[[Recorded[Ownership]], R],
    ) -> R:
        """Offers, takes or returns a case, or answers what stands.

        Raises:
            What `handing_over.decide` raises.
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        return until_up_to_date(
            lambda: self._log.decide(
                stream,
                OWNERSHIP,
                command,
                call,
                respond=respond,
                knowing=partial(self._known, stream),
                refresh=partial(self._hear_of, stream),
                rows=_check_place,
            )
        )

    def give(
        self,
        command: taking_over.Command,
        call: Call,
        respond: Callable[[Recorded[Standing]], R],
    ) -> R:
        """Gives a case to another owner at once.

        Raises:
            What `taking_over.decide` raises.
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        return self._log.decide(
            stream,
            STANDING,
            command,
            call,
            respond=respond,
            knowing=partial(self._known, stream),
            refresh=partial(self._hear_of, stream),
        )

    def _hear_of(self, stream: StreamId) -> None:
        """Before a no: the case may need less by now, or go on again."""
        self._owners.ask_intake(stream)
        self._owners.ask_followup(stream)

    def _known(self, stream: StreamId) -> Known:
        case = self._queries.cases.case(stream.tenant, EscalationId(stream.subject))
        return Known(case, self._queries.directory.holders(stream.tenant))


def _check_place(conn: Connection, recorded: Recorded[Ownership]) -> None:
    """Outdated where the last place of whoever is offered the case is gone."""
    for event in recorded.events:
        if isinstance(event, HandOverOffered):
            lock_place(conn, recorded.stream.tenant, event.to_decision_maker)
