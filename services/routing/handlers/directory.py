"""The directory: who may be asked, what they may grant, and whether they are there."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import directory_stream
from amends.values.identity import Call, DecisionMakerId, Tenant
from services.routing.domain import directory, grants
from services.routing.domain.directory import DecisionMakerNotFound, Entry, UpdateDecisionMaker
from services.routing.domain.grants import GrantAuthority, Grants
from services.routing.handlers.routing import RoutingHandlers
from services.routing.handlers.trying import until_up_to_date
from services.routing.read_models.queries import Queries

R = TypeVar("R", bound=Message)

DIRECTORY: Aggregate[Entry, directory.Command] = Aggregate(
    Entry(), directory.decide, directory.evolve
)
GRANTS: Aggregate[Grants, grants.Command] = Aggregate(Grants(), grants.decide, grants.evolve)


class DirectoryHandlers:
    """Who may be asked, what they may grant, and whether they are there."""

    def __init__(self, log: EventLog, queries: Queries, routing: RoutingHandlers) -> None:
        self._log = log
        self._queries = queries
        self._routing = routing

    def decide(
        self, command: directory.Command, call: Call, respond: Callable[[Recorded[Entry]], R]
    ) -> R:
        """Changes an entry, and tells the cases that wait.

        Raises:
            DecisionMakerNotFound, InvalidField, NotYourself, SubjectTaken
        """
        tenant = call.actor.tenant
        claimed = command.subjects if isinstance(command, UpdateDecisionMaker) else ()
        answer = until_up_to_date(
            lambda: self._log.decide(
                directory_stream(tenant, command.decision_maker),
                DIRECTORY,
                command,
                call,
                respond=respond,
                knowing=partial(self._queries.directory.others, tenant, claimed),
            )
        )
        self._routing.unblock(command.decision_maker, call)
        return answer

    def grants_of(self, tenant: Tenant, decision_maker: DecisionMakerId) -> Grants:
        """What somebody may grant, and what they no longer may; DecisionMakerNotFound."""
        found = self._log.load(directory_stream(tenant, decision_maker), GRANTS).state
        if not found.entered:
            raise DecisionMakerNotFound(decision_maker)
        return found

    def grant(
        self, command: grants.Command, call: Call, respond: Callable[[Recorded[Grants]], R]
    ) -> R:
        """Changes what somebody may grant, and tells the cases that wait.

        Raises:
            DecisionMakerNotFound, GrantNotFound, InvalidMoney, MoreThanYouHold
        """
        answer = self._log.decide(
            directory_stream(call.actor.tenant, command.decision_maker),
            GRANTS,
            command,
            call,
            respond=respond,
            knowing=partial(self._queries.directory.grantor, call.actor.tenant, call.who.subject),
        )
        if isinstance(command, GrantAuthority):
            self._routing.unblock(command.decision_maker, call)
        return answer
