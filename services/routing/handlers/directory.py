"""The directory: who may be asked, what they may grant, and whether they are there."""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from google.protobuf.message import Message

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import directory_stream
from amends.values.identity import Call, DecisionMakerId, Tenant
from services.routing.domain import directory, grants
from services.routing.domain.directory import (
    AvailabilityChanged,
    DecisionMakerNotFound,
    DecisionMakerUpdated,
    Entry,
    UpdateDecisionMaker,
)
from services.routing.domain.grants import AuthorityGranted, Grants
from services.routing.handlers.routing import RoutingHandlers
from services.routing.handlers.trying import until_up_to_date
from services.routing.read_models.queries import Queries

R = TypeVar("R", bound=Message)
S = TypeVar("S")

DIRECTORY: Aggregate[Entry, directory.Command] = Aggregate(
    Entry(), directory.decide, directory.evolve
)
GRANTS: Aggregate[Grants, grants.Command] = Aggregate(Grants(), grants.decide, grants.evolve)


class _News(Generic[S, R]):
    """The answer to a change, and whether the change may help a case that waits.

    A repeat gets what is remembered and may help: the first may have died before it told the cases.
    """

    def __init__(self, respond: Callable[[Recorded[S]], R]) -> None:
        self._respond = respond
        self.may_help = True

    def __call__(self, recorded: Recorded[S]) -> R:
        self.may_help = any(_helps(event) for event in recorded.events)
        return self._respond(recorded)


def _helps(event: object) -> bool:
    """Nobody can decide more because somebody went away or may do less."""
    if isinstance(event, AvailabilityChanged):
        return event.available
    return isinstance(event, AuthorityGranted | DecisionMakerUpdated)


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
        news = _News(respond)
        claimed = command.subjects if isinstance(command, UpdateDecisionMaker) else ()
        answer = until_up_to_date(
            lambda: self._log.decide(
                directory_stream(tenant, command.decision_maker),
                DIRECTORY,
                command,
                call,
                respond=news,
                knowing=partial(self._queries.directory.others, tenant, claimed),
            )
        )
        if news.may_help:
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
        news = _News(respond)
        answer = self._log.decide(
            directory_stream(call.actor.tenant, command.decision_maker),
            GRANTS,
            command,
            call,
            respond=news,
            knowing=partial(self._queries.directory.grantor, call.actor.tenant, call.who.subject),
        )
        if news.may_help:
            self._routing.unblock(command.decision_maker, call)
        return answer
