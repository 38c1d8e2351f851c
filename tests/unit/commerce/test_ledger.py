from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from amends.values.money import Money
from services.commerce.ledger import (
    Entry,
    Payment,
    PaymentMethod,
    RefundPart,
    RefundState,
    balance,
    draw,
    state,
    weigh,
)
from services.commerce.refusals import RefundExceedsPayment

NOW = datetime(2026, 11, 21, 15, 10, tzinfo=UTC)
A_DAY = timedelta(days=1)
SUBMITTED, SUCCEEDED, FAILED = RefundState


def gbp(minor: int) -> Money:
    return Money("GBP", minor)


def payment(number: int, captured: int, refunded: int = 0, pending: int = 0) -> Payment:
    return Payment(f"PAY-{number}", PaymentMethod.CARD, gbp(captured), gbp(refunded), gbp(pending))


def entry(key: str, found: RefundState, at: datetime, minor: int = 1000, number: int = 1) -> Entry:
    return Entry(key, f"PAY-{number}", found, gbp(minor), at)


def test_what_was_sent_is_pending_until_it_is_credited_or_fails() -> None:
    sent = [entry("a", SUBMITTED, NOW), entry("a", SUCCEEDED, NOW + A_DAY)]
    before = weigh(payment(1, 6490), sent, NOW)
    after = weigh(payment(1, 6490), sent, NOW + A_DAY)
    assert (before.refunded, before.pending, before.left) == (gbp(0), gbp(1000), gbp(5490))
    assert (after.refunded, after.pending, after.left) == (gbp(1000), gbp(0), gbp(5490))


def test_what_failed_gives_its_amount_back_also_after_it_was_credited() -> None:
    sent = [
        entry("a", SUBMITTED, NOW),
        entry("a", SUCCEEDED, NOW + A_DAY),
        entry("a", FAILED, NOW + 30 * A_DAY),
    ]
    assert weigh(payment(1, 6490), sent, NOW + 29 * A_DAY).left == gbp(5490)
    assert weigh(payment(1, 6490), sent, NOW + 30 * A_DAY).left == gbp(6490)


def test_money_counts_as_gone_also_for_a_clock_that_is_behind() -> None:
    ahead = [entry("a", SUBMITTED, NOW + timedelta(milliseconds=3))]
    assert state(ahead, NOW) is SUBMITTED
    assert weigh(payment(1, 6490), ahead, NOW).pending == gbp(1000)


def test_an_entry_of_another_payment_says_nothing() -> None:
    assert weigh(payment(2, 6490), [entry("a", SUBMITTED, NOW)], NOW).left == gbp(6490)


def test_what_went_back_before_there_was_a_ledger_stays_refunded() -> None:
    found = weigh(payment(1, 6490, refunded=490), [entry("a", SUBMITTED, NOW)], NOW)
    assert (found.refunded, found.left) == (gbp(490), gbp(5000))


def test_a_refund_draws_on_the_payments_in_their_order() -> None:
    paid = [payment(1, 3000, refunded=1000), payment(2, 500, pending=500), payment(3, 4000)]
    assert draw(paid, gbp(1500)) == (RefundPart("PAY-1", gbp(1500)),)
    assert draw(paid, gbp(6000)) == (
        RefundPart("PAY-1", gbp(2000)),
        RefundPart("PAY-3", gbp(4000)),
    )


def test_more_than_is_left_is_refused_with_every_amount_and_the_next_step() -> None:
    paid = [payment(1, 6490, refunded=1000, pending=2000)]
    with pytest.raises(
        RefundExceedsPayment,
        match=r"of 34\.91 GBP .* 64\.90 GBP captured, 10\.00 GBP refunded, 20\.00 GBP pending, "
        r"34\.90 GBP left; refund at most what is left",
    ) as refusal:
        draw(paid, gbp(3491))
    assert refusal.value.metadata == {
        "amount": "34.91 GBP",
        "captured": "64.90 GBP",
        "refunded": "10.00 GBP",
        "pending": "20.00 GBP",
        "left": "34.90 GBP",
    }


@pytest.mark.parametrize("wanted", range(1, 11))
def test_no_draw_takes_more_from_a_payment_or_from_all_than_is_left(wanted: int) -> None:
    for lefts in product(range(4), repeat=3):
        paid = [payment(n, left + 12, refunded=5, pending=7) for n, left in enumerate(lefts)]
        if wanted > sum(lefts):
            with pytest.raises(RefundExceedsPayment):
                draw(paid, gbp(wanted))
            continue
        parts = {part.payment_id: part.amount.minor for part in draw(paid, gbp(wanted))}
        assert sum(parts.values()) == wanted
        assert all(0 < part <= lefts[int(name[4:])] for name, part in parts.items())


def test_the_balance_of_an_order_is_that_of_its_payments() -> None:
    found = balance([payment(1, 3000, 1000), payment(2, 500, 0, 500)], "GBP")
    assert (found.captured, found.refunded, found.pending) == (gbp(3500), gbp(1000), gbp(500))
    assert found.left == gbp(2000)
