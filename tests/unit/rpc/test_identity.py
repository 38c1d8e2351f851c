"""Who calls, as the handler sees it; and who may not."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest

from amends.rpc.channel import Channels, as_caller, as_tenant
from amends.rpc.identity import call_of
from amends.rpc.signing import TokenFile
from amends.rpc.status import as_sent
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import types_pb2
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.identity import Actor, Call, Role, Subject, Tenant
from tests.unit.rpc.serving import (
    REQUEST_ID,
    Intake,
    Metadata,
    Served,
    bearer,
    opening,
    serving,
)

ZOE = Actor(Subject("zoe"), Tenant("acme"), Role.PLATFORM)
RECORD = pb.RecordContextRequest(request_id=REQUEST_ID, escalation_id="esc_a")


def refused(call: Callable[[], object]) -> tuple[grpc.StatusCode, str]:
    """The status and the reason of a call that must fail."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code(), as_sent(caught.value).reason


def test_a_handler_knows_who_calls_what(served: Served, intake: Intake) -> None:
    served.intake.OpenEscalation(opening(), metadata=served.as_(Role.PLATFORM))
    (call,) = intake.calls
    assert call.actor == call.who == ZOE
    assert (call.rpc, call.request_id) == ("OpenEscalation", REQUEST_ID)
    assert call.causation_id == REQUEST_ID
    assert call.caller is None


def test_an_expected_version_comes_from_the_request(served: Served, intake: Intake) -> None:
    request = pb.RecordContactRequest(
        request_id=REQUEST_ID,
        escalation_id="esc_a",
        expected_version=4,
        channel=types_pb2.CHANNEL_PHONE,
        words="again",
    )
    served.intake.RecordContact(request, metadata=served.as_(Role.HANDLER))
    assert intake.calls[0].expected_version == 4


def test_the_same_content_has_the_same_digest_and_another_another(
    served: Served, intake: Intake
) -> None:
    platform = served.as_(Role.PLATFORM)
    for request in (opening(), opening(), opening(words="Something else.")):
        served.intake.OpenEscalation(request, metadata=platform)
    first, second, third = (call.request_digest for call in intake.calls)
    assert first == second != third


def test_a_read_has_no_request_id_and_no_digest(served: Served, intake: Intake) -> None:
    request = pb.GetEscalationRequest(escalation_id="esc_a")
    served.intake.GetEscalation(request, metadata=served.as_(Role.AUDITOR))
    assert (intake.calls[0].request_id, intake.calls[0].request_digest) == ("", b"")


@pytest.mark.parametrize(
    "metadata", [(), bearer(""), (("authorization", "Basic enoM"),), (("amends-caller", "x"),)]
)
def test_a_call_without_a_token_is_refused(served: Served, metadata: Metadata) -> None:
    found = refused(lambda: served.intake.OpenEscalation(opening(), metadata=metadata))
    assert found == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_MISSING")


def test_a_call_with_a_wrong_token_is_refused(served: Served) -> None:
    found = refused(lambda: served.intake.OpenEscalation(opening(), metadata=bearer("a.b.c")))
    assert found == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")


def test_an_expired_token_is_refused(served: Served) -> None:
    an_hour_ago = time.time() - 3600
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: an_hour_ago)
        old = served.as_(Role.PLATFORM)
    found = refused(lambda: served.intake.OpenEscalation(opening(), metadata=old))
    assert found == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED")


def test_who_is_refused_learns_nothing_about_the_request(served: Served) -> None:
    nobody = served.as_(Role.AUDITOR)
    found = refused(lambda: served.intake.OpenEscalation(opening(customer=""), metadata=nobody))
    assert found == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_REQUIRED")


def test_the_acting_role_is_the_first_that_may_call(served: Served, intake: Intake) -> None:
    many = served.as_(Role.AUDITOR, Role.DECISION_MAKER, Role.HANDLER)
    request = pb.RestateProblemRequest(
        request_id=REQUEST_ID, escalation_id="esc_a", words="The shoes do not fit."
    )
    served.intake.RestateProblem(request, metadata=many)
    assert intake.calls[0].actor.role is Role.DECISION_MAKER


def service(served: Served, *more: tuple[str, str], tenant: str = "*") -> Metadata:
    """Metadata of a service."""
    return (*served.as_(Role.SERVICE, subject="amends", tenant=tenant), *more)


def test_a_service_acts_for_the_tenant_that_it_names(served: Served, intake: Intake) -> None:
    named = (("amends-tenant", "acme"), ("amends-causation", "event-7"))
    served.intake.RecordContext(RECORD, metadata=service(served, *named))
    (call,) = intake.calls
    assert call.actor == Actor(Subject("amends"), Tenant("acme"), Role.SERVICE)
    assert call.causation_id == "event-7"


@pytest.mark.parametrize("named", [(), (("amends-tenant", ""),), (("amends-tenant", "*"),)])
def test_a_service_must_name_one_tenant(served: Served, named: Metadata) -> None:
    found = refused(lambda: served.intake.RecordContext(RECORD, metadata=service(served, *named)))
    assert found == (grpc.StatusCode.INVALID_ARGUMENT, "TENANT_REQUIRED")


def test_a_service_of_one_tenant_acts_for_no_other(served: Served, intake: Intake) -> None:
    served.intake.RecordContext(RECORD, metadata=service(served, tenant="acme"))
    assert intake.calls[0].actor.tenant == "acme"
    other = service(served, ("amends-tenant", "globex"), tenant="acme")
    found = refused(lambda: served.intake.RecordContext(RECORD, metadata=other))
    assert found == (grpc.StatusCode.INVALID_ARGUMENT, "TENANT_REQUIRED")


@pytest.mark.parametrize("named", ["acme/escalation/esc_a", "Acme", "acme, globex", "-"])
def test_what_is_no_name_of_a_tenant_is_no_tenant(served: Served, named: str) -> None:
    odd = service(served, ("amends-tenant", named))
    found = refused(lambda: served.intake.RecordContext(RECORD, metadata=odd))
    assert found == (grpc.StatusCode.INVALID_ARGUMENT, "TENANT_REQUIRED")


def test_of_two_tenants_neither_is_named(served: Served) -> None:
    both = service(served, ("amends-tenant", "acme"), ("amends-tenant", "globex"))
    found = refused(lambda: served.intake.RecordContext(RECORD, metadata=both))
    assert found == (grpc.StatusCode.INVALID_ARGUMENT, "TENANT_REQUIRED")


def test_of_two_tokens_neither_counts(served: Served) -> None:
    both = (*served.as_(Role.PLATFORM), *served.as_(Role.PLATFORM))
    found = refused(lambda: served.intake.OpenEscalation(opening(), metadata=both))
    assert found == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")


def test_only_the_list_of_cases_is_asked_for_all_tenants(served: Served, intake: Intake) -> None:
    everywhere = service(served, ("amends-tenant", "*"))
    served.intake.ListEscalations(pb.ListEscalationsRequest(), metadata=everywhere)
    assert intake.calls[0].actor.tenant == "*"


def test_only_a_service_names_its_tenant(served: Served, intake: Intake) -> None:
    elsewhere = (*served.as_(Role.PLATFORM), ("amends-tenant", "globex"))
    served.intake.OpenEscalation(opening(), metadata=elsewhere)
    assert intake.calls[0].actor.tenant == "acme"


def test_a_token_for_all_tenants_acts_as_a_service_only(served: Served) -> None:
    both = served.as_(Role.PLATFORM, Role.SERVICE, tenant="*")
    found = refused(lambda: served.intake.OpenEscalation(opening(), metadata=both))
    assert found == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_REQUIRED")


def test_a_forwarded_caller_is_who_the_rules_ask(served: Served, intake: Intake) -> None:
    forwarded = served.key.mint("dana", "acme", [Role.HANDLER, Role.DECISION_MAKER])
    named = (("amends-tenant", "acme"), ("amends-caller", forwarded))
    served.intake.RecordContext(RECORD, metadata=service(served, *named))
    (call,) = intake.calls
    assert call.caller == call.who == Actor(Subject("dana"), Tenant("acme"), Role.HANDLER)
    assert call.actor.subject == "amends"


def test_a_caller_of_another_tenant_is_refused(served: Served) -> None:
    forwarded = served.key.mint("dana", "globex", [Role.DECISION_MAKER])
    named = (("amends-tenant", "acme"), ("amends-caller", forwarded))
    found = refused(lambda: served.intake.RecordContext(RECORD, metadata=service(served, *named)))
    assert found == (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")


def test_a_forwarded_caller_is_verified_alike(served: Served) -> None:
    named = (("amends-tenant", "acme"), ("amends-caller", "a.b.c"))
    with pytest.raises(grpc.RpcError) as caught:
        served.intake.RecordContext(RECORD, metadata=service(served, *named))
    assert as_sent(caught.value).metadata["credential"] == "amends-caller"


def test_nobody_but_a_service_calls_for_another(served: Served, intake: Intake) -> None:
    forwarded = served.key.mint("dana", "acme", [Role.DECISION_MAKER])
    smuggled = (*served.as_(Role.PLATFORM), ("amends-caller", forwarded))
    served.intake.OpenEscalation(opening(), metadata=smuggled)
    assert intake.calls[0].who == ZOE


def test_a_service_forwards_its_caller_to_another(
    served: Served, intake: Intake, tmp_path: Path
) -> None:
    served.key.mint_service("amends", tmp_path / "service.token")
    channels = Channels({"intake": served.address}, TokenFile(tmp_path / "service.token"))
    stub = IntakeServiceStub(channels.to("intake"))

    def open_(
        request: pb.OpenEscalationRequest, context: grpc.ServicerContext
    ) -> pb.OpenEscalationResponse:
        stub.RecordContext(RECORD, metadata=as_caller(call_of(context, request)))
        return pb.OpenEscalationResponse()

    with serving(tmp_path, Intake({"OpenEscalation": open_}), key=served.key) as outer:
        outer.intake.OpenEscalation(opening(), metadata=outer.as_(Role.PLATFORM))
    channels.close()
    (call,) = intake.calls
    assert call.caller == ZOE
    assert call.actor == Actor(Subject("amends"), Tenant("acme"), Role.SERVICE)
    assert call.causation_id == REQUEST_ID


def test_a_service_that_calls_for_nobody_names_the_tenant_only(
    served: Served, intake: Intake
) -> None:
    made = []

    def record(
        request: pb.RecordContextRequest, context: grpc.ServicerContext
    ) -> pb.RecordContextResponse:
        made.append(as_caller(call_of(context, request)))
        return pb.RecordContextResponse()

    intake.answers = {"RecordContext": record}
    named = as_tenant("acme", "event-7")
    served.intake.RecordContext(RECORD, metadata=service(served, *named))
    assert made == [named]


def test_a_call_cannot_be_forwarded_from_another_thread(served: Served, intake: Intake) -> None:
    problems = []

    def open_(
        request: pb.OpenEscalationRequest, context: grpc.ServicerContext
    ) -> pb.OpenEscalationResponse:
        call = call_of(context, request)
        thread = threading.Thread(target=lambda: problems.append(_problem_of(call)))
        thread.start()
        thread.join()
        return pb.OpenEscalationResponse()

    intake.answers = {"OpenEscalation": open_}
    served.intake.OpenEscalation(opening(), metadata=served.as_(Role.PLATFORM))
    assert problems == ["as_caller forwards the token of the call in this thread"]


def _problem_of(call: Call) -> str:
    with pytest.raises(RuntimeError) as caught:
        as_caller(call)
    return str(caught.value).split(";", maxsplit=1)[0]
