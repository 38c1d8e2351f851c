"""The event store's own tables, alike in every service's database.

Events are never updated or deleted: no method does it, and the database refuses it. What changes
here is a new revision in `migrations/versions`; a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id; travels as text."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        """Its name in SQL."""
        return "xid8"


metadata = MetaData()
_TX = text("pg_current_xact_id()")
# One sequence for both: the order in which a rebuild hands own and received events on.
_NEXT_POSITION = text("nextval('events_position_seq')")

events = Table(
    "events",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("tx", Xid8, nullable=False, server_default=_TX),
    Column("event_id", Uuid(as_uuid=False), nullable=False, unique=True),
    Column("stream_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("stream_id", "version", name="events_stream_version"),
    Index("events_tx_position", "tx", "position"),
)
outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("published_at", DateTime(timezone=True)),
    # Of the call that said it; empty where nobody traces. It is no part of the event.
    Column("traceparent", Text),
    Index("outbox_waiting", "position", postgresql_where=text("published_at IS NULL")),
)
outbox_topic = Table(
    "outbox_topic",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("topic_id", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("one", name="outbox_topic_one"),
)
answers = Table(
    "answers",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("rpc", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("type", Text, nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("tenant", "subject", "rpc", "request_id", name="answers_key"),
)
inbox = Table(
    "inbox",
    metadata,
    Column("position", BigInteger, nullable=False, unique=True, server_default=_NEXT_POSITION),
    Column("source", Text, nullable=False),
    Column("stream_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_id", Uuid(as_uuid=False), nullable=False),
    Column("type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # The transaction that took it in; not known of what came before this column.
    Column("tx", Xid8, server_default=_TX),
    PrimaryKeyConstraint("source", "stream_id", "version", name="inbox_key"),
    UniqueConstraint("source", "event_id", name="inbox_event"),
)
inbox.add_is_dependent_on(events)  # for its sequence
inbox_heads = Table(
    "inbox_heads",
    metadata,
    Column("source", Text, primary_key=True),
    Column("stream_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)
parked = Table(
    "parked",
    metadata,
    Column("source", Text, primary_key=True),
    Column("stream_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
persons = Table(
    "persons",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Index("persons_customer", "tenant", "customer"),
)
person_keys = Table(
    "person_keys",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    # PersonalData; the key of a program that knows no classes holds all.
    Column("purpose", Text, primary_key=True, server_default="WORDS"),
    Column("key_id", Uuid(as_uuid=False), nullable=False, unique=True),
    Column("wrapped", LargeBinary),
    Column("destroyed_at", DateTime(timezone=True)),
    # Forgotten, and kept by law until then; in real time, as every retention.
    Column("destroy_at", DateTime(timezone=True)),
    Index("person_keys_kept", "destroy_at", postgresql_where=text("wrapped IS NOT NULL")),
)
