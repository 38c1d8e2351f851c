"""The payment provider of the reference merchant: what becomes of money that is sent back.

Pure. It is a property of where the money goes, seeded with each payment, so that each way that a
refund can go has an order in the demo's shop. Banks work on weekdays; money arrives before noon.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum, auto
from types import MappingProxyType
from zoneinfo import ZoneInfo

from services.commerce.ledger import PaymentMethod

_BANK = ZoneInfo("Europe/London")
_ARRIVES = time(11)
_CLOSES = time(18)
_EXPECTED_WITHIN = 3
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class Fate(Enum):
    """What becomes of a refund."""

    AT_ONCE = auto()
    LATER = auto()
    FAILS_AT_ONCE = auto()
    FAILS_LATER = auto()
    SILENT = auto()
    """Neither credited nor failed, whoever asks whenever."""
    COMES_BACK = auto()
    """Credited, and weeks afterwards back from where it went."""


@dataclass(frozen=True, slots=True)
class Course:
    """When a refund is expected, and when it is really credited and fails; None is never."""

    expected_by: datetime
    credited_at: datetime | None
    failed_at: datetime | None


FAILURE: Mapping[PaymentMethod, str] = MappingProxyType(
    {
        PaymentMethod.CARD: "CARD_EXPIRED",
        PaymentMethod.PAYPAL: "ACCOUNT_CLOSED",
        PaymentMethod.BANK_TRANSFER: "BANK_REJECTED",
    }
)
"""Why a refund fails, by the way that it goes."""

# Banking days until it is credited and until it fails; 0 is at once.
_DAYS: Mapping[Fate, tuple[int | None, int | None]] = MappingProxyType(
    {
        Fate.AT_ONCE: (0, None),
        Fate.LATER: (3, None),
        Fate.FAILS_AT_ONCE: (None, 0),
        Fate.FAILS_LATER: (None, 2),
        Fate.SILENT: (None, None),
        Fate.COMES_BACK: (3, 25),  # later than the question three weeks after
    }
)


def course(fate: Fate, sent_at: datetime) -> Course:
    """What becomes of a refund that is sent at a moment (aware); all moments in UTC."""
    credited, failed = _DAYS[fate]
    return Course(
        expected_by=_on_banking_day(sent_at, _EXPECTED_WITHIN, _CLOSES),
        credited_at=None if credited is None else _after(sent_at, credited),
        failed_at=None if failed is None else _after(sent_at, failed),
    )


def _after(sent_at: datetime, days: int) -> datetime:
    return _on_banking_day(sent_at, days, _ARRIVES) if days else sent_at


def _on_banking_day(sent_at: datetime, number: int, hour: time) -> datetime:
    """An hour of the so-manieth weekday after the day of `sent_at`."""
    day = sent_at.astimezone(_BANK).date()
    while number:
        day += _ONE_DAY
        number -= day.weekday() < _SATURDAY
    return datetime.combine(day, hour, tzinfo=_BANK).astimezone(UTC)
