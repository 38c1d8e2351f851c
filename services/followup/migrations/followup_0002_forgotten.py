"""Whose customer was forgotten: such a case is closed instead of asked about."""

from alembic import op

revision = "followup_0002"
down_revision = "followup_0001"


def upgrade() -> None:
    op.execute("ALTER TABLE cases ADD COLUMN forgotten_at TIMESTAMP WITH TIME ZONE")
