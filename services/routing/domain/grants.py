"""Grants: which actions a holder may authorise, up to how much in one case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from amends.values.authority import Limit
from amends.values.identity import DecisionMakerId, GrantId
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import Refusal
from amends.values.remedy import Action
from services.routing.domain.directory import DecisionMakerNotFound, DecisionMakerUpdated


@dataclass(frozen=True, slots=True)
class GrantAuthority:
    """Grants an action up to a limit per case; `grant` is the id that a new grant gets."""

    decision_maker: DecisionMakerId
    grant: GrantId
    action: Action
    per_case: Money


@dataclass(frozen=True, slots=True)
class RevokeAuthority:
    """Takes a grant back."""

    decision_maker: DecisionMakerId
    grant: GrantId


@dataclass(frozen=True, slots=True)
class Grantor:
    """Who grants: the entries that they are or are a member of, and what those hold.

    Operations without an entry are where a tenant's authority comes from.
    """

    entries: tuple[DecisionMakerId, ...] = ()
    limits: tuple[Limit, ...] = ()

    def holds(self, action: Action) -> Sequence[Money]:
        """Every limit of this action that they may use."""
        return [limit.per_case for limit in self.limits if limit.action is action]


@dataclass(frozen=True, slots=True)
class AuthorityGranted:
    """A holder may do more."""

    decision_maker: DecisionMakerId
    grant: GrantId
    action: Action
    per_case: Money


@dataclass(frozen=True, slots=True)
class AuthorityRevoked:
    """A holder may no longer do it."""

    decision_maker: DecisionMakerId
    grant: GrantId


Command = GrantAuthority | RevokeAuthority
EVENTS: tuple[type, ...] = (AuthorityGranted, AuthorityRevoked)
Event = AuthorityGranted | AuthorityRevoked


@dataclass(frozen=True, slots=True)
class Grant:
    """A limit that stands, by its id."""

    grant: GrantId
    limit: Limit


class MoreThanYouHold(Refusal):
    """Whoever holds authority grants no more than that, to nobody."""

    reason = "AUTHORITY_EXCEEDED"
    field = "per_case"

    def __init__(self, asked: "GrantAuthority", grantor: Grantor) -> None:
        action = asked.action.name
        held = " or ".join(map(str, grantor.holds(asked.action))) or "nothing"
        super().__init__(
            f"per_case: {asked.per_case} of {action} is more than you hold as "
            f"{' and '.join(grantor.entries)} ({held}); grant less, or let operations grant it who "
            "have no entry in the directory",
            action=action,
            asked=str(asked.per_case),
            held=held,
        )


class GrantNotFound(Refusal):
    """No such grant of this holder stands."""

    reason = "GRANT_NOT_FOUND"

    def __init__(self, decision_maker: str, grant: str) -> None:
        super().__init__(
            f"{decision_maker} holds no grant {grant}; GetDecisionMaker shows those that stand",
            decision_maker_id=decision_maker,
            grant_id=grant,
        )


@dataclass(frozen=True, slots=True)
class Grants:
    """What one holder may do; one grant per action and currency."""

    entered: bool = False
    by_id: Mapping[GrantId, AuthorityGranted] = field(default_factory=dict)
    revoked: Mapping[GrantId, AuthorityGranted] = field(default_factory=dict)

    def same(self, action: Action, currency: str) -> AuthorityGranted | None:
        """The grant of this action in this currency, if one stands."""
        for granted in self.by_id.values():
            if granted.action is action and granted.per_case.currency == currency:
                return granted
        return None

    def listed(self, after: str, limit: int) -> Sequence[AuthorityGranted]:
        """Every grant behind an id, also those that were taken back, by id."""
        everything = {**self.by_id, **self.revoked}
        return [everything[grant] for grant in sorted(everything) if grant > after][:limit]


def decide(grants: Grants, command: Command, grantor: Grantor) -> Sequence[Event]:
    """Events that the command causes; granting the same again is no new event.

    Raises:
        DecisionMakerNotFound, GrantNotFound, InvalidMoney, MoreThanYouHold
    """
    if not grants.entered:
        raise DecisionMakerNotFound(command.decision_maker)
    match command:
        case GrantAuthority():
            _check_grantor(command, grantor)
            return _grant(grants, command)
        case RevokeAuthority():
            if command.grant not in grants.by_id:
                raise GrantNotFound(command.decision_maker, command.grant)
            return (AuthorityRevoked(command.decision_maker, command.grant),)
        case _:
            assert_never(command)


def evolve(grants: Grants, event: object) -> Grants:
    """Never refuses; other ideas' events change nothing but that the holder is entered."""
    match event:
        case DecisionMakerUpdated():
            return replace(grants, entered=True)
        case AuthorityGranted():
            return replace(grants, by_id={**grants.by_id, event.grant: event})
        case AuthorityRevoked():
            left = {grant: one for grant, one in grants.by_id.items() if grant != event.grant}
            gone = {**grants.revoked, event.grant: grants.by_id[event.grant]}
            return replace(grants, by_id=left, revoked=gone)
        case _:
            return grants


def _check_grantor(command: GrantAuthority, grantor: Grantor) -> None:
    """Never more than the grantor holds; only who has no entry grants without holding."""
    asked = command.per_case
    same = [held for held in grantor.holds(command.action) if held.currency == asked.currency]
    if grantor.entries and not any(asked <= held for held in same):
        raise MoreThanYouHold(command, grantor)


def _grant(grants: Grants, command: GrantAuthority) -> Sequence[Event]:
    """A grant of the same action and currency is taken back first: never two that would add up."""
    if command.per_case.minor <= 0:
        raise InvalidMoney("per_case must be above zero", field="per_case")
    granted = AuthorityGranted(
        command.decision_maker, command.grant, command.action, command.per_case
    )
    before = grants.same(command.action, command.per_case.currency)
    if before is None:
        return (granted,)
    if before.per_case == command.per_case:
        return ()
    return (AuthorityRevoked(command.decision_maker, before.grant), granted)
