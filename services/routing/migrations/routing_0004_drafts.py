"""Drafts stand in the queues of whoever may decide about them, also when the directory changes."""

from alembic import op
from sqlalchemy import inspect

revision = "routing_0004"
down_revision = "routing_0003"

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS drafts (
        tenant TEXT NOT NULL,
        offer TEXT NOT NULL,
        escalation TEXT NOT NULL,
        maker TEXT NOT NULL,
        asked BYTEA NOT NULL,
        approve_by TIMESTAMP WITH TIME ZONE NOT NULL,
        open BOOLEAN NOT NULL,
        tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
        PRIMARY KEY (tenant, offer)
    )
    """,
    "CREATE INDEX IF NOT EXISTS drafts_open ON drafts (tenant) WHERE open",
    "CREATE INDEX IF NOT EXISTS drafts_tx ON drafts (tenant, tx)",
    "CREATE INDEX IF NOT EXISTS drafts_case ON drafts (tenant, escalation)",
    """
    ALTER TABLE holders
        ADD COLUMN IF NOT EXISTS tx xid8 DEFAULT pg_current_xact_id() NOT NULL
    """,
)
_CHANGED = """
    UPDATE holders SET tx = said.tx
    FROM (
        SELECT DISTINCT ON (stream_id) stream_id, tx FROM events ORDER BY stream_id, version DESC
    ) AS said
    WHERE said.stream_id = holders.tenant || '/decision-maker/' || holders.decision_maker
"""


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    if inspect(op.get_bind()).has_table("events"):
        op.execute(_CHANGED)
