"""Which person each subject is. Of two entries that shared one, the first by id keeps it."""

from alembic import op
from sqlalchemy import text

from amends.v1 import routing_events_pb2

revision = "routing_0002"
down_revision = "routing_0001"

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS subjects (
        tenant TEXT NOT NULL,
        subject TEXT NOT NULL,
        decision_maker TEXT NOT NULL,
        PRIMARY KEY (tenant, subject)
    )
    """,
    "CREATE INDEX IF NOT EXISTS subjects_person ON subjects (tenant, decision_maker)",
)
_HOLDERS = text("SELECT tenant, decision_maker, entered FROM holders ORDER BY decision_maker")
_BE = text("""
    INSERT INTO subjects (tenant, subject, decision_maker)
    VALUES (:tenant, :subject, :decision_maker) ON CONFLICT DO NOTHING
""")


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    conn = op.get_bind()
    for tenant, decision_maker, entered in conn.execute(_HOLDERS).all():
        entry = routing_events_pb2.DecisionMakerUpdated.FromString(entered)
        if entry.kind == routing_events_pb2.DECISION_MAKER_KIND_PERSON:
            who = {"tenant": tenant, "decision_maker": decision_maker}
            conn.execute(_BE, {**who, "subject": entry.subjects[0]})
