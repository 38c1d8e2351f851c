"""What the owner promises the customer by when, and whether it was kept."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest

from amends.eventstore.records import to_timestamp
from amends.rpc.status import refusal_of
from amends.v1 import resolution_events_pb2
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Role
from tests.services.resolution.conftest import Resolution, last, new_id
from tests.services.resolution.neighbours import HOUR
from tests.services.resolution.test_resolution import refused


def promise(
    resolution: Resolution, escalation: str, due_by: datetime, *, subject: str = "maya"
) -> pb.MakePromiseResponse:
    request = pb.MakePromiseRequest(
        request_id=new_id(),
        escalation_id=escalation,
        what="I call Mr. Quist back.",
        due_by=to_timestamp(due_by),
    )
    made: pb.MakePromiseResponse = resolution.ask(
        "MakePromise", request, Role.DECISION_MAKER, subject=subject
    )
    return made


def keep(
    resolution: Resolution, escalation: str, which: str, *, subject: str = "maya"
) -> pb.KeepPromiseResponse:
    request = pb.KeepPromiseRequest(request_id=new_id(), escalation_id=escalation, promise_id=which)
    kept: pb.KeepPromiseResponse = resolution.ask(
        "KeepPromise", request, Role.DECISION_MAKER, subject=subject
    )
    return kept


def lapse(resolution: Resolution, escalation: str, which: str) -> pb.BreakPromiseResponse:
    request = pb.BreakPromiseRequest(
        request_id=new_id(), escalation_id=escalation, promise_id=which
    )
    broken: pb.BreakPromiseResponse = resolution.ask("BreakPromise", request)
    return broken


def test_a_promise_is_made_kept_and_shown(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    due = resolution.now() + 4 * HOUR
    made = promise(resolution, escalation, due)
    warned = due - made.warn_by.ToDatetime(UTC)
    assert timedelta(minutes=59) < warned <= HOUR
    [shown] = resolution.get(escalation).promises
    assert (shown.what, shown.maker) == ("I call Mr. Quist back.", resolution.maya)
    assert (shown.state, shown.due_by) == (pb.PROMISE_STATE_OPEN, to_timestamp(due))
    assert shown.warn_by == made.warn_by
    assert keep(resolution, escalation, made.promise_id).state == pb.PROMISE_STATE_KEPT
    assert last(resolution, escalation, resolution_events_pb2.PromiseKept).in_time
    assert resolution.get(escalation, Role.PLATFORM).promises[0].state == pb.PROMISE_STATE_KEPT
    assert all(b"Quist" not in one.data for one in resolution.events(escalation))


def test_a_promise_breaks_when_its_time_comes_and_can_still_be_kept_late(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    which = promise(resolution, escalation, resolution.now() + HOUR).promise_id
    with refused("NOT_DUE"):
        lapse(resolution, escalation, which)
    resolution.advance(HOUR)
    assert lapse(resolution, escalation, which).state == pb.PROMISE_STATE_BROKEN
    assert lapse(resolution, escalation, which).state == pb.PROMISE_STATE_BROKEN
    assert keep(resolution, escalation, which).state == pb.PROMISE_STATE_KEPT_LATE
    assert lapse(resolution, escalation, which).state == pb.PROMISE_STATE_KEPT_LATE
    assert resolution.types(escalation) == ["PromiseMade", "PromiseBroken", "PromiseKept"]


def test_what_was_kept_is_settled_and_loses_no_race_with_the_clock(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    which = promise(resolution, escalation, resolution.now() + HOUR).promise_id
    keep(resolution, escalation, which)
    with pytest.raises(grpc.RpcError) as again:
        keep(resolution, escalation, which)
    refusal = refusal_of(again.value)
    assert (refusal.reason, refusal.metadata["state"]) == ("PROMISE_SETTLED", "KEPT")
    resolution.advance(HOUR)
    assert lapse(resolution, escalation, which).state == pb.PROMISE_STATE_KEPT


def test_only_the_owner_promises_and_keeps(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    due = resolution.now() + HOUR
    with refused("NOT_THE_OWNER"):
        promise(resolution, escalation, due, subject="tom")
    which = promise(resolution, escalation, due).promise_id
    with refused("NOT_THE_OWNER"):
        keep(resolution, escalation, which, subject="tom")
    resolution.hear(resolution.handed_over(escalation))
    assert keep(resolution, escalation, which, subject="helen").state == pb.PROMISE_STATE_KEPT


def test_nothing_is_promised_for_the_past_or_in_a_closed_case(resolution: Resolution) -> None:
    escalation = resolution.owned_case()
    with refused("INVALID_FIELD"):
        promise(resolution, escalation, resolution.now() - timedelta(seconds=1))
    with refused("PROMISE_NOT_FOUND"):
        keep(resolution, escalation, "prm_nothing")
    with refused("PROMISE_NOT_FOUND"):
        lapse(resolution, escalation, "prm_nothing")
    resolution.hear(resolution.closed(escalation))
    with refused("ESCALATION_CLOSED"):
        promise(resolution, escalation, resolution.now() + HOUR)


def test_an_open_promise_does_not_hold_up_that_the_case_is_resolved(
    resolution: Resolution,
) -> None:
    escalation = resolution.owned_case()
    which = promise(resolution, escalation, resolution.now() + HOUR).promise_id
    resolution.answer_customer(escalation)
    assert resolution.resolve(escalation).resolved_at.seconds
    resolution.advance(HOUR)
    assert lapse(resolution, escalation, which).state == pb.PROMISE_STATE_BROKEN
