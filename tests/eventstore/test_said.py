"""With its answer a service is told what the log says since it knew it last."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amends.eventstore.streams import StreamId
from amends.rpc.said import SAID, since
from amends.v1 import event_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role
from tests.eventstore.world import SHOP, Store, a_case
from tests.unit.rpc.serving import REQUEST_ID, Served, serving


@pytest.fixture
def served(store: Store, tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, log=store.log) as running:
        yield running


@pytest.fixture
def case(store: Store) -> StreamId:
    made = a_case()
    store.restate(made, words="one")
    store.restate(made, words="two")
    store.restate(made, words="three")
    return made


def told(
    served: Served, case: StreamId, version: int, *, role: Role = Role.SERVICE, tenant: str = SHOP
) -> list[int] | None:
    """The versions of the events that came along with an answer; None where nothing did."""
    call: Any = served.intake.RecordContext
    request: Any = pb.RecordContextRequest(request_id=REQUEST_ID, escalation_id=case.subject)
    if role is not Role.SERVICE:
        call = served.intake.GetEscalation
        request = pb.GetEscalationRequest(escalation_id=case.subject)
    metadata = (*served.as_(role, tenant=tenant), *since(case.subject, version))
    _, answered = call.with_call(request, metadata=metadata)
    trailers = dict(answered.trailing_metadata())
    assert "amends-now" in trailers
    if SAID not in trailers:
        return None
    page = event_pb2.ReadEventsResponse.FromString(trailers[SAID])
    assert page.next_after_version == 0
    return [each.version for each in page.events]


def test_a_service_is_told_what_was_said_after_the_version_it_named(
    served: Served, case: StreamId
) -> None:
    assert told(served, case, 1) == [2, 3]


def test_nothing_comes_along_where_nothing_was_said_since(served: Served, case: StreamId) -> None:
    assert told(served, case, 3) is None


def test_what_is_larger_than_metadata_may_be_is_left_to_be_read(
    store: Store, served: Served, case: StreamId
) -> None:
    store.restate(case, words="w" * 5000)
    assert told(served, case, 1) is None
    assert told(served, case, 3) is None


def test_only_a_service_is_told(served: Served, case: StreamId) -> None:
    assert told(served, case, 1, role=Role.PLATFORM) is None


def test_another_tenants_service_is_told_nothing(served: Served, case: StreamId) -> None:
    assert told(served, case, 1, tenant="other") is None
