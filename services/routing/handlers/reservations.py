"""Reservations: authority that is set aside for offers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import Connection, text

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import Call, Subject, Tenant
from services.routing.domain import reservations, reserving
from services.routing.domain.assignment import NOBODY
from services.routing.domain.reservations import AuthorityReserved, Reservations
from services.routing.domain.reserving import Authority, Entry, NotEntered, ReserveAuthority
from services.routing.gateways import Owners
from services.routing.handlers.look import Look
from services.routing.handlers.trying import until_up_to_date
from services.routing.read_models.directory import Outdated
from services.routing.read_models.queries import Queries
from services.routing.wire.directory import Listed

R = TypeVar("R", bound=Message)
Settle = Callable[[StreamId, datetime], None]

RESERVING: Aggregate[Reservations, ReserveAuthority] = Aggregate(
    Reservations(), reserving.decide, reservations.evolve
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
        self,
        command: ReserveAuthority,
        call: Call,
        respond: Callable[[Recorded[Reservations], Authority], R],
    ) -> R:
        """Sets aside authority of the case's owner, or of who stands in for another's draft.

        Raises:
            What `reserving.decide` raises.
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        look = Look(partial(self._authority, stream, command), Authority(known=False))
        return until_up_to_date(
            lambda: self._log.decide(
                stream,
                RESERVING,
                command,
                call,
                respond=lambda recorded: respond(recorded, look.known),
                knowing=look,
                refresh=partial(self._hear_of, stream, command.at),
                rows=_check_grants,
            )
        )

    def own_entry(self, call: Call) -> Entry:
        """Who the caller is in the directory; NotEntered."""
        entries = self._entries_of(call.actor.tenant, call.who.subject)
        if not entries:
            raise NotEntered
        return _entry(entries[0])

    def _hear_of(self, stream: StreamId, at: datetime) -> None:
        """Before a no: what ended is free again, and the case may be new here, or reopened."""
        self._owners.ask_resolution(stream)
        self._settle(stream, at)
        self._owners.ask_followup(stream)
        self._owners.ask_intake(stream)

    def _authority(self, stream: StreamId, command: ReserveAuthority) -> Authority:
        case = self._queries.cases.case(stream.tenant, command.escalation)
        entries = [_entry(one) for one in self._holders(stream, command)]
        over = case is not None and case.over
        return Authority(case is not None, over, tuple(entries))

    def _holders(self, stream: StreamId, command: ReserveAuthority) -> Sequence[Listed]:
        if command.drafted_by == NOBODY:
            owner = self._queries.cases.owner(stream.tenant, command.escalation)
            return () if owner is None else (owner,)
        return self._entries_of(stream.tenant, command.by)

    def _entries_of(self, tenant: Tenant, subject: Subject) -> Sequence[Listed]:
        """Partners' left out, the least senior first."""
        entries = self._queries.directory.entries_of(tenant, subject)
        found = [one for one in entries if not one.holder.partner]
        return sorted(found, key=lambda one: (one.holder.seniority, one.holder.decision_maker))


def _entry(found: Listed) -> Entry:
    return Entry(found.holder.decision_maker, found.holder.public_name, found.grants)


def _check_grants(conn: Connection, recorded: Recorded[Reservations]) -> None:
    """Locks the grants that cover it; Outdated where one was replaced or taken back."""
    for event in recorded.events:
        if isinstance(event, AuthorityReserved):
            used = sorted({use.grant for use in event.uses})
            values = {"tenant": recorded.stream.tenant, "grants": used}
            if conn.execute(_LOCK_GRANTS, values).scalars().all() != used:
                raise Outdated
