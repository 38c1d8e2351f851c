"""Suggestions: what could be offered, best first (S26, S38, S40).

Money that failed to arrive comes first, by another way. Then what the customer seeks, where it can
be done; then the cheapest service that still arrives before the need-by. What arrives late is never
hidden among what does not; where nothing arrives in time that is said, and the next rung comes
first. What was sent back before is told, and nothing of it is suggested a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from amends.values.remedy import RemedyKind
from services.resolution.domain.merchant import Refund
from services.resolution.domain.suggesting_credits import credits_of
from services.resolution.domain.suggesting_goods import replacements
from services.resolution.domain.suggesting_money import failed, refunds
from services.resolution.domain.suggestion import Situation, Suggestion

NOT_FEASIBLE = "RESHIP_NOT_FEASIBLE"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All of them, best first; `not_feasible` where no service arrives before the need-by."""

    ranked: tuple[Suggestion, ...]
    not_feasible: bool
    earlier_refunds: tuple[Refund, ...] = ()


def suggest(known: Situation) -> Suggestions:
    """What the owner could offer in this situation."""
    ways = replacements(known)
    in_time = [one for one in ways if one.in_time]
    late = [one for one in ways if not one.in_time]
    back = refunds(known)
    if in_time:
        offered = [*in_time, *credits_of(known, RemedyKind.COUPON), *back]
    else:
        offered = [*back, *credits_of(known, *_NEXT_RUNG)]
    return Suggestions(
        ranked=(*_sought_first(known, offered), *late),
        not_feasible=known.case.need_by is not None and not in_time,
        earlier_refunds=known.order.refunds,
    )


_NEXT_RUNG = (RemedyKind.GIFT_CERTIFICATE, RemedyKind.PERCENTAGE_OFF, RemedyKind.COUPON)


def _sought_first(known: Situation, offered: Sequence[Suggestion]) -> Sequence[Suggestion]:
    """In the order in which the customer named them; money that is owed before all of them."""
    named = list(known.sought.kinds)
    owed = bool(failed(known))

    def place(one: Suggestion) -> int:
        if owed and one.kind is RemedyKind.REFUND:
            return -1
        return named.index(one.kind) if one.kind in named else len(named)

    return sorted(offered, key=place)
