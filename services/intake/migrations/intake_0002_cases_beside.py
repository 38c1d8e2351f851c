"""Finds the open cases of one customer, order and cause: there may be one beside another."""

from alembic import op

revision = "intake_0002"
down_revision = "intake_0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX cases_beside ON cases (tenant, customer_digest, order_digest, cause)
            WHERE stage <> 'CLOSED'
        """
    )
