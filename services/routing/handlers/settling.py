"""Settling: what became of reservations, said in routing's own log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from google.protobuf.empty_pb2 import Empty
from sqlalchemy import Engine, Row, text

from amends.eventstore.engine import reader
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import (
    Actor,
    Call,
    EscalationId,
    RemedyId,
    ReservationId,
    Role,
    Subject,
    Tenant,
    derived_request_id,
)
from services.routing.domain import reservations
from services.routing.domain.reservations import ReleaseAuthority, Reservations, SettleAuthority

SETTLING: Aggregate[Reservations, reservations.Command] = Aggregate(
    Reservations(), reservations.decide, reservations.evolve
)

_MYSELF = Subject("service:routing")

_UNNAMED = text("""
    INSERT INTO due (event_id, tenant, escalation, settles, reservation, remedy)
    SELECT reservation, :tenant, :escalation, false, reservation, ''
    FROM unnest(CAST(:old AS text[])) AS held (reservation)
    WHERE NOT EXISTS (SELECT 1 FROM offers
        WHERE offers.tenant = :tenant AND offers.reservation = held.reservation)
    AND NOT EXISTS (SELECT 1 FROM parked
        WHERE parked.source = 'resolution' AND parked.stream_id = :stream)
""")
_DUE = text("""
    SELECT position, event_id, tenant, escalation, settles, reservation, remedy
    FROM due ORDER BY position LIMIT 100
""")
_DONE = text("DELETE FROM due WHERE position = :position")


class Settling:
    """Says in routing's own log what became of reservations; each once.

    The request id comes from resolution's event, so that a repeat and a second thread say nothing
    more; what a fault leaves over is said with the next batch.
    """

    def __init__(self, log: EventLog, engine: Engine) -> None:
        self._log = log
        self._engine = reader(engine)

    def settle_due(self) -> None:
        """Settles and releases everything that is due."""
        while found := self._due():
            for row in found:
                self._say(row)

    def settle_all_of(self, stream: StreamId, at: datetime) -> None:
        """The same, and releases what was set aside in this case for an offer that never came.

        To be called when resolution has just been asked for its offers. Nothing is released where
        what it says cannot be read: the offer may stand there.
        """
        old = self._log.load(stream, SETTLING).state.old(at)
        if old:
            case = {"tenant": stream.tenant, "escalation": stream.subject, "stream": str(stream)}
            with self._engine.connect() as conn:
                conn.execute(_UNNAMED, {**case, "old": sorted(old)})
        self.settle_due()

    def _due(self) -> Sequence[Row[Any]]:
        with self._engine.connect() as conn:
            return conn.execute(_DUE).all()

    def _say(self, row: Row[Any]) -> None:
        kind = SettleAuthority if row.settles else ReleaseAuthority
        call = Call(
            actor=Actor(_MYSELF, Tenant(row.tenant), Role.SERVICE),
            rpc=kind.__name__,
            request_id=derived_request_id(row.event_id, kind.__name__, row.remedy),
            request_digest=b"",
            causation_id=row.event_id,
        )
        escalation = EscalationId(row.escalation)
        command = kind(escalation, ReservationId(row.reservation), RemedyId(row.remedy))
        stream = case_stream(call.actor.tenant, escalation)
        self._log.decide(stream, SETTLING, command, call, respond=lambda _recorded: Empty())
        with self._engine.connect() as conn:
            conn.execute(_DONE, {"position": row.position})
