"""The tables of routing's read models, and of what it keeps of the others' events."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.schema import SchemaItem

from amends.eventstore.schema import Xid8

metadata = MetaData()


def table_of(name: str, key: str, *more: SchemaItem) -> Table:
    """A table whose rows belong to a tenant, one per key."""
    keys = (Column(one, Text, primary_key=True) for one in ("tenant", key))
    return Table(name, metadata, *keys, *more)


holders = table_of(
    "holders",
    "decision_maker",
    Column("seniority", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("entered", LargeBinary, nullable=False),  # DecisionMakerUpdated
    Column("presence", LargeBinary),  # AvailabilityChanged
    # The transaction that changed it, or its grants, last.
    Column("tx", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
)
subjects = table_of(
    "subjects",
    "subject",
    Column("decision_maker", Text, nullable=False),
    Index("subjects_person", "tenant", "decision_maker"),
)
grants = table_of(
    "grants",
    "grant_id",
    Column("decision_maker", Text, nullable=False),
    Column("granted", LargeBinary, nullable=False),  # AuthorityGranted
    Index("grants_holder", "tenant", "decision_maker"),
)
assignments = table_of(
    "assignments",
    "assignment",
    Column("escalation", Text, nullable=False),
    Column("decision_maker", Text, nullable=False),
    Column("assigned", LargeBinary, nullable=False),  # DecisionMakerAssigned
    # Where the owner asked: a hand-over stands in its receiver's queue like an assignment.
    Column("hand_over", LargeBinary),  # HandOverOffered
    Column("note", LargeBinary),  # sealed; of the hand-over, or of whoever declined
    Column("accept_by", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    # Offered, or owned and not over: what counts against the holder's capacity.
    Column("open", Boolean, nullable=False),
    # The transaction that changed it last: how far a watcher has seen.
    Column("tx", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("assignments_open", "tenant", "decision_maker", postgresql_where=text("open")),
    Index("assignments_case", "tenant", "escalation"),
    Index("assignments_tx", "tenant", "tx"),
)
waiting = table_of("waiting", "escalation")
cases = table_of(
    "cases",
    "escalation",
    Column("need_by", DateTime(timezone=True)),
    Column("opened", LargeBinary, nullable=False),  # EscalationOpened, with what came later
)
endings = table_of(
    "endings",
    "escalation",
    Column("ended_at", DateTime(timezone=True)),
    Column("reopened_at", DateTime(timezone=True)),
    # Two services tell of ends and reopenings: the later one counts, whichever came first.
    Column("over", Boolean, nullable=False, server_default=false()),
)
offers = table_of(
    "offers",
    "offer",
    Column("reservation", Text, nullable=False),
    Index("offers_reservation", "tenant", "reservation"),
)
drafts = table_of(
    "drafts",
    "offer",
    Column("escalation", Text, nullable=False),
    Column("maker", Text, nullable=False),  # as a caller
    Column("asked", LargeBinary, nullable=False),  # DecisionMakerAssigned, of nobody yet
    Column("approve_by", DateTime(timezone=True), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("tx", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("drafts_open", "tenant", postgresql_where=text("open")),
    Index("drafts_tx", "tenant", "tx"),
    Index("drafts_case", "tenant", "escalation"),
)
due = Table(
    "due",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("escalation", Text, nullable=False),
    Column("settles", Boolean, nullable=False),
    Column("reservation", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)
