"""Tokens: what a JWT proves about its bearer, checked against the public keys of a JWKS file.

Only EdDSA over Ed25519, so that no other algorithm can be talked into accepting a public key as
its secret. Tokens live in real time, never in business time.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt

from amends import telemetry
from amends.rpc.refusals import TokenExpired, TokenInvalid
from amends.values.identity import Role, Subject, Tenant

ALGORITHM = "EdDSA"
AUDIENCE = "amends"
LONGEST_LIFE = timedelta(minutes=10)
LEEWAY = timedelta(seconds=30)
ANY_TENANT = Tenant("*")
"""The tenant of a service's token that may act for every tenant."""

_CLAIMS = ["aud", "exp", "nbf", "iat", "sub", "tenant", "roles"]
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")
_REMEMBERED = 4096
_WRONG: dict[type[jwt.PyJWTError], str] = {
    jwt.InvalidAudienceError: f"its audience is not {AUDIENCE}",
    jwt.ImmatureSignatureError: "its time has not come",
    jwt.InvalidAlgorithmError: f"its algorithm is not {ALGORITHM}",
    jwt.InvalidKeyError: f"its algorithm is not {ALGORITHM}",
    jwt.InvalidSignatureError: "its signature does not fit its key",
}


class WrongClaim(ValueError):
    """A claim is not as agreed; the message is ours and repeats nothing of the token."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a token proves; `roles` in the token's order, `expires_at` in seconds of real time."""

    subject: Subject
    tenant: Tenant
    roles: tuple[Role, ...]
    expires_at: float


class KeyFile:
    """The public keys of a JWKS file by key id; a changed file counts at the next call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self.keys: Mapping[str, jwt.PyJWK] = {}

    def refresh(self) -> bool:
        """True when the file changed since the last look; what cannot be read keeps the old keys.

        Raises:
            OSError, ValueError: there never were any keys: the file is missing or is no JWKS.
        """
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if stamp == self._seen:
                return False
            self.keys = _keys(json.loads(self._path.read_bytes()))
        except (OSError, ValueError, jwt.PyJWTError):
            if not self._seen:
                raise
            telemetry.log().error("jwks_unreadable")
            return False
        self._seen = stamp
        return True


class Tokens:
    """Verifies tokens; what was verified is remembered until it expires or the keys change."""

    def __init__(self, jwks: Path) -> None:
        self._file = KeyFile(jwks)
        self._known: dict[str, Bearer] = {}

    def load(self) -> None:
        """Reads the keys now; OSError or ValueError when the file is missing or is no JWKS."""
        self._file.refresh()

    def verify(self, token: str, credential: str = "authorization") -> Bearer:
        """What the token proves. `credential` is the metadata key it came in, for the refusal.

        Raises:
            TokenExpired: its time is over (30 s of leeway).
            TokenInvalid: anything else that is wrong with it.
        """
        if self._file.refresh():
            self._known = {}
        # Taken before the keys are: what an old key proved is remembered in an old dict only.
        known = self._known
        bearer = known.get(token)
        if bearer is None:
            bearer = self._checked(token, credential)
            if len(known) >= _REMEMBERED:
                known.clear()
            known[token] = bearer
        if time.time() >= bearer.expires_at + LEEWAY.total_seconds():
            raise TokenExpired(credential)
        return bearer

    def remembered(self, token: str) -> Bearer | None:
        """What a token proved when it was verified last, which is cheap to ask; it may be over."""
        return self._known.get(token)

    def _checked(self, token: str, credential: str) -> Bearer:
        try:
            key = self._file.keys[str(jwt.get_unverified_header(token).get("kid"))]
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                leeway=LEEWAY,
                options={"require": _CLAIMS},
            )
            return _bearer(claims)
        except KeyError:
            raise TokenInvalid(credential, "its key id is unknown") from None
        except jwt.ExpiredSignatureError:
            raise TokenExpired(credential) from None
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenInvalid(credential, _why(error)) from None


def _keys(document: object) -> dict[str, jwt.PyJWK]:
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        msg = "a JWKS is an object with a list `keys`"
        raise ValueError(msg)  # noqa: TRY004 - unreadable content, as a JSON error is
    return {
        key["kid"]: jwt.PyJWK.from_dict(key, algorithm=ALGORITHM)
        for key in keys
        if isinstance(key, dict) and _verifies_tokens(key)
    }


def _verifies_tokens(key: Mapping[str, object]) -> bool:
    kid, kind = key.get("kid"), (key.get("kty"), key.get("crv"))
    return kind == ("OKP", "Ed25519") and isinstance(kid, str) and bool(kid)


def _bearer(claims: Mapping[str, Any]) -> Bearer:
    """The claims as typed values; WrongClaim says what is wrong with them."""
    begins, ends = _seconds(claims, "iat"), _seconds(claims, "exp")
    if not 0 < ends - begins <= LONGEST_LIFE.total_seconds():
        msg = "it must live longer than nothing and at most 10 minutes"
        raise WrongClaim(msg)
    return Bearer(
        subject=Subject(_matching(_SUBJECT, claims["sub"], "sub")),
        tenant=_tenant(claims["tenant"]),
        roles=_roles(claims["roles"]),
        expires_at=ends,
    )


def is_tenant(text: str) -> bool:
    """Whether a text may name one tenant: it is part of every stream, row and query."""
    return _TENANT.fullmatch(text) is not None


def _seconds(claims: Mapping[str, Any], claim: str) -> float:
    """A moment as JWT says it; PyJWT would take a text of digits too."""
    value = claims[claim]
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"its {claim} is no number"
        raise WrongClaim(msg)
    return float(value)


def _tenant(value: object) -> Tenant:
    return ANY_TENANT if value == ANY_TENANT else Tenant(_matching(_TENANT, value, "tenant"))


def _roles(value: object) -> tuple[Role, ...]:
    if not isinstance(value, list) or not value:
        msg = "its roles are no list of at least one role"
        raise WrongClaim(msg)
    known = {role.value: role for role in Role}
    roles = tuple(known[name] for name in value if isinstance(name, str) and name in known)
    if not roles:
        msg = "it has no role that Amends knows"
        raise WrongClaim(msg)
    return roles


def _matching(pattern: re.Pattern[str], value: object, claim: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        msg = f"its {claim} is not of the agreed form"
        raise WrongClaim(msg)
    return value


def _why(error: Exception) -> str:
    """What is wrong in words of ours: nothing of the token is repeated."""
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"it lacks the claim {error.claim}"
    if isinstance(error, WrongClaim):
        return str(error)
    known = (words for kind, words in _WRONG.items() if isinstance(error, kind))
    return next(known, "it is not a well-formed token")
