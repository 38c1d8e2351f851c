"""A data key per person and class of personal data in a service's database, under the master key.

A person is a tenant's customer. A destroyed key's row stays without its key and is never made
again; a key that is kept until a moment counts as destroyed from that moment on. Key rows belong
into a backup of their own: a restored backup must not bring a destroyed key back.
"""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Row, text

from amends.eventstore.records import length_prefixed
from amends.values.forgetting import PersonalData

KEY_BYTES = 32
NONCE_BYTES = 12

_OF_PERSON = "tenant = :tenant AND customer = :customer"
_COLUMNS = """
    SELECT tenant, customer, purpose, key_id::text AS key_id, destroy_at,
        CASE WHEN destroy_at <= now() THEN NULL ELSE wrapped END AS wrapped
    FROM person_keys"""
_BY_ID = text(f"{_COLUMNS} WHERE key_id = CAST(:key_id AS uuid)")
_BY_PERSON = text(f"{_COLUMNS} WHERE {_OF_PERSON}")
# Whoever forgets the person waits for those who are writing under the keys, and the other way.
_TO_WRITE = text(f"{_COLUMNS} WHERE {_OF_PERSON} FOR KEY SHARE")
_TO_FORGET = text(f"{_COLUMNS} WHERE {_OF_PERSON} FOR UPDATE")
_MAKE = text("""
    INSERT INTO person_keys (tenant, customer, purpose, key_id, wrapped)
    VALUES (:tenant, :customer, :purpose, CAST(:key_id AS uuid), :wrapped) ON CONFLICT DO NOTHING
""")
_DESTROY = text("""
    INSERT INTO person_keys (tenant, customer, purpose, key_id, destroyed_at)
    VALUES (:tenant, :customer, :purpose, CAST(:key_id AS uuid), now())
    ON CONFLICT (tenant, customer, purpose) DO UPDATE SET wrapped = NULL,
        destroyed_at = coalesce(person_keys.destroyed_at, now())
""")
_KEEP = text("""
    UPDATE person_keys SET destroy_at = coalesce(destroy_at, :until)
    WHERE tenant = :tenant AND customer = :customer AND purpose = :purpose AND wrapped IS NOT NULL
""")
_EMPTY = text("""
    UPDATE person_keys SET wrapped = NULL, destroyed_at = now()
    WHERE wrapped IS NOT NULL AND destroy_at <= now()
""")


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """One key of a person; `key` is None where it was destroyed.

    `kept_until` is set once the person was forgotten and the law still has the key kept: then it
    opens what it sealed, for those who must show the record, and seals no more.
    """

    key_id: str
    key: bytes | None
    kept_until: datetime | None = None


class PersonKeys:
    """Makes, opens and destroys the keys of persons."""

    def __init__(self, master_key: bytes) -> None:
        self._wrapping = AESGCM(derived(master_key, b"amends wrapping"))

    def of_id(self, conn: Connection, key_id: str) -> DataKey | None:
        """A key by its id; None where this service never made it."""
        row = conn.execute(_BY_ID, {"key_id": key_id}).one_or_none()
        return None if row is None else self._open(row)

    def of_person(
        self, conn: Connection, tenant: str, person: str, *, to_write: bool = False
    ) -> Mapping[PersonalData, DataKey]:
        """The person's keys; `to_write`: none of them is destroyed before the transaction ends."""
        rows = conn.execute(_TO_WRITE if to_write else _BY_PERSON, _who(tenant, person))
        return {PersonalData[row.purpose]: self._open(row) for row in rows}

    def make(self, conn: Connection, tenant: str, person: str, data: PersonalData) -> DataKey:
        """The person's key of this class: a fresh one, or the one that somebody made meanwhile."""
        fresh, key_id, nonce = os.urandom(KEY_BYTES), str(uuid.uuid4()), os.urandom(NONCE_BYTES)
        sealed = self._wrapping.encrypt(nonce, fresh, _context(tenant, person, key_id))
        values = {"purpose": data.name, "key_id": key_id, "wrapped": nonce + sealed}
        if conn.execute(_MAKE, {**_who(tenant, person), **values}).rowcount:
            return DataKey(key_id, fresh)
        return self.of_person(conn, tenant, person, to_write=True)[data]

    def destroy(
        self, conn: Connection, tenant: str, person: str, *, record_until: datetime | None
    ) -> None:
        """Destroys the person's keys, or makes sure that none is made; the record's at its time.

        Waits for those who are writing under them.
        """
        who = _who(tenant, person)
        conn.execute(_TO_FORGET, who)
        record = {**who, "purpose": PersonalData.RECORD.name, "until": record_until}
        kept = record_until is not None and conn.execute(_KEEP, record).rowcount
        for data in PersonalData:
            if data is PersonalData.RECORD and kept:
                continue
            made = {"purpose": data.name, "key_id": str(uuid.uuid4())}
            conn.execute(_DESTROY, {**who, **made})

    def _open(self, row: Row[Any]) -> DataKey:
        if row.wrapped is None:
            return DataKey(row.key_id, None)
        nonce, wrapped = row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:]
        about = _context(row.tenant, row.customer, row.key_id)
        return DataKey(row.key_id, self._wrapping.decrypt(nonce, wrapped, about), row.destroy_at)


def empty_past(conn: Connection) -> int:
    """Takes the keys away whose time to be kept is over; how many."""
    return conn.execute(_EMPTY).rowcount


def derived(master_key: bytes, purpose: bytes) -> bytes:
    """A key of its own for each purpose."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose).derive(master_key)


def _who(tenant: str, person: str) -> dict[str, str]:
    return {"tenant": tenant, "customer": person}


def _context(tenant: str, person: str, key_id: str) -> bytes:
    return length_prefixed((tenant.encode(), person.encode(), key_id.encode()))
