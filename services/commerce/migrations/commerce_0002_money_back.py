"""Refunds with their ledger, what departments did, kinds of credits, and what is taken back.

What is added has a default or may be empty: a merchant's process that is not yet restarted goes on.
"""

from alembic import op

revision = "commerce_0002"
down_revision = "commerce_0001"

_STATEMENTS = (
    "ALTER TABLE customers ADD COLUMN transfer_fate TEXT",
    """
    ALTER TABLE payments
        ADD COLUMN method TEXT DEFAULT 'CARD' NOT NULL,
        ADD COLUMN refund_fate TEXT DEFAULT 'LATER' NOT NULL
    """,
    """
    CREATE TABLE refunds (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        refund_id TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        currency TEXT NOT NULL,
        amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
        method TEXT NOT NULL,
        requested_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expected_by TIMESTAMP WITH TIME ZONE NOT NULL,
        failure TEXT NOT NULL,
        PRIMARY KEY (tenant, key),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref)
    )
    """,
    "CREATE INDEX refunds_of_order ON refunds (tenant, order_ref)",
    """
    CREATE TABLE ledger (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        payment_id TEXT NOT NULL,
        state TEXT NOT NULL,
        amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (tenant, key, payment_id, state),
        FOREIGN KEY(tenant, key) REFERENCES refunds (tenant, key),
        FOREIGN KEY(tenant, payment_id) REFERENCES payments (tenant, payment_id)
    )
    """,
    "CREATE INDEX ledger_of_payment ON ledger (tenant, payment_id)",
    """
    CREATE TABLE notes (
        tenant TEXT NOT NULL,
        note TEXT NOT NULL,
        customer TEXT NOT NULL,
        order_ref TEXT,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        department TEXT NOT NULL,
        what TEXT NOT NULL,
        PRIMARY KEY (tenant, note),
        FOREIGN KEY(tenant, customer) REFERENCES customers (tenant, customer),
        FOREIGN KEY(tenant, order_ref) REFERENCES orders (tenant, order_ref)
    )
    """,
    "CREATE INDEX notes_of_customer ON notes (tenant, customer)",
    "CREATE INDEX notes_of_order ON notes (tenant, order_ref)",
    "ALTER TABLE replacements ADD COLUMN cancelled_at TIMESTAMP WITH TIME ZONE",
    """
    ALTER TABLE issued_credits
        ADD COLUMN kind TEXT DEFAULT 'COUPON' NOT NULL,
        ADD COLUMN percent INTEGER DEFAULT '0' NOT NULL,
        ADD COLUMN order_ref TEXT,
        ADD COLUMN used_at TIMESTAMP WITH TIME ZONE,
        ADD COLUMN voided_at TIMESTAMP WITH TIME ZONE
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
