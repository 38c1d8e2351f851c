"""What a token must be to prove anything."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from amends.rpc.refusals import TokenExpired, TokenInvalid
from amends.rpc.signing import SigningKey, TokenFile, make_key
from amends.rpc.tokens import Tokens
from amends.values.identity import Role

Claims = dict[str, Any]


@pytest.fixture
def key() -> SigningKey:
    return make_key()


@pytest.fixture
def jwks(tmp_path: Path, key: SigningKey) -> Path:
    key.write_jwks(tmp_path / "jwks.json")
    return tmp_path / "jwks.json"


@pytest.fixture
def tokens(jwks: Path) -> Tokens:
    return Tokens(jwks)


@pytest.fixture
def forge(key: SigningKey, tmp_path: Path) -> Callable[..., str]:
    """Signs with the right key whatever claims and headers it is given."""
    key.write(tmp_path / "signing.pem")
    pem = (tmp_path / "signing.pem").read_bytes()

    def sign(changes: Claims, *, without: str = "", kid: str = key.kid) -> str:
        claims = good() | changes
        claims.pop(without, None)
        return jwt.encode(claims, pem, "EdDSA", {"kid": kid})

    return sign


def good(age: float = 0) -> Claims:
    now = int(time.time() - age)
    return {
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "aud": "amends",
        "sub": "zoe",
        "tenant": "acme",
        "roles": ["handler", "decision-maker"],
    }


def test_a_good_token_tells_subject_tenant_and_roles_in_order(
    tokens: Tokens, forge: Callable[..., str]
) -> None:
    bearer = tokens.verify(forge({}))
    assert (bearer.subject, bearer.tenant) == ("zoe", "acme")
    assert bearer.roles == (Role.HANDLER, Role.DECISION_MAKER)


def test_a_role_that_nobody_knows_here_is_left_out(
    tokens: Tokens, forge: Callable[..., str]
) -> None:
    assert tokens.verify(forge({"roles": ["cook", "auditor"]})).roles == (Role.AUDITOR,)


@pytest.mark.parametrize("claim", ["aud", "exp", "nbf", "iat", "sub", "tenant", "roles"])
def test_each_claim_is_required(tokens: Tokens, forge: Callable[..., str], claim: str) -> None:
    with pytest.raises(TokenInvalid, match=f"lacks the claim {claim}"):
        tokens.verify(forge({}, without=claim))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "shop"}, "audience"),
        ({"nbf": time.time() + 7200}, "its time has not come"),
        ({"iat": time.time() + 7200, "exp": time.time() + 7320}, "its time has not come"),
        ({"exp": time.time() + 3600}, "at most 10 minutes"),
        ({"exp": "soon"}, "not a well-formed token"),
        ({"sub": ""}, "its sub"),
        ({"sub": "zo e"}, "its sub"),
        ({"tenant": "acme/escalation"}, "its tenant"),
        ({"tenant": ""}, "its tenant"),
        ({"tenant": ["acme"]}, "its tenant"),
        ({"roles": []}, "at least one role"),
        ({"roles": "handler"}, "no list of at least one role"),
        ({"exp": str(int(time.time()) + 500)}, "its exp is no number"),
        ({"iat": str(int(time.time()) - 5)}, "its iat is no number"),
        ({"nbf": [0]}, "not a well-formed token"),
        ({"exp": float("inf")}, "not a well-formed token"),
        ({"roles": ["cook"]}, "no role that Amends knows"),
    ],
)
def test_a_wrong_claim_is_refused(
    tokens: Tokens, forge: Callable[..., str], changes: Claims, why: str
) -> None:
    with pytest.raises(TokenInvalid, match=why):
        tokens.verify(forge(changes))


def test_an_old_token_has_expired_but_not_within_the_leeway(
    tokens: Tokens, forge: Callable[..., str]
) -> None:
    tokens.verify(forge(good(age=610)))
    with pytest.raises(TokenExpired, match="fetch a new one"):
        tokens.verify(forge(good(age=640)))


def test_a_remembered_token_expires_too(
    tokens: Tokens, forge: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = forge({})
    tokens.verify(token)
    late = time.time() + 700
    monkeypatch.setattr(time, "time", lambda: late)
    with pytest.raises(TokenExpired):
        tokens.verify(token)


def test_an_unsigned_token_is_refused(tokens: Tokens, key: SigningKey) -> None:
    unsigned = jwt.encode(good(), "", "none", {"kid": key.kid})
    with pytest.raises(TokenInvalid, match="algorithm is not EdDSA"):
        tokens.verify(unsigned)


def test_a_public_key_is_no_shared_secret(tokens: Tokens, key: SigningKey, jwks: Path) -> None:
    public = json.loads(jwks.read_text())["keys"][0]["x"]
    for secret in (public, jwt.utils.base64url_decode(public)):
        confused = jwt.encode(good(), secret, "HS256", {"kid": key.kid})
        with pytest.raises(TokenInvalid, match="algorithm is not EdDSA"):
            tokens.verify(confused)


def test_another_algorithm_is_refused(tokens: Tokens, key: SigningKey) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(TokenInvalid, match="algorithm is not EdDSA"):
        tokens.verify(jwt.encode(good(), other, "RS256", {"kid": key.kid}))


def test_an_unknown_key_is_refused(tokens: Tokens, forge: Callable[..., str]) -> None:
    with pytest.raises(TokenInvalid, match="key id is unknown"):
        tokens.verify(forge({}, kid="../../etc/passwd"))
    with pytest.raises(TokenInvalid, match="key id is unknown"):
        tokens.verify(make_key().mint("zoe", "acme", [Role.HANDLER]))


def test_a_changed_or_foreign_signature_is_refused(
    tokens: Tokens, forge: Callable[..., str], key: SigningKey, tmp_path: Path
) -> None:
    make_key().write(tmp_path / "other.pem")
    foreign = jwt.encode(good(), (tmp_path / "other.pem").read_bytes(), "EdDSA", {"kid": key.kid})
    with pytest.raises(TokenInvalid, match="signature"):
        tokens.verify(foreign)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "e30.e30.e30", "\U0001f45f" * 20])
def test_what_is_no_token_is_refused(tokens: Tokens, text: str) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(text)


def test_a_key_taken_from_the_file_counts_no_more(
    tokens: Tokens, key: SigningKey, jwks: Path
) -> None:
    token = key.mint("zoe", "acme", [Role.HANDLER])
    tokens.verify(token)
    make_key().write_jwks(jwks)
    with pytest.raises(TokenInvalid, match="key id is unknown"):
        tokens.verify(token)


def test_a_broken_key_file_leaves_the_known_keys(
    tokens: Tokens, key: SigningKey, jwks: Path
) -> None:
    tokens.load()
    jwks.write_text('{"keys": [')
    tokens.verify(key.mint("zoe", "acme", [Role.HANDLER]))


def test_a_file_that_names_no_key_any_more_lets_nobody_in(
    tokens: Tokens, key: SigningKey, jwks: Path
) -> None:
    token = key.mint("zoe", "acme", [Role.HANDLER])
    tokens.verify(token)
    for content in ('{"keys": [7, {"kty": "oct", "kid": "a"}]}', '{"keys": []}', '{"keys": ['):
        jwks.write_text(content)
        with pytest.raises(TokenInvalid, match="key id is unknown"):
            tokens.verify(token)


def test_without_keys_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Tokens(tmp_path / "nowhere.json").load()


def test_a_repeated_token_costs_under_300_microseconds(tokens: Tokens, key: SigningKey) -> None:
    token = key.mint("zoe", "acme", [Role.HANDLER])
    tokens.verify(token)
    began = time.process_time()
    for _ in range(1000):
        tokens.verify(token)
    assert time.process_time() - began < 0.3


def test_a_token_file_is_read_again_before_half_its_life(tmp_path: Path, key: SigningKey) -> None:
    path = tmp_path / "service.token"
    key.mint_service("amends", path, timedelta(seconds=1))
    source = TokenFile(path)
    first = source()
    key.mint_service("amends", path, timedelta(minutes=10))
    ends = time.monotonic() + 5
    while source() == first:
        assert time.monotonic() < ends
    assert source() == path.read_text()
