"""Signing for the local stack and the tests: a key, its JWKS file, tokens, and files of them.

In production an identity provider does this; the services read its JWKS file and their own token
file and know no private key.
"""

import base64
import json
import os
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from amends.rpc.tokens import ALGORITHM, ANY_TENANT, AUDIENCE, LONGEST_LIFE
from amends.values.identity import Role

_TOKEN_LOOK = 1.0  # seconds between two looks at a token file past half its token's life


class SigningKey:
    """A private key and the id under which the JWKS file names its public half."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.kid = _b64(self._public)[:16]

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """The key in a PEM file that `write` made."""
        private = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            msg = f"{path} holds no Ed25519 key"
            raise TypeError(msg)
        return cls(private)

    def write(self, path: Path) -> None:
        """Keeps the private key in a file that only its owner reads."""
        pem = self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _replace(path, pem)

    def write_jwks(self, path: Path) -> None:
        """Publishes the public half as a JWKS of one key."""
        key = {"kty": "OKP", "crv": "Ed25519", "alg": ALGORITHM, "use": "sig"}
        key |= {"kid": self.kid, "x": _b64(self._public)}
        _replace(path, json.dumps({"keys": [key]}).encode())

    def mint(
        self,
        subject: str,
        tenant: str,
        roles: Sequence[Role],
        lifetime: timedelta = LONGEST_LIFE,
    ) -> str:
        """A token for one subject in one tenant, good from now."""
        now = int(time.time())
        claims = {
            "iat": now,
            "nbf": now,
            "exp": now + int(lifetime.total_seconds()),
            "aud": AUDIENCE,
            "sub": subject,
            "tenant": tenant,
            "roles": [role.value for role in roles],
            "jti": secrets.token_hex(8),
        }
        return jwt.encode(claims, self._private, ALGORITHM, {"kid": self.kid})

    def mint_service(self, subject: str, path: Path, lifetime: timedelta = LONGEST_LIFE) -> None:
        """Writes a service's token file anew: role `service`, any tenant."""
        _replace(path, self.mint(subject, ANY_TENANT, [Role.SERVICE], lifetime).encode())


def make_key() -> SigningKey:
    """A new key."""
    return SigningKey(Ed25519PrivateKey.generate())


class TokenFile:
    """A token source for `Channels`: the file's token, read again once half its life is over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._token = ""
        self._read_again_at = 0.0
        self._reading = threading.Lock()

    def __call__(self) -> str:
        """The token; OSError when the file never was readable."""
        if time.time() >= self._read_again_at:
            with self._reading:
                self._read()
        return self._token

    @property
    def subject(self) -> str:
        """As whom the token's bearer is known."""
        return str(_claims(self())["sub"])

    def _read(self) -> None:
        now = time.time()
        if now < self._read_again_at:
            return
        try:
            self._token = self._path.read_text().strip()
        except OSError:
            if not self._token:
                raise
        self._read_again_at = max(_half_life(self._token), now + _TOKEN_LOOK)


def _half_life(token: str) -> float:
    claims = _claims(token)
    return float(claims["iat"] + claims["exp"]) / 2


def _claims(token: str) -> dict[str, Any]:
    """What the token says, unverified: it is our own."""
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def _replace(path: Path, content: bytes) -> None:
    """Writes so that a reader sees the old or the new content, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
