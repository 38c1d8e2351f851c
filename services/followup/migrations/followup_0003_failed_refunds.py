"""Who owned a case, and the refunds that failed after it was resolved."""

from alembic import op

revision = "followup_0003"
down_revision = "followup_0002"


def upgrade() -> None:
    op.execute("ALTER TABLE cases ADD COLUMN owner TEXT")
    op.execute(
        """
        CREATE TABLE failed_refunds (
            position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event_id TEXT NOT NULL,
            tenant TEXT NOT NULL,
            escalation TEXT NOT NULL,
            remedy TEXT NOT NULL,
            resolved_at TIMESTAMP WITH TIME ZONE NOT NULL
        )
        """
    )
