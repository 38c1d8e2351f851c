from dataclasses import replace

import pytest

from amends.values.identity import OfferId
from amends.values.refusal import InvalidField
from services.resolution.domain import carrying_out, checking
from services.resolution.domain.carrying_out import Confirmation, NotCompensated, StartRemedy
from services.resolution.domain.checking import RecordCheck
from services.resolution.domain.compensating import (
    Command,
    LeaveUnstarted,
    NotReplaced,
    RecordNoChange,
    RecordStays,
    RecordTakenBack,
    decide,
    may_replace,
)
from services.resolution.domain.merchant import ReplacementState
from services.resolution.domain.remedies import Remedies, RemedyNotFound, RemedyState, evolve
from services.resolution.domain.remedy import NO_REMEDY
from tests.unit.resolution.builders import (
    ACCEPTED,
    CASE,
    COUPON,
    MADE,
    MINUTE,
    NOW,
    SHOES,
    SHOES_STARTED,
    Given,
)
from tests.unit.resolution.money import (
    MONEY,
    begun,
    done,
    failed,
    offered,
    refund_of,
    taken_back,
)
from tests.unit.resolution.test_remedies import ORDERED, TOOK

AT = NOW + 5 * MINUTE
PROMISED = (MADE, ACCEPTED)
UNDER_WAY = (*PROMISED, SHOES_STARTED, ORDERED)
INSTEAD = offered(refund_of(6490, instead_of=SHOES))
CONFIRMED = Confirmation(CASE, confirmed=True)
TAKEN_BACK = replace(taken_back(SHOES), compensated_at=AT)


def given(*events: object) -> Given:
    return Given(Remedies(), evolve, events)


@pytest.mark.parametrize("events", [PROMISED, UNDER_WAY], ids=["promised", "ordered"])
def test_a_remedy_does_not_begin_while_what_it_replaces_stands(events: tuple[object, ...]) -> None:
    once = given(*events, *INSTEAD)
    refusal = once.refuses(NotCompensated, carrying_out.start, StartRemedy(MONEY, AT), CONFIRMED)
    assert refusal.metadata["in_place_of"] == SHOES


@pytest.mark.parametrize("gone", [taken_back(SHOES), failed(SHOES)], ids=["taken back", "failed"])
def test_it_begins_once_that_is_gone(gone: object) -> None:
    once = given(*UNDER_WAY, *INSTEAD, gone)
    [started] = once.when(carrying_out.start, StartRemedy(MONEY, AT), CONFIRMED)
    assert started == replace(begun(refund_of(6490)), started_at=AT)


def test_what_is_replaced_does_not_begin_any_more() -> None:
    start = StartRemedy(SHOES, AT)
    assert given(*PROMISED, *INSTEAD).when(carrying_out.start, start, CONFIRMED) == ()
    again = given(*PROMISED, *INSTEAD, failed(MONEY))
    assert len(again.when(carrying_out.start, start, CONFIRMED)) == 1


def test_what_was_not_begun_is_left_and_what_was_begun_is_not_left() -> None:
    leave = LeaveUnstarted(SHOES, AT)
    assert given(*PROMISED, *INSTEAD).when(decide, leave, CASE) == (TAKEN_BACK,)
    for events in ((*PROMISED, SHOES_STARTED), UNDER_WAY):
        assert given(*events, *INSTEAD).when(decide, leave, CASE) == ()


def test_what_the_merchant_took_back_is_taken_back_once() -> None:
    record = RecordTakenBack(SHOES, AT)
    assert given(*UNDER_WAY, *INSTEAD).when(decide, record, CASE) == (TAKEN_BACK,)
    again = given(*UNDER_WAY, *INSTEAD, TAKEN_BACK)
    assert again.state.of(SHOES).state is RemedyState.COMPENSATED
    assert again.when(decide, record, CASE) == ()


def test_what_cannot_be_taken_back_fails_what_was_to_replace_it() -> None:
    stays = RecordStays(SHOES, "REPLACEMENT_SHIPPED", AT)
    [fails] = given(*UNDER_WAY, *INSTEAD).when(decide, stays, CASE)
    assert (fails.remedy, fails.reason) == (MONEY, "REPLACEMENT_SHIPPED")
    again = given(*UNDER_WAY, *INSTEAD, fails)
    for command in (stays, RecordTakenBack(SHOES, AT), RecordNoChange(SHOES)):
        assert again.when(decide, command, CASE) == ()


def test_nothing_is_taken_back_that_nothing_was_accepted_in_place_of() -> None:
    command: Command = RecordTakenBack(SHOES, AT)
    given(*UNDER_WAY).refuses(NotReplaced, decide, command, CASE)
    made, _ = INSTEAD
    given(*UNDER_WAY, made).refuses(NotReplaced, decide, command, CASE)
    given().refuses(RemedyNotFound, decide, command, CASE)


def test_what_was_cancelled_for_another_is_taken_back_and_what_was_not_has_failed() -> None:
    seen = replace(TOOK, state=ReplacementState.CANCELLED)
    look = RecordCheck(SHOES, seen, AT)
    assert given(*UNDER_WAY, *INSTEAD).when(checking.check, look, CASE) == (TAKEN_BACK,)
    _, fails = given(*UNDER_WAY).when(checking.check, look, CASE)
    assert fails.reason == "REPLACEMENT_CANCELLED"


def test_a_remedy_may_be_replaced_once_unless_that_failed() -> None:
    may_replace(given(*UNDER_WAY).state, [SHOES, COUPON, NO_REMEDY, NO_REMEDY])
    with pytest.raises(InvalidField, match="rem_money in its place already"):
        may_replace(given(*UNDER_WAY, *INSTEAD).state, [SHOES])
    may_replace(given(*UNDER_WAY, *INSTEAD, failed(MONEY)).state, [SHOES])
    with pytest.raises(InvalidField, match="another remedy of this offer"):
        may_replace(given(*UNDER_WAY).state, [SHOES, SHOES])


def test_nothing_comes_in_place_of_what_has_not_taken_back_its_own() -> None:
    """Else the customer would keep the first and get the third."""
    with pytest.raises(InvalidField, match="rem_0, which is not taken back yet"):
        may_replace(given(*UNDER_WAY, *INSTEAD).state, [MONEY])
    with pytest.raises(InvalidField, match="rem_0, which is not taken back yet"):
        may_replace(given(*UNDER_WAY, *INSTEAD, failed(MONEY)).state, [MONEY])


def test_what_was_not_accepted_or_never_offered_is_not_replaced() -> None:
    with pytest.raises(InvalidField, match="not accepted"):
        may_replace(given(MADE).state, [SHOES])
    with pytest.raises(RemedyNotFound):
        may_replace(given().state, [SHOES])


def test_money_may_be_replaced_before_it_is_sent_or_after_it_failed() -> None:
    money = offered(refund_of(6490), offer=OfferId("off_3"))
    sent = (*money, begun(refund_of(6490)))
    may_replace(given(*money).state, [MONEY])
    may_replace(given(*sent, failed(MONEY)).state, [MONEY])
    for events in (sent, (*sent, done(MONEY))):
        with pytest.raises(InvalidField, match="cannot be taken back"):
            may_replace(given(*events).state, [MONEY])


def test_a_refused_field_names_its_place_in_the_offer() -> None:
    with pytest.raises(InvalidField) as refusal:
        may_replace(given(MADE).state, [NO_REMEDY, SHOES])
    assert refusal.value.metadata["field"] == "remedies[1].in_place_of"
