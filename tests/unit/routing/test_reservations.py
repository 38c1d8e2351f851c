from collections.abc import Sequence
from dataclasses import replace

import pytest

from amends.values.identity import (
    AssignmentId,
    DecisionMakerId,
    GrantId,
    HandOverId,
    RemedyId,
    ReservationId,
    Subject,
)
from amends.values.money import Money
from amends.values.refusal import EscalationClosed, EscalationNotFound, NotTheOwner
from amends.values.remedy import Action
from services.routing.domain import reservations, reserving
from services.routing.domain.assignment import AssignmentAccepted
from services.routing.domain.grants import Grant
from services.routing.domain.hand_over import OwnershipHandedOver
from services.routing.domain.reservations import (
    AuthorityReleased,
    AuthorityReserved,
    AuthoritySettled,
    AuthorityUse,
    Event,
    ReleaseAuthority,
    Reservations,
    SettleAuthority,
)
from services.routing.domain.reserving import (
    Authority,
    AuthorityExceeded,
    CurrencyNotGranted,
    Entry,
    NoEntry,
    ReserveAuthority,
    SelfApproval,
)
from tests.unit.routing.people import CASE, SATURDAY, gbp, limits

MAYA = DecisionMakerId("dm_maya")
OWNED = AssignmentAccepted(
    CASE, AssignmentId("asg_1"), MAYA, "Maya", Subject("maya"), SATURDAY, SATURDAY
)
HELEN = DecisionMakerId("dm_helen")


def entry(which: DecisionMakerId, **pounds: str) -> Entry:
    grants = (Grant(GrantId(f"grn_{one.action.name.lower()}"), one) for one in limits(**pounds))
    return Entry(which, which.removeprefix("dm_").title(), tuple(grants))


MAYAS = entry(MAYA, reship="200", goodwill="25", expedited_shipping="30")
HELENS = entry(HELEN, reship="1000", goodwill="1000", expedited_shipping="1000", refund="1000")
HELD = Authority(known=True, entries=(MAYAS,))
PAIR, COUPON = RemedyId("rem_pair"), RemedyId("rem_coupon")
OFFER = (
    AuthorityUse(PAIR, Action.RESHIP, gbp("64.90")),
    AuthorityUse(PAIR, Action.EXPEDITED_SHIPPING, gbp("14.90")),
    AuthorityUse(COUPON, Action.GOODWILL, gbp("10")),
)


def after(*events: object) -> Reservations:
    state = Reservations()
    for event in events:
        state = reservations.evolve(state, event)
    return state


def reserve(
    state: Reservations,
    uses: Sequence[AuthorityUse] = OFFER,
    by: str = "maya",
    which: str = "rsv_1",
    *,
    known: Authority = HELD,
) -> Sequence[Event]:
    command = ReserveAuthority(CASE, ReservationId(which), tuple(uses), Subject(by), SATURDAY)
    return reserving.decide(state, command, known)


def stand_in(
    uses: Sequence[AuthorityUse],
    by: str,
    known: Authority,
    *before: Event,
) -> Sequence[Event]:
    """Somebody approves what Maya drafted."""
    which = ReservationId(f"rsv_{len(before)}")
    who = Subject(by), SATURDAY, Subject("maya")
    command = ReserveAuthority(CASE, which, tuple(uses), *who)
    return reserving.decide(after(OWNED, *before), command, known)


def end(state: Reservations, command: reservations.Command) -> Sequence[Event]:
    return reservations.decide(state, command)


def test_nothing_is_set_aside_once_the_case_is_over() -> None:
    with pytest.raises(EscalationClosed, match="closed"):
        reserve(after(OWNED), known=replace(HELD, over=True))


def test_the_offer_of_the_football_shoes_is_covered_by_three_grants() -> None:
    [reserved] = reserve(after(OWNED))
    assert isinstance(reserved, AuthorityReserved)
    assert reserved.decision_maker == "dm_maya"
    assert [use.grant for use in reserved.uses] == [
        "grn_reship",
        "grn_expedited_shipping",
        "grn_goodwill",
    ]


def test_only_the_owner_reserves() -> None:
    with pytest.raises(NotTheOwner, match="owned by Maya"):
        reserve(after(OWNED), by="helen")
    with pytest.raises(NotTheOwner, match="nobody yet"):
        reserve(after())


def test_after_a_hand_over_only_the_next_owner_reserves_and_the_last_ones_stays_set_aside() -> None:
    handed_over = OwnershipHandedOver(
        escalation=CASE,
        hand_over=HandOverId("hov_1"),
        from_decision_maker=MAYA,
        from_public_name="Maya",
        decision_maker=HELEN,
        public_name="Helen",
        owner_subject=Subject("helen"),
        handed_over_at=SATURDAY,
    )
    [mayas] = reserve(after(OWNED))
    state = after(OWNED, mayas, handed_over)
    with pytest.raises(NotTheOwner, match="owned by Helen"):
        reserve(state, which="rsv_2")
    known = Authority(known=True, entries=(HELENS,))
    [helens] = reserve(state, by="helen", which="rsv_2", known=known)
    assert isinstance(helens, AuthorityReserved)
    assert helens.decision_maker == HELEN
    assert len(reservations.evolve(state, helens).uses_of(MAYA)) == len(OFFER)


def test_a_case_that_nobody_told_of_is_refused() -> None:
    with pytest.raises(EscalationNotFound):
        reserve(after(), known=Authority(known=False))


def test_a_limit_counts_what_is_reserved_in_the_case_already() -> None:
    [first] = reserve(after(OWNED))
    coupon = [AuthorityUse(COUPON, Action.GOODWILL, gbp("15.01"))]
    with pytest.raises(AuthorityExceeded, match=r"15\.00 GBP is left"):
        reserve(after(OWNED, first), coupon, which="rsv_2")


def test_a_limit_counts_every_use_of_the_same_offer() -> None:
    twice = [AuthorityUse(RemedyId(f"rem_{n}"), Action.GOODWILL, gbp("13")) for n in (1, 2)]
    with pytest.raises(AuthorityExceeded, match=r"12\.00 GBP is left") as refused:
        reserve(after(OWNED), twice)
    assert refused.value.metadata["remedy_id"] == "rem_2"


def test_what_is_not_granted_at_all_exceeds_and_another_currency_is_told_apart() -> None:
    with pytest.raises(AuthorityExceeded, match="not granted"):
        reserve(after(OWNED), [AuthorityUse(PAIR, Action.REFUND, gbp("1"))])
    with pytest.raises(CurrencyNotGranted, match="EUR"):
        reserve(after(OWNED), [AuthorityUse(PAIR, Action.RESHIP, Money("EUR", 100))])


def test_reserving_twice_sets_aside_once() -> None:
    [first] = reserve(after(OWNED))
    assert reserve(after(OWNED, first)) == ()


def test_what_an_offer_that_ended_set_aside_is_free_again() -> None:
    [first] = reserve(after(OWNED))
    release = ReleaseAuthority(CASE, ReservationId("rsv_1"))
    [freed] = end(after(OWNED, first), release)
    assert isinstance(freed, AuthorityReleased)
    gone = after(OWNED, first, freed)
    assert end(gone, release) == ()
    full = [AuthorityUse(COUPON, Action.GOODWILL, gbp("25"))]
    assert len(reserve(gone, full, which="rsv_2")) == 1


def test_what_was_carried_out_stays_used_and_what_failed_is_free_again() -> None:
    [first] = reserve(after(OWNED))
    rsv = ReservationId("rsv_1")
    settle = SettleAuthority(CASE, rsv, COUPON)
    [settled] = end(after(OWNED, first), settle)
    assert isinstance(settled, AuthoritySettled)
    state = after(OWNED, first, settled)
    assert end(state, settle) == ()
    [freed] = end(state, ReleaseAuthority(CASE, rsv, PAIR))
    state = after(OWNED, first, settled, freed)
    assert len(reserve(state, [AuthorityUse(PAIR, Action.RESHIP, gbp("200"))], which="r2")) == 1
    with pytest.raises(AuthorityExceeded, match=r"15\.00 GBP is left"):
        reserve(state, [AuthorityUse(COUPON, Action.GOODWILL, gbp("16"))], which="rsv_3")
    assert end(state, ReleaseAuthority(CASE, rsv)) == ()


def test_the_end_of_a_reservation_that_never_was_changes_nothing() -> None:
    gone = ReservationId("rsv_9")
    assert end(after(OWNED), ReleaseAuthority(CASE, gone)) == ()
    assert end(after(OWNED), SettleAuthority(CASE, gone, PAIR)) == ()


def test_what_was_settled_is_free_again_once_its_money_came_back() -> None:
    [first] = reserve(after(OWNED))
    rsv = ReservationId("rsv_1")
    state = after(OWNED, first, AuthoritySettled(CASE, rsv, COUPON))
    [freed] = end(state, ReleaseAuthority(CASE, rsv, COUPON))
    assert freed == AuthorityReleased(CASE, rsv, COUPON)
    state = reservations.evolve(state, freed)
    assert end(state, ReleaseAuthority(CASE, rsv, COUPON)) == ()
    assert end(state, SettleAuthority(CASE, rsv, COUPON)) == ()
    full = [AuthorityUse(COUPON, Action.GOODWILL, gbp("25"))]
    assert len(reserve(state, full, which="rsv_2")) == 1
    with pytest.raises(AuthorityExceeded, match=r"135\.10 GBP is left"):
        reserve(state, [AuthorityUse(PAIR, Action.RESHIP, gbp("135.11"))], which="rsv_2")


REFUND = (AuthorityUse(RemedyId("rem_money"), Action.REFUND, gbp("300")),)


def test_another_holder_stands_in_for_a_draft_with_an_entry_of_their_own() -> None:
    known = Authority(known=True, entries=(MAYAS, HELENS))
    [reserved] = stand_in(REFUND, "helen", known)
    assert isinstance(reserved, AuthorityReserved)
    assert reserved.decision_maker == HELEN
    more = (replace(REFUND[0], amount=gbp("701")),)
    with pytest.raises(AuthorityExceeded, match=r"700\.00 GBP is left"):
        stand_in(more, "helen", known, reserved)


def test_nobody_stands_in_for_their_own_draft() -> None:
    with pytest.raises(SelfApproval, match="another holder"):
        stand_in(REFUND, "maya", Authority(known=True, entries=(HELENS,)))


def test_whoever_is_in_no_entry_stands_in_for_nobody() -> None:
    with pytest.raises(NoEntry, match="no entry of the directory"):
        stand_in(REFUND, "zoe", Authority(known=True))


def test_no_entry_that_covers_it_is_told_by_the_most_senior_one() -> None:
    poor = Authority(known=True, entries=(entry(MAYA, goodwill="5"), entry(HELEN, refund="299")))
    with pytest.raises(AuthorityExceeded, match=r"299\.00 GBP is left"):
        stand_in(REFUND, "helen", poor)
    euros = (replace(REFUND[0], amount=Money("EUR", 100)),)
    with pytest.raises(CurrencyNotGranted, match="EUR"):
        stand_in(euros, "helen", poor)


def test_nobody_stands_in_once_the_case_is_over() -> None:
    with pytest.raises(EscalationClosed):
        stand_in(REFUND, "helen", Authority(known=True, over=True, entries=(HELENS,)))
