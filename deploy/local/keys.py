"""The secrets of a local stack: made once, readable by its user only.

In production an identity provider signs the tokens and a key service wraps the data keys; here one
Ed25519 key signs for everybody.
"""

import base64
import secrets
from pathlib import Path

from amends.rpc.signing import SigningKey, make_key
from deploy.local.home import Home
from deploy.local.private import write_private


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
        make_key().write(signing_key(home))
    SigningKey.read(signing_key(home)).write_jwks(jwks(home))
    if not master_key(home).exists():
        write_private(master_key(home), base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
    renew_service_token(home)


def renew_service_token(home: Home) -> None:
    """Writes a token of the role `service` with its whole life before it."""
    SigningKey.read(signing_key(home)).mint_service("amends", service_token(home))
