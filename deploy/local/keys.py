"""The secrets of a local stack: made once, readable by its user only.

In production an identity provider signs the tokens and a key service wraps the data keys; here one
Ed25519 key signs for everybody.
"""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from deploy.local.home import Home
from deploy.local.private import write_private

KEY_ID = "local"
TOKEN_LIFE = timedelta(minutes=10)  # the longest that the contract allows


def signing_key(home: Home) -> Path:
    """The Ed25519 key that signs every token of this stack (PKCS#8, PEM)."""
    return home.keys / "signing.pem"


def jwks(home: Home) -> Path:
    """The public half, as the services read it."""
    return home.keys / "jwks.json"


def master_key(home: Home) -> Path:
    """Wraps the customers' data keys: 32 bytes, base64."""
    return home.keys / "master.key"


def service_token(home: Home) -> Path:
    """The token by which services and workflows call each other; see `tokens`."""
    return home.keys / "service.token"


def make(home: Home) -> None:
    """Makes what is missing; never replaces a key, since data was sealed with it."""
    if not signing_key(home).exists():
        _make_signing_key(home)
    if not master_key(home).exists():
        write_private(master_key(home), base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
    renew_service_token(home)


def renew_service_token(home: Home) -> None:
    """Writes a token of the role `service` with its whole life before it."""
    now = datetime.now(UTC)
    claims = {
        "sub": "amends",
        "tenant": "*",  # a service names the tenant in each call's metadata
        "roles": ["service"],
        "aud": "amends",
        "iat": now,
        "exp": now + TOKEN_LIFE,
    }
    key = signing_key(home).read_bytes()
    token = jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": KEY_ID})
    write_private(service_token(home), token + "\n")


def _make_signing_key(home: Home) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": KEY_ID,
        "x": base64.urlsafe_b64encode(public).decode().rstrip("="),
    }
    write_private(jwks(home), json.dumps({"keys": [jwk]}, indent=2) + "\n")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(signing_key(home), private.decode())
