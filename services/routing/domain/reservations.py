"""Reservations: authority set aside for an offer before the customer hears it.

A limit counts per case: what is reserved or settled there is used up. A reservation that an offer
names ends only by what resolution says about that offer and its remedies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from amends.values.identity import (
    DecisionMakerId,
    EscalationId,
    GrantId,
    RemedyId,
    ReservationId,
    Subject,
)
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import EscalationClosed, EscalationNotFound, NotTheOwner, Refusal
from amends.values.remedy import Action
from services.routing.domain.directory import NOBODY
from services.routing.domain.grants import Grant
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
class ReserveAuthority:
    """Sets authority aside for an offer of the case's owner."""

    escalation: EscalationId
    reservation: ReservationId
    uses: tuple[AuthorityUse, ...]
    by: Subject
    at: datetime


@dataclass(frozen=True, slots=True)
class SettleAuthority:
    """A remedy was carried out."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId


@dataclass(frozen=True, slots=True)
class ReleaseAuthority:
    """The offer ended without it (NO_REMEDY), or one of its remedies failed."""

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
    """A remedy's part of the reservation is used up for good."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId


@dataclass(frozen=True, slots=True)
class AuthorityReleased:
    """What was set aside is free again: for one remedy, or all that was not settled."""

    escalation: EscalationId
    reservation: ReservationId
    remedy: RemedyId = NO_REMEDY


Command = ReserveAuthority | SettleAuthority | ReleaseAuthority
EVENTS: tuple[type, ...] = (AuthorityReserved, AuthoritySettled, AuthorityReleased)
Event = AuthorityReserved | AuthoritySettled | AuthorityReleased


class AuthorityExceeded(Refusal):
    """The owner's limit for this action does not cover it in this case."""

    reason = "AUTHORITY_EXCEEDED"

    def __init__(self, use: AuthorityUse, left: Money | None) -> None:
        action = use.action.name
        has = f"{left} is left" if left is not None else "it is not granted"
        super().__init__(
            f"{use.amount} of {action} is asked and {has} in this case; offer less, or let a "
            "holder with more authority take the case",
            action=action,
            asked=str(use.amount),
            left=str(left or ""),
            remedy_id=use.remedy,
        )


class CurrencyNotGranted(Refusal):
    """The owner holds the action, but in no such currency."""

    reason = "CURRENCY_NOT_GRANTED"

    def __init__(self, use: AuthorityUse) -> None:
        super().__init__(
            f"{use.action.name} is not granted in {use.amount.currency}; offer it in a granted "
            "currency, or let a holder who has this one take the case",
            action=use.action.name,
            currency=use.amount.currency,
            remedy_id=use.remedy,
        )


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


@dataclass(frozen=True, slots=True)
class Authority:
    """What the owner's directory entry grants now; `known` is False for an unknown case.

    `over` is True once the case is resolved or closed and until it is reopened.
    """

    known: bool
    over: bool = False
    decision_maker: DecisionMakerId = NOBODY
    grants: tuple[Grant, ...] = ()


def decide(state: Reservations, command: Command, authority: Authority) -> Sequence[Event]:
    """Events that the command causes; setting aside or ending twice is no new event.

    Raises:
        EscalationNotFound, EscalationClosed, NotTheOwner, AuthorityExceeded, CurrencyNotGranted,
        InvalidMoney
    """
    match command:
        case ReserveAuthority():
            return _reserve(state, command, authority)
        case SettleAuthority():
            settled = AuthoritySettled(command.escalation, command.reservation, command.remedy)
            return (settled,) if _open(state, command) else ()
        case ReleaseAuthority():
            freed = AuthorityReleased(command.escalation, command.reservation, command.remedy)
            return (freed,) if _open(state, command) else ()
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


def _reserve(
    state: Reservations, command: ReserveAuthority, authority: Authority
) -> Sequence[Event]:
    owner = state.owner
    if owner is None and not authority.known:
        raise EscalationNotFound(command.escalation)
    if owner is None or owner.subject != command.by:
        raise NotTheOwner(command.escalation, owner.public_name if owner else "")
    if command.reservation in state.by_id:
        return ()
    if authority.over:
        raise EscalationClosed(command.escalation)
    held = authority.grants if authority.decision_maker == owner.decision_maker else ()
    reserved = AuthorityReserved(
        command.escalation,
        command.reservation,
        owner.decision_maker,
        _granted(state.uses_of(owner.decision_maker), command.uses, held),
        command.at,
    )
    return (reserved,)


def _granted(
    before: Sequence[AuthorityUse], uses: Sequence[AuthorityUse], held: Sequence[Grant]
) -> tuple[AuthorityUse, ...]:
    """Each use with the grant that covers it; what was used before it counts."""
    covered: list[AuthorityUse] = []
    for n, use in enumerate(uses):
        if use.amount.minor < 0:
            place = f"uses[{n}].amount"
            raise InvalidMoney(f"{place} must not be negative", field=place)
        grant = _grant_for(use, held)
        left = grant.limit.per_case - _sum_of_same((*before, *covered), use)
        if use.amount > left:
            raise AuthorityExceeded(use, left)
        covered.append(AuthorityUse(use.remedy, use.action, use.amount, grant.grant))
    return tuple(covered)


def _sum_of_same(uses: Sequence[AuthorityUse], like: AuthorityUse) -> Money:
    currency = like.amount.currency
    same = [use for use in uses if (use.action, use.amount.currency) == (like.action, currency)]
    return Money(currency, sum(use.amount.minor for use in same))


def _grant_for(use: AuthorityUse, held: Sequence[Grant]) -> Grant:
    same = [grant for grant in held if grant.limit.action is use.action]
    for grant in same:
        if grant.limit.per_case.currency == use.amount.currency:
            return grant
    if same:
        raise CurrencyNotGranted(use)
    raise AuthorityExceeded(use, None)


def _open(state: Reservations, command: SettleAuthority | ReleaseAuthority) -> bool:
    """True where there is something left that the command would end."""
    reservation = state.by_id.get(command.reservation)
    if reservation is None:
        return False
    left = reservation.unsettled
    return bool(left) if command.remedy == NO_REMEDY else command.remedy in left


def _with(state: Reservations, which: ReservationId, one: Reservation) -> Reservations:
    return Reservations(state.owner, {**state.by_id, which: one})


def _settled(state: Reservations, event: AuthoritySettled) -> Reservations:
    before = state.by_id[event.reservation]
    settled = before.settled | {event.remedy}
    return _with(state, event.reservation, replace(before, settled=settled))


def _released(state: Reservations, event: AuthorityReleased) -> Reservations:
    before = state.by_id[event.reservation]
    free = before.unsettled if event.remedy == NO_REMEDY else {event.remedy}
    left = tuple(use for use in before.uses if use.remedy not in free)
    return _with(state, event.reservation, replace(before, uses=left))
