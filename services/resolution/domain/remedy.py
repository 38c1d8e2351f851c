"""Remedies as they are worth and promised: what, how it travels, what was set aside for it."""

from dataclasses import dataclass

from amends.values.authority import Need
from amends.values.identity import RemedyId
from amends.values.money import Money
from amends.values.remedy import ACTION_OF, PolicyException, RefundMethod, RemedyKind, Shipping

_HUNDRED = 100
NO_REMEDY = RemedyId("")
"""Stands where a remedy comes in place of none."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy of an offer; `sku` and `shipping` are a replacement's, `method` a refund's.

    `percent` is a percentage off's share, of which `amount` is the most. `in_place_of` names the
    remedy of an earlier offer that it comes in place of, "" for none.
    """

    remedy: RemedyId
    kind: RemedyKind
    amount: Money
    sku: str = ""
    shipping: Shipping | None = None
    exceptions: tuple[PolicyException, ...] = ()
    percent: int = 0
    method: RefundMethod | None = None
    in_place_of: RemedyId = NO_REMEDY


def needs_of(
    kind: RemedyKind, amount: Money, exceptions: tuple[PolicyException, ...]
) -> tuple[Need, ...]:
    """The authority that a remedy takes: its own action, and one for each rule set aside."""
    return (
        Need(ACTION_OF[kind], amount),
        *(Need(exception.action, exception.cost) for exception in exceptions),
    )


def share(of: Money, percent: int) -> Money:
    """So many per cent, to the nearest minor unit, halves up."""
    return Money(of.currency, (of.minor * percent + _HUNDRED // 2) // _HUNDRED)
