"""Read models: tables kept in the transaction of the events, and rebuilt from zero from them."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from sqlalchemy import Connection, Engine, Table, delete, text

from amends.eventstore import reading, received
from amends.eventstore.codec import Codec
from amends.eventstore.records import StoredEvent
from amends.eventstore.subscription import Handlers, Subscription

_TAKE_YOUR_TIME = text("SET LOCAL statement_timeout = 0")
# Writers of either kind touch one of these before any read model, so nobody holds a read model
# while waiting for the rebuild.
_KEEP_WRITERS_OUT = text("LOCK TABLE events, inbox_heads IN SHARE ROW EXCLUSIVE MODE")


class Projection(Protocol):
    """Keeps tables in step with the service's own log.

    `apply` is called for each event in order, in the transaction that appends it, with words
    still sealed; it depends on nothing but the event and its tables.
    """

    @property
    def tables(self) -> Sequence[Table]:
        """What a rebuild empties before it replays."""

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        """Takes one event in."""


def rebuild(
    engine: Engine,
    codec: Codec,
    projections: Sequence[Projection],
    subscriptions: Sequence[Subscription] = (),
) -> int:
    """Empties every read model and replays the own log and the inbox in their common order.

    One transaction: writers wait until it ends, readers see the old tables until then. Returns
    how many events were replayed.

    Raises:
        UnknownEvent: the own log holds an event that this program does not know.
    """
    handlers = Handlers(subscriptions)
    tables = {table: None for one in projections for table in one.tables}
    tables |= dict.fromkeys(handlers.tables)
    with engine.begin() as conn:
        conn.execute(_TAKE_YOUR_TIME)
        conn.execute(_KEEP_WRITERS_OUT)
        for table in tables:
            conn.execute(delete(table))
        replayed = 0
        for step in replay(conn, conn, codec, projections, handlers):
            step()
            replayed += 1
    return replayed


def replay(
    said: Connection,
    made: Connection,
    codec: Codec,
    projections: Sequence[Projection],
    handlers: Handlers,
) -> Iterator[Callable[[], None]]:
    """One step per event, by position; own and received events share one sequence.

    They are read from `said`, where nobody else writes meanwhile, and applied to `made`.
    """

    def project(stored: StoredEvent) -> None:
        event = codec.decode(stored.type, stored.data, stored.origin)
        for projection in projections:
            projection.apply(made, stored, event)

    own = ((one.position, lambda one=one: project(one)) for one in reading.by_position(said))
    others = (
        (position, lambda one=one: handlers.apply(made, [one]))
        for position, one in received.by_position(said)
    )
    for _position, step in heapq.merge(own, others, key=lambda step: step[0]):
        yield step
