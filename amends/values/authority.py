"""Authority: which actions, up to how much, are needed or held."""

from collections.abc import Iterable
from dataclasses import dataclass

from amends.values.money import Money
from amends.values.remedy import Action


@dataclass(frozen=True, slots=True)
class Need:
    """One action that a remedy needs; `amount` None where the amount is not known yet."""

    action: Action
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to how much of one action a holder may grant in one case, in one currency."""

    action: Action
    per_case: Money

    def covers(self, need: Need) -> bool:
        """True when the need's action is this one and its amount is within the limit."""
        if need.action is not self.action:
            return False
        return need.amount is None or (
            need.amount.currency == self.per_case.currency and need.amount <= self.per_case
        )


def uncovered(needs: Iterable[Need], limits: Iterable[Limit]) -> list[Need]:
    """The needs that no limit covers, in their order."""
    held = list(limits)
    return [need for need in needs if not any(limit.covers(need) for limit in held)]
