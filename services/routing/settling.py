"""Settling: what resolution said of offers and remedies becomes an event of routing's own.

It is written down as due in the transaction that takes resolution's event in, and said right
after, before the consumer's offset is committed. Each is said once: its request id comes from
resolution's event.
"""

from google.protobuf.empty_pb2 import Empty

from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.values.identity import Actor, Call, Role, Subject, derived_request_id
from services.routing.domain import reservations
from services.routing.domain.reservations import (
    ReleaseAuthority,
    Reservations,
    SettleAuthority,
)
from services.routing.queries import Due, Queries
from services.routing.read_models import SETTLE

RESERVATIONS: Aggregate[Reservations, reservations.Command] = Aggregate(
    Reservations(), reservations.decide, reservations.evolve
)
_MYSELF = Subject("service:routing")


class Settling:
    """Settles and releases reservations."""

    def __init__(self, log: EventLog, queries: Queries) -> None:
        self._log = log
        self._queries = queries

    def settle_due(self) -> None:
        """Says everything that is due; harmless when repeated, and when two threads do it."""
        while found := self._queries.due():
            for due in found:
                self._say(due)
                self._queries.done(due)

    def _say(self, due: Due) -> None:
        kind = SettleAuthority if due.what == SETTLE else ReleaseAuthority
        call = Call(
            actor=Actor(_MYSELF, due.tenant, Role.SERVICE),
            rpc=kind.__name__,
            request_id=derived_request_id(due.event_id, kind.__name__, due.remedy),
            request_digest=b"",
            causation_id=due.event_id,
        )
        command = kind(due.escalation, due.reservation, due.remedy)
        stream = case_stream(due.tenant, due.escalation)
        self._log.decide(stream, RESERVATIONS, command, call, respond=nothing_said)


def nothing_said(_recorded: object) -> Empty:
    """The answer to a command that nobody outside asked for."""
    return Empty()
