"""What one tenant can learn of another's case, or change in it: nothing, by any RPC in any role.

Generated from the reflection of the running servers. Another tenant's id must be like one that
nobody has: whoever asks for either is told the same.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message

from amends.rpc.channel import as_tenant
from amends.v1.intake_service_pb2 import OpenEscalationResponse
from amends.values.identity import Role
from deploy.demo.cast import Cast, wait_for
from tests.guarantees.calling import Answer, Callers, Metadata, bearer, named_in
from tests.guarantees.foreign import ELSEWHERE, Foreign, anybody, played
from tests.guarantees.reflected import Reflected, rpcs_of
from tests.guarantees.requests import Ids, kinds_named, minimal

# Whoever asks for somebody else's case has the very subject of one who may see it at home.
SUBJECTS = {
    Role.DECISION_MAKER: "maya",
    Role.HANDLER: "maya",
    Role.PLATFORM: "voice-desk",
    Role.OPERATIONS: "operator",
    Role.SERVICE: "amends",
}
NOT_FOUND = re.compile(r"[A-Z_]+_NOT_FOUND")
AN_ID = re.compile(rb"[a-z]{2,4}_[a-z0-9]{16,}")


@pytest.fixture(scope="module")
def rpcs(cast: Cast) -> list[Reflected]:
    return rpcs_of(cast.settings.addresses)


@pytest.fixture(scope="module")
def callers(cast: Cast) -> Iterator[Callers]:
    with anybody(cast) as everybody:
        yield everybody


@pytest.fixture(scope="module")
def foreign(cast: Cast, callers: Callers, rpcs: list[Reflected]) -> Foreign:
    return played(cast, callers, rpcs)


def test_another_tenants_ids_are_like_ids_that_nobody_has(
    rpcs: list[Reflected], callers: Callers, foreign: Foreign
) -> None:
    before = foreign.said()
    wrong = [
        problem
        for rpc in others(rpcs)
        for role in sorted(rpc.roles, key=lambda one: one.value)
        for problem in telling(
            rpc, callers, foreign, callers.as_(role, ELSEWHERE, SUBJECTS.get(role, "zoe"))
        )
    ]
    assert wrong == []
    assert foreign.said() == before


def test_naming_another_tenant_is_for_services_only(
    rpcs: list[Reflected], callers: Callers, foreign: Foreign
) -> None:
    before = foreign.said()
    wrong = [
        problem
        for rpc in others(rpcs)
        for role in sorted(rpc.roles - {Role.SERVICE}, key=lambda one: one.value)
        for problem in telling(
            rpc,
            callers,
            foreign,
            (
                *callers.as_(role, ELSEWHERE, SUBJECTS.get(role, "zoe")),
                *as_tenant(foreign.tenant),
            ),
        )
    ]
    assert wrong == []
    assert foreign.said() == before


def test_another_tenants_parts_do_not_fit_into_an_own_case(
    rpcs: list[Reflected], callers: Callers, foreign: Foreign
) -> None:
    before = foreign.said()
    own = own_case(rpcs, callers)
    parts = [rpc for rpc in rpcs if kinds_named(rpc.request) > {"esc_"}]
    assert "ExpireAssignment" in {rpc.name for rpc in parts}
    wrong = [
        problem
        for rpc in parts
        for role in sorted(rpc.roles, key=lambda one: one.value)
        for problem in telling(
            rpc,
            callers,
            foreign,
            callers.as_(role, ELSEWHERE, SUBJECTS.get(role, "zoe")),
            own={"esc_": own},
        )
    ]
    assert wrong == []
    assert foreign.said() == before


def test_the_same_customer_order_and_request_id_of_another_tenant_is_another_case(
    rpcs: list[Reflected], callers: Callers, foreign: Foreign
) -> None:
    opening, theirs = the("OpenEscalation", rpcs), foreign.story.case()
    request: Any = minimal(opening.request, Ids(foreign.ids, optional=True))
    request.request_id, request.cause = foreign.story.request_id, theirs.cause
    assert (request.customer, request.order) == (theirs.customer, theirs.order)
    who = callers.as_(Role.PLATFORM, f"{ELSEWHERE}-too", SUBJECTS[Role.PLATFORM])
    answer = callers.ask(opening, request, who)
    assert answer.code is grpc.StatusCode.OK, answer
    opened = OpenEscalationResponse.FromString(answer.body)
    assert opened.escalation_id not in {"", foreign.story.escalation}
    assert not opened.already_open


def test_a_stream_tells_nothing_of_another_tenant(foreign: Foreign) -> None:
    assert any(foreign.ids["asg_"].encode() in one for one in foreign.overheard[foreign.tenant])
    told = b" ".join(foreign.overheard[ELSEWHERE]).decode(errors="replace")
    assert [secret for secret in foreign.secrets if secret in told] == []


def test_a_service_may_list_the_cases_of_all_tenants(
    rpcs: list[Reflected], callers: Callers, foreign: Foreign
) -> None:
    listing = the("ListEscalations", rpcs)
    acting = bearer(callers.key.mint("amends", "*", [Role.SERVICE]))
    request = minimal(listing.request, Ids())
    answer = callers.ask(listing, request, (*acting, *as_tenant("*")))
    assert foreign.story.escalation.encode() in answer.body


def others(rpcs: list[Reflected]) -> list[Reflected]:
    """All but the opening, which names nothing that must exist and has a test of its own."""
    return [rpc for rpc in rpcs if rpc.name != "OpenEscalation"]


def telling(
    rpc: Reflected,
    callers: Callers,
    foreign: Foreign,
    metadata: Metadata,
    own: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """What an RPC tells of the foreign case: anything that it does not tell of an invented one.

    `own` are ids of the caller's tenant, which both name.
    """
    named = minimal(rpc.request, Ids({**foreign.ids, **(own or {})}, optional=True))
    unknown = minimal(rpc.request, Ids(own or {}, optional=True))
    answers_at_once = bool(kinds_named(rpc.request))
    answer = callers.ask(rpc, named, metadata, patiently=answers_at_once)
    usual = callers.ask(rpc, unknown, metadata, patiently=answers_at_once)
    secrets = foreign.secrets - set(named_in(named))
    if said := [secret for secret in secrets if secret in answer.told]:
        yield f"{rpc} tells {said}: {answer}"
    if (found := masked(answer, named)) != (expected := masked(usual, unknown)):
        yield f"{rpc} answers {found}, and of what nobody has {expected}"
    if own is None and kinds_named(rpc.request) and not is_nothing(answer):
        yield f"{rpc} answers {answer}"


def masked(answer: Answer, request: Message) -> Answer:
    """The answer without the ids that were asked for or made."""
    found = answer.without(named_in(request))
    return Answer(
        found.code, AN_ID.sub(b"...", found.body), found.reason, found.message, found.values
    )


def is_nothing(answer: Answer) -> bool:
    """NOT_FOUND with the reason of what is missing, or an answer that holds nothing."""
    if answer.code is grpc.StatusCode.OK:
        return True
    missing = NOT_FOUND.fullmatch(answer.reason) is not None
    return answer.code is grpc.StatusCode.NOT_FOUND and missing


def own_case(rpcs: list[Reflected], callers: Callers) -> str:
    """A case elsewhere, for which nobody can be found: it changes no more."""
    who = callers.as_(Role.PLATFORM, ELSEWHERE)
    opening = the("OpenEscalation", rpcs)
    body = callers.ask(opening, minimal(opening.request, Ids()), who).body
    found = AN_ID.search(body)
    assert found is not None
    escalation = found[0].decode()
    reading = next(rpc for rpc in rpcs if rpc.name == "ReadEvents" and rpc.server == "routing")
    request = minimal(reading.request, Ids({"esc_": escalation}))
    auditor = callers.as_(Role.AUDITOR, ELSEWHERE)
    wait_for(
        lambda: b"NoDecisionMakerFound" in callers.ask(reading, request, auditor).body, "it waits"
    )
    return escalation


def the(name: str, rpcs: list[Reflected]) -> Reflected:
    return next(rpc for rpc in rpcs if rpc.name == name)
