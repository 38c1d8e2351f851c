"""Shipping: which services could carry goods to a customer, for what price, arriving when.

Pure. Cut-offs and collections are the depot's wall clock, delivery windows the customer's: when the
clocks change, the moment moves and the hour that people were told stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from amends.values.money import Money

_DEPOT = "Europe/London"
_ONE_DAY = timedelta(days=1)
_EVERY_DAY = frozenset(range(7))
_NOT_ON_SUNDAYS = frozenset(range(6))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a service asks and promises in one delivery zone; 0 days is the same day."""

    price: Money
    days: int


@dataclass(frozen=True, slots=True)
class Service:
    """One way to carry goods.

    `leaves` is the hour at which the day's parcels are gone, or how soon after the order a courier
    who comes for it alone has picked it up. `runs_on` holds weekdays, Monday 0, for collection and
    delivery alike.
    """

    name: str
    cut_off: time
    leaves: time | timedelta
    arrives_from: time
    arrives_by: time
    runs_on: frozenset[int]
    expedited: bool
    terms: Mapping[str, Terms]


@dataclass(frozen=True, slots=True)
class Quote:
    """One service for an order placed now; all moments are aware UTC."""

    service: str
    price: Money
    cut_off: datetime
    ships_by: datetime
    arrives_from: datetime
    arrives_by: datetime
    expedited: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """When a parcel will really leave and arrive."""

    shipped_at: datetime
    delivered_at: datetime

    def state(self, now: datetime) -> "ReplacementState":
        """Where the parcel is at a moment."""
        if now >= self.delivered_at:
            return ReplacementState.DELIVERED
        if now >= self.shipped_at:
            return ReplacementState.SHIPPED
        return ReplacementState.ORDERED


class ReplacementState(Enum):
    """How a replacement stands; FAILED is for merchants whose parcels can."""

    ORDERED = auto()
    SHIPPED = auto()
    DELIVERED = auto()
    FAILED = auto()
    CANCELLED = auto()


def _pounds(minor: int) -> Money:
    return Money("GBP", minor)


TARIFF: tuple[Service, ...] = (
    Service(
        name="same-day-courier",
        cut_off=time(16),
        leaves=timedelta(minutes=30),
        arrives_from=time(18),
        arrives_by=time(21),
        runs_on=_EVERY_DAY,
        expedited=True,
        terms={"city": Terms(_pounds(1490), days=0)},
    ),
    Service(
        name="next-day",
        cut_off=time(18),
        leaves=time(20),
        arrives_from=time(13),
        arrives_by=time(14),
        runs_on=_EVERY_DAY,
        expedited=True,
        terms={
            "city": Terms(_pounds(590), days=1),
            "national": Terms(_pounds(790), days=1),
            "islands": Terms(_pounds(1290), days=2),
        },
    ),
    Service(
        name="standard",
        cut_off=time(17),
        leaves=time(19),
        arrives_from=time(9),
        arrives_by=time(18),
        runs_on=_NOT_ON_SUNDAYS,
        expedited=False,
        terms={
            "city": Terms(_pounds(0), days=3),
            "national": Terms(_pounds(0), days=3),
            "islands": Terms(_pounds(390), days=5),
            "abroad": Terms(_pounds(990), days=7),
        },
    ),
)


def quotes(now: datetime, delivery_zone: str, customer_zone: str) -> list[Quote]:
    """Every service for an order placed at `now`, cheapest first, then the earlier arrival.

    A same-day courier is offered until its cut-off and again from midnight; what misses another
    service's cut-off goes with that service's next collection. An unknown delivery zone has none.
    """
    offered = (
        _quote(service, service.terms[delivery_zone], now, ZoneInfo(customer_zone))
        for service in TARIFF
        if delivery_zone in service.terms
    )
    return sorted(
        (quote for quote in offered if quote is not None),
        key=lambda quote: (quote.price, quote.arrives_by),
    )


def find(offered: Sequence[Quote], service: str) -> Quote | None:
    """The quote of one service, None where it is not offered."""
    return next((quote for quote in offered if quote.service == service), None)


def plan(ordered_at: datetime, quote: Quote) -> Plan:
    """The reference merchant keeps its word with room to spare: half-way to each promised moment.

    So whoever looks at the promised moment finds it done, whatever a clock's last millisecond.
    """
    return Plan(
        shipped_at=_half_way(ordered_at, quote.ships_by),
        delivered_at=_half_way(quote.arrives_from, quote.arrives_by),
    )


def _quote(service: Service, terms: Terms, now: datetime, customer: ZoneInfo) -> Quote | None:
    depot = ZoneInfo(_DEPOT)
    today = now.astimezone(depot).date()
    leaves_on = _collection_day(service, now, today, depot)
    if terms.days == 0 and leaves_on != today:
        return None
    arrives_on = _running_day(service, leaves_on + terms.days * _ONE_DAY)
    return Quote(
        service=service.name,
        price=terms.price,
        cut_off=_moment(leaves_on, service.cut_off, depot),
        ships_by=_ships_by(service, now, leaves_on, depot),
        arrives_from=_moment(arrives_on, service.arrives_from, customer),
        arrives_by=_moment(arrives_on, service.arrives_by, customer),
        expedited=service.expedited,
    )


def _collection_day(service: Service, now: datetime, today: date, depot: ZoneInfo) -> date:
    missed = now > _moment(today, service.cut_off, depot)
    return _running_day(service, today + _ONE_DAY if missed else today)


def _running_day(service: Service, day: date) -> date:
    while day.weekday() not in service.runs_on:
        day += _ONE_DAY
    return day


def _ships_by(service: Service, now: datetime, day: date, depot: ZoneInfo) -> datetime:
    if isinstance(service.leaves, timedelta):
        return now + service.leaves
    return _moment(day, service.leaves, depot)


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def _half_way(start: datetime, end: datetime) -> datetime:
    return start + (end - start) / 2
