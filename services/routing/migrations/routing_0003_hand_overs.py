"""A hand-over stands in its receiver's queue like an assignment, with what its owner said."""

from alembic import op

revision = "routing_0003"
down_revision = "routing_0002"

_STATEMENTS = (
    "ALTER TABLE assignments ADD COLUMN IF NOT EXISTS hand_over BYTEA",
    "ALTER TABLE assignments ADD COLUMN IF NOT EXISTS note BYTEA",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
