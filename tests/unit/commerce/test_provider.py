from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.commerce.provider import Fate, course

LONDON = ZoneInfo("Europe/London")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "credited"),
    [
        ("2026-11-16T09:00", "2026-11-19T11:00"),  # Monday, Thursday
        ("2026-11-19T16:30", "2026-11-24T11:00"),  # Thursday, Tuesday
        ("2026-11-21T15:10", "2026-11-25T11:00"),  # Saturday, Wednesday
        ("2026-11-22T23:59", "2026-11-25T11:00"),  # Sunday, Wednesday
    ],
)
def test_a_bank_takes_three_weekdays_and_credits_before_it_promised(
    sent: str, credited: str
) -> None:
    found = course(Fate.LATER, london(sent))
    assert found.credited_at == london(credited)
    assert found.expected_by == london(credited[:10] + "T18:00")
    assert found.failed_at is None


def test_hours_stay_when_the_clocks_go_back() -> None:
    found = course(Fate.LATER, london("2026-10-23T12:00"))
    assert (
        found.credited_at == london("2026-10-28T11:00") == datetime(2026, 10, 28, 11, 0, tzinfo=UTC)
    )


def test_what_happens_at_once_happens_in_the_same_moment() -> None:
    now = london("2026-11-21T15:10")
    assert course(Fate.AT_ONCE, now).credited_at == now
    assert course(Fate.FAILS_AT_ONCE, now).failed_at == now


def test_a_silent_provider_expects_the_credit_and_never_says_more() -> None:
    found = course(Fate.SILENT, london("2026-11-21T15:10"))
    assert (found.credited_at, found.failed_at) == (None, None)
    assert found.expected_by == london("2026-11-25T18:00")


def test_what_fails_later_fails_before_it_was_expected() -> None:
    found = course(Fate.FAILS_LATER, london("2026-11-21T15:10"))
    assert found.credited_at is None
    assert found.failed_at == london("2026-11-24T11:00")


def test_what_comes_back_does_so_after_the_question_three_weeks_later() -> None:
    found = course(Fate.COMES_BACK, london("2026-11-21T15:10"))
    assert found.credited_at is not None
    assert found.failed_at is not None
    assert found.failed_at > found.credited_at + timedelta(days=28)
