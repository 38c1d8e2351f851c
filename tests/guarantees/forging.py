"""Tokens that prove nothing: each differs from a good one in one thing that somebody might try."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

WHO = "zoe.winter-1984"  # never told in a refusal or a log
_DEEP = 5_000
_OWN = ed25519.Ed25519PrivateKey.generate()
_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Forger:
    """Has seen a good token and the JWKS; some of its tokens the real key signed by mistake."""

    pem: bytes
    kid: str
    tenant: str
    role: str

    @property
    def public(self) -> ed25519.Ed25519PublicKey:
        private = load_pem_private_key(self.pem, password=None)
        assert isinstance(private, ed25519.Ed25519PrivateKey)
        return private.public_key()

    def claims(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - claims of any type
        now = int(time.time())
        good = {
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "aud": "amends",
            "sub": WHO,
            "tenant": self.tenant,
            "roles": [self.role],
        }
        return {key: value for key, value in (good | changes).items() if value is not None}

    def signed(self, **changes: Any) -> str:  # noqa: ANN401 - claims of any type
        """By the real key, whatever it says."""
        return jwt.encode(self.claims(**changes), self.pem, "EdDSA", {"kid": self.kid})

    def headed(self, **header: Any) -> str:  # noqa: ANN401 - header parameters of any type
        """By the real key, with a header of any kind."""
        return _assembled({"alg": "EdDSA", "kid": self.kid} | header, self.claims(), self.pem)

    def other(self, key: Any, algorithm: str, **header: Any) -> str:  # noqa: ANN401
        """By another key or secret, in the name of the real one."""
        return jwt.encode(self.claims(), key, algorithm, {"kid": self.kid} | header)

    def raw(self, header: bytes, signature: bytes = b"x" * 64) -> str:
        """Whatever bytes stand for the header."""
        payload = json.dumps(self.claims()).encode()
        return ".".join(_b64(part) for part in (header, payload, signature))

    def altered(self, part: int, text: str) -> str:
        """A good token with another part."""
        parts = self.signed().split(".")
        parts[part] = text
        return ".".join(parts)


def _raw_public(forger: Forger) -> bytes:
    return forger.public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _jwk() -> Mapping[str, str]:
    x = _OWN.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": _b64(x)}


def _hmac(secret: bytes) -> Callable[[Forger], str]:
    def made(forger: Forger) -> str:
        head = {"alg": "HS256", "kid": forger.kid, "typ": "JWT"}
        said = ".".join(_b64(json.dumps(part).encode()) for part in (head, forger.claims()))
        algorithm = jwt.get_algorithm_by_name("HS256")
        return f"{said}.{_b64(algorithm.sign(said.encode(), secret or _raw_public(forger)))}"

    return made


def _as_if_by_secret(kind: Encoding, form: PublicFormat) -> Callable[[Forger], str]:
    return lambda forger: _hmac(forger.public.public_bytes(kind, form))(forger)


def _assembled(header: Mapping[str, Any], claims: Mapping[str, Any], pem: bytes) -> str:
    private = load_pem_private_key(pem, password=None)
    assert isinstance(private, ed25519.Ed25519PrivateKey)
    said = ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
    return f"{said}.{_b64(private.sign(said.encode()))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _ago(seconds: float) -> int:
    return int(time.time() - seconds)


EXPIRED: Mapping[str, Callable[[Forger], str]] = {
    "old": lambda one: one.signed(iat=_ago(700), nbf=_ago(700), exp=_ago(100)),
    "older than the leeway": lambda one: one.signed(iat=_ago(640), exp=_ago(40), nbf=_ago(640)),
}
"""Good once."""

INVALID: Mapping[str, Callable[[Forger], str]] = {
    "for others": lambda one: one.signed(aud="shop"),
    "for several others": lambda one: one.signed(aud=["shop", "amends.example"]),
    "for nobody": lambda one: one.signed(aud=None),
    "not yet": lambda one: one.signed(nbf=_ago(-120)),
    "issued later": lambda one: one.signed(iat=_ago(-120), exp=_ago(-200)),
    "for an hour": lambda one: one.signed(exp=_ago(-3600)),
    "for ever": lambda one: one.signed(exp=None),
    "without a beginning": lambda one: one.signed(nbf=None),
    "without an issue": lambda one: one.signed(iat=None),
    "its end a text": lambda one: one.signed(exp=str(_ago(-300))),
    "its end a list": lambda one: one.signed(exp=[_ago(-300)]),
    "issued at true": lambda one: one.signed(iat=True),
    "its end no number": lambda one: one.signed(exp=float("nan")),
    "of no tenant": lambda one: one.signed(tenant=None),
    "of an empty tenant": lambda one: one.signed(tenant=""),
    "of a numbered tenant": lambda one: one.signed(tenant=7),
    "of several tenants": lambda one: one.signed(tenant=[one.tenant]),
    "of a path": lambda one: one.signed(tenant=f"{one.tenant}/escalation/esc_a"),
    "of nobody": lambda one: one.signed(sub=None),
    "of a number": lambda one: one.signed(sub=7),
    "of two words": lambda one: one.signed(sub=f"{WHO} too"),
    "without roles": lambda one: one.signed(roles=[]),
    "its role a text": lambda one: one.signed(roles=one.role),
    "its roles an object": lambda one: one.signed(roles={one.role: True}),
    "its roles lists": lambda one: one.signed(roles=[[one.role]]),
    "of a role nobody knows": lambda one: one.signed(roles=["root"]),
    "alg none": lambda one: one.other("", "none"),
    "alg none, signed": lambda one: one.headed(alg="none"),
    "alg None": lambda one: one.headed(alg="None"),
    "no alg": lambda one: one.headed(alg=None),
    "the public key as a secret": _hmac(b""),
    "the PEM of the public key as a secret": _as_if_by_secret(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ),
    "the OpenSSH form of the public key as a secret": _as_if_by_secret(
        Encoding.OpenSSH, PublicFormat.OpenSSH
    ),
    "RS256": lambda one: one.other(_RSA, "RS256"),
    "ES256": lambda one: one.other(ec.generate_private_key(ec.SECP256R1()), "ES256"),
    "Ed448": lambda one: one.other(ed448.Ed448PrivateKey.generate(), "EdDSA"),
    "another key": lambda one: one.other(_OWN, "EdDSA"),
    "another key with an id of its own": lambda one: one.other(_OWN, "EdDSA", kid="own"),
    "another key inside": lambda one: one.other(_OWN, "EdDSA", jwk=_jwk()),
    "another key inside, no id": lambda one: jwt.encode(
        one.claims(), _OWN, "EdDSA", {"jwk": _jwk()}
    ),
    "another key somewhere": lambda one: one.other(
        _OWN, "EdDSA", jku="http://127.0.0.1:9/jwks.json", x5u="http://127.0.0.1:9/"
    ),
    "no key id": lambda one: jwt.encode(one.claims(), one.pem, "EdDSA"),
    "a list of key ids": lambda one: one.headed(kid=[one.kid]),
    "a path as key id": lambda one: one.headed(kid="../../../dev/null"),
    "a lone surrogate as key id": lambda one: one.headed(kid="\ud800"),
    "critical what nobody knows": lambda one: one.headed(crit=["amends"], amends=True),
    "critical what is not there": lambda one: one.headed(crit=["exp"]),
    "detached": lambda one: one.headed(crit=["b64"], b64=False),
    "changed": lambda one: one.altered(1, _b64(json.dumps(one.claims(sub="eve")).encode())),
    "signed as another": lambda one: one.altered(2, one.signed(sub="eve").split(".")[2]),
    "cut off": lambda one: one.signed()[:-6],
    "unsigned": lambda one: one.altered(2, ""),
    "without a payload": lambda one: one.altered(1, ""),
    "twice in one": lambda one: f"{one.signed()}, {one.signed()}",
    "a payload that is a list": lambda one: one.altered(1, _b64(b"[]")),
    "a header that is a list": lambda one: one.raw(b"[]"),
    "a header without end": lambda one: one.raw(b'{"kid":' + b"[" * _DEEP),
    "a header that is no text": lambda one: one.raw(b"\xff\xfe{}"),
    "no parts": lambda _one: f"{WHO}-and-nothing-else",
    "empty parts": lambda _one: "...",
    "more parts": lambda one: f"{one.signed()}.{one.signed()}",
}
"""Never good."""
