"""Released with 0.1.0. Makes only what is missing: a database from before migrations is adopted."""

from alembic import op

revision = "resolution_0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS cases (
        tenant TEXT NOT NULL,
        escalation TEXT NOT NULL,
        channel TEXT,
        cause TEXT,
        policy_version INTEGER,
        need_by TIMESTAMP WITH TIME ZONE,
        zone TEXT,
        owner TEXT,
        owner_subject TEXT,
        owner_name TEXT,
        reopened_at TIMESTAMP WITH TIME ZONE,
        closed BOOLEAN DEFAULT false NOT NULL,
        PRIMARY KEY (tenant, escalation)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS grants (
        tenant TEXT NOT NULL,
        decision_maker TEXT NOT NULL,
        grant_id TEXT NOT NULL,
        action TEXT NOT NULL,
        currency TEXT NOT NULL,
        minor BIGINT NOT NULL,
        PRIMARY KEY (tenant, decision_maker, grant_id)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
