"""Read models: tables kept in the transaction of the events, and rebuilt from zero from them."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import Protocol

from sqlalchemy import Connection, Engine, Table, delete, text

from amends.eventstore import reading, received
from amends.eventstore.codec import Codec
from amends.eventstore.records import Envelope, StoredEvent
from amends.eventstore.subscription import Handlers, Subscription

_TOGETHER = 100
"""Events at most in one step of a replay."""
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
        return sum(step() for step in replay(conn, conn, codec, projections, handlers))


def replay(
    said: Connection,
    made: Connection,
    codec: Codec,
    projections: Sequence[Projection],
    handlers: Handlers,
) -> Iterator[Callable[[], int]]:
    """Steps by position, each of which tells how many events it was.

    Own and received events share one sequence; those of one kind that follow each other are a step.
    They are read from `said`, where nobody else writes meanwhile, and applied to `made`.
    """

    def step(run: Sequence[StoredEvent | Envelope]) -> int:
        handlers.apply(made, [one for one in run if isinstance(one, Envelope)])
        for one in run:
            if isinstance(one, StoredEvent):
                event = codec.decode(one.type, one.data, one.origin)
                for projection in projections:
                    projection.apply(made, one, event)
        return len(run)

    own: Iterator[tuple[int, StoredEvent | Envelope]]
    own = ((one.position, one) for one in reading.by_position(said))
    merged = heapq.merge(own, received.by_position(said), key=itemgetter(0))
    for _, run in groupby((one for _, one in merged), type):
        while following := list(islice(run, _TOGETHER)):
            yield partial(step, following)
