"""The inbox remembers which transaction took an event in; of what it holds already nobody knows."""

from alembic import op

revision = "store_0003"
down_revision = "store_0002"

_STATEMENTS = (
    "ALTER TABLE inbox ADD COLUMN tx xid8",
    "ALTER TABLE inbox ALTER COLUMN tx SET DEFAULT pg_current_xact_id()",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
