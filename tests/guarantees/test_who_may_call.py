"""Every RPC and every role: as the contract says, and never more.

Generated from the reflection of the running servers: an RPC is tried as soon as one answers it.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

import amends.v1
from amends.rpc.channel import as_tenant
from amends.values.identity import Role
from deploy.demo.cast import Cast
from tests.guarantees.calling import Answer, Callers, Metadata, bearer
from tests.guarantees.foreign import ELSEWHERE, anybody
from tests.guarantees.reflected import Reflected, rpcs_of, services_of
from tests.guarantees.requests import Ids, minimal

OPEN_TO_ALL = {"grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}
EVERY_TENANT = "*"
ONE_OF_ALL = "ListEscalations"


@pytest.fixture(scope="module")
def rpcs(cast: Cast) -> list[Reflected]:
    return rpcs_of(cast.settings.addresses)


@pytest.fixture(scope="module")
def callers(cast: Cast) -> Iterator[Callers]:
    with anybody(cast) as everybody:
        yield everybody


def test_reflection_shows_every_rpc_of_the_contract(rpcs: list[Reflected]) -> None:
    folder = Path(amends.v1.__path__[0])
    modules = (import_module(f"amends.v1.{file.stem}") for file in folder.glob("*_service_pb2.py"))
    contract = {
        f"/{service.full_name}/{method.name}"
        for module in modules
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }
    assert {rpc.path for rpc in rpcs} == contract
    assert all(rpc.roles for rpc in rpcs)


def test_every_rpc_takes_the_roles_that_its_option_names_and_no_other(
    rpcs: list[Reflected], callers: Callers
) -> None:
    for rpc in rpcs:
        for role in Role:
            request, who = minimal(rpc.request, Ids()), callers.as_(role, ELSEWHERE)
            named = role in rpc.roles
            answer = callers.ask(rpc, request, who, patiently=not named)
            assert fits(answer, let_in=named), f"{rpc} as {role.value}: {answer}"


def test_no_rpc_answers_a_call_without_a_token(rpcs: list[Reflected], callers: Callers) -> None:
    assert answers_other_than("TOKEN_MISSING", rpcs, callers, ()) == []


def test_no_rpc_answers_a_token_without_a_role(rpcs: list[Reflected], callers: Callers) -> None:
    nobody = bearer(callers.key.mint("zoe", ELSEWHERE, []))
    assert answers_other_than("TOKEN_INVALID", rpcs, callers, nobody) == []


def test_who_may_not_call_learns_nothing_of_what_is_wrong_with_the_request(
    rpcs: list[Reflected], callers: Callers
) -> None:
    for rpc in rpcs:
        for role in set(Role) - rpc.roles:
            junk = minimal(rpc.request, Ids())
            for one in junk.DESCRIPTOR.fields:
                junk.ClearField(one.name)
            answer = callers.ask(rpc, junk, callers.as_(role, ELSEWHERE))
            assert answer.reason == "ROLE_REQUIRED", f"{rpc} as {role.value}: {answer}"


def test_nothing_is_open_to_all_but_health_and_reflection(cast: Cast) -> None:
    for address in cast.settings.addresses.values():
        others = [name for name in services_of(address) if not name.startswith("amends.v1.")]
        assert set(others) == OPEN_TO_ALL
        with grpc.insecure_channel(address) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            healthy = stub.Check(health_pb2.HealthCheckRequest(), timeout=30)
        assert healthy.status == health_pb2.HealthCheckResponse.SERVING


def test_a_service_of_one_tenant_acts_for_no_other(
    rpcs: list[Reflected], callers: Callers, cast: Cast
) -> None:
    theirs = (
        *bearer(callers.key.mint("amends", ELSEWHERE, [Role.SERVICE])),
        *as_tenant(cast.settings.tenant),
    )
    internal = [rpc for rpc in rpcs if Role.SERVICE in rpc.roles]
    assert answers_other_than("TENANT_REQUIRED", internal, callers, theirs) == []


@pytest.mark.parametrize("named", [(), as_tenant(EVERY_TENANT), as_tenant("acme/escalation/esc_a")])
def test_a_service_names_one_tenant_for_all_but_the_list_of_cases(
    rpcs: list[Reflected], callers: Callers, named: Metadata
) -> None:
    acting = (*bearer(callers.key.mint("amends", EVERY_TENANT, [Role.SERVICE])), *named)
    internal = [
        rpc
        for rpc in rpcs
        if Role.SERVICE in rpc.roles and (rpc.name != ONE_OF_ALL or "/" in str(named))
    ]
    assert answers_other_than("TENANT_REQUIRED", internal, callers, acting) == []


def test_only_a_service_has_a_token_for_all_tenants(
    rpcs: list[Reflected], callers: Callers
) -> None:
    for role in set(Role) - {Role.SERVICE}:
        everywhere = bearer(callers.key.mint("zoe", EVERY_TENANT, [role]))
        assert answers_other_than("ROLE_REQUIRED", rpcs, callers, everywhere) == []


def fits(answer: Answer, *, let_in: bool) -> bool:
    """Whether the call got past who may call, or was told that its role may not."""
    if let_in:
        return answer.let_in and answer.reason != "INVALID_FIELD"
    refusal = (grpc.StatusCode.PERMISSION_DENIED, "ROLE_REQUIRED")
    return (answer.code, answer.reason) == refusal


def answers_other_than(
    reason: str, rpcs: list[Reflected], callers: Callers, metadata: Metadata
) -> list[str]:
    """Every RPC that answers these credentials in another way."""
    return [
        f"{rpc}: {answer}"
        for rpc in rpcs
        if (answer := callers.ask(rpc, minimal(rpc.request, Ids()), metadata)).reason != reason
    ]
