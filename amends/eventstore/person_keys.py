"""One data key per person (tenant and customer) in a service's database, wrapped by the master key.

A destroyed key's row stays without its key and is never made again. Key rows belong into a backup
of their own: a restored backup must not bring a destroyed key back.
"""

import os
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Row, text

from amends.eventstore.records import length_prefixed

KEY_BYTES = 32
NONCE_BYTES = 12

_COLUMNS = "SELECT tenant, customer, key_id::text AS key_id, wrapped FROM person_keys"
_BY_ID = text(f"{_COLUMNS} WHERE key_id = CAST(:key_id AS uuid)")
_BY_PERSON = text(f"{_COLUMNS} WHERE tenant = :tenant AND customer = :customer")
_LOCKED = text(f"{_COLUMNS} WHERE tenant = :tenant AND customer = :customer FOR UPDATE")
_MAKE = text("""
    INSERT INTO person_keys (tenant, customer, key_id, wrapped)
    VALUES (:tenant, :customer, CAST(:key_id AS uuid), :wrapped) ON CONFLICT DO NOTHING
""")
_DESTROY = text("""
    INSERT INTO person_keys (tenant, customer, key_id, destroyed_at)
    VALUES (:tenant, :customer, CAST(:key_id AS uuid), now())
    ON CONFLICT (tenant, customer) DO UPDATE SET wrapped = NULL,
        destroyed_at = coalesce(person_keys.destroyed_at, now())
    RETURNING key_id::text
""")


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """A person's key; `key` is None where it was destroyed."""

    key_id: str
    key: bytes | None


class PersonKeys:
    """Makes, opens and destroys the keys of persons."""

    def __init__(self, master_key: bytes) -> None:
        self._wrapping = AESGCM(derived(master_key, b"amends wrapping"))

    def of_id(self, conn: Connection, key_id: str) -> DataKey | None:
        """A key by its id; None where this service never made it."""
        row = conn.execute(_BY_ID, {"key_id": key_id}).one_or_none()
        return None if row is None else self._open(row)

    def of_person(self, conn: Connection, tenant: str, person: str) -> DataKey:
        """The person's key, made in the caller's transaction where there is none yet."""
        who = {"tenant": tenant, "customer": person}
        row = conn.execute(_BY_PERSON, who).one_or_none()
        if row is not None:
            return self._open(row)
        fresh, key_id, nonce = os.urandom(KEY_BYTES), str(uuid.uuid4()), os.urandom(NONCE_BYTES)
        sealed = self._wrapping.encrypt(nonce, fresh, _context(tenant, person, key_id))
        made = conn.execute(_MAKE, {**who, "key_id": key_id, "wrapped": nonce + sealed}).rowcount
        return DataKey(key_id, fresh) if made else self._open(conn.execute(_BY_PERSON, who).one())

    def destroy(self, conn: Connection, tenant: str, person: str) -> tuple[str, bool]:
        """Destroys the person's key, or makes sure that none is made; (key id, had a key)."""
        who = {"tenant": tenant, "customer": person}
        row = conn.execute(_LOCKED, who).one_or_none()
        key_id = conn.execute(_DESTROY, {**who, "key_id": str(uuid.uuid4())}).scalar_one()
        return key_id, row is not None and row.wrapped is not None

    def _open(self, row: Row[Any]) -> DataKey:
        if row.wrapped is None:
            return DataKey(row.key_id, None)
        nonce, wrapped = row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:]
        about = _context(row.tenant, row.customer, row.key_id)
        return DataKey(row.key_id, self._wrapping.decrypt(nonce, wrapped, about))


def derived(master_key: bytes, purpose: bytes) -> bytes:
    """A key of its own for each purpose."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose).derive(master_key)


def _context(tenant: str, person: str, key_id: str) -> bytes:
    return length_prefixed((tenant.encode(), person.encode(), key_id.encode()))
