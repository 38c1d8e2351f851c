from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.commerce.shipping import Quote, ReplacementState, find, plan, quotes

LONDON = ZoneInfo("Europe/London")
A_SECOND = timedelta(seconds=1)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def offered(now: str, delivery_zone: str = "city") -> dict[str, Quote]:
    return {quote.service: quote for quote in quotes(london(now), delivery_zone, "Europe/London")}


def test_saturday_afternoon_offers_what_the_football_shoes_need() -> None:
    found = quotes(london("2026-11-21T15:10"), "city", "Europe/London")
    assert [(quote.service, str(quote.price)) for quote in found] == [
        ("standard", "0.00 GBP"),
        ("next-day", "5.90 GBP"),
        ("same-day-courier", "14.90 GBP"),
    ]
    courier = found[2]
    assert courier.cut_off == london("2026-11-21T16:00")
    assert courier.ships_by == london("2026-11-21T15:40")
    assert courier.arrives_from == london("2026-11-21T18:00")
    assert courier.arrives_by == london("2026-11-21T21:00")
    assert courier.expedited


def test_next_day_comes_on_sunday_and_standard_three_days_later() -> None:
    found = offered("2026-11-21T15:10")
    assert found["next-day"].arrives_by == london("2026-11-22T14:00")
    assert found["next-day"].expedited
    assert found["standard"].arrives_by == london("2026-11-24T18:00")
    assert not found["standard"].expedited


@pytest.mark.parametrize(
    ("service", "cut_off", "before", "after"),
    [
        ("next-day", "2026-11-18T18:00", "2026-11-19T14:00", "2026-11-20T14:00"),
        ("standard", "2026-11-18T17:00", "2026-11-21T18:00", "2026-11-23T18:00"),
    ],
)
def test_what_misses_the_cut_off_goes_with_the_next_collection(
    service: str, cut_off: str, before: str, after: str
) -> None:
    moment = london(cut_off)
    at = find(quotes(moment, "city", "Europe/London"), service)
    late = find(quotes(moment + A_SECOND, "city", "Europe/London"), service)
    assert at is not None
    assert late is not None
    assert (at.cut_off, at.arrives_by) == (moment, london(before))
    assert late.cut_off == moment + timedelta(days=1)
    assert late.arrives_by == london(after)


def test_the_same_day_courier_is_offered_until_its_cut_off_and_again_from_midnight() -> None:
    assert "same-day-courier" in offered("2026-11-21T16:00:00")
    assert "same-day-courier" not in offered("2026-11-21T16:00:01")
    assert "same-day-courier" not in offered("2026-11-21T23:59:59")
    assert "same-day-courier" in offered("2026-11-22T00:00:00")


def test_every_quote_ships_after_now_and_arrives_after_it_ships() -> None:
    start = london("2026-03-27T00:00")
    for hours in range(24 * 5):
        now = start + timedelta(hours=hours, minutes=7)
        for zone in ("city", "national", "islands", "abroad"):
            for quote in quotes(now, zone, "Europe/London"):
                assert now <= quote.cut_off
                assert now < quote.ships_by < quote.arrives_from < quote.arrives_by


def test_standard_parcels_rest_on_sundays() -> None:
    on_saturday_evening = offered("2026-11-21T17:30")["standard"]
    assert on_saturday_evening.cut_off == london("2026-11-23T17:00")
    on_thursday = offered("2026-11-19T12:00")["standard"]
    assert on_thursday.arrives_by == london("2026-11-23T18:00")


@pytest.mark.parametrize(
    ("delivery_zone", "services"),
    [
        ("city", {"same-day-courier", "next-day", "standard"}),
        ("national", {"next-day", "standard"}),
        ("islands", {"next-day", "standard"}),
        ("abroad", {"standard"}),
        ("the moon", set()),
    ],
)
def test_the_delivery_zone_says_which_services_go_there(
    delivery_zone: str, services: set[str]
) -> None:
    assert offered("2026-11-21T15:10", delivery_zone).keys() == services


def test_hours_stay_when_the_clocks_go_forward() -> None:
    """Sunday 29 March 2026 has 23 hours in London."""
    before = offered("2026-03-28T15:10")
    assert before["next-day"].arrives_by == datetime(2026, 3, 29, 13, tzinfo=UTC)
    assert before["standard"].arrives_by == datetime(2026, 3, 31, 17, tzinfo=UTC)
    on_the_day = offered("2026-03-29T15:59")
    assert on_the_day["same-day-courier"].cut_off == datetime(2026, 3, 29, 15, tzinfo=UTC)
    assert on_the_day["same-day-courier"].arrives_by == datetime(2026, 3, 29, 20, tzinfo=UTC)


def test_hours_stay_when_the_clocks_go_back() -> None:
    """Sunday 25 October 2026 has 25 hours in London."""
    before = offered("2026-10-24T15:10")
    assert before["next-day"].arrives_by == datetime(2026, 10, 25, 14, tzinfo=UTC)
    assert before["standard"].arrives_by == datetime(2026, 10, 27, 18, tzinfo=UTC)
    on_the_day = offered("2026-10-25T15:59")
    assert on_the_day["same-day-courier"].cut_off == datetime(2026, 10, 25, 16, tzinfo=UTC)
    assert on_the_day["same-day-courier"].arrives_by == datetime(2026, 10, 25, 21, tzinfo=UTC)


def test_windows_are_the_customers_hours_and_cut_offs_the_depots() -> None:
    found = quotes(london("2026-11-18T15:10"), "abroad", "Europe/Athens")
    assert found[0].cut_off == london("2026-11-18T17:00")
    assert found[0].arrives_by == datetime(2026, 11, 25, 16, tzinfo=UTC)


def test_the_merchant_ships_and_delivers_before_the_promised_moments() -> None:
    ordered_at = london("2026-11-21T15:21")
    courier = find(quotes(ordered_at, "city", "Europe/London"), "same-day-courier")
    assert courier is not None
    carried = plan(ordered_at, courier)
    assert carried.state(ordered_at) is ReplacementState.ORDERED
    assert carried.state(courier.ships_by) is ReplacementState.SHIPPED
    assert carried.state(courier.arrives_from) is ReplacementState.SHIPPED
    assert carried.state(courier.arrives_by) is ReplacementState.DELIVERED
    assert courier.arrives_from < carried.delivered_at < courier.arrives_by
