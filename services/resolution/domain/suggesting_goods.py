"""Replacements that could be offered: the cheapest first, each with whether it is there in time."""

from collections.abc import Sequence
from datetime import datetime

from amends.values.money import Money
from amends.values.remedy import RemedyKind
from services.resolution.domain.case import Case
from services.resolution.domain.merchant import Line, Quote
from services.resolution.domain.suggestion import Situation, Suggestion


def replacements(known: Situation) -> Sequence[Suggestion]:
    """Every line by every service that carries it now."""
    ways = [(one.line, quote) for one in known.order.goods for quote in one.quotes]
    return [_replacement(known, line, quote) for line, quote in sorted(ways, key=_cheapest_first)]


def _cheapest_first(way: tuple[Line, Quote]) -> tuple[bool, int, datetime]:
    """What cannot be added up cannot be compared: it comes after what can."""
    line, quote = way
    cost = _cost(line, quote)
    return (cost is None, 0 if cost is None else cost.minor, quote.arrives_by)


def _cost(line: Line, quote: Quote) -> Money | None:
    same = line.value.currency == quote.price.currency
    return line.value + quote.price if same else None


def _replacement(known: Situation, line: Line, quote: Quote) -> Suggestion:
    exceptions = quote.exceptions(authorised_by="")
    return Suggestion(
        kind=RemedyKind.REPLACEMENT,
        amount=line.value,
        cost=_cost(line, quote),
        in_time=known.case.arrives_in_time(quote.arrives_by),
        within_authority=known.covers(RemedyKind.REPLACEMENT, line.value, exceptions),
        why=_why(known.case, quote),
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
