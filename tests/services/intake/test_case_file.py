import random
from datetime import timedelta

import pytest

from amends.v1 import event_pb2, types_pb2
from amends.v1 import intake_service_pb2 as pb
from tests.services.intake.conftest import WORDS, WORKFLOW, Intake, moment, new_id
from tests.services.intake.football_shoes import Others


@pytest.fixture
def case(intake: Intake) -> str:
    return intake.open().escalation_id


@pytest.fixture
def others(intake: Intake, case: str) -> Others:
    return Others(intake, case, moment(intake.show(case).opened_at))


def waits(intake: Intake, case: str) -> str:
    """As the case file and the list tell it, which must agree."""
    shown = intake.show(case)
    request = pb.ListEscalationsRequest(page_size=500)
    cases = intake.ask("ListEscalations", request).escalations
    [listed] = [one for one in cases if one.escalation_id == case]
    assert (listed.stage, listed.waiting_for) == (shown.stage, shown.waiting_for)
    assert listed.waiting_until == shown.waiting_until
    return shown.waiting_for


def test_the_case_file_says_who_must_do_what_next(
    intake: Intake, case: str, others: Others
) -> None:
    told = [waits(intake, case)]
    for step in (others.assigned, others.accepted):
        intake.hear(step())
        told.append(waits(intake, case))
    intake.restate(case)
    told.append(waits(intake, case))
    intake.confirm(case)
    told.append(waits(intake, case))
    for step in (others.offered, others.offer_accepted, others.answer, others.answer_delivered):
        intake.hear(step())
        told.append(waits(intake, case))
    intake.hear(*others.coupon_given(), others.pair_ordered())
    told.append(waits(intake, case))
    intake.hear(others.pair_shipped(), *others.pair_arrived(), others.resolved())
    told.append(waits(intake, case))
    scheduled, asked, answered, closed = others.follow_up()
    for event in (scheduled, asked, answered, closed):
        intake.hear(event)
        told.append(waits(intake, case))
    assert told == [
        "for a decision-maker to be found",
        "for Maya to accept",
        "for Maya to restate the problem",
        "for the customer to confirm the restatement",
        "for Maya to make an offer",
        "for the customer to answer the offer",
        "for the remedies to be done",
        "for the answer to be delivered",
        "for the remedies to be done",
        "for the replacement to arrive",
        "for the case to be closed",
        "for the day to ask the customer whether it is solved",
        "for the customer to say whether it is solved",
        "for the case to be closed",
        "",
    ]


def play(intake: Intake, case: str, others: Others) -> None:
    intake.hear(others.assigned(), others.accepted())
    intake.restate(case)
    intake.confirm(case)
    intake.hear(others.offered(), others.offer_accepted(), *others.coupon_given())
    intake.hear(others.pair_ordered(), others.answer(), others.answer_delivered())
    intake.hear(others.pair_shipped(), *others.pair_arrived(), others.resolved())
    intake.hear(*others.follow_up())


def test_the_timeline_reads_like_the_story(intake: Intake, case: str, others: Others) -> None:
    play(intake, case, others)
    shown = intake.show(case)
    told = "\n".join(entry.summary for entry in shown.timeline)
    clock = f"{others.after(15):%H:%M}"
    for sentence in (
        "The customer called about damaged goods",
        f"Maya was asked to accept until {clock} (Tom: no authority for expedited shipping)",
        "Maya accepted and owns the case now",
        "A handler said the problem back in their own words",
        "Maya offered a replacement by same day courier",
        "a coupon of 10.00 GBP; as an exception: expedited shipping of 14.90 GBP",
        "The replacement left, before the return came back",
        "The replacement arrived in time",
        "Everything about the coupon is done",
        "The customer says that it is solved and they are pleased; the customer is staying",
        "The case is closed: happy",
    ):
        assert sentence in told
    assert WORDS not in told
    assert (shown.stage, shown.outcome, shown.hops) == (types_pb2.STAGE_CLOSED, "happy", 1)
    assert (shown.owner.public_name, shown.owner.decision_maker_id) == ("Maya", "dm_maya")
    assert [offer.state for offer in shown.offers] == ["accepted"]
    assert dict(shown.versions) == {"intake": 3, "routing": 2, "resolution": 11, "followup": 4}
    times = [moment(entry.at) for entry in shown.timeline]
    assert times == sorted(times)


def test_late_and_repeated_events_change_nothing(intake: Intake, case: str, others: Others) -> None:
    envelopes = [others.assigned(), others.accepted(), others.offered(), others.offer_accepted()]
    envelopes += [*others.coupon_given(), others.pair_ordered(), others.resolved()]
    shuffled = random.Random(7).sample(envelopes * 3, len(envelopes) * 3)  # noqa: S311 - no secret
    for envelope in shuffled:
        intake.hear(envelope)
    shown = intake.show(case)
    assert dict(shown.versions) == {"intake": 1, "routing": 2, "resolution": 6}
    assert len(shown.timeline) == 9


def test_everything_is_rebuilt_from_the_events(intake: Intake, case: str, others: Others) -> None:
    play(intake, case, others)
    before = (intake.show(case), waits(intake, case))
    assert intake.app.rebuild is not None
    intake.app.rebuild()
    assert (intake.show(case), waits(intake, case)) == before


def test_an_open_case_keeps_its_place_through_a_rebuild(intake: Intake) -> None:
    first = intake.open(order="SM-11").escalation_id
    closed = list(Others(intake, first, intake.now()).follow_up())
    intake.hear(*closed)
    second = intake.open(order="SM-11").escalation_id
    assert intake.app.rebuild is not None
    intake.app.rebuild()
    again = intake.open(order="SM-11")
    assert (again.escalation_id, again.already_open) == (second, True)


def test_an_alarm_stands_until_it_is_cleared(intake: Intake, case: str, others: Others) -> None:
    intake.hear(others.assigned(), others.accepted(), others.alarm())
    [alarm] = intake.show(case).alarms
    assert (alarm.source, alarm.kind, alarm.clears_when) == (
        "routing",
        "NOT_RESTATED",
        "it is restated",
    )
    intake.hear(others.alarm_over())
    assert not intake.show(case).alarms


def test_intake_has_alarms_of_its_own(intake: Intake, case: str) -> None:
    raised = event_pb2.RaiseAlarmRequest(
        request_id=new_id(),
        escalation_id=case,
        kind="NOT_ASSIGNED",
        clears_when="somebody is assigned",
    )
    first = intake.ask("RaiseAlarm", raised, WORKFLOW, service="alarm")
    raised.request_id = new_id()
    assert intake.ask("RaiseAlarm", raised, WORKFLOW, service="alarm") == first
    [alarm] = intake.show(case).alarms
    assert (alarm.source, alarm.kind) == ("intake", "NOT_ASSIGNED")
    cleared = event_pb2.ClearAlarmRequest(
        request_id=new_id(), escalation_id=case, kind="NOT_ASSIGNED"
    )
    intake.ask("ClearAlarm", cleared, WORKFLOW, service="alarm")
    assert not intake.show(case).alarms
    assert intake.events(case) == ["EscalationOpened", "AlarmRaised", "AlarmCleared"]


def test_deadlines_stand_beside_the_events_that_set_them(
    intake: Intake, case: str, others: Others
) -> None:
    intake.hear(others.assigned())
    opened, assigned = intake.show(case).timeline
    left = moment(opened.due_by) - others.start
    assert left == timedelta(minutes=5)
    assert moment(assigned.due_by) == others.after(15)
