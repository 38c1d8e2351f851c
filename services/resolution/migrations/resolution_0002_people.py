"""Who each caller is in the directory, of what routing has told so far."""

from alembic import op
from sqlalchemy import inspect, text

from amends.v1 import routing_events_pb2

revision = "resolution_0002"
down_revision = "resolution_0001"

_PEOPLE = """
    CREATE TABLE people (
        tenant TEXT NOT NULL,
        subject TEXT NOT NULL,
        decision_maker TEXT NOT NULL,
        PRIMARY KEY (tenant, subject)
    )
"""
_ENTERED = text("""
    SELECT DISTINCT ON (stream_id) stream_id, data FROM inbox
    WHERE source = 'routing' AND type = 'amends.v1.DecisionMakerUpdated'
    ORDER BY stream_id, version DESC
""")
_BE = text("""
    INSERT INTO people (tenant, subject, decision_maker)
    VALUES (:tenant, :subject, :decision_maker) ON CONFLICT DO NOTHING
""")


def upgrade() -> None:
    op.execute(_PEOPLE)
    conn = op.get_bind()
    if not inspect(conn).has_table("inbox"):
        return
    for stream, data in conn.execute(_ENTERED).all():
        entry = routing_events_pb2.DecisionMakerUpdated.FromString(data)
        if entry.kind == routing_events_pb2.DECISION_MAKER_KIND_PERSON:
            who = {"subject": entry.subjects[0], "decision_maker": entry.decision_maker_id}
            conn.execute(_BE, {"tenant": stream.rsplit("/", 2)[0], **who})
