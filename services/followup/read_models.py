"""What follow-up keeps of each case from what others said: known, owned, answered, resolved.

And the refunds that failed after a resolution, until follow-up has said what becomes of the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from amends.eventstore.engine import reader
from amends.eventstore.records import Envelope
from amends.eventstore.streams import StreamId
from amends.values.identity import DecisionMakerId, EscalationId, RemedyId, Tenant
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
    Column("owner", Text),
)
failed_refunds = Table(
    "failed_refunds",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("escalation", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("resolved_at", DateTime(timezone=True), nullable=False),
)


_FIND = select(cases).where(
    cases.c.tenant == bindparam("tenant"),
    cases.c.escalation == bindparam("escalation"),
    cases.c.policy_version.is_not(None),
)


def note(conn: Connection, stream: StreamId, **told: int | str | datetime) -> None:
    """Remembers what was told of a case; the later word of the same thing counts."""
    case = {"tenant": stream.tenant, "escalation": stream.subject}
    conn.execute(_noting(*told), {**case, **told})


@cache
def _noting(*columns: str) -> Insert:
    """Made once for the columns of each kind of news; making it costs more than sending it."""
    written = insert(cases)
    told = {name: written.excluded[name] for name in columns}
    return written.on_conflict_do_update(index_elements=["tenant", "escalation"], set_=told)


def note_failed_refund(conn: Connection, envelope: Envelope, remedy: str) -> None:
    """Remembers a refund that failed, where resolution had said before that the case is resolved.

    With the resolution that stood then: a later one is not undone by it.
    """
    its_case = select(
        literal(envelope.event_id),
        cases.c.tenant,
        cases.c.escalation,
        literal(remedy),
        cases.c.resolved_at,
    ).where(
        cases.c.tenant == envelope.tenant,
        cases.c.escalation == envelope.subject,
        cases.c.resolved_at.is_not(None),
    )
    columns = ["event_id", "tenant", "escalation", "remedy", "resolved_at"]
    conn.execute(insert(failed_refunds).from_select(columns, its_case))


class Cases:
    """The cases of which intake has told."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def find(self, stream: StreamId) -> Case | None:
        """The case; None where intake has not told of it yet, or never will."""
        asked = {"tenant": stream.tenant, "escalation": stream.subject}
        with self._engine.connect() as conn:
            row = conn.execute(_FIND, asked).one_or_none()
        if row is None:
            return None
        return Case(
            escalation=EscalationId(row.escalation),
            policy_version=row.policy_version,
            answered_at=row.answered_at,
            resolved_at=row.resolved_at,
            owner=DecisionMakerId(row.owner) if row.owner else None,
            forgotten=row.forgotten_at is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRefund:
    """A refund that failed after the resolution of that moment, as one event said."""

    position: int
    event_id: str
    tenant: Tenant
    escalation: EscalationId
    remedy: RemedyId
    resolved_at: datetime


class FailedRefunds:
    """Those of which follow-up has not said yet what becomes of the case."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reader(engine)

    def due(self) -> Sequence[FailedRefund]:
        """The first of them, of cases that intake has told of; oldest first."""
        of_known = cases.c.policy_version.is_not(None)
        its_case = (cases.c.tenant == failed_refunds.c.tenant) & (
            cases.c.escalation == failed_refunds.c.escalation
        )
        query = select(failed_refunds).join(cases, its_case).where(of_known)
        with self._engine.connect() as conn:
            rows = conn.execute(query.order_by(failed_refunds.c.position).limit(100)).mappings()
            return [FailedRefund(**row) for row in rows]

    def done(self, refund: FailedRefund) -> None:
        """It was said."""
        with self._engine.connect() as conn:
            conn.execute(delete(failed_refunds).where(failed_refunds.c.position == refund.position))
