"""Suggestions: what could be offered, best first (S38, S40).

The cheapest service that still arrives before the need-by comes first; what arrives late is never
hidden among what does not, and where nothing arrives in time that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.authority import Limit, uncovered
from amends.values.money import Money
from amends.values.remedy import Action, PolicyException, RemedyKind, Shipping
from services.resolution.domain.case import Case
from services.resolution.domain.merchant import Goods, Line, Quote
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedy import needs_of

NOT_FEASIBLE = "RESHIP_NOT_FEASIBLE"
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that could be offered; `why` is a sentence for the owner.

    `cost` is the merchant's in all; None where goods and shipping have two currencies.
    """

    kind: RemedyKind
    amount: Money
    cost: Money | None
    in_time: bool
    within_authority: bool
    why: str
    sku: str = ""
    shipping: Shipping | None = None
    exceptions: tuple[PolicyException, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All of them, best first; `not_feasible` where no service arrives before the need-by."""

    ranked: tuple[Suggestion, ...]
    not_feasible: bool


def suggest(case: Case, goods: Sequence[Goods], limits: Sequence[Limit]) -> Suggestions:
    """What the owner, who holds `limits`, could offer for these goods."""
    ways = ((one.line, quote) for one in goods for quote in one.quotes)
    replacements = [
        _replacement(case, line, quote, limits) for line, quote in sorted(ways, key=_cheapest_first)
    ]
    in_time = [found for found in replacements if found.in_time]
    late = [found for found in replacements if not found.in_time]
    ranked = (*in_time, *_coupons(case, goods, limits), *late)
    return Suggestions(ranked, not_feasible=case.need_by is not None and not in_time)


def _cheapest_first(way: tuple[Line, Quote]) -> tuple[bool, int, datetime]:
    """What cannot be added up cannot be compared: it comes after what can."""
    line, quote = way
    cost = _cost(line, quote)
    return (cost is None, 0 if cost is None else cost.minor, quote.arrives_by)


def _cost(line: Line, quote: Quote) -> Money | None:
    same = line.value.currency == quote.price.currency
    return line.value + quote.price if same else None


def _replacement(case: Case, line: Line, quote: Quote, limits: Sequence[Limit]) -> Suggestion:
    exceptions = quote.exceptions(authorised_by="")
    needs = needs_of(RemedyKind.REPLACEMENT, line.value, exceptions)
    return Suggestion(
        kind=RemedyKind.REPLACEMENT,
        amount=line.value,
        cost=_cost(line, quote),
        in_time=case.arrives_in_time(quote.arrives_by),
        within_authority=not uncovered(needs, limits),
        why=_why(case, quote),
        sku=line.sku,
        shipping=quote.shipping,
        exceptions=exceptions,
    )


def _why(case: Case, quote: Quote) -> str:
    """Arrival against need-by, in the customer's time where it is known."""
    if case.need_by is None:
        return f"{quote.service} arrives by {quote.arrives_by:%A %H:%M} UTC"
    zone = case.need_by.local().tzinfo
    arrives = f"{quote.service} arrives by {quote.arrives_by.astimezone(zone):%A %H:%M}"
    word = "before" if case.arrives_in_time(quote.arrives_by) else "too late for"
    return f"{arrives}, {word} the need-by of {case.need_by.local():%A %H:%M}"


def _coupons(case: Case, goods: Sequence[Goods], limits: Sequence[Limit]) -> tuple[Suggestion, ...]:
    """A coupon within the owner's goodwill; none where they hold none in the goods' currency."""
    usual = _usual_coupon(case, goods)
    held = [limit.per_case for limit in limits if limit.action is Action.GOODWILL]
    usable = [limit for limit in held if usual is not None and limit.currency == usual.currency]
    if usual is None or not usable or not (amount := min(usual, max(usable))).minor:
        return ()
    return (
        Suggestion(
            kind=RemedyKind.COUPON,
            amount=amount,
            cost=amount,
            in_time=True,
            within_authority=True,
            why=f"a coupon of {amount} for the next order, from the goodwill budget",
        ),
    )


def _usual_coupon(case: Case, goods: Sequence[Goods]) -> Money | None:
    """The policy's share of the dearest goods' price, rounded up to whole currency units."""
    if not goods:
        return None
    dearest = max((one.line.value for one in goods), key=lambda price: price.minor)
    share = -(-dearest.minor * POLICIES[case.policy_version].coupon_percent // _PERCENT)
    units, nanos = Money(dearest.currency, share).to_units()
    return Money.of_units(dearest.currency, units + bool(nanos), 0, field="amount")
