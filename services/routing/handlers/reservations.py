"""Reservations: authority that is set aside for offers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import Connection, text

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import Call, EscalationId
from services.routing.domain import reservations
from services.routing.domain.reservations import (
    Authority,
    AuthorityReserved,
    Reservations,
    ReserveAuthority,
)
from services.routing.gateways import Owners
from services.routing.handlers.trying import until_up_to_date
from services.routing.read_models.directory import Outdated
from services.routing.read_models.queries import Queries

R = TypeVar("R", bound=Message)
Settle = Callable[[StreamId, datetime], None]

RESERVATIONS: Aggregate[Reservations, reservations.Command] = Aggregate(
    Reservations(), reservations.decide, reservations.evolve
)

_LOCK_GRANTS = text("""
    SELECT grant_id FROM grants
    WHERE tenant = :tenant AND grant_id = ANY (:grants) ORDER BY grant_id FOR SHARE
""")


class ReservationHandlers:
    """Authority that is set aside for offers."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners, settle: Settle) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners
        self._settle = settle

    def reserve(
        self, command: ReserveAuthority, call: Call, respond: Callable[[Recorded[Reservations]], R]
    ) -> R:
        """Sets authority of the case's owner aside.

        Raises:
            EscalationNotFound, EscalationClosed, NotTheOwner, AuthorityExceeded,
            CurrencyNotGranted, InvalidMoney
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        return until_up_to_date(
            lambda: self._log.decide(
                stream,
                RESERVATIONS,
                command,
                call,
                respond=respond,
                knowing=partial(self._authority, stream),
                refresh=partial(self._hear_of, stream, command.at),
                rows=_check_grants,
            )
        )

    def _hear_of(self, stream: StreamId, at: datetime) -> None:
        """Before a no: what ended is free again, and the case may be new here, or reopened."""
        self._owners.ask_resolution(stream)
        self._settle(stream, at)
        self._owners.ask_followup(stream)
        self._owners.ask_intake(stream)

    def _authority(self, stream: StreamId) -> Authority:
        escalation = EscalationId(stream.subject)
        case = self._queries.cases.case(stream.tenant, escalation)
        known = Authority(known=case is not None, over=case is not None and case.over)
        owner = self._queries.cases.owner(stream.tenant, escalation)
        if owner is None:
            return known
        return replace(
            known, known=True, decision_maker=owner.holder.decision_maker, grants=owner.grants
        )


def _check_grants(conn: Connection, recorded: Recorded[Reservations]) -> None:
    """Locks the grants that cover it; Outdated where one was replaced or taken back."""
    for event in recorded.events:
        if isinstance(event, AuthorityReserved):
            used = sorted({use.grant for use in event.uses})
            values = {"tenant": recorded.stream.tenant, "grants": used}
            if conn.execute(_LOCK_GRANTS, values).scalars().all() != used:
                raise Outdated
