"""What the merchant creates for a caller's key: happens once per key, and is found by it.

The key is claimed first in the transaction that creates. So of two callers with one key the second
waits, and answers what the first one made; where the first is refused nothing stands, and the
second decides by itself. Who closes a key claims it for ever, and creates nothing.
"""

import hashlib
import secrets

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql

from services.commerce import tables
from services.commerce.refusals import KeyClosed, KeyReused

_CLOSED = b""
"""Stands where a creation's digest would: nothing has it."""
_CLAIM = (
    postgresql.insert(tables.creations).on_conflict_do_nothing().returning(tables.creations.c.key)
)
_STANDS = select(tables.creations.c.body).where(
    *(tables.creations.c[name] == bindparam(name) for name in ("tenant", "kind", "key"))
)


def claim(conn: Connection, tenant: str, kind: str, key: str, body: tuple[str, ...]) -> bool:
    """True for the first with this key, who must create; waits while another is creating.

    Raises:
        KeyReused: the key was used with another body.
        KeyClosed: nothing is created under it any more.
    """
    said = digest(body)
    stands = _claimed(conn, tenant, kind, key, said)
    if stands is None:
        return True
    if stands == _CLOSED:
        raise KeyClosed(key)
    if stands != said:
        raise KeyReused(key)
    return False


def close(conn: Connection, tenant: str, kind: str, key: str) -> bool:
    """True where nothing was created under the key, and nothing ever will be; waits as `claim`."""
    return _claimed(conn, tenant, kind, key, _CLOSED) in {None, _CLOSED}


def _claimed(conn: Connection, tenant: str, kind: str, key: str, body: bytes) -> bytes | None:
    """None for the first with this key; else what stands under it."""
    asked = {"tenant": tenant, "kind": kind, "key": key}
    if conn.execute(_CLAIM, {**asked, "body": body}).first() is not None:
        return None
    stands: bytes = conn.execute(_STANDS, asked).scalar_one()
    return stands


def digest(body: tuple[str, ...]) -> bytes:
    """What stands for a body where it is compared with a later one."""
    return hashlib.sha256("\0".join(body).encode()).digest()


def new_id(prefix: str) -> str:
    """An id that nobody can guess; the caller's key, not the id, makes a repeat harmless."""
    return prefix + secrets.token_hex(8)
