"""Reserving: authority is set aside for an offer, by its owner or by another for a draft (S35).

The owner reserves for an offer of their own. For a draft, another holder does, with an entry of
their own in the directory: never its maker, and never with less authority than it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import DecisionMakerId, EscalationId, ReservationId, Subject
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import EscalationClosed, EscalationNotFound, NotTheOwner, Refusal
from services.routing.domain.assignment import NOBODY
from services.routing.domain.grants import Grant
from services.routing.domain.reservations import AuthorityReserved, AuthorityUse, Reservations


@dataclass(frozen=True, slots=True)
class ReserveAuthority:
    """Sets authority aside for an offer of the case's owner, or for the draft of `drafted_by`."""

    escalation: EscalationId
    reservation: ReservationId
    uses: tuple[AuthorityUse, ...]
    by: Subject
    at: datetime
    drafted_by: Subject = NOBODY


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the directory, and what it grants now."""

    decision_maker: DecisionMakerId
    public_name: str
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """What may be reserved with; `known` is False for an unknown case.

    `over` is True once the case is resolved or closed and until it is reopened. `entries` are the
    owner's; for a draft those of whoever stands in for it, the least senior first.
    """

    known: bool
    over: bool = False
    entries: tuple[Entry, ...] = ()

    def entry(self, which: DecisionMakerId) -> Entry | None:
        """The entry of this id."""
        return next((one for one in self.entries if one.decision_maker == which), None)


class AuthorityExceeded(Refusal):
    """The holder's limit for this action does not cover it in this case."""

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
    """The holder holds the action, but in no such currency."""

    reason = "CURRENCY_NOT_GRANTED"

    def __init__(self, use: AuthorityUse) -> None:
        super().__init__(
            f"{use.action.name} is not granted in {use.amount.currency}; offer it in a granted "
            "currency, or let a holder who has this one take the case",
            action=use.action.name,
            currency=use.amount.currency,
            remedy_id=use.remedy,
        )


class SelfApproval(Refusal):
    """A draft is above its maker's authority: somebody else stands in for it."""

    reason = "SELF_APPROVAL"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"whoever made the draft of escalation {escalation} does not approve it; let another "
            "holder whose authority covers it do so",
            escalation_id=escalation,
        )


class NoEntry(Refusal):
    """Without an entry in the directory there is no authority to stand in with."""

    reason = "DECISION_MAKER_NOT_FOUND"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            "you are in no entry of the directory and hold no authority to stand in for the draft "
            f"of escalation {escalation}; let a holder whose authority covers it approve it",
            escalation_id=escalation,
        )


class NotEntered(Refusal):
    """Whoever is in no entry of the directory decides about nothing."""

    reason = "DECISION_MAKER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "you are in no entry of the directory; let somebody who is decide, or have operations "
            "enter you"
        )


def decide(
    state: Reservations, command: ReserveAuthority, authority: Authority
) -> Sequence[AuthorityReserved]:
    """Sets aside what is asked; setting aside twice is no new event.

    Raises:
        EscalationNotFound, EscalationClosed, NotTheOwner, SelfApproval, NoEntry,
        AuthorityExceeded, CurrencyNotGranted, InvalidMoney
    """
    if state.owner is None and not authority.known:
        raise EscalationNotFound(command.escalation)
    entries = _entries(state, command, authority)
    if command.reservation in state.by_id:
        return ()
    if authority.over:
        raise EscalationClosed(command.escalation)
    return (_reserved(state, command, entries),)


def _entries(
    state: Reservations, command: ReserveAuthority, authority: Authority
) -> Sequence[Entry]:
    """With which authority the caller may reserve here."""
    if command.drafted_by == NOBODY:
        return (_owners(state, command, authority),)
    if command.by == command.drafted_by:
        raise SelfApproval(command.escalation)
    if not authority.entries:
        raise NoEntry(command.escalation)
    return authority.entries


def _owners(state: Reservations, command: ReserveAuthority, authority: Authority) -> Entry:
    owner = state.owner
    if owner is None or owner.subject != command.by:
        raise NotTheOwner(command.escalation, owner.public_name if owner else "")
    none_granted = Entry(owner.decision_maker, owner.public_name)
    return authority.entry(owner.decision_maker) or none_granted


def _reserved(
    state: Reservations, command: ReserveAuthority, entries: Sequence[Entry]
) -> AuthorityReserved:
    """With the first entry that covers all of it; where none does, the last one says why not."""
    for one in entries[:-1]:
        try:
            return _with(one, state, command)
        except (AuthorityExceeded, CurrencyNotGranted):
            continue
    return _with(entries[-1], state, command)


def _with(entry: Entry, state: Reservations, command: ReserveAuthority) -> AuthorityReserved:
    before = state.uses_of(entry.decision_maker)
    uses = _granted(before, command.uses, entry.grants)
    return AuthorityReserved(
        command.escalation, command.reservation, entry.decision_maker, uses, command.at
    )


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
