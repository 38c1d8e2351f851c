"""The outbox remembers to which topic it was published: another one has to be filled again."""

from alembic import op

revision = "store_0004"
down_revision = "store_0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE outbox_topic (
            one boolean NOT NULL DEFAULT true PRIMARY KEY,
            topic_id text NOT NULL,
            since timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT outbox_topic_one CHECK (one)
        )
    """)
