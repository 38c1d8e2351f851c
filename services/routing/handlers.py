"""Load, decide, append: one transaction each.

What a rule knows from the read models is read before the transaction; where a limit or a place
counts, the row is locked inside it, and what is no longer so is looked up and decided again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from sqlalchemy import Connection, text

from amends.clock import Clock
from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream, directory_stream
from amends.values.forgetting import ASK_AGAIN, OpenClaim
from amends.values.identity import (
    AssignmentId,
    Call,
    DecisionMakerId,
    EscalationId,
    HandOverId,
    Tenant,
    derived_request_id,
)
from amends.values.refusal import Overtaken
from services.routing.domain import (
    answering,
    assigning,
    assignment,
    directory,
    grants,
    handing_over,
    ownership,
    reservations,
)
from services.routing.domain.answering import ExpireAssignment
from services.routing.domain.assigning import Preview, RouteEscalation, UnblockRouting
from services.routing.domain.assignment import (
    AssignmentNotFound,
    Assignments,
    DecisionMakerAssigned,
    Known,
    NoDecisionMakerFound,
)
from services.routing.domain.directory import Entry, UpdateDecisionMaker
from services.routing.domain.grants import GrantAuthority, Grants
from services.routing.domain.hand_over import HandOverNotFound, HandOverOffered
from services.routing.domain.ownership import Ownership
from services.routing.domain.reservations import (
    Authority,
    AuthorityReserved,
    Reservations,
    ReserveAuthority,
)
from services.routing.gateways import Owners
from services.routing.read_models import Outdated, Queries, directory_changed

R = TypeVar("R", bound=Message)
Settle = Callable[[StreamId, datetime], None]

DIRECTORY: Aggregate[Entry, directory.Command] = Aggregate(
    Entry(), directory.decide, directory.evolve
)
GRANTS: Aggregate[Grants, grants.Command] = Aggregate(Grants(), grants.decide, grants.evolve)
RESERVATIONS: Aggregate[Reservations, reservations.Command] = Aggregate(
    Reservations(), reservations.decide, reservations.evolve
)
ASSIGNING: Aggregate[Assignments, assigning.Command] = Aggregate(
    Assignments(), assigning.decide, assignment.evolve
)
ANSWERING: Aggregate[Assignments, answering.Command] = Aggregate(
    Assignments(), answering.decide, assignment.evolve
)
OWNERSHIP: Aggregate[Ownership, handing_over.Command] = Aggregate(
    Ownership(), handing_over.decide, ownership.evolve
)

_TRIES = 3
_LOCK_HOLDER = text("""
    SELECT capacity FROM holders
    WHERE tenant = :tenant AND decision_maker = :decision_maker FOR UPDATE
""")
# A team that hands a case over to one of its own has it once.
_LOAD = text("""
    SELECT count(DISTINCT escalation) FROM assignments
    WHERE tenant = :tenant AND decision_maker = :decision_maker AND open
""")
_LOCK_GRANTS = text("""
    SELECT grant_id FROM grants
    WHERE tenant = :tenant AND grant_id = ANY (:grants) ORDER BY grant_id FOR SHARE
""")


class DirectoryHandlers:
    """Who may be asked, what they may grant, and whether they are there."""

    def __init__(self, log: EventLog, queries: Queries, routing: "RoutingHandlers") -> None:
        self._log = log
        self._queries = queries
        self._routing = routing

    def decide(
        self, command: directory.Command, call: Call, respond: Callable[[Recorded[Entry]], R]
    ) -> R:
        """Changes an entry, and tells the cases that wait.

        Raises:
            DecisionMakerNotFound, InvalidField, NotYourself, SubjectTaken
        """
        tenant = call.actor.tenant
        claimed = command.subjects if isinstance(command, UpdateDecisionMaker) else ()
        answer = _until_up_to_date(
            lambda: self._log.decide(
                directory_stream(tenant, command.decision_maker),
                DIRECTORY,
                command,
                call,
                respond=respond,
                knowing=partial(self._queries.others, tenant, claimed),
            )
        )
        self._routing.unblock(command.decision_maker, call)
        return answer

    def grant(
        self, command: grants.Command, call: Call, respond: Callable[[Recorded[Grants]], R]
    ) -> R:
        """Changes what somebody may grant, and tells the cases that wait.

        Raises:
            DecisionMakerNotFound, GrantNotFound, InvalidMoney, MoreThanYouHold
        """
        answer = self._log.decide(
            directory_stream(call.actor.tenant, command.decision_maker),
            GRANTS,
            command,
            call,
            respond=respond,
            knowing=partial(self._queries.grantor, call.actor.tenant, call.who.subject),
        )
        if isinstance(command, GrantAuthority):
            self._routing.unblock(command.decision_maker, call)
        return answer


class RoutingHandlers:
    """Who is asked next, and what happens when the directory changes."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners

    def route(
        self,
        command: RouteEscalation,
        call: Call,
        respond: Callable[[Recorded[Assignments], Known], R],
    ) -> R:
        """Asks the next holder, or answers who was asked already, or when to look again.

        Raises:
            EscalationNotFound: intake has no such case.
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        look = _Look(partial(self._known, stream))
        return _until_up_to_date(
            lambda: self._log.decide(
                stream,
                ASSIGNING,
                command,
                call,
                respond=lambda recorded: respond(recorded, look.known),
                knowing=look,
                refresh=partial(self._owners.ask_intake, stream),
                rows=partial(_check_room, look),
            )
        )

    def preview(self, stream: StreamId, at: datetime) -> Preview:
        """Who would get the case now; changes nothing.

        Raises:
            EscalationNotFound: intake has no such case.
        """
        escalation = EscalationId(stream.subject)
        known = self._known(stream)
        if known.case is None:
            self._owners.ask_intake(stream)
            known = self._known(stream)
        state = self._log.load(stream, ASSIGNING).state
        return assigning.preview(state, escalation, known, at)

    def unblock(self, decision_maker: DecisionMakerId, call: Call) -> None:
        """Tells each case that waits that somebody may be able to decide now.

        A repeat of the same call tells each case once. Should this process die in between, the
        case is looked at again at its `retry_at`.
        """
        for escalation in self._queries.waiting(call.actor.tenant):
            self._log.decide(
                case_stream(call.actor.tenant, escalation),
                ASSIGNING,
                UnblockRouting(escalation, decision_maker),
                _caused_by(call, "UnblockRouting", escalation),
                respond=lambda _recorded: Empty(),
            )

    def _known(self, stream: StreamId) -> Known:
        case = self._queries.case(stream.tenant, EscalationId(stream.subject))
        return Known(case, self._queries.holders(stream.tenant))


class AssignmentHandlers:
    """What whoever was asked answers, or the clock for them."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners

    def case_of(self, which: AssignmentId, call: Call) -> EscalationId:
        """The case that an assignment asks for; AssignmentNotFound, RequestIdReused."""
        asked = self._queries.asked(call.actor.tenant, which)
        if asked is None:
            self._log.refuse_reuse(call)
            raise AssignmentNotFound(which)
        return asked[0]

    def decide(
        self,
        command: answering.Command,
        call: Call,
        respond: Callable[[Recorded[Assignments]], R],
    ) -> R:
        """Takes the answer, or answers what stands where it is repeated or the clock is late.

        Raises:
            EscalationNotFound, AssignmentNotFound, NotYourAssignment, DecidedAlready,
            EscalationClosed
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        clock = isinstance(command, ExpireAssignment)
        return self._log.decide(
            stream,
            ANSWERING,
            command,
            call,
            respond=respond,
            knowing=partial(self._known, stream, command.assignment),
            # Only the clock names a case that this service may not have heard of.
            refresh=partial(self._owners.ask_intake, stream) if clock else None,
        )

    def _known(self, stream: StreamId, which: AssignmentId) -> Known:
        case = self._queries.case(stream.tenant, EscalationId(stream.subject))
        asked = self._queries.asked(stream.tenant, which)
        found = self._queries.listed(stream.tenant, asked[1]) if asked else None
        return Known(case, (found.holder,) if found else ())


class OwnershipHandlers:
    """The owner's offer of a case to another holder, and what becomes of it."""

    def __init__(self, log: EventLog, queries: Queries, owners: Owners) -> None:
        self._log = log
        self._queries = queries
        self._owners = owners

    def case_of(self, which: HandOverId, call: Call) -> EscalationId:
        """The case that a hand-over offers; HandOverNotFound, RequestIdReused."""
        asked = self._queries.asked(call.actor.tenant, which)
        if asked is None:
            self._log.refuse_reuse(call)
            raise HandOverNotFound(which)
        return asked[0]

    def decide(
        self,
        command: handing_over.Command,
        call: Call,
        respond: Callable[[Recorded[Ownership]], R],
    ) -> R:
        """Offers, takes or returns a case, or answers what stands.

        Raises:
            What `handing_over.decide` raises.
        """
        stream = case_stream(call.actor.tenant, command.escalation)
        return _until_up_to_date(
            lambda: self._log.decide(
                stream,
                OWNERSHIP,
                command,
                call,
                respond=respond,
                knowing=partial(self._known, stream),
                refresh=partial(self._hear_of, stream),
                rows=_check_place,
            )
        )

    def _hear_of(self, stream: StreamId) -> None:
        """Before a no: the case may need less by now, or go on again."""
        self._owners.ask_intake(stream)
        self._owners.ask_followup(stream)

    def _known(self, stream: StreamId) -> Known:
        case = self._queries.case(stream.tenant, EscalationId(stream.subject))
        return Known(case, self._queries.holders(stream.tenant))


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
        return _until_up_to_date(
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
        case = self._queries.case(stream.tenant, escalation)
        known = Authority(known=case is not None, over=case is not None and case.over)
        owner = self._queries.owner(stream.tenant, escalation)
        if owner is None:
            return known
        return replace(
            known, known=True, decision_maker=owner.holder.decision_maker, grants=owner.grants
        )


class ForgettingHandlers:
    """Routing's part in forgetting: it holds nobody's words, and lets no case go that is open."""

    def __init__(self, queries: Queries, owners: Owners, clock: Clock) -> None:
        self._queries = queries
        self._owners = owners
        self._clock = clock

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        """A case that somebody is asked for, or owns, and that is not over."""
        self._owners.ask_resolution(case)
        self._owners.ask_followup(case)
        escalation = EscalationId(case.subject)
        found = self._queries.case(case.tenant, escalation)
        if found is None or found.over:
            return None
        return OpenClaim(escalation, self._clock.now() + ASK_AGAIN)

    def record_until(self, _cases: Sequence[StreamId]) -> datetime | None:
        """What identifies a payment is intake's."""
        return None

    def tell(self, case: StreamId, record_until: datetime | None, call: Call) -> None:
        """Routing has nothing to say about it."""


class _Look:
    """Asks what must be known to route, and remembers it for the answer."""

    def __init__(self, ask: Callable[[], Known]) -> None:
        self._ask = ask
        self.known = Known(None)

    def __call__(self) -> Known:
        self.known = self._ask()
        return self.known


def _until_up_to_date(decide: Callable[[], R]) -> R:
    """Decides again while what was known changes under it; Overtaken after a few tries."""
    for _ in range(_TRIES):
        with suppress(Outdated):
            return decide()
    raise Overtaken


def _check_room(look: _Look, conn: Connection, recorded: Recorded[Assignments]) -> None:
    """Outdated where the last place of whoever was asked is gone, or nobody was found too soon."""
    tenant = recorded.stream.tenant
    for event in recorded.events:
        match event:
            case DecisionMakerAssigned(decision_maker=asked):
                _lock_place(conn, tenant, asked)
            case NoDecisionMakerFound():
                if directory_changed(conn, tenant, look.known.holders):
                    raise Outdated


def _check_place(conn: Connection, recorded: Recorded[Ownership]) -> None:
    """Outdated where the last place of whoever is offered the case is gone."""
    for event in recorded.events:
        if isinstance(event, HandOverOffered):
            _lock_place(conn, recorded.stream.tenant, event.to_decision_maker)


def _lock_place(conn: Connection, tenant: Tenant, asked: DecisionMakerId) -> None:
    """Keeps others from the holder's places; Outdated where they have one case too many now.

    Two statements: the count must see what was committed while the lock was waited for.
    """
    who = {"tenant": tenant, "decision_maker": asked}
    capacity = conn.execute(_LOCK_HOLDER, who).scalar_one()
    if conn.execute(_LOAD, who).scalar_one() > capacity:
        raise Outdated


def _check_grants(conn: Connection, recorded: Recorded[Reservations]) -> None:
    """Locks the grants that cover it; Outdated where one was replaced or taken back."""
    for event in recorded.events:
        if isinstance(event, AuthorityReserved):
            used = sorted({use.grant for use in event.uses})
            values = {"tenant": recorded.stream.tenant, "grants": used}
            if conn.execute(_LOCK_GRANTS, values).scalars().all() != used:
                raise Outdated


def _caused_by(call: Call, rpc: str, target: str) -> Call:
    """The call that a call causes: the same for each repeat of it."""
    request_id = derived_request_id(call.request_id, rpc, target)
    return replace(
        call, rpc=rpc, request_id=request_id, request_digest=b"", causation_id=call.request_id
    )
