"""Watching a queue: what stands now, then each change at once, resumable anywhere.

A position is a transaction: everything below it was seen. What a watcher sees above it, since
older transactions were still under way, is told at once and told again only to who resumes there.
"""

from collections.abc import Callable, Iterator, Sequence

from amends.eventstore.watch import Wake
from amends.values.identity import Subject, Tenant
from services.routing.queries import Queries
from services.routing.rows import Item

_LOOK_AGAIN = 1.0  # seconds; another process of the service may have committed


class Watching:
    """Follows queues; woken by each commit of this process."""

    def __init__(self, queries: Queries, wake: Wake) -> None:
        self._queries = queries
        self._wake = wake

    def follow(
        self,
        tenant: Tenant,
        subject: Subject | None,
        after: int | None,
        stays_open: Callable[[], bool],
    ) -> Iterator[tuple[Item, int]]:
        """Each assignment that stands or changes, with the position to resume from.

        `subject` None follows everybody's queue; `after` None begins with what stands. Changes
        of one assignment in quick succession may be told as one.
        """
        told: dict[str, int] = {}
        seen = self._wake.count
        if after is None:
            after, items = self._queries.stands(tenant, subject)
        else:
            after, items = self._queries.changed(tenant, subject, after)
        while True:
            for item in items:
                if told.get(item.assigned.assignment_id) != item.tx:
                    yield item, after
            told = _still_ahead(items, after)
            seen = self._wake.wait(seen, _LOOK_AGAIN)
            if not stays_open():
                return
            after, items = self._queries.changed(tenant, subject, after)


def _still_ahead(items: Sequence[Item], after: int) -> dict[str, int]:
    """What was told already but stands above the position, and will be found there again."""
    return {item.assigned.assignment_id: item.tx for item in items if item.tx >= after}
