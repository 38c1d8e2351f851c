"""The same step has the same request id, whoever sends it."""

from dataclasses import replace

from workflows import names
from workflows.messages import LifecycleInput
from workflows.steps import Step

CASE = LifecycleInput("sole-mates", "esc_1", fresh=True)
STEP = Step(rpc=names.EXPIRE_ASSIGNMENT, words="too late", cause="event-1", target="asg_1")


def test_a_rebuilt_run_sends_the_same_request() -> None:
    assert STEP.command(CASE) == STEP.command(replace(CASE, fresh=False))


def test_another_event_target_or_attempt_is_another_request() -> None:
    steps = [
        STEP,
        replace(STEP, cause="event-2"),
        replace(STEP, target="asg_2"),
        replace(STEP, attempt=1),
        replace(STEP, rpc=names.ROUTE_ESCALATION),
    ]
    assert len({step.command(CASE).request_id for step in steps}) == len(steps)


def test_an_alarm_names_the_service_that_holds_it() -> None:
    step = replace(STEP, rpc=names.RAISE_ALARM, service="intake", target="OFFER_OVERDUE")
    assert step.command(CASE).service == "intake"


def test_every_other_command_knows_who_decides_it() -> None:
    assert STEP.command(CASE).service == "routing"
