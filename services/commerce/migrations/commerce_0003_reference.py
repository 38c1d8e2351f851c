"""What the caller of a refund calls it; empty for those that were sent before."""

from alembic import op

revision = "commerce_0003"
down_revision = "commerce_0002"


def upgrade() -> None:
    op.execute("ALTER TABLE refunds ADD COLUMN reference TEXT DEFAULT '' NOT NULL")
