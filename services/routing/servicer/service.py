"""RoutingService: all of its RPCs, each where its idea is."""

from amends.clock import Clock
from amends.eventstore.sealing import Vault
from services.routing.handlers.assignments import AssignmentHandlers
from services.routing.handlers.directory import DirectoryHandlers
from services.routing.handlers.ownership import OwnershipHandlers
from services.routing.handlers.reservations import ReservationHandlers
from services.routing.handlers.routing import RoutingHandlers
from services.routing.read_models.queries import Queries
from services.routing.servicer.assignments import AssignmentRpcs
from services.routing.servicer.directory import DirectoryRpcs
from services.routing.servicer.ownership import OwnershipRpcs
from services.routing.servicer.queues import QueueRpcs
from services.routing.servicer.reservations import ReservationRpcs
from services.routing.servicer.watching import Watching


class RoutingServicer(
    DirectoryRpcs,
    AssignmentRpcs,
    OwnershipRpcs,
    QueueRpcs,
    ReservationRpcs,
):
    """RoutingService; `vault` opens notes for those who may read them."""

    def __init__(  # noqa: PLR0913 - bootstrap's wiring, once
        self,
        *,
        directory: DirectoryHandlers,
        routing: RoutingHandlers,
        assignments: AssignmentHandlers,
        ownership: OwnershipHandlers,
        reservations: ReservationHandlers,
        queries: Queries,
        watching: Watching,
        clock: Clock,
        vault: Vault,
    ) -> None:
        self._directory = directory
        self._routing = routing
        self._assignments = assignments
        self._ownership = ownership
        self._reservations = reservations
        self._queries = queries
        self._watching = watching
        self._now = clock.now
        self._vault = vault
