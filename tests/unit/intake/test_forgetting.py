"""When a customer may be forgotten, and what the law has kept."""

from datetime import UTC, datetime, timedelta

import pytest

from amends.values.forgetting import ASK_AGAIN, CustomerIsForgotten
from amends.values.identity import EscalationId
from services.intake.domain import forgetting
from services.intake.domain.case import Case, Standing, require_open
from services.intake.domain.facts import Fact
from services.intake.domain.forgetting import CustomerForgotten, NoteForgotten
from services.intake.domain.policy import POLICIES
from services.intake.domain.progress import Followed, Heard, MadeRight, Progress

CASE = EscalationId("esc_1")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def said(name: str, at: datetime) -> Fact:
    return Fact(
        source="resolution", version=1, name=name, at=at, actor="", role="service", fields={}
    )


@pytest.mark.parametrize("paid", ["CreditIssued", "RefundSucceeded"])
def test_a_payment_is_kept_for_six_years_from_the_end_of_its_year(paid: str) -> None:
    facts = [said(paid, datetime(2026, 12, 31, 23, 59, tzinfo=UTC)), said("OfferMade", NOON)]
    until = forgetting.record_until(facts, POLICIES[1])
    assert until == datetime(2033, 1, 1, tzinfo=UTC)


def test_of_several_payments_the_last_counts() -> None:
    facts = [said("CreditIssued", NOON + timedelta(days=60)), said("CreditIssued", NOON)]
    assert forgetting.record_until(facts, POLICIES[1]) == datetime(2034, 1, 1, tzinfo=UTC)


def test_where_nothing_was_paid_nothing_is_kept() -> None:
    facts = [said("ReplacementDelivered", NOON), said("RemedyCompleted", NOON)]
    assert forgetting.record_until(facts, POLICIES[1]) is None


def test_an_open_case_holds_until_its_next_deadline() -> None:
    due = NOON + timedelta(minutes=15)
    claim = forgetting.open_claim(CASE, Progress(heard=Heard(assign_by=due)), NOON)
    assert claim is not None
    assert (claim.escalation, claim.until) == (CASE, due)


@pytest.mark.parametrize("due", [None, NOON - timedelta(minutes=1)])
def test_where_no_deadline_is_ahead_it_is_looked_at_a_day_later(due: datetime | None) -> None:
    claim = forgetting.open_claim(CASE, Progress(heard=Heard(assign_by=due)), NOON)
    assert claim is not None
    assert claim.until == NOON + ASK_AGAIN


@pytest.mark.parametrize(
    "over",
    [
        Progress(made_right=MadeRight(resolved_at=NOON)),
        Progress(followed=Followed(closed_at=NOON)),
    ],
)
def test_a_case_that_is_made_right_or_closed_holds_nothing(over: Progress) -> None:
    assert forgetting.open_claim(CASE, over, NOON) is None


def test_a_reopened_case_is_open_again() -> None:
    reopened = Progress(
        made_right=MadeRight(resolved_at=NOON),
        followed=Followed(reopened_at=NOON + timedelta(days=21)),
    )
    assert forgetting.open_claim(CASE, reopened, NOON) is not None


def test_it_is_noted_once_and_nothing_more_is_said_then() -> None:
    note = NoteForgotten(escalation=CASE, record_until=None, at=NOON)
    [event] = forgetting.decide(Case(opened=True), note, None)
    assert event == CustomerForgotten(escalation=CASE, forgotten_at=NOON, record_until=None)
    forgotten = forgetting.evolve(Case(opened=True), event)
    assert forgetting.decide(forgotten, note, None) == []
    with pytest.raises(CustomerIsForgotten, match="a new customer reference"):
        require_open(forgotten, Standing(closed=True), CASE)
