"""What is no token, at every server of the stack: refused, and no part of it is told."""

from collections.abc import Callable, Iterator

import grpc
import pytest

from amends.rpc.channel import as_tenant
from amends.values.identity import Role
from deploy.demo.cast import Cast
from deploy.local.stack import Stack
from tests.guarantees import raw_http2
from tests.guarantees.calling import Answer, Callers, Metadata, bearer
from tests.guarantees.foreign import ELSEWHERE, anybody
from tests.guarantees.forging import EXPIRED, INVALID, WHO, Forger
from tests.guarantees.reflected import Reflected, rpcs_of
from tests.guarantees.requests import Ids, minimal

_LONG = 12  # characters of a token that nobody writes by chance


@pytest.fixture(scope="module")
def rpcs(cast: Cast) -> list[Reflected]:
    return rpcs_of(cast.settings.addresses)


@pytest.fixture(scope="module")
def some(rpcs: list[Reflected]) -> list[Reflected]:
    """An RPC of each server that services call, and every stream."""
    by_server = {rpc.server: rpc for rpc in rpcs if Role.SERVICE in rpc.roles}
    return [*by_server.values(), *(rpc for rpc in rpcs if rpc.streams)]


@pytest.fixture(scope="module")
def callers(cast: Cast) -> Iterator[Callers]:
    with anybody(cast) as everybody:
        yield everybody


@pytest.fixture(scope="module")
def forger(cast: Cast, callers: Callers) -> Forger:
    assert cast.settings.signing_key_file is not None
    pem = cast.settings.signing_key_file.read_bytes()
    return Forger(pem, callers.key.kid, ELSEWHERE, Role.SERVICE.value)


FORGERIES = [
    *(pytest.param(make, "TOKEN_EXPIRED", id=what) for what, make in EXPIRED.items()),
    *(pytest.param(make, "TOKEN_INVALID", id=what) for what, make in INVALID.items()),
]


def test_what_is_forged_is_forged_from_a_token_that_counts(
    some: list[Reflected], callers: Callers, forger: Forger
) -> None:
    for rpc in some:
        if Role.SERVICE in rpc.roles:
            assert ask(callers, rpc, bearer(forger.signed())).let_in


@pytest.mark.parametrize(("make", "reason"), FORGERIES)
def test_a_forged_token_lets_nobody_in(
    make: Callable[[Forger], str],
    reason: str,
    some: list[Reflected],
    callers: Callers,
    forger: Forger,
) -> None:
    token = make(forger)
    for rpc in some:
        answer = ask(callers, rpc, bearer(token))
        assert_refused(answer, reason, "authorization", token)


@pytest.mark.parametrize(("make", "reason"), FORGERIES)
def test_a_forwarded_caller_is_verified_alike(
    make: Callable[[Forger], str],
    reason: str,
    some: list[Reflected],
    callers: Callers,
    forger: Forger,
) -> None:
    token = make(forger)
    for rpc in some:
        if Role.SERVICE in rpc.roles:
            calling = (*callers.as_(Role.SERVICE, ELSEWHERE), ("amends-caller", token))
            assert_refused(ask(callers, rpc, calling), reason, "amends-caller", token)


def test_a_caller_of_another_tenant_is_refused(
    some: list[Reflected], callers: Callers, cast: Cast
) -> None:
    maya = callers.key.mint("maya", cast.settings.tenant, [Role.DECISION_MAKER])
    for rpc in some:
        if Role.SERVICE in rpc.roles:
            calling = (*callers.as_(Role.SERVICE, ELSEWHERE), ("amends-caller", maya))
            assert_refused(ask(callers, rpc, calling), "TOKEN_INVALID", "amends-caller", maya)


def test_a_token_anywhere_but_in_its_place_is_none(
    rpcs: list[Reflected], callers: Callers, forger: Forger
) -> None:
    token = forger.signed()
    elsewhere = [
        (),
        (("amends-caller", token), *as_tenant(ELSEWHERE)),
        (("token", token), ("cookie", f"token={token}"), ("x-authorization", f"Bearer {token}")),
        (("authorization", token),),
        (("authorization", f"Basic {token}"),),
        (("authorization", "Bearer"),),
    ]
    for rpc in rpcs:
        request = minimal(rpc.request, Ids())
        for one in request.DESCRIPTOR.fields:
            if one.type == one.TYPE_STRING and not one.is_repeated:
                setattr(request, one.name, token)
        for metadata in elsewhere:
            assert callers.ask(rpc, request, metadata).reason == "TOKEN_MISSING", rpc


def test_of_two_tokens_neither_counts(some: list[Reflected], callers: Callers) -> None:
    for rpc in some:
        token = callers.key.mint(WHO, ELSEWHERE, sorted(rpc.roles, key=str))
        assert ask(callers, rpc, bearer(token), patiently=False).let_in
        twice = ask(callers, rpc, bearer(token) + bearer(token))
        assert_refused(twice, "TOKEN_INVALID", "authorization", token)


@pytest.mark.parametrize("size", [1 << 14, 1 << 20])
def test_a_header_that_is_too_large_reaches_nobody(
    some: list[Reflected], callers: Callers, forger: Forger, size: int
) -> None:
    token = f"{forger.signed()}{'x' * size}"
    for rpc in some:
        answer = ask(callers, rpc, bearer(token))
        assert answer.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert parts_told(answer, token) == []


@pytest.mark.parametrize("odd", [b"\xff\xfe", "\u00e9\U0001f45f".encode(), b"\xed\xa0\x80"])
def test_a_header_that_is_no_ascii_is_no_token(
    cast: Cast, some: list[Reflected], forger: Forger, odd: bytes
) -> None:
    for rpc in some:
        token = odd + forger.signed().encode() + odd
        answer = raw_http2.call(cast.settings.addresses[rpc.server], rpc.path, b"Bearer " + token)
        assert b"grpc-status\x0216" in answer
        assert b"`authorization` is refused" in answer
        assert WHO.encode() not in answer
        assert forger.signed().split(".")[0].encode() not in answer


def test_no_log_tells_a_token(
    stack: Stack, some: list[Reflected], callers: Callers, forger: Forger
) -> None:
    tokens = [forger.signed(), *(make(forger) for make in INVALID.values())]
    for token in tokens:
        ask(callers, some[0], bearer(token))
    said = stack.home.log(some[0].server).read_text()
    assert [one for one in (WHO, *tokens) if one in said] == []
    assert [part for token in tokens for part in long_parts(token) if part in said] == []


def ask(callers: Callers, rpc: Reflected, metadata: Metadata, *, patiently: bool = True) -> Answer:
    return callers.ask(rpc, minimal(rpc.request, Ids()), metadata, patiently=patiently)


def assert_refused(answer: Answer, reason: str, credential: str, token: str) -> None:
    """UNAUTHENTICATED, naming the credential and nothing that stands in it."""
    assert (answer.code, answer.reason) == (grpc.StatusCode.UNAUTHENTICATED, reason), answer
    assert answer.values["credential"] == credential
    assert parts_told(answer, token) == []


def parts_told(answer: Answer, token: str) -> list[str]:
    """What an answer repeats of a token."""
    return [part for part in (WHO, *long_parts(token)) if part in answer.told]


def long_parts(token: str) -> list[str]:
    """The pieces of a token, of which none may be told."""
    return [
        part[at : at + _LONG]
        for part in token.split(".")
        for at in range(0, len(part) - _LONG + 1, _LONG)
    ]
