"""The outbox remembers to which trace an event belongs, where somebody traces."""

from alembic import op

revision = "store_0005"
down_revision = "store_0004"


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN traceparent TEXT")
