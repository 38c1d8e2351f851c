"""What the merchant creates for a caller's key: happens once per key, and is found by it.

The key is claimed first in the transaction that creates. So of two callers with one key the second
waits, and answers what the first one made; where the first is refused nothing stands, and the
second decides by itself.
"""

import hashlib
import secrets

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql

from services.commerce import tables
from services.commerce.refusals import KeyReused


def claim(conn: Connection, tenant: str, kind: str, key: str, body: tuple[str, ...]) -> bool:
    """True for the first with this key, who must create; waits while another is creating.

    Raises:
        KeyReused: the key was used with another body.
    """
    said = digest(body)
    claimed = conn.execute(
        postgresql.insert(tables.creations)
        .values(tenant=tenant, kind=kind, key=key, body=said)
        .on_conflict_do_nothing()
        .returning(tables.creations.c.key)
    )
    if claimed.first() is not None:
        return True
    before = conn.execute(
        select(tables.creations.c.body).filter_by(tenant=tenant, kind=kind, key=key)
    ).scalar_one()
    if before != said:
        raise KeyReused(key)
    return False


def digest(body: tuple[str, ...]) -> bytes:
    """What stands for a body where it is compared with a later one."""
    return hashlib.sha256("\0".join(body).encode()).digest()


def new_id(prefix: str) -> str:
    """An id that nobody can guess; the caller's key, not the id, makes a repeat harmless."""
    return prefix + secrets.token_hex(8)
