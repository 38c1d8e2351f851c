"""Tables of intake's read models: everything in them can be rebuilt from events."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation_id", Text, primary_key=True),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("channel", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("customer_digest", Text, nullable=False),
    Column("order_digest", Text),
    Column("stage", Text, nullable=False),
    Column("waiting_for", Text, nullable=False),
    Column("waiting_until", DateTime(timezone=True)),
    Column("owner_name", Text, nullable=False),
    Column("has_alarm", Boolean, nullable=False),
    Column("progress", JSONB, nullable=False),
    Index("cases_newest", "tenant", "opened_at", "escalation_id"),
)
open_cases = Table(
    "open_cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("customer_digest", Text, primary_key=True),
    Column("order_digest", Text, primary_key=True),
    Column("cause", Text, primary_key=True),
    Column("escalation_id", Text, nullable=False),
    Index("open_cases_escalation", "tenant", "escalation_id"),
)
