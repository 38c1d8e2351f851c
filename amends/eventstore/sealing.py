"""Sealing: a person's words, readable only with that person's key in this service's database.

Words under a destroyed key read as `FORGOTTEN`; words that a forgotten person says later are not
kept at all. Nothing here is ever logged.
"""

import base64
import hmac
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, text

from amends.eventstore.person_keys import (
    KEY_BYTES,
    NONCE_BYTES,
    DataKey,
    PersonKeys,
    derived,
)
from amends.eventstore.records import Origin, length_prefixed
from amends.eventstore.streams import StreamId
from amends.v1 import event_pb2
from amends.values.identity import CustomerDigest, Tenant
from amends.values.personal import FORGOTTEN, Forgotten, Personal

Seal = Callable[[Personal[str], str], "SealedText"]
"""Seals words for a field of one event: (words, field path)."""

_REMEMBERED = 4096  # keys
_REMEMBER = 5.0  # seconds that a process goes on with a key another process may have destroyed
FORGOTTEN_TEXT = "[forgotten]"
"""What people read where words were forgotten."""


class PersonUnknown(LookupError):
    """Words were said, but the store was never told whose case it is: a programming fault."""

    def __init__(self, stream: StreamId) -> None:
        super().__init__(f"nobody's key can seal the words of {stream}: give decide(person=...)")


class ForeignWords(LookupError):
    """Words that another service sealed; only that service can open them."""


@dataclass(frozen=True, slots=True, repr=False)
class SealedText:
    """Words under a person's key. `context` is the additional data: where they were said."""

    key_id: str
    nonce: bytes
    ciphertext: bytes
    context: bytes

    def as_personal(self) -> Personal[str]:
        """Typed as the words it holds: the domain passes them on and never reads them."""
        return cast("Personal[str]", Personal(self))

    def to_message(self) -> event_pb2.Sealed:
        """As it stands in an event; the context is known from where it stands."""
        return event_pb2.Sealed(key_id=self.key_id, nonce=self.nonce, ciphertext=self.ciphertext)

    @classmethod
    def from_message(cls, message: event_pb2.Sealed, context: bytes) -> "SealedText":
        """Back from an event."""
        return cls(message.key_id, message.nonce, message.ciphertext, context)

    def to_bytes(self) -> bytes:
        """For a column of a read model: whole in itself."""
        return length_prefixed((self.key_id.encode(), self.nonce, self.ciphertext, self.context))

    @classmethod
    def from_bytes(cls, data: bytes) -> "SealedText":
        """Back from a column."""
        parts, at = [], 0
        while at < len(data):
            size = int.from_bytes(data[at : at + 8], "big")
            parts.append(data[at + 8 : at + 8 + size])
            at += 8 + size
        key_id, nonce, ciphertext, context = parts
        return cls(key_id.decode(), nonce, ciphertext, context)


def sealed_bytes(words: Personal[str] | None) -> bytes | None:
    """Sealed words as a read model's column holds them; None stays None.

    Raises:
        TypeError: the words are clear; only what was decoded from the log may be kept.
    """
    if words is None:
        return None
    held: object = words.value
    if not isinstance(held, SealedText):
        msg = "clear words are never kept"
        raise TypeError(msg)
    return held.to_bytes()


def words_of(column: bytes | None) -> Personal[str] | None:
    """Words from a read model's column, still sealed; None stays None."""
    return None if column is None else SealedText.from_bytes(column).as_personal()


def read_master_key(file: Path) -> bytes:
    """32 bytes, written in base64.

    Raises:
        ValueError: the file holds something else.
    """
    key = base64.b64decode(file.read_text(encoding="ascii").strip(), validate=True)
    if len(key) != KEY_BYTES:
        msg = f"{file} must hold 32 bytes in base64"
        raise ValueError(msg)
    return key


class Vault:
    """The keys of all persons in one service, and the keyed digests of references."""

    def __init__(self, engine: Engine, master_key: bytes) -> None:
        self._engine = engine
        self._keys = PersonKeys(master_key)
        self._digesting = derived(master_key, b"amends digests")
        self._lock = threading.Lock()
        self._opened: dict[str, tuple[bytes | None, float]] = {}

    def customer_digest(self, tenant: Tenant, reference: str) -> CustomerDigest:
        """The customer without saying who: the same in every service, another per tenant."""
        return CustomerDigest(self.reference_digest(tenant, "customer", reference))

    def reference_digest(self, tenant: Tenant, kind: str, reference: str) -> str:
        """Hex HMAC of a reference ("order", "customer") for look-ups."""
        parts = ("reference", tenant, kind, reference)
        return self._hmac(*(part.encode() for part in parts)).hex()

    def digest(self, data: bytes) -> bytes:
        """Keyed hash of a request's canonical form: tells whether a repeat is the same request."""
        return self._hmac(b"request", data)

    def reveal(self, words: Personal[str], conn: Connection | None = None) -> str | Forgotten:
        """The words, opened; FORGOTTEN where the person's key was destroyed.

        Inside a transaction pass its connection. A key that another process destroyed is known
        here for up to five seconds more.

        Raises:
            ForeignWords: another service sealed them.
            cryptography.exceptions.InvalidTag: they were changed, or moved to another place.
        """
        held: object = words.value
        if isinstance(held, Forgotten):
            return held
        if not isinstance(held, SealedText):
            return cast("str", held)
        key = self._opened_key(held.key_id, conn)
        if key is None or not held.ciphertext:
            return FORGOTTEN
        return AESGCM(key).decrypt(held.nonce, held.ciphertext, held.context).decode()

    def clear(self, words: Personal[str]) -> str:
        """The words as people read them; `[forgotten]` where they are."""
        found = self.reveal(words)
        return FORGOTTEN_TEXT if isinstance(found, Forgotten) else found

    def key_of(self, conn: Connection, tenant: Tenant, person: CustomerDigest) -> DataKey:
        """The person's key, made in the caller's transaction if need be; never one destroyed."""
        return self._keys.of_person(conn, tenant, person)

    def seal(
        self, key: DataKey, words: Personal[str], context: bytes, conn: Connection
    ) -> SealedText:
        """Words under a person's key, bound to where they are said.

        Words that are still sealed are opened and sealed anew. Forgotten words, and new words of
        a forgotten person, become an empty text that reads as forgotten.
        """
        told = self.reveal(words, conn)
        if key.key is None or isinstance(told, Forgotten):
            return SealedText(key.key_id, b"", b"", context)
        nonce = os.urandom(NONCE_BYTES)
        return SealedText(
            key.key_id, nonce, AESGCM(key.key).encrypt(nonce, told.encode(), context), context
        )

    def forget(self, conn: Connection, tenant: Tenant, person: CustomerDigest) -> bool:
        """Destroys the person's key for ever; True where there was one to destroy.

        A person unknown here gets a destroyed key, so that none is made later.
        """
        key_id, had_key = self._keys.destroy(conn, tenant, person)
        with self._lock:
            self._opened.pop(key_id, None)
        return had_key

    def _opened_key(self, key_id: str, conn: Connection | None) -> bytes | None:
        key, until = self._opened.get(key_id, (None, 0.0))
        if until > time.monotonic():
            return key
        if conn is not None:
            return self._by_id(conn, key_id)
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
            key = self._by_id(own, key_id)
        # Only what was read outside any transaction: a key that is not committed may yet vanish.
        with self._lock:
            if len(self._opened) >= _REMEMBERED:
                self._opened.clear()
            self._opened[key_id] = (key, time.monotonic() + _REMEMBER)
        return key

    def _by_id(self, conn: Connection, key_id: str) -> bytes | None:
        found = self._keys.of_id(conn, key_id)
        if found is None:
            msg = f"key {key_id} is not of this service"
            raise ForeignWords(msg)
        return found.key

    def _hmac(self, *parts: bytes) -> bytes:
        return hmac.new(self._digesting, length_prefixed(parts), sha256).digest()


class Sealer:
    """Seals the words of one append; the person and the key are looked up when words come."""

    def __init__(
        self, vault: Vault, conn: Connection, stream: StreamId, person: CustomerDigest | None
    ) -> None:
        self._vault = vault
        self._conn = conn
        self._stream = stream
        self._person = person
        self._key: DataKey | None = None

    def of(self, event_id: str) -> Seal:
        """What the codec asks for each personal field of one event."""
        origin = Origin(self._stream.tenant, self._stream, event_id)

        def seal(words: Personal[str], field: str) -> SealedText:
            return self._vault.seal(self._found(), words, origin.bind(field), self._conn)

        return seal

    def _found(self) -> DataKey:
        if self._key is None:
            person = self._person or person_of(self._conn, self._stream)
            if person is None:
                raise PersonUnknown(self._stream)
            self._key = self._vault.key_of(self._conn, self._stream.tenant, person)
        return self._key


def know_person(
    conn: Connection, tenant: Tenant, subject: str, customer: CustomerDigest | str
) -> None:
    """Remembers whose case it is; the first word counts, a repeat changes nothing."""
    conn.execute(_KNOW, {"tenant": tenant, "subject": subject, "customer": customer})


def person_of(conn: Connection, stream: StreamId) -> CustomerDigest | None:
    """Whose case it is; None where the store was never told."""
    found = conn.execute(_WHOSE, {"tenant": stream.tenant, "subject": stream.subject}).scalar()
    return None if found is None else CustomerDigest(found)


_KNOW = text("""
    INSERT INTO persons (tenant, subject, customer) VALUES (:tenant, :subject, :customer)
    ON CONFLICT DO NOTHING
""")
_WHOSE = text("SELECT customer FROM persons WHERE tenant = :tenant AND subject = :subject")
