"""What follow-up keeps of each case from what others said: known, answered, resolved."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, DateTime, Engine, Integer, MetaData, Table, Text, select
from sqlalchemy.dialects.postgresql import insert

from amends.eventstore.streams import StreamId
from amends.values.identity import EscalationId
from services.followup.domain.case import Case

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("escalation", Text, primary_key=True),
    # Intake's word; resolution's may come first.
    Column("policy_version", Integer),
    Column("answered_at", DateTime(timezone=True)),
    Column("resolved_at", DateTime(timezone=True)),
    Column("forgotten_at", DateTime(timezone=True)),
)


def note(conn: Connection, stream: StreamId, **told: int | datetime) -> None:
    """Remembers what was told of a case; the later word of the same thing counts."""
    values: Mapping[str, object] = {"tenant": stream.tenant, "escalation": stream.subject, **told}
    statement = insert(cases).values(values)
    conn.execute(
        statement.on_conflict_do_update(index_elements=["tenant", "escalation"], set_=told)
    )


class Cases:
    """The cases of which intake has told."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, stream: StreamId) -> Case | None:
        """The case; None where intake has not told of it yet, or never will."""
        query = select(cases).where(
            cases.c.tenant == stream.tenant,
            cases.c.escalation == stream.subject,
            cases.c.policy_version.is_not(None),
        )
        with self._engine.connect() as conn:
            row = conn.execute(query).one_or_none()
        if row is None:
            return None
        return Case(
            escalation=EscalationId(row.escalation),
            policy_version=row.policy_version,
            answered_at=row.answered_at,
            resolved_at=row.resolved_at,
            forgotten=row.forgotten_at is not None,
        )
