"""Sealing: a person's words, readable only with that person's key in this service's database.

Words under a destroyed key read as `FORGOTTEN`; words that a forgotten person says later are
refused, since they could not be kept. Nothing here is ever logged.
"""

import base64
import hmac
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, text

from amends.eventstore.engine import reader
from amends.eventstore.person_keys import (
    KEY_BYTES,
    NONCE_BYTES,
    DataKey,
    PersonKeys,
    derived,
)
from amends.eventstore.records import Origin, length_prefixed
from amends.eventstore.streams import StreamId, stream_of
from amends.v1 import event_pb2
from amends.values.forgetting import CustomerIsForgotten, PersonalData
from amends.values.identity import CustomerDigest, Tenant
from amends.values.personal import FORGOTTEN, Forgotten, Personal

Seal = Callable[[Personal[str], str], "SealedText"]
"""Seals words for a field of one event: (words, field path)."""

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
    """The keys of all persons in one service, and the keyed digests of references.

    No opened key is remembered: each answer reads it from the database, so that nobody reveals
    words whose key any process of the service has destroyed.
    """

    def __init__(self, engine: Engine, master_key: bytes) -> None:
        self._reader = reader(engine)
        self._keys = PersonKeys(master_key)
        self._digesting = derived(master_key, b"amends digests")

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

    def opener(self, *, of_records: bool = False) -> "Opener":
        """Opens the words of one answer; `of_records`: also what only the law has kept."""
        return Opener(self._read_key, of_records=of_records)

    def reveal(self, words: Personal[str]) -> str | Forgotten:
        """What `opener().reveal` gives, for one text alone."""
        return self.opener().reveal(words)

    def clear(self, words: Personal[str]) -> str:
        """What `opener().clear` gives, for one text alone."""
        return self.opener().clear(words)

    def keys_to_write(
        self, conn: Connection, tenant: Tenant, person: CustomerDigest
    ) -> Mapping[PersonalData, DataKey]:
        """The person's keys; nobody destroys one before the caller's transaction ends."""
        return self._keys.of_person(conn, tenant, person, to_write=True)

    def new_key(
        self, conn: Connection, tenant: Tenant, person: CustomerDigest, data: PersonalData
    ) -> DataKey:
        """A key for a person who has none of this class, made in the caller's transaction."""
        return self._keys.make(conn, tenant, person, data)

    def seal(
        self, key: DataKey, words: Personal[str], context: bytes, conn: Connection
    ) -> SealedText:
        """Words under a person's key, bound to where they are said.

        Words that are still sealed are opened and sealed anew; forgotten ones become an empty text
        that reads as forgotten.

        Raises:
            CustomerIsForgotten: the key was destroyed; nothing new is said under it.
        """
        if key.key is None or key.kept_until is not None:
            raise CustomerIsForgotten
        told = Opener(partial(self._keys.of_id, conn), of_records=False).reveal(words)
        if isinstance(told, Forgotten):
            return SealedText(key.key_id, b"", b"", context)
        nonce = os.urandom(NONCE_BYTES)
        return SealedText(
            key.key_id, nonce, AESGCM(key.key).encrypt(nonce, told.encode(), context), context
        )

    def forget(
        self,
        conn: Connection,
        tenant: Tenant,
        person: CustomerDigest,
        *,
        record_until: datetime | None = None,
    ) -> None:
        """Destroys the person's keys for ever, that of the record at the moment named.

        A person unknown here gets destroyed keys, so that none is made later.
        """
        self._keys.destroy(conn, tenant, person, record_until=record_until)

    def standing(
        self, conn: Connection, tenant: Tenant, person: CustomerDigest
    ) -> Mapping[PersonalData, datetime | None] | None:
        """What is still kept of a forgotten person, and until when; None while not forgotten.

        A class that maps to None is forgotten.
        """
        keys = self._keys.of_person(conn, tenant, person)
        words = keys.get(PersonalData.WORDS)
        if words is None or words.key is not None:
            return None
        return {data: key.kept_until for data, key in keys.items()}

    def _read_key(self, key_id: str) -> DataKey | None:
        with self._reader.connect() as conn:
            return self._keys.of_id(conn, key_id)

    def _hmac(self, *parts: bytes) -> bytes:
        return hmac.new(self._digesting, length_prefixed(parts), sha256).digest()


class Opener:
    """Opens the words of one answer, reading each key once; not to be kept for the next answer."""

    def __init__(self, read: Callable[[str], DataKey | None], *, of_records: bool) -> None:
        self._read = cache(read)
        self._of_records = of_records

    def reveal(self, words: Personal[str]) -> str | Forgotten:
        """The words, opened; FORGOTTEN where the person was forgotten.

        Raises:
            ForeignWords: another service sealed them.
            cryptography.exceptions.InvalidTag: they were changed, or moved to another place.
        """
        held: object = words.value
        if isinstance(held, Forgotten):
            return held
        if not isinstance(held, SealedText):
            return cast("str", held)
        key = self._key(held.key_id)
        if key is None or not held.ciphertext:
            return FORGOTTEN
        return AESGCM(key).decrypt(held.nonce, held.ciphertext, held.context).decode()

    def clear(self, words: Personal[str]) -> str:
        """The words as people read them; `[forgotten]` where they are."""
        found = self.reveal(words)
        return FORGOTTEN_TEXT if isinstance(found, Forgotten) else found

    def reference(self, words: Personal[str]) -> Personal[str]:
        """A reference in clear, for programs to go on with; empty where it was forgotten."""
        found = self.reveal(words)
        return Personal("" if isinstance(found, Forgotten) else found)

    def _key(self, key_id: str) -> bytes | None:
        found = self._read(key_id)
        if found is None:
            msg = f"key {key_id} is not of this service"
            raise ForeignWords(msg)
        return found.key if found.kept_until is None or self._of_records else None


class Sealer:
    """Seals the words of one append; the person and the keys are looked up when words come."""

    def __init__(
        self, vault: Vault, conn: Connection, stream: StreamId, person: CustomerDigest | None
    ) -> None:
        self._vault = vault
        self._conn = conn
        self._stream = stream
        self._person = person
        self._keys: dict[PersonalData, DataKey] = {}

    def of(self, event_id: str, records: Collection[str] = ()) -> Seal:
        """What the codec asks for each personal field of one event; `records` by their names.

        Raises:
            CustomerIsForgotten: when words come of a person who was forgotten.
        """
        origin = Origin(self._stream.tenant, self._stream, event_id)

        def seal(words: Personal[str], field: str) -> SealedText:
            data = PersonalData.RECORD if field in records else PersonalData.WORDS
            return self._vault.seal(self._key(data), words, origin.bind(field), self._conn)

        return seal

    def _key(self, data: PersonalData) -> DataKey:
        tenant, person = self._stream.tenant, self._whose()
        if not self._keys:
            self._keys |= self._vault.keys_to_write(self._conn, tenant, person)
        if data not in self._keys:
            self._keys[data] = self._vault.new_key(self._conn, tenant, person, data)
        return self._keys[data]

    def _whose(self) -> CustomerDigest:
        self._person = self._person or person_of(self._conn, self._stream)
        if self._person is None:
            raise PersonUnknown(self._stream)
        return self._person


def know_person(
    conn: Connection, tenant: Tenant, subject: str, customer: CustomerDigest | str
) -> None:
    """Remembers whose case it is; the first word counts, a repeat changes nothing."""
    conn.execute(_KNOW, {"tenant": tenant, "subject": subject, "customer": customer})


def person_of(conn: Connection, stream: StreamId) -> CustomerDigest | None:
    """Whose case it is; None where the store was never told."""
    found = conn.execute(_WHOSE, {"tenant": stream.tenant, "subject": stream.subject}).scalar()
    return None if found is None else CustomerDigest(found)


def cases_of(conn: Connection, tenant: Tenant, person: CustomerDigest) -> list[StreamId]:
    """Every case of a person that this service has heard of."""
    found = conn.execute(_CASES, {"tenant": tenant, "customer": person}).scalars()
    return [stream_of(tenant, subject) for subject in found]


_KNOW = text("""
    INSERT INTO persons (tenant, subject, customer) VALUES (:tenant, :subject, :customer)
    ON CONFLICT DO NOTHING
""")
_WHOSE = text("SELECT customer FROM persons WHERE tenant = :tenant AND subject = :subject")
_CASES = text("""
    SELECT subject FROM persons WHERE tenant = :tenant AND customer = :customer ORDER BY subject
""")
