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
from services.routing.domain import reservations
from services.routing.domain.assignment import AssignmentAccepted
from services.routing.domain.grants import Grant
from services.routing.domain.hand_over import OwnershipHandedOver
from services.routing.domain.reservations import (
    Authority,
    AuthorityExceeded,
    AuthorityReleased,
    AuthorityReserved,
    AuthoritySettled,
    AuthorityUse,
    CurrencyNotGranted,
    Event,
    ReleaseAuthority,
    Reservations,
    ReserveAuthority,
    SettleAuthority,
)
from tests.unit.routing.people import CASE, SATURDAY, gbp, limits

MAYA = DecisionMakerId("dm_maya")
OWNED = AssignmentAccepted(
    CASE, AssignmentId("asg_1"), MAYA, "Maya", Subject("maya"), SATURDAY, SATURDAY
)
HELD = Authority(
    known=True,
    decision_maker=MAYA,
    grants=tuple(
        Grant(GrantId(f"grn_{limit.action.name.lower()}"), limit)
        for limit in limits(reship="200", goodwill="25", expedited_shipping="30")
    ),
)
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
    return reservations.decide(state, command, known)


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
    helen = DecisionMakerId("dm_helen")
    handed_over = OwnershipHandedOver(
        escalation=CASE,
        hand_over=HandOverId("hov_1"),
        from_decision_maker=MAYA,
        from_public_name="Maya",
        decision_maker=helen,
        public_name="Helen",
        owner_subject=Subject("helen"),
        handed_over_at=SATURDAY,
    )
    [mayas] = reserve(after(OWNED))
    state = after(OWNED, mayas, handed_over)
    with pytest.raises(NotTheOwner, match="owned by Helen"):
        reserve(state, which="rsv_2")
    command = ReserveAuthority(CASE, ReservationId("rsv_2"), OFFER, Subject("helen"), SATURDAY)
    [helens] = reservations.decide(state, command, replace(HELD, decision_maker=helen))
    assert isinstance(helens, AuthorityReserved)
    assert helens.decision_maker == helen
    assert len(reservations.evolve(state, helens).uses_of(MAYA)) == len(OFFER)


def test_a_case_that_nobody_told_of_is_refused() -> None:
    command = ReserveAuthority(CASE, ReservationId("rsv_1"), OFFER, Subject("maya"), SATURDAY)
    with pytest.raises(EscalationNotFound):
        reservations.decide(after(), command, Authority(known=False))


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
    [freed] = reservations.decide(after(OWNED, first), release, HELD)
    assert isinstance(freed, AuthorityReleased)
    gone = after(OWNED, first, freed)
    assert reservations.decide(gone, release, HELD) == ()
    full = [AuthorityUse(COUPON, Action.GOODWILL, gbp("25"))]
    assert len(reserve(gone, full, which="rsv_2")) == 1


def test_what_was_carried_out_stays_used_and_what_failed_is_free_again() -> None:
    [first] = reserve(after(OWNED))
    rsv = ReservationId("rsv_1")
    settle = SettleAuthority(CASE, rsv, COUPON)
    [settled] = reservations.decide(after(OWNED, first), settle, HELD)
    assert isinstance(settled, AuthoritySettled)
    state = after(OWNED, first, settled)
    assert reservations.decide(state, settle, HELD) == ()
    [freed] = reservations.decide(state, ReleaseAuthority(CASE, rsv, PAIR), HELD)
    state = after(OWNED, first, settled, freed)
    assert len(reserve(state, [AuthorityUse(PAIR, Action.RESHIP, gbp("200"))], which="r2")) == 1
    with pytest.raises(AuthorityExceeded, match=r"15\.00 GBP is left"):
        reserve(state, [AuthorityUse(COUPON, Action.GOODWILL, gbp("16"))], which="rsv_3")
    assert reservations.decide(state, ReleaseAuthority(CASE, rsv), HELD) == ()


def test_the_end_of_a_reservation_that_never_was_changes_nothing() -> None:
    gone = ReservationId("rsv_9")
    assert reservations.decide(after(OWNED), ReleaseAuthority(CASE, gone), HELD) == ()
    assert reservations.decide(after(OWNED), SettleAuthority(CASE, gone, PAIR), HELD) == ()
