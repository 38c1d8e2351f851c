"""What people type becomes the contract's messages, or is refused before anything is sent."""

from datetime import UTC, datetime, timedelta

import pytest
import typer

from amends.cli import parse
from amends.cli.remedies import Typed, offered, sought
from amends.v1 import commerce_service_pb2, types_pb2

SATURDAY = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
LONDON, AUCKLAND = "Europe/London", "Pacific/Auckland"


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-11-29T10:00", LONDON, datetime(2026, 11, 29, 10, tzinfo=UTC)),
        ("tomorrow 09:00", LONDON, datetime(2026, 11, 29, 9, tzinfo=UTC)),
        ("today 23:45", LONDON, datetime(2026, 11, 28, 23, 45, tzinfo=UTC)),
        ("tomorrow 09:00", AUCKLAND, datetime(2026, 11, 29, 20, tzinfo=UTC)),
    ],
)
def test_a_moment_is_local_and_tomorrow_is_the_business_clock_s(
    text: str, zone: str, moment: datetime
) -> None:
    assert parse.instant(text, zone, SATURDAY) == moment
    local = parse.local_time(text, zone, SATURDAY)
    assert local.time_zone.id == zone
    assert parse.stamp(text, zone, SATURDAY).ToDatetime(tzinfo=UTC) == moment


@pytest.mark.parametrize("text", ["soon", "tomorrow", "tomorrow nine", "2026-11-29T10:00+00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse.instant(text, LONDON, SATURDAY)


def test_a_span_is_days_hours_minutes() -> None:
    assert parse.span("1d2h30m") == timedelta(days=1, hours=2, minutes=30)
    with pytest.raises(typer.BadParameter, match="is not a time span"):
        parse.span("a while")
    with pytest.raises(typer.BadParameter, match="longer than a calendar"):
        parse.span("9999999999d")


@pytest.mark.parametrize("text", ["lots", "NaN GBP", "Infinity GBP", "10", "10 pounds"])
def test_what_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse.money(text)


def test_nobody_can_say_unspecified() -> None:
    with pytest.raises(typer.BadParameter, match="is not one of"):
        parse.member(types_pb2.Cause, "CAUSE_", "unspecified")


def test_a_counter_names_kinds_worth_and_share() -> None:
    asked = sought(["refund", "percentage-off"], "74.50 GBP", 50)
    assert asked is not None
    assert asked.percent == 50
    assert asked.amount.units == 74
    assert list(asked.kinds) == [
        types_pb2.REMEDY_KIND_REFUND,
        types_pb2.REMEDY_KIND_PERCENTAGE_OFF,
    ]
    assert sought([], "", 0) is None


def test_an_offer_is_carried_out_goods_first_then_money_then_credits() -> None:
    remedies = offered(
        Typed(
            coupon="1.00 GBP",
            goodwill="2.00 GBP",
            gift_certificate="3.00 GBP",
            percent=50,
            at_most="4.00 GBP",
            refund="all",
            method="bank-transfer",
            replacement="next-day",
        )
    )
    assert [one.kind for one in remedies] == [
        types_pb2.REMEDY_KIND_REPLACEMENT,
        types_pb2.REMEDY_KIND_REFUND,
        types_pb2.REMEDY_KIND_PERCENTAGE_OFF,
        types_pb2.REMEDY_KIND_GIFT_CERTIFICATE,
        types_pb2.REMEDY_KIND_COUPON,
        types_pb2.REMEDY_KIND_GOODWILL,
    ]
    money = remedies[1]
    assert not money.HasField("amount")
    assert money.method == commerce_service_pb2.REFUND_METHOD_BANK_TRANSFER
    assert (remedies[2].percent, remedies[2].amount.units) == (50, 4)


def test_a_remedy_may_come_in_place_of_an_earlier_one() -> None:
    [only] = offered(Typed(refund="10.00 GBP", in_place_of=["rem_1"]))
    assert only.in_place_of == "rem_1"
    both = offered(Typed(refund="all", coupon="1.00 GBP", in_place_of=["coupon=rem_2"]))
    assert [one.in_place_of for one in both] == ["", "rem_2"]


@pytest.mark.parametrize(
    "typed",
    [
        Typed(),
        Typed(sku="X"),
        Typed(method="bank-transfer"),
        Typed(at_most="1.00 GBP"),
        Typed(refund="all", coupon="1.00 GBP", in_place_of=["rem_1"]),
        Typed(refund="all", in_place_of=["coupon=rem_1"]),
    ],
)
def test_a_detail_without_its_remedy_is_refused(typed: Typed) -> None:
    with pytest.raises(typer.BadParameter):
        offered(typed)
