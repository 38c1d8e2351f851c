"""Released with 0.1.0. Makes only what is missing: a database from before migrations is adopted."""

from alembic import op

revision = "followup_0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS cases (
        tenant TEXT NOT NULL,
        escalation TEXT NOT NULL,
        policy_version INTEGER,
        answered_at TIMESTAMP WITH TIME ZONE,
        resolved_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (tenant, escalation)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
