"""Released with 0.1.0. Makes only what is missing: a database from before migrations is adopted."""

from alembic import op

revision = "intake_0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS cases (
        tenant TEXT NOT NULL,
        escalation_id TEXT NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        channel TEXT NOT NULL,
        cause TEXT NOT NULL,
        priority INTEGER NOT NULL,
        customer_digest TEXT NOT NULL,
        order_digest TEXT NOT NULL,
        stage TEXT NOT NULL,
        waiting_for TEXT NOT NULL,
        waiting_until TIMESTAMP WITH TIME ZONE,
        owner_name TEXT NOT NULL,
        has_alarm BOOLEAN NOT NULL,
        progress JSONB NOT NULL,
        PRIMARY KEY (tenant, escalation_id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS cases_newest ON cases (tenant, opened_at, escalation_id)",
    """
    CREATE INDEX IF NOT EXISTS cases_open
        ON cases (opened_at, escalation_id)
        WHERE stage <> 'CLOSED'
    """,
    """
    CREATE TABLE IF NOT EXISTS open_cases (
        tenant TEXT NOT NULL,
        customer_digest TEXT NOT NULL,
        order_digest TEXT NOT NULL,
        cause TEXT NOT NULL,
        escalation_id TEXT NOT NULL,
        PRIMARY KEY (tenant, customer_digest, order_digest, cause)
    )
    """,
    "CREATE INDEX IF NOT EXISTS open_cases_escalation ON open_cases (tenant, escalation_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
