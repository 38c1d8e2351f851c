from datetime import timedelta

import pytest

from amends.values.case import Channel
from amends.values.identity import Actor, Role
from amends.values.refusal import EscalationClosed, EscalationNotFound, NotTheOwner
from services.intake.domain.case import Case, Standing
from services.intake.domain.problem import (
    EvidenceRequired,
    RestatementOutdated,
    SelfConfirmation,
    confirm,
    restate,
)
from tests.unit.intake.builders import (
    CALLED_AT,
    HANNA,
    MAYA,
    confirming,
    given,
    opened,
    restating,
)

OWNED = Standing(owner=MAYA.subject, owner_name="Maya")


def restated(channel: Channel = Channel.PHONE, times: int = 1) -> Case:
    case = opened(channel=channel)
    for _ in range(times):
        case = given(*restate(case, restating(), Standing()), case=case)
    return case


@pytest.mark.parametrize(
    ("channel", "within"),
    [
        (Channel.PHONE, timedelta(minutes=30)),
        (Channel.CHAT, timedelta(minutes=30)),
        (Channel.IN_PERSON, timedelta(minutes=30)),
        (Channel.EMAIL, timedelta(hours=24)),
    ],
)
def test_who_is_there_confirms_at_once(channel: Channel, within: timedelta) -> None:
    [event] = restate(opened(channel=channel), restating(), Standing())
    assert event.confirm_by == event.restated_at + within


def test_restatements_are_counted() -> None:
    [event] = restate(restated(times=2), restating(), Standing())
    assert event.restatement == 3


def test_the_owner_and_any_handler_may_restate() -> None:
    assert restate(opened(), restating(MAYA), OWNED)
    assert restate(opened(), restating(HANNA), OWNED)


@pytest.mark.parametrize("standing", [Standing(), Standing(owner=HANNA.subject, owner_name="Tom")])
def test_a_decision_maker_who_does_not_own_it_may_not(standing: Standing) -> None:
    with pytest.raises(NotTheOwner, match=standing.owner_name or "nobody yet"):
        restate(opened(), restating(MAYA), standing)


def test_a_yes_opens_the_way_to_an_offer() -> None:
    [event] = confirm(restated(), confirming(), Standing())
    assert event.offer_by == CALLED_AT + timedelta(minutes=4, hours=2)
    assert given(event, case=restated()).confirmed == 1


def test_a_yes_is_for_the_last_restatement_only() -> None:
    with pytest.raises(RestatementOutdated, match="number 2 stands"):
        confirm(restated(times=2), confirming(1), Standing())
    with pytest.raises(RestatementOutdated, match="nothing was restated"):
        confirm(opened(), confirming(1), Standing())


def test_the_restater_never_says_yes() -> None:
    platform = Actor(HANNA.subject, HANNA.tenant, Role.PLATFORM)
    with pytest.raises(SelfConfirmation, match="somebody else"):
        confirm(restated(), confirming(who=platform), Standing())


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.IN_PERSON])
def test_what_was_only_spoken_needs_evidence(channel: Channel) -> None:
    with pytest.raises(EvidenceRequired, match="recording"):
        confirm(restated(channel), confirming(evidence=""), Standing())


def test_what_was_written_needs_none() -> None:
    assert confirm(restated(Channel.EMAIL), confirming(evidence=""), Standing())


def test_a_second_yes_is_no_new_event() -> None:
    case = restated()
    case = given(*confirm(case, confirming(), Standing()), case=case)
    assert not confirm(case, confirming(), Standing())


def test_a_new_restatement_voids_the_yes() -> None:
    case = restated()
    case = given(*confirm(case, confirming(), Standing()), case=case)
    case = given(*restate(case, restating(), Standing()), case=case)
    assert (case.restatement, case.confirmed) == (2, 0)


def test_nothing_is_said_about_a_case_that_is_over_or_never_was() -> None:
    over = Standing(closed=True)
    with pytest.raises(EscalationClosed):
        restate(opened(), restating(), over)
    with pytest.raises(EscalationClosed):
        confirm(restated(), confirming(), over)
    with pytest.raises(EscalationNotFound):
        restate(Case(), restating(), Standing())
