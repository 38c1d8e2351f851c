"""Released with 0.1.0. Makes only what is missing: a database from before migrations is adopted."""

from alembic import op

revision = "routing_0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS assignments (
        tenant TEXT NOT NULL,
        assignment TEXT NOT NULL,
        escalation TEXT NOT NULL,
        decision_maker TEXT NOT NULL,
        assigned BYTEA NOT NULL,
        accept_by TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT NOT NULL,
        open BOOLEAN NOT NULL,
        tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
        PRIMARY KEY (tenant, assignment)
    )
    """,
    "CREATE INDEX IF NOT EXISTS assignments_case ON assignments (tenant, escalation)",
    """
    CREATE INDEX IF NOT EXISTS assignments_open
        ON assignments (tenant, decision_maker)
        WHERE open
    """,
    "CREATE INDEX IF NOT EXISTS assignments_tx ON assignments (tenant, tx)",
    """
    CREATE TABLE IF NOT EXISTS cases (
        tenant TEXT NOT NULL,
        escalation TEXT NOT NULL,
        need_by TIMESTAMP WITH TIME ZONE,
        opened BYTEA NOT NULL,
        PRIMARY KEY (tenant, escalation)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS due (
        position BIGINT GENERATED ALWAYS AS IDENTITY,
        event_id TEXT NOT NULL,
        tenant TEXT NOT NULL,
        escalation TEXT NOT NULL,
        settles BOOLEAN NOT NULL,
        reservation TEXT NOT NULL,
        remedy TEXT NOT NULL,
        PRIMARY KEY (position)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS endings (
        tenant TEXT NOT NULL,
        escalation TEXT NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        reopened_at TIMESTAMP WITH TIME ZONE,
        "over" BOOLEAN DEFAULT false NOT NULL,
        PRIMARY KEY (tenant, escalation)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS grants (
        tenant TEXT NOT NULL,
        grant_id TEXT NOT NULL,
        decision_maker TEXT NOT NULL,
        granted BYTEA NOT NULL,
        PRIMARY KEY (tenant, grant_id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS grants_holder ON grants (tenant, decision_maker)",
    """
    CREATE TABLE IF NOT EXISTS holders (
        tenant TEXT NOT NULL,
        decision_maker TEXT NOT NULL,
        seniority INTEGER NOT NULL,
        capacity INTEGER NOT NULL,
        subjects TEXT[] NOT NULL,
        entered BYTEA NOT NULL,
        presence BYTEA,
        PRIMARY KEY (tenant, decision_maker)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS offers (
        tenant TEXT NOT NULL,
        offer TEXT NOT NULL,
        reservation TEXT NOT NULL,
        PRIMARY KEY (tenant, offer)
    )
    """,
    "CREATE INDEX IF NOT EXISTS offers_reservation ON offers (tenant, reservation)",
    """
    CREATE TABLE IF NOT EXISTS waiting (
        tenant TEXT NOT NULL,
        escalation TEXT NOT NULL,
        PRIMARY KEY (tenant, escalation)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
