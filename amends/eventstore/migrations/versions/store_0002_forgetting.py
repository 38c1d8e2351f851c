"""A key for each class of what is kept of a person; a key from before holds all of it."""

from alembic import op

revision = "store_0002"
down_revision = "store_0001"

_STATEMENTS = (
    "ALTER TABLE person_keys ADD COLUMN purpose TEXT DEFAULT 'WORDS' NOT NULL",
    "ALTER TABLE person_keys ADD COLUMN destroy_at TIMESTAMP WITH TIME ZONE",
    """
    ALTER TABLE person_keys DROP CONSTRAINT person_keys_pkey,
        ADD PRIMARY KEY (tenant, customer, purpose)
    """,
    "CREATE INDEX person_keys_kept ON person_keys (destroy_at) WHERE wrapped IS NOT NULL",
    "CREATE INDEX persons_customer ON persons (tenant, customer)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
