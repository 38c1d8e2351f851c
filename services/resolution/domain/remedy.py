"""Remedies as they are worth and promised: what, how it travels, what was set aside for it."""

from dataclasses import dataclass

from amends.values.authority import Need
from amends.values.identity import RemedyId
from amends.values.money import Money
from amends.values.remedy import ACTION_OF, PolicyException, RemedyKind, Shipping


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy of an offer; `sku` and `shipping` are a replacement's."""

    remedy: RemedyId
    kind: RemedyKind
    amount: Money
    sku: str = ""
    shipping: Shipping | None = None
    exceptions: tuple[PolicyException, ...] = ()


def needs_of(
    kind: RemedyKind, amount: Money, exceptions: tuple[PolicyException, ...]
) -> tuple[Need, ...]:
    """The authority that a remedy takes: its own action, and one for each rule set aside."""
    return (
        Need(ACTION_OF[kind], amount),
        *(Need(exception.action, exception.cost) for exception in exceptions),
    )
