"""Credits that could be offered beside goods and money, from the goodwill budget (S41, S43)."""

from collections.abc import Sequence

from amends.values.money import Money
from amends.values.remedy import CREDITS, Action, RemedyKind
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedy import share
from services.resolution.domain.suggesting_money import on_its_way
from services.resolution.domain.suggestion import Situation, Suggestion

_PERCENT = 100


def credits_of(known: Situation, *kinds: RemedyKind) -> Sequence[Suggestion]:
    """Those of these kinds that come to anything, and those that the customer seeks."""
    sought = [kind for kind in known.sought.kinds if kind in CREDITS]
    found = [_credit(known, kind) for kind in dict.fromkeys((*sought, *kinds))]
    return [one for one in found if one is not None]


def _credit(known: Situation, kind: RemedyKind) -> Suggestion | None:
    """As the customer asks, whoever must authorise it; else within the owner's goodwill."""
    percent = _percent(known, kind)
    sought = kind in known.sought.kinds
    usual = _asked(known, kind) or _usual(known, kind, percent)
    amount = usual if sought else _within(known, usual)
    if amount is None or amount.minor <= 0:
        return None
    return Suggestion(
        kind=kind,
        amount=amount,
        cost=amount,
        in_time=True,
        within_authority=known.covers(kind, amount),
        why=_why(known, kind, amount, percent),
        percent=percent,
    )


def _percent(known: Situation, kind: RemedyKind) -> int:
    if kind is not RemedyKind.PERCENTAGE_OFF:
        return 0
    policy = POLICIES[known.case.policy_version]
    asked = known.sought.percent if kind in known.sought.kinds else 0
    return asked or policy.percentage_off


def _asked(known: Situation, kind: RemedyKind) -> Money | None:
    """The amount that is asked for, where it is that of this credit and of nothing beside it."""
    sought = known.sought
    return sought.amount if sought.kinds == (kind,) and not sought.percent else None


def _usual(known: Situation, kind: RemedyKind, percent: int) -> Money | None:
    """The policy's share of the dearest goods' price, rounded up to whole currency units.

    A percentage off is the share of the whole order.
    """
    if percent:
        return None if known.order.total is None else share(known.order.total, percent)
    if not known.order.goods:
        return None
    policy = POLICIES[known.case.policy_version]
    gift = kind is RemedyKind.GIFT_CERTIFICATE
    part = policy.gift_percent if gift else policy.coupon_percent
    dearest = max((one.line.value for one in known.order.goods), key=lambda price: price.minor)
    units, nanos = Money(dearest.currency, -(-dearest.minor * part // _PERCENT)).to_units()
    return Money.of_units(dearest.currency, units + bool(nanos), 0, field="amount")


def _within(known: Situation, usual: Money | None) -> Money | None:
    """At most the owner's goodwill; None where they hold none in its currency."""
    held = [limit.per_case for limit in known.limits if limit.action is Action.GOODWILL]
    usable = [limit for limit in held if usual is not None and limit.currency == usual.currency]
    return min(usual, max(usable)) if usual is not None and usable else None


def _why(known: Situation, kind: RemedyKind, amount: Money, percent: int) -> str:
    what = {
        RemedyKind.COUPON: f"a coupon of {amount} for the next order",
        RemedyKind.GIFT_CERTIFICATE: f"a gift certificate of {amount}",
        RemedyKind.PERCENTAGE_OFF: f"{percent} % off the next order, at most {amount}",
        RemedyKind.GOODWILL: f"{amount} to spend at the shop for the time and trouble",
    }[kind]
    asked = ", as the customer asks" if kind in known.sought.kinds else ""
    nothing_left = known.till.left is None or known.till.left.minor <= 0
    waits = on_its_way(known) if nothing_left else ""
    return f"{what}{asked}, from the goodwill budget" + (f"; {waits}" if waits else "")
