"""Wires routing; building it connects to nothing."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from amends.eventstore.codec import Codec
from amends.eventstore.following import Following
from amends.eventstore.records import Envelope
from amends.eventstore.watch import Wake
from amends.foundation import ALARM_EVENTS, Foundation, Model, Then
from amends.kafka.dispatch import Gathering
from amends.process import App
from amends.settings import Settings
from amends.v1.routing_service_pb2_grpc import add_RoutingServiceServicer_to_server
from services.routing.domain import (
    assignment,
    directory,
    grants,
    hand_over,
    reservations,
    take_over,
)
from services.routing.gateways import Owners
from services.routing.handlers.assignments import AssignmentHandlers
from services.routing.handlers.directory import DirectoryHandlers
from services.routing.handlers.first_asking import OPENED, first_asking
from services.routing.handlers.forgetting import ForgettingHandlers
from services.routing.handlers.ownership import OwnershipHandlers
from services.routing.handlers.reservations import ReservationHandlers
from services.routing.handlers.routing import RoutingHandlers
from services.routing.handlers.settling import Settling
from services.routing.read_models.directory import Directory, People
from services.routing.read_models.queries import Queries
from services.routing.read_models.queue import Queue
from services.routing.servicer.service import RoutingServicer
from services.routing.servicer.watching import Watching
from services.routing.subscriptions import (
    ENDING,
    STIRRING,
    FollowUpSubscription,
    IntakeSubscription,
    ResolutionSubscription,
)

NAME = "routing"
MIGRATIONS = Path(__file__).with_name("migrations")
_RELAY_PAUSE = 0.05
# Who opened a case waits for its owner.
_GATHERING = Gathering(seconds=0.1, urgent=frozenset({OPENED}), rest=0.01)
EVENTS: tuple[type, ...] = (
    *directory.EVENTS,
    *grants.EVENTS,
    *assignment.EVENTS,
    *hand_over.EVENTS,
    *take_over.EVENTS,
    *reservations.EVENTS,
    *ALARM_EVENTS,
)


def build(settings: Settings) -> App:
    """Routing as a process."""
    base = Foundation(NAME, settings)
    model = Model(
        codec=Codec(EVENTS),
        projections=(Directory(), People(), Queue()),
        subscriptions=(IntakeSubscription(), ResolutionSubscription(), FollowUpSubscription()),
        migrations=MIGRATIONS,
        gathering=_GATHERING,
        relay_pause=_RELAY_PAUSE,
    )
    replayed = replace(model, projections=(Directory(), People(replaying=True), Queue()))
    # Who watches is woken by `_then`: little of what comes in changes a queue.
    log, inbox = base.log(model), base.inbox(model, wake=lambda *_: None)
    queries, owners = Queries(base.engine), Owners(inbox)
    routing = RoutingHandlers(log, queries, owners)
    settling = Settling(log, base.engine)
    first, due = first_asking(NAME, routing, base.clock), Following(ENDING, settling.settle_due)
    servicer = RoutingServicer(
        directory=DirectoryHandlers(log, queries, routing),
        routing=routing,
        assignments=AssignmentHandlers(log, queries, owners),
        ownership=OwnershipHandlers(log, queries, owners),
        reservations=ReservationHandlers(log, queries, owners, settling.settle_all_of),
        queries=queries,
        watching=Watching(queries.queues, base.wake, base.clock.now),
        clock=base.clock,
        vault=base.vault,
    )
    server = base.server(log, inbox, ForgettingHandlers(queries, owners, base.clock))
    server.add(add_RoutingServiceServicer_to_server, servicer)
    return base.app(server, inbox, replayed, then=partial(_then, first, base.wake, due))


def _then(first: Then, wake: Wake, due: Then, envelopes: Sequence[Envelope]) -> None:
    """Whoever waits for an owner comes before the books."""
    first(envelopes)
    if any(one.type in STIRRING for one in envelopes):
        wake.notify()
    due(envelopes)
