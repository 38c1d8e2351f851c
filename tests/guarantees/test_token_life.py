"""How long a token and a key count, and what is remembered of them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jwt.algorithms import OKPAlgorithm

from amends.client import new_request_id
from amends.rpc import tokens as remembering
from amends.rpc.refusals import TokenInvalid
from amends.rpc.signing import SigningKey, make_key
from amends.rpc.tokens import Tokens
from amends.v1 import intake_service_pb2, types_pb2
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.identity import Role
from deploy.demo.cast import Cast
from tests.guarantees.calling import Callers, Metadata, bearer
from tests.guarantees.foreign import ELSEWHERE, anybody
from tests.guarantees.reflected import rpcs_of
from tests.guarantees.requests import Ids, minimal
from tests.unit.rpc.serving import Intake, opening, serving

Told = intake_service_pb2.WatchEscalationResponse


@pytest.fixture(scope="module")
def callers(cast: Cast) -> Iterator[Callers]:
    with anybody(cast) as everybody:
        yield everybody


def test_a_key_counts_from_the_next_call_until_it_is_taken_away(
    cast: Cast, callers: Callers, tmp_path: Path
) -> None:
    jwks, new = cast.settings.jwks_file, make_key()
    assert jwks is not None
    old = bearer(callers.key.mint("amends", ELSEWHERE, [Role.SERVICE]))
    rotated = bearer(new.mint("amends", ELSEWHERE, [Role.SERVICE]))
    before = jwks.read_bytes()
    assert (let_in(cast, callers, old), let_in(cast, callers, rotated)) == ({True}, {False})
    try:
        replace(jwks, both(before, new, tmp_path / "new.json"))
        assert (let_in(cast, callers, old), let_in(cast, callers, rotated)) == ({True}, {True})
    finally:
        replace(jwks, before)
    assert (let_in(cast, callers, old), let_in(cast, callers, rotated)) == ({True}, {False})


def test_a_watch_ends_with_its_token_and_goes_on_with_another(callers: Callers) -> None:
    intake: Any = IntakeServiceStub(callers.channels["intake"])
    desk = callers.as_(Role.PLATFORM, ELSEWHERE)
    escalation = intake.OpenEscalation(heard(), metadata=desk).escalation_id
    brief = callers.key.mint("desk", ELSEWHERE, [Role.PLATFORM], timedelta(seconds=2))
    watching = intake_service_pb2.WatchEscalationRequest(escalation_id=escalation)
    told = list(intake.WatchEscalation(watching, metadata=bearer(brief), timeout=20))
    assert told[0].entry.event == "EscalationOpened"
    intake.RecordContact(heard_again(escalation), metadata=desk)
    watching.watch_token = told[-1].watch_token
    told += until("ContactRecorded", intake.WatchEscalation(watching, metadata=desk, timeout=20))
    for versions in by_source(told).values():
        assert versions == list(range(1, len(versions) + 1))


def test_a_repeated_token_is_verified_once(tmp_path: Path, checks: list[str]) -> None:
    with serving(tmp_path, Intake()) as served:
        zoe = served.as_(Role.PLATFORM)
        for _ in range(5):
            served.intake.OpenEscalation(opening(), metadata=zoe)
        assert len(checks) == 1
        served.intake.OpenEscalation(opening(), metadata=served.as_(Role.PLATFORM))
    assert len(checks) == 1 + 1


def test_a_refused_token_is_verified_again(tmp_path: Path, checks: list[str]) -> None:
    tokens, key = Tokens(tmp_path / "jwks.json"), make_key()
    key.write_jwks(tmp_path / "jwks.json")
    forged = f"{key.mint('zoe', 'acme', [Role.HANDLER])[:-4]}AAAA"
    for _ in range(2):
        with pytest.raises(TokenInvalid, match="signature"):
            tokens.verify(forged)
    assert len(checks) == 1 + 1


def test_no_more_tokens_are_remembered_than_there_is_room_for(
    tmp_path: Path, checks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "_REMEMBERED", 3)
    tokens, key = Tokens(tmp_path / "jwks.json"), make_key()
    key.write_jwks(tmp_path / "jwks.json")
    first, second, third, fourth = (
        key.mint(name, "acme", [Role.HANDLER]) for name in ("ana", "ben", "cleo", "dan")
    )
    for token in (first, second, third) * 2:
        tokens.verify(token)
    assert len(checks) == len({first, second, third})
    for token in (fourth, first):
        tokens.verify(token)
    assert len(checks) == len({first, second, third, fourth}) + 1


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each signature that is really checked."""
    found: list[str] = []
    verify = OKPAlgorithm.verify

    def counting(self: OKPAlgorithm, *said: Any) -> bool:  # noqa: ANN401 - passed on
        found.append("checked")
        return verify(self, *said)

    monkeypatch.setattr(OKPAlgorithm, "verify", counting)
    return found


def let_in(cast: Cast, callers: Callers, metadata: Metadata) -> set[bool]:
    """How the servers take these credentials of a service."""
    rpcs = rpcs_of(cast.settings.addresses)
    internal = {rpc.server: rpc for rpc in rpcs if Role.SERVICE in rpc.roles}
    assert internal.keys() == cast.settings.addresses.keys()
    return {
        callers.ask(rpc, minimal(rpc.request, Ids()), metadata).let_in for rpc in internal.values()
    }


def both(before: bytes, new: SigningKey, scratch: Path) -> bytes:
    """A JWKS with another key behind those that were there."""
    new.write_jwks(scratch)
    keys = [*json.loads(before)["keys"], *json.loads(scratch.read_bytes())["keys"]]
    return json.dumps({"keys": keys}).encode()


def replace(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(content)
    fresh.replace(file)


def heard() -> intake_service_pb2.OpenEscalationRequest:
    return intake_service_pb2.OpenEscalationRequest(
        request_id=new_request_id(),
        channel=types_pb2.CHANNEL_CHAT,
        cause=types_pb2.CAUSE_WRONG_ITEM,
        customer=f"C-{new_request_id()}",
        words="These are not the shoes that I ordered.",
    )


def heard_again(escalation: str) -> intake_service_pb2.RecordContactRequest:
    return intake_service_pb2.RecordContactRequest(
        request_id=new_request_id(),
        escalation_id=escalation,
        channel=types_pb2.CHANNEL_CHAT,
        words="Is there any news?",
    )


def until(event: str, stream: Any) -> Iterator[Told]:  # noqa: ANN401 - a stream that can be ended
    """What a watch tells up to an event."""
    for told in stream:
        yield told
        if told.entry.event == event:
            stream.cancel()
            return


def by_source(told: Iterable[Told]) -> Mapping[str, list[int]]:
    """The versions that were told of each service, in the order in which they came."""
    found: dict[str, list[int]] = {}
    for one in told:
        found.setdefault(one.entry.source, []).append(one.entry.version)
    return found
