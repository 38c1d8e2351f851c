"""Watching: queues that are followed from where a watcher was told last."""

from collections.abc import Callable, Iterator

from amends.eventstore.watch import Wake
from amends.values.identity import Subject, Tenant
from services.routing.domain.told import Told
from services.routing.read_models.queues import QueueQueries
from services.routing.servicer.edge import Now
from services.routing.wire.queue import Item

_LOOK_AGAIN = 1.0  # seconds; another process of the service may have committed


class Watching:
    """Follows queues; woken by each commit of this process."""

    def __init__(self, queues: QueueQueries, wake: Wake, now: Now) -> None:
        self._queues = queues
        self._wake = wake
        self._now = now

    def follow(
        self,
        tenant: Tenant,
        subject: Subject | None,
        token: str,
        stays_open: Callable[[], bool],
    ) -> Iterator[tuple[Item, str]]:
        """Each assignment that stands or changes, once, with the token to resume from.

        `subject` None follows everybody's queue; without a token it begins with what stands.
        Changes of one assignment in quick succession may be told as one.

        Raises:
            InvalidField: the token is none of ours.
        """
        told = Told.at(token) if token else None
        while True:
            seen = self._wake.count
            horizon, items = self._queues.seen(tenant, subject, told, self._now())
            told = told or Told(since=horizon, floor=0)
            by_change = {item.change: item for item in items}
            for change, told in told.news(list(by_change), horizon):  # noqa: B020 - goes on from it
                yield by_change[change], told.token
            told = told.below(horizon)
            self._wake.wait(seen, _LOOK_AGAIN)
            if not stays_open():
                return
