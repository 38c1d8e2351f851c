"""Reservations: authority set aside for an offer before the customer hears it.

A limit counts per case: what is reserved or settled there is used up. A reservation that an offer
names ends only by what resolution says about that offer and its remedies. Who may reserve is
decided in `reserving`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from amends.values.identity import DecisionMakerId, EscalationId, GrantId, RemedyId, ReservationId
from amends.values.money import Money
from amends.values.remedy import Action
from services.routing.domain.ownership import Owner, owner_after

NO_REMEDY = RemedyId("")
NO_GRANT = GrantId("")
_NAMED_WITHIN = timedelta(seconds=60)
"""Resolution commits an offer within 30 s of its reservation, or never."""


@dataclass(frozen=True, slots=True)
class AuthorityUse:
    """One use of one grant, for one remedy of the offer; `grant` is routing's to fill in."""

    remedy: RemedyId
    action: Action
    amount: Money
    grant: GrantId = NO_GRANT


@dataclass(frozen=True, slots=True)
class SettleAuthority:
    """A remedy was carried out."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId


@dataclass(frozen=True, slots=True)
class ReleaseAuthority:
    """The offer ended without it (NO_REMEDY), or a remedy failed or was taken back."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId = NO_REMEDY


@dataclass(frozen=True, slots=True)
class AuthorityReserved:
    """Authority is set aside for an offer."""

    escalation: EscalationId
    reservation: ReservationId
    decision_maker: DecisionMakerId
    uses: tuple[AuthorityUse, ...]
    reserved_at: datetime


@dataclass(frozen=True, slots=True)
class AuthoritySettled:
    """A remedy's part of the reservation is used up, unless its money comes back."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId


@dataclass(frozen=True, slots=True)
class AuthorityReleased:
    """What was set aside is free again: for one remedy, settled or not, or all that was not."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId = NO_REMEDY


Command = SettleAuthority | ReleaseAuthority
EVENTS: tuple[type, ...] = (AuthorityReserved, AuthoritySettled, AuthorityReleased)
Event = AuthorityReserved | AuthoritySettled | AuthorityReleased


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is set aside, by remedy; settled parts stay, released ones are gone."""

    decision_maker: DecisionMakerId
    uses: tuple[AuthorityUse, ...]
    reserved_at: datetime
    settled: frozenset[RemedyId] = frozenset()

    @property
    def unsettled(self) -> frozenset[RemedyId]:
        """The remedies that may still be settled or released."""
        return frozenset(use.remedy for use in self.uses) - self.settled


@dataclass(frozen=True, slots=True)
class Reservations:
    """Everything that is set aside in one case, whoever owned it then, and who owns it now."""

    owner: Owner | None = None
    by_id: Mapping[ReservationId, Reservation] = field(default_factory=dict)

    def uses_of(self, holder: DecisionMakerId) -> tuple[AuthorityUse, ...]:
        """What a holder has set aside or used up in this case."""
        return tuple(
            use
            for reservation in self.by_id.values()
            if reservation.decision_maker == holder
            for use in reservation.uses
        )

    def old(self, at: datetime) -> frozenset[ReservationId]:
        """What still sets something aside, for so long that an offer names it by now or never."""
        return frozenset(
            which
            for which, one in self.by_id.items()
            if one.unsettled and at - one.reserved_at >= _NAMED_WITHIN
        )


def decide(state: Reservations, command: Command, _known: object = None) -> Sequence[Event]:
    """Events that the command causes; ending twice is no new event."""
    match command:
        case SettleAuthority():
            settled = AuthoritySettled(command.escalation, command.reservation, command.remedy)
            return (settled,) if _unsettled(state, command) else ()
        case ReleaseAuthority():
            freed = AuthorityReleased(command.escalation, command.reservation, command.remedy)
            return (freed,) if _held(state, command) else ()
        case _:
            assert_never(command)


def evolve(state: Reservations, event: object) -> Reservations:
    """Never refuses; of other ideas' events only the owner matters."""
    match event:
        case AuthorityReserved():
            set_aside = Reservation(event.decision_maker, event.uses, event.reserved_at)
            return _with(state, event.reservation, set_aside)
        case AuthoritySettled():
            return _settled(state, event)
        case AuthorityReleased():
            return _released(state, event)
        case _:
            return replace(state, owner=owner_after(state.owner, event))


def _unsettled(state: Reservations, command: SettleAuthority) -> bool:
    reservation = state.by_id.get(command.reservation)
    return reservation is not None and command.remedy in reservation.unsettled


def _held(state: Reservations, command: ReleaseAuthority) -> bool:
    """True where something would be free again; money that came back frees what was settled."""
    reservation = state.by_id.get(command.reservation)
    if reservation is None:
        return False
    if command.remedy == NO_REMEDY:
        return bool(reservation.unsettled)
    return any(use.remedy == command.remedy for use in reservation.uses)


def _with(state: Reservations, which: ReservationId, one: Reservation) -> Reservations:
    return Reservations(state.owner, {**state.by_id, which: one})


def _settled(state: Reservations, event: AuthoritySettled) -> Reservations:
    before = state.by_id[event.reservation]
    settled = before.settled | {event.remedy}
    return _with(state, event.reservation, replace(before, settled=settled))


def _released(state: Reservations, event: AuthorityReleased) -> Reservations:
    before = state.by_id[event.reservation]
    free = before.unsettled if event.remedy == NO_REMEDY else frozenset({event.remedy})
    left = tuple(use for use in before.uses if use.remedy not in free)
    after = replace(before, uses=left, settled=before.settled - free)
    return _with(state, event.reservation, after)
