"""A case is the same whatever way its news came."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workflows.case_c1 import (
    ACCEPTED,
    AGREED,
    ASSIGNED,
    CONFIRMED,
    OFFERED_ON,
    OPENED,
    RESTATED,
    TAKEN_OVER,
    UNTIL_AGREED,
    UNTIL_OWNED,
    UNTIL_RESOLVED,
    WHOLE,
    folded,
    folded_on,
    news,
)
from workflows import names, waits
from workflows.folding import fold, is_gap, up_to
from workflows.messages import News
from workflows.state import Case, Owner


@st.composite
def _on_its_way(draw: st.DrawFn) -> list[News]:
    """C1 as it may arrive: each service in its order, services anyhow, with repeats."""
    left = {name: [each for each in WHOLE if each.service == name] for name in names.SERVICES}
    arrived: list[News] = []
    while services := [name for name, said in left.items() if said]:
        arrived.append(left[draw(st.sampled_from(services))].pop(0))
        if draw(st.booleans()):
            arrived.append(draw(st.sampled_from(arrived)))
    return arrived


@given(_on_its_way())
def test_repeats_and_the_order_between_services_leave_the_same_state(arrived: list[News]) -> None:
    assert folded(*arrived) == folded(*WHOLE)


@given(st.integers(0, len(WHOLE)))
def test_a_run_that_reads_the_logs_anew_ends_in_the_same_state(cut: int) -> None:
    heard = folded(*WHOLE[:cut])
    assert folded_on(heard, WHOLE) == folded(*WHOLE)


def test_what_is_known_already_changes_nothing() -> None:
    known = folded(*UNTIL_AGREED)
    assert fold(known, ASSIGNED) is known


def test_news_of_a_later_contract_only_move_the_mark() -> None:
    later = news("routing", 7, "OwnershipAuctioned")
    assert fold(folded(*UNTIL_OWNED), later) == up_to(folded(*UNTIL_OWNED), "routing", 7)


def test_the_next_version_is_no_gap() -> None:
    assert not is_gap(folded(ASSIGNED), ACCEPTED)


def test_versions_that_move_no_case_are_no_gap_where_the_sender_knows() -> None:
    assert not is_gap(folded(OPENED), replace(RESTATED, after=1))


def test_versions_left_out_are_a_gap_where_the_sender_does_not_know() -> None:
    assert is_gap(folded(OPENED), RESTATED)


def test_a_signal_that_was_lost_is_a_gap() -> None:
    assert is_gap(folded(OPENED), replace(CONFIRMED, version=9, after=RESTATED.version))


def test_a_sender_that_lags_behind_what_was_read_is_no_gap() -> None:
    known = up_to(folded(OPENED), "intake", 6)
    assert not is_gap(known, replace(CONFIRMED, version=9, after=1))


def test_a_restatement_voids_the_confirmation() -> None:
    again = news("intake", 5, "ProblemRestated", restatement=2, confirm_by=70)
    assert not folded(*UNTIL_AGREED, again).intake.confirmed


def test_a_remedy_that_fails_ends_the_agreement_but_not_the_other_remedies() -> None:
    failed = news("resolution", 6, "RemedyFailed", remedy_id="rem_1", offer_by=200)
    case = folded(*UNTIL_AGREED, failed)
    assert not case.resolution.agreed
    assert [each.state for each in case.resolution.remedies.values()] == ["FAILED", "PROMISED"]
    assert waits.may_carry_out(case), "what was promised beside it is still carried out"


def test_an_agreement_keeps_the_offers_order_of_remedies() -> None:
    first = waits.to_carry_out(folded(*UNTIL_AGREED))
    assert first is not None
    assert (first.id, first.kind, first.cause) == ("rem_1", "REPLACEMENT", AGREED.event_id)


def test_reopening_begins_another_round_with_the_same_owner() -> None:
    said = (
        news("followup", 1, "FollowUpScheduled", follow_up_id="fup_1", ask_by=30_000),
        news("followup", 2, "FollowUpAsked", follow_up_id="fup_1", answer_by=40_000),
        news("followup", 3, "FollowUpAnswered", follow_up_id="fup_1", solved=False),
        news("followup", 4, "EscalationReopened", follow_up_id="fup_1", offer_by=30_200),
    )
    case = folded(*UNTIL_RESOLVED, *said)
    assert waits.needs_resolution(case)
    assert case.routing.owner is not None
    assert not case.resolution.agreed


def test_an_owner_who_offers_the_case_owns_it_until_it_is_accepted() -> None:
    case = folded(*UNTIL_OWNED, OFFERED_ON)
    assert case.routing.owner == folded(*UNTIL_OWNED).routing.owner
    returned = news("routing", 4, "HandOverReturned", hand_over_id="hov_1")
    assert fold(case, returned).routing == folded(*UNTIL_OWNED).routing


def test_a_hand_over_makes_another_owner_and_moves_no_deadline() -> None:
    taken = fold(folded(*UNTIL_OWNED, OFFERED_ON), TAKEN_OVER)
    assert taken.routing.owner == Owner("dm_helen", "Helen")
    assert taken.routing.restate == folded(*UNTIL_OWNED).routing.restate
    assert taken.routing.hand_over is None


def test_an_alarm_stands_until_its_service_clears_it() -> None:
    raised = news("intake", 2, "AlarmRaised", kind="RESTATEMENT_OVERDUE")
    cleared = news("intake", 5, "AlarmCleared", kind="RESTATEMENT_OVERDUE")
    assert folded(OPENED, raised).alarms == {("intake", "RESTATEMENT_OVERDUE"): "intake-2"}
    assert not folded(OPENED, raised, cleared).alarms


def test_alarms_are_no_step_of_the_case() -> None:
    raised = news("intake", 2, "AlarmRaised", kind="RESTATEMENT_OVERDUE")
    assert folded(OPENED, raised).steps == folded(OPENED).steps


def test_a_case_nobody_spoke_of_is_empty() -> None:
    assert folded() == Case()
