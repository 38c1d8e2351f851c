from dataclasses import replace
from datetime import timedelta

import pytest

from amends.values.money import Money
from amends.values.remedy import RemedyKind
from services.resolution.domain import carrying_out, checking
from services.resolution.domain.carrying_out import (
    Confirmation,
    OfferNotAccepted,
    ProblemNotConfirmed,
    RecordCredit,
    RecordFailure,
    RecordNothing,
    RecordOrder,
    StartRemedy,
)
from services.resolution.domain.checking import RecordCheck
from services.resolution.domain.merchant import Credit, Replacement, ReplacementState, Return
from services.resolution.domain.policy import POLICIES
from services.resolution.domain.remedies import (
    CreditIssued,
    Remedies,
    RemedyCompleted,
    RemedyFailed,
    RemedyNotFound,
    RemedyState,
    evolve,
)
from services.resolution.domain.replacements import (
    ReplacementDelayed,
    ReplacementDelivered,
    ReplacementFailed,
    ReplacementOrdered,
    ReplacementShipped,
)
from tests.unit.resolution.builders import (
    ACCEPTED,
    CASE,
    COUPON,
    COUPON_STARTED,
    ESCALATION,
    MADE,
    MINUTE,
    NOW,
    RESERVATION,
    SHOES,
    SHOES_STARTED,
    Given,
    london,
    pounds,
)

AT = NOW + 2 * MINUTE
CONFIRMED = Confirmation(CASE, confirmed=True)
TOOK = Replacement(
    replacement="rep_1",
    service="same-day-courier",
    state=ReplacementState.ORDERED,
    ships_by=london("Sat 15:52"),
    arrives_by=london("Sat 21:00"),
)
RETURN = Return("ret_1", london("Tue 18:00"))
ORDERED = ReplacementOrdered(
    escalation=ESCALATION,
    remedy=SHOES,
    replacement="rep_1",
    service="same-day-courier",
    ships_by=TOOK.ships_by,
    arrives_by=TOOK.arrives_by,
    return_id="ret_1",
    return_by=RETURN.return_by,
    check_by=TOOK.ships_by,
)
LEFT = replace(TOOK, state=ReplacementState.SHIPPED, shipped_at=london("Sat 15:40"))
SHIPPED = ReplacementShipped(
    escalation=ESCALATION,
    remedy=SHOES,
    shipped_at=london("Sat 15:40"),
    arrives_by=TOOK.arrives_by,
    before_return=True,
    check_by=TOOK.arrives_by,
)
THERE = replace(LEFT, state=ReplacementState.DELIVERED, delivered_at=london("Sat 19:30"))


def given(*events: object) -> Given:
    return Given(Remedies(), evolve, events)


UNDER_WAY = (MADE, ACCEPTED, SHOES_STARTED, ORDERED)


def check(seen: Replacement, at: str) -> RecordCheck:
    return RecordCheck(SHOES, seen, london(at))


def test_the_intent_and_the_key_come_before_anybody_outside_is_asked() -> None:
    assert given(MADE, ACCEPTED).when(carrying_out.start, StartRemedy(SHOES, AT), CONFIRMED) == (
        SHOES_STARTED,
    )
    assert SHOES_STARTED.key == SHOES


def test_no_remedy_before_the_customer_confirmed_the_restatement() -> None:
    unconfirmed = Confirmation(CASE, confirmed=False)
    start = StartRemedy(SHOES, AT)
    given(MADE, ACCEPTED).refuses(ProblemNotConfirmed, carrying_out.start, start, unconfirmed)


def test_nothing_is_carried_out_that_was_not_accepted_or_never_offered() -> None:
    start = StartRemedy(SHOES, AT)
    given(MADE).refuses(OfferNotAccepted, carrying_out.start, start, CONFIRMED)
    given().refuses(RemedyNotFound, carrying_out.start, start, CONFIRMED)


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_is_started_goes_on_where_it_stands(confirmed: bool) -> None:  # noqa: FBT001
    known = Confirmation(CASE, confirmed=confirmed)
    once = given(MADE, ACCEPTED, SHOES_STARTED)
    assert once.when(carrying_out.start, StartRemedy(SHOES, AT), known) == ()


def test_the_order_asks_for_the_return_and_says_when_to_look_again() -> None:
    outcome = RecordOrder(SHOES, TOOK, RETURN, AT)
    once = given(MADE, ACCEPTED, SHOES_STARTED)
    assert once.when(carrying_out.conclude, outcome, CASE) == (ORDERED,)


def test_an_order_that_comes_later_than_promised_says_so_at_once() -> None:
    late = replace(TOOK, arrives_by=london("Sun 09:00"))
    outcome = RecordOrder(SHOES, late, None, AT)
    _, delayed = given(MADE, ACCEPTED, SHOES_STARTED).when(carrying_out.conclude, outcome, CASE)
    assert delayed == ReplacementDelayed(ESCALATION, SHOES, late.arrives_by, TOOK.ships_by)


def test_a_coupon_is_done_once_it_is_given() -> None:
    outcome = RecordCredit(COUPON, Credit("crd_1", pounds(1000), None), AT)
    assert given(MADE, ACCEPTED, COUPON_STARTED).when(carrying_out.conclude, outcome, CASE) == (
        CreditIssued(ESCALATION, COUPON, "crd_1", Money("GBP", 1000), None, RemedyKind.COUPON),
        RemedyCompleted(ESCALATION, COUPON, RESERVATION, AT),
    )


def test_a_remedy_that_fails_says_by_when_another_should_be_offered() -> None:
    outcome = RecordFailure(SHOES, "OUT_OF_STOCK", AT)
    [failed] = given(MADE, ACCEPTED, SHOES_STARTED).when(carrying_out.conclude, outcome, CASE)
    assert failed == RemedyFailed(
        ESCALATION, SHOES, RESERVATION, "OUT_OF_STOCK", AT + timedelta(hours=2)
    )


def test_an_outcome_is_recorded_once() -> None:
    for outcome in (
        RecordOrder(SHOES, TOOK, RETURN, AT),
        RecordFailure(SHOES, "OUT_OF_STOCK", AT),
        RecordNothing(SHOES),
    ):
        assert given(*UNDER_WAY).when(carrying_out.conclude, outcome, CASE) == ()


def test_a_replacement_that_left_before_the_return_came_is_said_so() -> None:
    assert given(*UNDER_WAY).when(checking.check, check(LEFT, "Sat 15:52"), CASE) == (SHIPPED,)
    returned = replace(LEFT, return_received=True)
    [shipped] = given(*UNDER_WAY).when(checking.check, check(returned, "Sat 15:52"), CASE)
    assert shipped == replace(SHIPPED, before_return=False)


def test_a_delivered_replacement_completes_its_remedy_and_says_whether_in_time() -> None:
    assert given(*UNDER_WAY, SHIPPED).when(checking.check, check(THERE, "Sat 21:00"), CASE) == (
        ReplacementDelivered(ESCALATION, SHOES, london("Sat 19:30"), in_time=True),
        RemedyCompleted(ESCALATION, SHOES, RESERVATION, london("Sat 21:00")),
    )
    too_late = replace(THERE, delivered_at=london("Sun 10:01"))
    delivered, _ = given(*UNDER_WAY, SHIPPED).when(
        checking.check, check(too_late, "Sun 12:00"), CASE
    )
    assert delivered == ReplacementDelivered(ESCALATION, SHOES, london("Sun 10:01"), in_time=False)


def test_one_look_may_find_that_it_left_and_arrived() -> None:
    found = given(*UNDER_WAY).when(checking.check, check(THERE, "Sat 21:00"), CASE)
    assert [type(event) for event in found] == [
        ReplacementShipped,
        ReplacementDelivered,
        RemedyCompleted,
    ]


def test_a_later_arrival_is_told_once() -> None:
    later = replace(LEFT, arrives_by=london("Sun 09:00"))
    once = given(*UNDER_WAY, SHIPPED)
    [delayed] = once.when(checking.check, check(later, "Sat 21:00"), CASE)
    assert delayed == ReplacementDelayed(
        ESCALATION, SHOES, london("Sun 09:00"), london("Sun 09:00")
    )
    again = given(*UNDER_WAY, SHIPPED, delayed)
    assert again.when(checking.check, check(later, "Sat 22:00"), CASE) == ()


def test_a_replacement_that_fails_at_the_merchant_fails_the_remedy() -> None:
    lost = replace(LEFT, state=ReplacementState.FAILED, failure="LOST")
    found = given(*UNDER_WAY).when(checking.check, check(lost, "Sat 21:00"), CASE)
    assert found[0] == ReplacementFailed(ESCALATION, SHOES, "LOST")
    assert isinstance(found[1], RemedyFailed)


def test_nothing_new_is_no_event_but_says_when_to_look_again() -> None:
    once = given(*UNDER_WAY)
    assert once.when(checking.check, check(TOOK, "Sat 15:30"), CASE) == ()
    progress = once.state.of(SHOES)
    policy = POLICIES[1]
    assert progress.check_by(london("Sat 15:30"), policy) == TOOK.ships_by
    assert progress.check_by(london("Sat 15:52"), policy) == london("Sat 16:07")
    on_the_way = given(*UNDER_WAY, SHIPPED).state.of(SHOES)
    assert on_the_way.check_by(london("Sat 15:52"), policy) == TOOK.arrives_by
    assert on_the_way.check_by(london("Sat 21:00"), policy) == london("Sat 21:30")


def test_what_is_final_is_not_looked_at_again() -> None:
    done = RemedyCompleted(ESCALATION, SHOES, RESERVATION, AT)
    once = given(*UNDER_WAY, SHIPPED, done)
    assert once.state.of(SHOES).state is RemedyState.COMPLETED
    assert once.state.of(SHOES).check_by(AT, POLICIES[1]) is None
    assert once.when(checking.check, check(THERE, "Sun 12:00"), CASE) == ()
