import base64
import uuid

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.v1 import followup_events_pb2, types_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role, Tenant
from tests.services.intake.conftest import WORKFLOW, Intake, Who


@pytest.fixture
def desk() -> Who:
    """A tenant of its own, so that its list is its own."""
    return Who("desk", Role.PLATFORM, Tenant(f"t{uuid.uuid4().hex[:8]}"))


def listed(intake: Intake, who: Who, **wanted: object) -> pb.ListEscalationsResponse:
    request = pb.ListEscalationsRequest(**wanted)  # type: ignore[arg-type]
    answer = intake.ask("ListEscalations", request, who)
    assert isinstance(answer, pb.ListEscalationsResponse)
    return answer


def ids(page: pb.ListEscalationsResponse) -> list[str]:
    return [one.escalation_id for one in page.escalations]


def test_cases_are_listed_newest_first_page_by_page(intake: Intake, desk: Who) -> None:
    opened = [intake.open(desk).escalation_id for _ in range(5)]
    found: list[str] = []
    token = ""
    for _ in range(3):
        page = listed(intake, desk, page_size=2, page_token=token)
        found += ids(page)
        token = page.next_page_token
    assert (found, token) == (opened[::-1], "")


def test_only_the_stages_that_are_asked_for(intake: Intake, desk: Who) -> None:
    case = intake.open(desk).escalation_id
    assert ids(listed(intake, desk, stages=[types_pb2.STAGE_INTAKE])) == [case]
    assert not ids(listed(intake, desk, stages=[types_pb2.STAGE_RESOLUTION]))


def test_closed_cases_are_left_out_where_open_ones_are_asked_for(intake: Intake, desk: Who) -> None:
    case = intake.open(desk).escalation_id
    closed = followup_events_pb2.EscalationClosed(
        escalation_id=case, outcome=followup_events_pb2.OUTCOME_HAPPY, closed_at=intake.now()
    )
    intake.hear(intake.followup.say(case, closed, tenant=desk.tenant))
    assert ids(listed(intake, desk)) == [case]
    assert not ids(listed(intake, desk, open_only=True))


def test_the_reconciler_sees_every_tenant(intake: Intake, desk: Who) -> None:
    other = Who("desk", Role.PLATFORM, Tenant(f"u{uuid.uuid4().hex[:8]}"))
    both = {intake.open(desk).escalation_id, intake.open(other).escalation_id}
    everyone = Who(WORKFLOW.subject, Role.SERVICE, Tenant("*"))
    page = listed(intake, everyone, open_only=True, page_size=500)
    assert both <= set(ids(page))
    assert {desk.tenant, other.tenant} <= {one.tenant for one in page.escalations}
    assert not both & set(ids(listed(intake, Who("x", Role.HANDLER, Tenant("nobody")))))


@pytest.mark.parametrize(
    "place",
    [
        "nonsense",
        "2026-11-21T10:00:00+00:00 esc_\0",
        "1-1 esc_a",
        "0001-01-01T00:00:00+14:00 esc_a",
    ],
)
def test_a_strange_page_token_is_refused(intake: Intake, desk: Who, place: str) -> None:
    token = base64.urlsafe_b64encode(place.encode()).decode()
    with pytest.raises(grpc.RpcError) as error:
        listed(intake, desk, page_token=token)
    assert refusal_of(error.value).reason == "INVALID_FIELD"
